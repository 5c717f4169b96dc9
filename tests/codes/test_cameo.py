"""The code lists in ``schema/codes/cameo/`` are complete, well formed, and say what their sources say.

``schema/codes/cameo/actions.csv`` is compared with independent sources in ``tests/sources/``. Where a source says
something else, the difference stands in ``KNOWN_CONFLICTS``; an entry that is no longer needed fails.
"""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SCHEMA = PROJECT / "schema" / "codes" / "cameo"
SOURCES = PROJECT / "tests" / "sources"

LISTS = {
    "actions.csv": [
        *("code", "label", "parent", "root", "level", "definition", "usage"),
        *("actor", "target", "reciprocal", "speech", "counterpart"),
        *("quad_class", "quad_class_scheme", "goldstein", "goldstein_scheme", "goldstein_icews"),
        *("plover_type", "plover_mode", "plover_context", "note"),
    ],
    "countries.csv": [
        "code",
        "name",
        "kind",
        "obsolete",
        "iso_alpha3",
        "iso_alpha2",
        "iso_numeric",
        "cow_code",
        "cow_abbreviation",
        "source",
        "note",
    ],
    "roles.csv": ["code", "label", "kind", "definition", "source"],
    "groups.csv": ["code", "name", "basis", "note", "source"],
}

# What a source says where it differs from the table: (source, field) -> code -> the source's value.
KNOWN_CONFLICTS = {
    ("gdelt", "label"): {
        "020": "Appeal, not specified below",
        "022": "Appeal for diplomatic cooperation, such as policy support",
        "025": "Appeal to yield",
        "0252": "Appeal for easing of popular dissent",
        "028": "Appeal to others to engage in or accept mediation",
        "031": "Express intent to engage in material cooperation,  not specified below",
        "032": "Express intent to provide diplomatic cooperation such as policy support",
        "033": "Express intent to provide matyerial aid, not specified below",
        "0355": "Express intent allow international involvement (not mediation)",
        "044": "Meet at a ÒhirdÓlocation",
        "083": "Accede to requests or demands for political reform not specified below",
        "086": "Allow international involvement not specified below",
        "0863": "Allow delivery of humanitarian aid",
        "101": "Demand information, investigation",
        "102": "Demand policy support",
        "103": "Demand aid, protection, or peacekeeping",
        "105": "Demand mediation",
        "106": "Demand withdrawal",
        "107": "Demand ceasefire",
        "108": "Demand meeting, negotiation",
        "1312": "Threaten to boycott, embargo, or sanction",
        "1321": "Threaten to impose restrictions on political freedoms",
        "133": "Threaten political dissent, protest",
        "137": "Threaten with violent repression",
        "138": "Threaten to use military force, not specified below",
        "141": "Demonstrate or rally",
        "144": "Obstruct passage, block",
        "145": "Protest violently, riot",
        "1454": "Engage in violent protest for  change in institutions, regime",
        "162": "Reduce or stop aid, not specified below",
        "183": "Conduct suicide, car, or other non-military bombing, not spec below",
        "1832": "Carry out car bombing",
        "195": "Employ aerial weapons",
        "2041": "Use chemical, biological, or radiologicalweapons",
    },
    ("gdelt", "goldstein"): {},
    ("gdelt", "quad_class"): {},
    # ICEWS drops "not specified below" throughout; that is its style, not a conflict.
    ("icews", "label"): {
        "044": "Meet at a 'third' location",
        "1832": "Carry out car bombing",
    },
    # Against our `goldstein`, which follows GDELT; `goldstein_icews` must equal ICEWS without exception.
    ("icews", "goldstein"): {"016": "-5", "022": "3.4", "164": "-6.5", "165": "-7"},
    ("cameo 1.1b3", "label"): {},
}

NOT_IN_SOURCE = {
    "cameo 1.1b3": {"1213", "1214"},
    "gdelt": {"1213", "1214", "155", "176", "1834", "1951", "1952"},
    "icews": {"1214", "155", "176", "1834", "1951", "1952"},
}
NEW_IN_1_1B3 = {"155", "176", "1834", "1951", "1952"}

# Roots whose quad class is not the same in every implementation.
DISPUTED_QUAD_CLASS = {"09", "14", "16"}

