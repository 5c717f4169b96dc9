"""Faults put into one cell of GDELT and ICEWS rows: each kind that a rule sees, and those that none can see.

The rows are made up. docs/profiles.md lists the kinds with their rules; a test compares the two.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from standoff.bulk.outputs import Outputs
from standoff.bulk.profile_files import load_profile
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables

DOCS = Path(__file__).parents[2] / "docs" / "profiles.md"
Row = dict[str, str]
Fault = Callable[[Row], None]

CODES = [
    ("036", "03", "1", "4.0"), ("042", "04", "1", "1.9"), ("0211", "02", "1", "3.4"), ("112", "11", "3", "-2.0"),
    ("190", "19", "4", "-10.0"), ("010", "01", "1", "0.0"), ("071", "07", "2", "7.4"), ("173", "17", "4", "-5.0"),
]  # fmt: skip
ACTORS = [
    ("FRAGOV", "BORELAND", {"CountryCode": "FRA", "Type1Code": "GOV"}),
    ("DEUMIL", "OSTROV", {"CountryCode": "DEU", "Type1Code": "MIL"}),
    ("IGOUNO", "UNITED COUNCIL", {"KnownGroupCode": "UNO", "Type1Code": "IGO"}),
    ("IRQKURMOSREB", "HILL FRONT", {"CountryCode": "IRQ", "EthnicCode": "kur", "Religion1Code": "MOS", "Type1Code": "REB"}),
    ("", "", {}),
]  # fmt: skip
PLACES = [
    ("4", "Northport, Coast, Boreland", "FR", "FR00", "16282", "48.5", "2.5", "-100001"),
    ("1", "Ostrov", "GM", "GM", "", "51", "9", "GM"),
    ("0", "", "", "", "", "", "", ""),
]
GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")


def gdelt_rows() -> list[Row]:
    """Sound rows, together with every actor, code and kind of place."""
    rows = []
    for i in range(24):
        code, root, quad, goldstein = CODES[i % len(CODES)]
        day, month = 1 + i % 28, 1 + i % 6
        row = dict.fromkeys((column.source for column in load_profile("gdelt2").columns), "")
        row |= {
            "GLOBALEVENTID": str(910000100 + i), "SQLDATE": f"2021{month:02}{day:02}", "MonthYear": f"2021{month:02}",
            "Year": "2021", "FractionDate": f"{2021 + ((month - 1) * 30 + day) / 365:.4f}", "IsRootEvent": str(i % 2),
            "EventCode": code, "EventBaseCode": code[:3], "EventRootCode": root, "QuadClass": quad,
            "GoldsteinScale": goldstein, "NumMentions": "4", "NumSources": "2", "NumArticles": "4", "AvgTone": "-1.25",
            "DATEADDED": "20210715143000", "SOURCEURL": f"https://news.example/{i}",
        }  # fmt: skip
        for who, k in (("Actor1", i), ("Actor2", i + 1)):
            code, name, parts = ACTORS[k % len(ACTORS)]
            row |= {f"{who}Code": code, f"{who}Name": name, **{who + part: v for part, v in parts.items()}}
        for who, k in (("Actor1Geo", i), ("Actor2Geo", i + 1), ("ActionGeo", i)):
            row |= {f"{who}_{part}": v for part, v in zip(GEO, PLACES[k % len(PLACES)], strict=True)}
        rows.append(row)
    return rows


def icews_rows() -> list[Row]:
    texts = {"036": ("Express intent to meet or negotiate", "4.0"), "042": ("Make a visit", "1.9"),
             "190": ("Use conventional military force", "-10.0"), "051": ("Praise or endorse", "3.4")}  # fmt: skip
    rows = []
    for i in range(12):
        code, (text, intensity) = list(texts.items())[i % 4]
        rows.append({
            "Event ID": str(7300000 + i), "Event Date": f"2011-01-{1 + i:02}", "Source Name": "Foreign Ministry (Boreland)",
            "Source Sectors": "Foreign Ministry,Executive,Government", "Source Country": "France", "Event Text": text,
            "CAMEO Code": code, "Intensity": intensity, "Target Name": "Navy (Ostrov)",
            "Target Sectors": "Military,Government", "Target Country": "Germany", "Story ID": str(5500000 + i // 3),
            "Sentence Number": str(1 + i % 5), "Publisher": "Northport Courier", "City": "Northport", "District": "",
            "Province": "Coast", "Country": "France", "Latitude": "48.5", "Longitude": "2.5",
        })  # fmt: skip
    return rows


def cell(column: str, value: str) -> Fault:
    return lambda row: row.__setitem__(column, value)


GDELT: dict[str, tuple[str | None, Fault]] = {
    "event code that does not exist": ("action-unknown", cell("EventCode", "999")),
    "event code without its leading zero": ("action-unknown", cell("EventCode", "36")),
    "event code of another event": ("base-code-mismatch", cell("EventCode", "173")),
    "base code of another event": ("base-code-mismatch", cell("EventBaseCode", "173")),
    "root code of another event": ("root-mismatch", cell("EventRootCode", "17")),
    "quad class of another event": ("quad-class-mismatch", cell("QuadClass", "3")),
    "quad class that does not exist": ("value-outside-bounds", cell("QuadClass", "5")),
    "Goldstein value of another code": ("goldstein-mismatch", cell("GoldsteinScale", "7.0")),
    "Goldstein value without its sign": ("goldstein-mismatch", lambda row: row.update(GoldsteinScale=str(-float(row["GoldsteinScale"])))),
    "Goldstein value missing": ("goldstein-mismatch", cell("GoldsteinScale", "")),
    "id missing": ("value-missing", cell("GLOBALEVENTID", "")),
    "id of another row": ("duplicate-row-key", cell("GLOBALEVENTID", "910000101")),
    "id that is not a number": ("value-unreadable", cell("GLOBALEVENTID", "9100O0100")),
    "actor country that does not exist": ("value-not-listed", cell("Actor1CountryCode", "XXX")),
    "actor country of another actor": ("actor-code-mismatch", cell("Actor1CountryCode", "ITA")),
    "actor role that does not exist": ("value-not-listed", cell("Actor1Type1Code", "QQQ")),
    "actor role of another actor": ("actor-code-mismatch", cell("Actor1Type1Code", "BUS")),
    "known group that does not exist": ("value-not-listed", cell("Actor1KnownGroupCode", "QQQ")),
    "religion that does not exist": ("value-not-listed", cell("Actor1Religion1Code", "QQQ")),
    "ethnic group in capitals": ("pattern-mismatch", cell("Actor1EthnicCode", "KUR")),
    "ethnic group of another actor": ("actor-code-mismatch", cell("Actor1EthnicCode", "tat")),
    "actor code with a punctuation mark": ("pattern-mismatch", cell("Actor1Code", "FRA-GOV")),
    "actor code of another actor": ("actor-code-mismatch", cell("Actor1Code", "ITABUS")),
    "actor code missing": ("actor-code-missing", cell("Actor1Code", "")),
    "actor name missing": ("actor-name-missing", cell("Actor1Name", "")),
    "actor code with a trailing space": ("pattern-mismatch", cell("Actor1Code", "FRAGOV ")),
    "year of another day": ("year-mismatch", cell("Year", "2019")),
    "month of another day": ("month-mismatch", cell("MonthYear", "202012")),
    "fraction of another day": ("date-fraction-mismatch", cell("FractionDate", "2021.9")),
    "day that does not exist": ("value-unreadable", cell("SQLDATE", "20210231")),
    "day in another format": ("value-unreadable", cell("SQLDATE", "2021-01-01")),
    "day before 1979": ("value-outside-bounds", cell("SQLDATE", "19210101")),
    "day after the row was added": ("date-after-added", cell("SQLDATE", "20310101")),
    "time of adding in month 13": ("added-impossible", cell("DATEADDED", "20211315143000")),
    "time of adding before GDELT 2": ("added-impossible", cell("DATEADDED", "20020715143000")),
    "date of adding without a time": ("added-impossible", cell("DATEADDED", "20210715")),
    "latitude missing": ("actor-half-coordinates", cell("Actor1Geo_Lat", "")),
    "latitude above 90": ("value-outside-bounds", cell("Actor1Geo_Lat", "485")),
    "latitude with a decimal comma": ("value-unreadable", cell("Actor1Geo_Lat", "48,5")),
    "longitude beyond 180": ("value-outside-bounds", cell("ActionGeo_Long", "250")),
    "place with geographic type 0": ("actor-geo-type-mismatch", cell("Actor1Geo_Type", "0")),
    "geographic type that does not exist": ("value-outside-bounds", cell("ActionGeo_Type", "9")),
    "division of another country": ("action-adm1-mismatch", cell("ActionGeo_ADM1Code", "US00")),
    "country of another place": ("action-adm1-mismatch", cell("ActionGeo_CountryCode", "US")),
    "more sources than mentions": ("sources-above-mentions", cell("NumSources", "9")),
    "no mentions": ("value-outside-bounds", cell("NumMentions", "0")),
    "count missing": ("usual-value-missing", cell("NumArticles", "")),
    "tone beyond 100": ("value-outside-bounds", cell("AvgTone", "-125")),
    "root flag other than 0 and 1": ("value-unreadable", cell("IsRootEvent", "2")),
    "name in the wrong encoding": ("cell-damaged", cell("Actor1Geo_FullName", "MÃ¼hlfurt, Boreland")),
    "name with a lost character": ("cell-damaged", cell("Actor1Name", "BOREL\ufffdND")),
    "name with a zero-width space": ("cell-damaged", cell("Actor1Name", "BORE\u200bLAND")),
    "name with a trailing space": ("cell-padded", cell("Actor1Name", "BORELAND ")),
    "name of another actor": (None, cell("Actor1Name", "OSTROV")),
    "coordinates of another place": ("one-place-described-twice", cell("Actor1Geo_Lat", "44.5")),
    "coordinates with the wrong sign": ("one-place-described-twice", cell("ActionGeo_Long", "-2.5")),
    "feature id of another place": ("one-place-described-twice", cell("Actor1Geo_FeatureID", "-100002")),
    "geographic type of another place": ("one-place-described-twice", cell("Actor1Geo_Type", "5")),
    "place without a name": ("actor-place-incomplete", cell("Actor1Geo_FullName", "")),
    "place without a division": ("action-place-incomplete", cell("ActionGeo_ADM1Code", "")),
    "country without a place": ("target-place-incomplete", lambda row: row.update({f"Actor2Geo_{part}": v for part, v in zip(GEO, ("0", "", "FR", *[""] * 5), strict=True)})),
    "more articles than mentions": ("counts-out-of-order", cell("NumArticles", "40")),
    "fewer articles than sources": ("counts-out-of-order", cell("NumArticles", "1")),
    "day before the right one": ("date-fraction-mismatch", cell("FractionDate", "2021.0000")),
    "id that is negative": ("value-outside-bounds", cell("GLOBALEVENTID", "-910000100")),
    "actor country missing": ("actor-code-incomplete", cell("Actor1CountryCode", "")),
    "actor role missing": ("actor-code-incomplete", cell("Actor1Type1Code", "")),
    "row added decades after the event": ("added-long-after", cell("DATEADDED", "20990715143000")),
    "address missing": ("address-unusual", cell("SOURCEURL", "")),
    "address that is not a web address": ("address-unusual", cell("SOURCEURL", "20210615143000")),
    "name that is a word for a missing value": ("text-placeholder", cell("Actor1Name", "NULL")),
    "name with capitals in the wrong encoding": ("cell-damaged", cell("Actor1Name", "BOR\u00c3\u2030LAND")),
    "actor name in small letters": ("name-unusual", cell("Actor1Name", "Boreland")),
    "actor name of digits": ("name-unusual", cell("Actor1Name", "12345")),
    "actor name of one letter": ("name-unusual", cell("Actor1Name", "B")),
    "actor name with a question mark for a letter": ("name-unusual", cell("Actor1Name", "BOR?LAND")),
    "actor name with an entity of HTML": ("name-unusual", cell("Actor1Name", "BORELAND &AMP; OSTROV")),
    "role in the second column": ("types-out-of-order", lambda row: row.update(Actor1Type1Code="", Actor1Type2Code="GOV")),
    "role twice": ("types-out-of-order", cell("Actor1Type2Code", "GOV")),
    "place name cut": ("place-name-unusual", cell("Actor1Geo_FullName", "Nort")),
    "feature id of letters": ("feature-id-unusual", cell("Actor1Geo_FeatureID", "ABC")),
    "coordinates 0 and 0": ("coordinates-zero", lambda row: row.update(Actor1Geo_Lat="0", Actor1Geo_Long="0")),
    "id that lost a digit": ("numbers-unusual", cell("GLOBALEVENTID", "91000010")),
    "tone without its decimal point": ("numbers-unusual", cell("AvgTone", "-50")),
    "mentions with digits too many": ("numbers-unusual", lambda row: row.update(NumMentions="4000000")),
    "moment of adding between two updates": ("added-between-updates", cell("DATEADDED", "20210715143059")),
    "address without its first letter": ("address-unusual", cell("SOURCEURL", "ttps://news.example/1")),
    "address in quotes": ("address-unusual", cell("SOURCEURL", '"https://news.example/1"')),
    "two addresses": ("address-unusual", cell("SOURCEURL", "https://news.example/1;https://news.example/2")),
    "latitude and longitude of the action exchanged": ("action-coordinates-elsewhere", lambda row: row.update(ActionGeo_Lat="2.5", ActionGeo_Long="48.5")),
    "address of another article": (None, cell("SOURCEURL", "https://news.example/other")),
}  # fmt: skip

ICEWS: dict[str, tuple[str | None, Fault]] = {
    "id missing": ("value-missing", cell("Event ID", "")),
    "id and day of another row": ("duplicate-row-key", lambda row: row.update({"Event ID": "7300001", "Event Date": "2011-01-02"})),
    "day that does not exist": ("value-unreadable", cell("Event Date", "2011-02-30")),
    "day in another format": ("value-unreadable", cell("Event Date", "01/05/2011")),
    "day without zeros": ("value-unreadable", cell("Event Date", "2011-1-5")),
    "day before 1995": ("value-outside-bounds", cell("Event Date", "1911-01-05")),
    "code that does not exist": ("action-unknown", cell("CAMEO Code", "999")),
    "code without its leading zero": ("action-unknown", cell("CAMEO Code", "36")),
    "code of another event": ("goldstein-mismatch", cell("CAMEO Code", "173")),
    "text of another event": ("event-text-mismatch", cell("Event Text", "Consult")),
    "intensity of another code": ("goldstein-mismatch", cell("Intensity", "7.0")),
    "intensity without its sign": ("goldstein-mismatch", lambda row: row.update(Intensity=str(-float(row["Intensity"])))),
    "intensity missing": ("goldstein-mismatch", cell("Intensity", "")),
    "latitude missing": ("half-coordinates", cell("Latitude", "")),
    "latitude above 90": ("value-outside-bounds", cell("Latitude", "485")),
    "longitude with a decimal comma": ("value-unreadable", cell("Longitude", "2,5")),
    "sentence 0": ("value-outside-bounds", cell("Sentence Number", "0")),
    "story that is not a number": ("value-unreadable", cell("Story ID", "story")),
    "country missing": ("place-without-country", cell("Country", "")),
    "source missing": ("party-missing", cell("Source Name", "")),
    "source that is the target": ("source-is-target", cell("Source Name", "Navy (Ostrov)")),
    "city in the wrong encoding": ("cell-damaged", cell("City", "MÃ¼hlfurt")),
    "city with a lost character": ("cell-damaged", cell("City", "M\ufffdhlfurt")),
    "name with a trailing space": ("cell-padded", cell("Source Name", "Foreign Ministry (Boreland) ")),
    "name in another wrong encoding": ("cell-damaged", cell("Source Name", "Bore\u00c4\u0178land")),
    "id that is negative": ("value-outside-bounds", cell("Event ID", "-7300001")),
    "day after the data end": ("date-after-the-end", cell("Event Date", "2111-01-05")),
    "story missing": ("story-missing", cell("Story ID", "")),
    "text missing": ("story-missing", cell("Event Text", "")),
    "country as a code": ("value-not-listed", cell("Source Country", "FRA")),
    "name that is a word for a missing value": ("text-placeholder", cell("Source Name", "nan")),
    "source in capitals": ("name-unusual", cell("Source Name", "FOREIGN MINISTRY (BORELAND)")),
    "source without its last bracket": ("name-unusual", cell("Source Name", "Foreign Ministry (Boreland")),
    "source with a question mark for a letter": ("name-unusual", cell("Source Name", "Minist?re (Boreland)")),
    "source with an entity of HTML": ("name-unusual", cell("Source Name", "Police &amp; Army (Boreland)")),
    "city of digits": ("name-unusual", cell("City", "123")),
    "city in small letters": ("name-unusual", cell("City", "northport")),
    "source of the other country": ("parties-swapped", cell("Source Name", "Foreign Ministry (Germany)")),
    "sectors with semicolons": ("sectors-unusual", cell("Source Sectors", "Executive;Government")),
    "sectors with a comma too many": ("sectors-unusual", cell("Source Sectors", "Executive,Government,")),
    "sectors as a code": ("sectors-unusual", cell("Source Sectors", "GOV")),
    "publisher of digits": ("publisher-unusual", cell("Publisher", "12")),
    "publisher that is an address": ("publisher-unusual", cell("Publisher", "http://news.example")),
    "sentence with digits too many": ("sentence-unusual", cell("Sentence Number", "700")),
    "coordinates 0 and 0": ("coordinates-zero", lambda row: row.update(Latitude="0", Longitude="0")),
    "latitude without its sign, or with one": ("place-elsewhere", cell("Latitude", "-48.5")),
    "latitude and longitude exchanged": ("place-elsewhere", lambda row: row.update(Latitude="2.5", Longitude="48.5")),
    "longitude of another continent": ("place-elsewhere", lambda row: row.update(Country="Japan", Latitude="35.6", Longitude="-139.7")),
    "text in small letters": ("value-not-listed", cell("Event Text", "express intent to meet or negotiate")),
    "text in capitals": ("value-not-listed", cell("Event Text", "CONSULT")),
    "code in the place of the text": ("value-not-listed", cell("Event Text", "036")),
    "text with a letter changed": ("value-not-listed", cell("Event Text", "Make a vizit")),
    "country in another spelling": ("value-not-listed", cell("Target Country", "Germny")),
    "country of the place in another spelling": ("value-not-listed", cell("Country", "france")),
    "country of another actor, whose name gives the country": (
        "country-of-name", lambda row: row.update({"Source Name": "Police (France)", "Source Sectors": "Government,Police", "Source Country": "Chad"})
    ),
    "country missing beside a name that gives it": (
        "country-of-name", lambda row: row.update({"Source Name": "Citizen (France)", "Source Sectors": "General Population / Civilian / Social,Social", "Source Country": ""})
    ),
    "country as an actor, of another country": ("country-as-party", cell("Source Name", "Chad")),
    "sectors missing beside a name that gives them": (
        "sectors-of-name", lambda row: row.update({"Target Name": "Military (Germany)", "Target Sectors": ""})
    ),
    "sector of another name": (
        "sectors-of-name", lambda row: row.update({"Target Name": "Citizen (Germany)", "Target Sectors": "Military,Government"})
    ),
    "sector twice": ("sector-repeated", cell("Source Sectors", "Government,Executive,Government")),
    "sectors with a blank after the comma": ("sectors-unusual", cell("Source Sectors", "Executive, Government")),
    "publisher with an entity of HTML": ("publisher-unusual", cell("Publisher", "North &amp; South")),
    "country of another place, far away": ("place-elsewhere", cell("Country", "Chad")),
    "country of another actor": (None, cell("Source Country", "Chad")),
    "country of a place nearby": (None, cell("Country", "Belgium")),
}  # fmt: skip


def failures(folder: Path, rows: list[Row], profile: str, *, header: bool) -> list[set[str]]:
    """The rules that each row fails."""
    path, found = folder / "rows.tab", folder / "failures.parquet"
    lines = ["\t".join(row.values()) for row in rows]
    path.write_text("\n".join(["\t".join(rows[0])] * header + lines) + "\n", encoding="utf-8")
    check_tables(Request([path], profile=profile, outputs=Outputs(failures=found)))
    failed: list[set[str]] = [set() for _ in rows]
    for row, rule in pl.read_parquet(found).select("row", "rule").iter_rows():
        failed[row - 1].add(rule.partition(":")[0])
    return failed


@pytest.mark.parametrize(
    ("profile", "rows", "header"), [("gdelt2", gdelt_rows, False), ("icews", icews_rows, True)]
)
def test_sound_rows_have_no_finding(profile: str, rows: Any, header: bool, tmp_path: Path) -> None:
    assert [rules for rules in failures(tmp_path, rows(), profile, header=header) if rules] == []


@pytest.mark.parametrize(
    ("profile", "rows", "kinds", "key", "header"),
    [
        ("gdelt2", gdelt_rows, GDELT, "GLOBALEVENTID", False),
        ("icews", icews_rows, ICEWS, "Event ID", True),
    ],
)
def test_each_kind_of_fault_is_seen_by_its_rule(
    profile: str, rows: Any, kinds: dict[str, Any], key: str, header: bool, tmp_path: Path
) -> None:
    sound = rows()
    table = sound[1:]
    for i, (_, fault) in enumerate(kinds.values()):
        row = sound[0] | {key: str(int(sound[0][key]) + 8000000 + i)}
        fault(row)
        table.append(row)
    found = failures(tmp_path, table, profile, header=header)[len(sound) - 1 :]
    missed = {
        kind: rules
        for (kind, (code, _)), rules in zip(kinds.items(), found, strict=True)
        if not (code in rules if code else not rules)
    }
    assert missed == {}


def test_a_sign_with_a_meaning_in_patterns_is_only_another_character(tmp_path: Path) -> None:
    rows = gdelt_rows()
    rows[0]["Actor1CountryCode"] = "("
    found = failures(tmp_path, rows, "gdelt2", header=False)
    assert found[0] == {"value-not-listed"}
    assert not any(found[1:])


def documented() -> Iterator[str]:
    for kinds in (GDELT, ICEWS):
        yield from (
            f"| {kind} | {f'`{code}`' if code else 'not detected'} |" for kind, (code, _) in kinds.items()
        )


def test_the_kinds_are_documented() -> None:
    lines = DOCS.read_text("utf-8").splitlines()
    assert [line for line in documented() if line not in lines] == []