# Where annotators hesitate, the table must say how to decide.
HESITATION = {
    "statements": "010 011 015 016",
    "appeals": "021 0211 0212 0213 0214 024 0241 0242 0243 0244 0256",
    "intentions": "030 031 032 033 034 035 0356 036 037 038 039",
    "meetings": "040 041 042 043 044 045 046",
    "material cooperation": "061 062 064",
    "inquiry": "090",
    "disapproval": "110 111 112 1121 1122 1123 1124 1125",
    "warnings and threats": "1056 130 138 1381 1382 1383 1384 1385",
    "force posture": "150 152 154",
    "unconventional violence": "180 183 185 186",
    "fighting": "190 193 194 195 1951 1952 196",
}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def source(name: str, key: str = "code") -> dict[str, dict[str, str]]:
    return {row[key]: row for row in read(SOURCES / name)}


ACTIONS = {row["code"]: row for row in read(SCHEMA / "actions.csv")}
GDELT = source("gdelt_eventcodes.csv")
ICEWS = source("icews_codes_goldstein.csv")
CAMEO = source("cameo_codes_1.1b3.csv")
QUAD = source("quad_penta_by_root.csv", key="root")


def differences(theirs: dict[str, dict[str, str]], field: str, ours: str, same) -> dict[str, str]:
    """Codes of both tables whose value differs, with the source's value."""
    return {
        code: row[field] for code, row in theirs.items() if not same(code, row[field], ACTIONS[code][ours])
    }


def same_text(code: str, theirs: str, ours: str) -> bool:
    return theirs.casefold() == ours.casefold()


def same_text_but_for_not_specified(code: str, theirs: str, ours: str) -> bool:
    return same_text(code, theirs, ours.removesuffix(", not specified below"))


def same_number(code: str, theirs: str, ours: str) -> bool:
    return ours != "" and float(theirs) == float(ours)


# Every list


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_utf8_with_lf_and_in_canonical_csv(name, tmp_path):
    raw = (SCHEMA / name).read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    with (SCHEMA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    assert (tmp_path / name).read_bytes() == raw


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_its_columns_and_one_sorted_row_per_code(name):
    rows = read(SCHEMA / name)
    codes = [row["code"] for row in rows]
    assert list(rows[0]) == LISTS[name]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("name", LISTS)
def test_no_value_has_stray_white_space(name):
    for row in read(SCHEMA / name):
        for value in row.values():
            assert value == " ".join(value.split()), row


# Actions: the tree of codes


def test_there_are_318_actions():
    assert len(ACTIONS) == 318
    assert set(CAMEO) | {"1213", "1214"} == set(ACTIONS)


def test_a_code_is_its_parent_and_one_digit_more():
    for code, row in ACTIONS.items():
        assert re.fullmatch(r"(0[1-9]|1[0-9]|20)[0-9]{0,2}", code)
        assert row["root"] == code[:2], code
        assert row["level"] == str(len(code) - 1), code
        assert row["parent"] == ("" if len(code) == 2 else code[:-1]), code


def test_parents_and_roots_are_codes_themselves():
    assert {row["parent"] for row in ACTIONS.values()} - {""} <= set(ACTIONS)
    assert {code for code in ACTIONS if len(code) == 2} == {f"{root:02}" for root in range(1, 21)}


def test_a_quad_class_belongs_to_the_whole_root():
    for row in ACTIONS.values():
        assert row["quad_class"] == ACTIONS[row["root"]]["quad_class"], row["code"]


# Actions: definitions and usage


def test_a_definition_says_more_than_the_label():
    for code, row in ACTIONS.items():
        assert row["definition"].casefold().rstrip(".") != row["label"].casefold(), code
        assert 8 <= len(row["definition"].split()) <= 60, code
        assert row["definition"].endswith("."), code


def test_no_two_actions_share_a_definition_or_a_label():
    for column in ("definition", "label"):
        counts = Counter(row[column].casefold() for row in ACTIONS.values())
        assert [text for text, times in counts.items() if times > 1] == []


@pytest.mark.parametrize("codes", HESITATION.values(), ids=HESITATION.keys())
def test_usage_decides_where_annotators_hesitate(codes):
    assert [code for code in codes.split() if not ACTIONS[code]["usage"]] == []


def test_codes_named_in_definitions_and_usage_exist():
    for row in ACTIONS.values():
        for text in (row["definition"], row["usage"]):
            for code in re.findall(r"\b[012]\d{1,3}x?\b", text):
                assert code.rstrip("x") in ACTIONS, f"{row['code']} speaks of {code}"


# Actions: what a code requires


def requiring(column: str, word: str) -> list[str]:
    """The codes that have a word in a column, roots standing for all codes below them."""
    codes = [code for code, row in ACTIONS.items() if row[column] == word]
    return [code for code in codes if ACTIONS[code]["parent"] not in codes]


def test_what_the_codes_require_is_what_the_codebook_says():
    assert requiring("target", "optional") == ["01", "02", "03", "09", "15", "19"]
    assert requiring("actor", "optional") == ["18", "19", "20"]
    assert requiring("speech", "true") == ["01", "02", "03", "10", "11", "12", "13"]
    assert requiring("reciprocal", "true") == ["044", "06", "19"]
    assert requiring("reciprocal", "always") == ["040", "041", "046"]
    assert {code: row["counterpart"] for code, row in ACTIONS.items() if row["counterpart"]} == {"042": "043"}
    for column, words in {
        "actor": {"required", "optional"},
        "target": {"required", "optional"},
        "reciprocal": {"always", "true", "false"},
        "speech": {"true", "false"},
    }.items():
        assert {row[column] for row in ACTIONS.values()} == words


# Actions: labels, scales and classes against independent sources


@pytest.mark.parametrize(("name", "codes"), [("cameo 1.1b3", CAMEO), ("gdelt", GDELT), ("icews", ICEWS)])
def test_a_source_covers_all_codes_but_the_known_ones(name, codes):
    assert set(ACTIONS) - set(codes) == NOT_IN_SOURCE[name]
    assert set(codes) - set(ACTIONS) == set()


@pytest.mark.parametrize(
    ("conflict", "theirs", "field", "ours", "same"),
    [
        (("cameo 1.1b3", "label"), CAMEO, "label", "label", same_text),
        (("gdelt", "label"), GDELT, "label", "label", same_text),
        (("icews", "label"), ICEWS, "label", "label", same_text_but_for_not_specified),
        (("gdelt", "goldstein"), GDELT, "goldstein", "goldstein", same_number),
        (("gdelt", "quad_class"), GDELT, "quad_class_gdelt", "quad_class", same_text),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_the_table_equals_the_source_but_for_known_conflicts(conflict, theirs, field, ours, same):
    assert differences(theirs, field, ours, same) == KNOWN_CONFLICTS[conflict]


def test_labels_below_the_roots_are_the_manuals_to_the_letter():
    for code, row in CAMEO.items():
        label = ACTIONS[code]["label"]
        assert label == (row["label"].capitalize() if row["level"] == "1" else row["label"])


def test_each_root_has_gdelts_quad_class():
    for row in ACTIONS.values():
        assert row["quad_class"] == QUAD[row["root"]]["quad_gdelt"]
        assert row["quad_class_scheme"] == "GDELT"


def test_the_icews_column_equals_icews():
    for code, row in ACTIONS.items():
        if code in ICEWS:
            assert float(row["goldstein_icews"]) == float(ICEWS[code]["goldstein_icews"])
        else:
            assert row["goldstein_icews"] == ""


def test_gdelt_and_icews_differ_in_goldstein_only_where_known():
    in_both = {code: row for code, row in ICEWS.items() if code in GDELT}
    found = differences(in_both, "goldstein_icews", "goldstein", same_number)
    assert found == KNOWN_CONFLICTS["icews", "goldstein"]


def test_what_no_scale_covers_is_empty():
    for code in NOT_IN_SOURCE["gdelt"]:
        assert (ACTIONS[code]["goldstein"], ACTIONS[code]["goldstein_scheme"]) == ("", ""), code
    for code in GDELT:
        assert ACTIONS[code]["goldstein_scheme"] == "GDELT", code


def test_a_goldstein_value_is_written_as_a_short_decimal_within_the_scale():
    for row in ACTIONS.values():
        for value in (row["goldstein"], row["goldstein_icews"]):
            assert value == "" or value == repr(float(value)), row["code"]
            assert value == "" or -10 <= float(value) <= 10, row["code"]


def test_known_conflicts_are_told_in_the_note():
    for by_code in KNOWN_CONFLICTS.values():
        for code in by_code:
            assert ACTIONS[code]["note"], f"{code} has a known conflict and no note"
    for code in set().union(*NOT_IN_SOURCE.values()):
        assert ACTIONS[code]["note"], f"{code} is missing from a source and has no note"
    for row in ACTIONS.values():
        if row["root"] in DISPUTED_QUAD_CLASS:
            assert "Quad class disputed" in row["note"], row["code"]


def test_the_disputed_quad_classes_are_the_ones_the_implementations_dispute():
    schemes = ("quad_gdelt", "quad_icews_r", "quad_pygdelt", "penta_phoenix_pipeline", "penta_icews_r")
    found = {
        root
        for root, row in QUAD.items()
        # The penta class 0 (neutral) of statements and appeals has no counterpart among four classes.
        if len({row[scheme] for scheme in schemes} - {"0"}) > 1
    }
    assert found == DISPUTED_QUAD_CLASS


# Actions: the crosswalk to PLOVER


def test_the_plover_columns_equal_the_crosswalk():
    crosswalk = {}
    for row in read(SOURCES / "cameo_to_plover_2021.csv"):
        mapped = (row["plover_event"], row["plover_mode"], row["plover_context"])
        crosswalk.setdefault(row["cameo"], []).append(mapped)
    repeated = {code for code, mapped in crosswalk.items() if len(mapped) > 1}
    assert repeated == {"175"}
    assert len(set(crosswalk["175"])) == 1
    for code, row in ACTIONS.items():
        ours = (row["plover_type"], row["plover_mode"], row["plover_context"])
        assert ours == crosswalk.get(code, [("", "", "")])[0], code


def test_the_crosswalk_leaves_out_roots_statements_appeals_and_the_new_codes():
    for row in ACTIONS.values():
        left_out = row["level"] == "1" or row["root"] in {"01", "02"} or row["code"] in NEW_IN_1_1B3
        assert (row["plover_type"] == "") == left_out, row["code"]


# Actors


@pytest.mark.parametrize("name", ["countries.csv", "roles.csv", "groups.csv"])
def test_an_actor_element_is_three_capital_letters(name):
    for row in read(SCHEMA / name):
        assert re.fullmatch(r"[A-Z]{3}", row["code"]), row


def test_no_code_means_two_things():
    names = ("countries.csv", "roles.csv", "groups.csv")
    counts = Counter(row["code"] for name in names for row in read(SCHEMA / name))
    assert [code for code, times in counts.items() if times > 1] == []


def test_countries_tell_their_kind_and_whether_they_are_obsolete():
    countries = {row["code"]: row for row in read(SCHEMA / "countries.csv")}
    assert {row["kind"] for row in countries.values()} == {"country", "region", "territory"}
    assert {row["obsolete"] for row in countries.values()} == {"true", "false"}
    assert all(row["name"] and row["source"] for row in countries.values())
    assert countries["MEA"]["kind"] == "region"
    assert countries["GZS"]["kind"] == "territory"
    assert countries["IRN"]["kind"] == "country"
    assert countries["ROM"]["obsolete"] == "true"
    assert countries["ALA"]["name"] == "Åland Islands"
    assert "IMG" not in countries


def test_every_obsolete_country_code_says_why():
    for row in read(SCHEMA / "countries.csv"):
        if row["obsolete"] == "true":
            assert row["note"], row["code"]


def test_roles_are_of_a_known_kind_and_defined():
    kinds = {"primary", "party", "secondary", "tertiary", "international_generic", "domestic"}
    roles = read(SCHEMA / "roles.csv")
    assert {row["kind"] for row in roles} == kinds
    for row in roles:
        assert len(row["definition"].split()) >= 5, row["code"]
        assert row["definition"] != row["label"], row["code"]
    assert {"GOV", "MIL", "REB", "SPY", "UAF", "PTY", "LEG", "IGO", "IMG"} <= {r["code"] for r in roles}


def test_groups_say_whose_code_they_bear():
    groups = {row["code"]: row for row in read(SCHEMA / "groups.csv")}
    for row in groups.values():
        assert row["basis"] in {"cameo", "gdelt", "assigned"}
        assert row["name"], row["code"]
        assert row["source"], row["code"]
    assert {"HMS", "HEZ", "ISJ", "LKD", "FTA", "PLO", "AAM", "UNO", "IAE"} <= set(groups)


def test_countries_have_the_codes_of_iso_3166_and_of_the_correlates_of_war() -> None:
    rows = {row["code"]: row for row in read(SCHEMA / "countries.csv")}
    for code, row in rows.items():
        assert row["iso_alpha3"] in ("", code), "a code that ISO has means the same there"
        assert bool(row["iso_alpha2"]) == bool(row["iso_numeric"]) == bool(row["iso_alpha3"])
        assert bool(row["cow_code"]) == bool(row["cow_abbreviation"])
        assert not (row["kind"] == "region" and (row["iso_alpha3"] or row["cow_code"]))
    for column in ("iso_alpha2", "iso_numeric", "cow_code", "cow_abbreviation"):
        values = [row[column] for row in rows.values() if row[column]]
        assert len(values) == len(set(values)), f"{column} must be unique"
    known = {"USA": "2", "DEU": "255", "RUS": "365", "SRB": "345", "IRN": "630", "ISR": "666", "YEM": "679"}
    assert {code: rows[code]["cow_code"] for code in known} == known
    assert (rows["IRN"]["iso_alpha2"], rows["IRN"]["iso_numeric"]) == ("IR", "364")
    assert rows["PSE"]["cow_code"] == "", "the list has no such state"
