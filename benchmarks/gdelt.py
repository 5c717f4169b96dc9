"""GDELT 2 event files, made up but realistic: one large file, and the same rows in many small ones.

    python -m benchmarks.gdelt --rows 3_000_000 --files 1000
    python -m benchmarks.gdelt --rows 400_000 --files 1000 --only small --rounds 3

Large: a file of 61 columns to Parquet with all GDELT rules, against plain typed conversion by polars.
Small: `--small-rows` rows in `--files` files, as GDELT publishes them (one zip every 15 minutes) and as plain text and
Parquet, against a loop that unpacks, reads, concatenates and writes.

Every way is a process of its own. The ways take turns; medians are reported, of wall-clock and of processor time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import polars as pl

from benchmarks.run import HERE, Way, machine, table_of, write_section
from standoff.codes import shipped
from standoff.tables.profiles import Profile

PIECE = 250_000
AT_A_TIME = 100
"""Small files whose rows are made together."""
GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
COUNTRIES = (
    ["US", "UK", "FR", "GM", "RS", "CH", "IN", "IZ"],
    [38, 52, 45, 49, 54, 30, 22, 32],
    [-100, -2, 2, 9, 37, 110, 77, 43],
)
"""Countries of places, with a latitude and a longitude north and east of which their places are, within three degrees."""


def columns() -> list[str]:
    """Return the names of the 61 columns in order."""
    return [column.source for column in _profile().columns]


def _profile() -> Profile:
    from standoff.bulk.profile_files import load_profile

    return load_profile("gdelt2")


def piece(start: int, stop: int, seed: int = 0) -> pl.DataFrame:
    """Return the rows from `start` to `stop`, each a function of its number: sound, and without a line break."""
    scheme = shipped.scheme().actions.values()
    unused = {"1213", "1214", "155", "176"}
    actions = pl.DataFrame(
        [
            (a.code, a.code[:3], a.root, str(a.quad_class), a.scales["gdelt"])
            for a in scheme
            if a.scales["gdelt"] is not None and a.code not in unused and a.code != "106" and len(a.code) > 2
        ],
        schema=["EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"],
        orient="row",
    )
    countries = sorted(code for code in shipped.scheme().countries if len(code) == 3)
    listed = next(c.values for c in _profile().columns if c.name == "actor_country")
    countries = [code for code in countries if code in listed]
    roles = ["GOV", "MIL", "COP", "BUS", "CVL", "MED", "REB", "OPP", "EDU", "LEG"]
    number = pl.col("row")

    def draw(salt: int) -> pl.Expr:
        return (number.hash(seed * 1000 + salt) // 2048).cast(pl.Float64) / 2**53

    def one_of(values: list[str] | pl.Series, salt: int) -> pl.Expr:
        series = pl.Series(values) if isinstance(values, list) else values
        return pl.lit(series).gather((draw(salt) * len(series)).cast(pl.UInt32))

    def place_of(salt: int) -> pl.Expr:
        return (draw(salt) ** 2 * 20_000).cast(pl.Int32)

    frame = pl.select(pl.int_range(start, stop, dtype=pl.Int64).alias("row")).with_columns(
        action=(draw(1) ** 2 * actions.height).cast(pl.UInt32),
        day=pl.date(2015, 3, 1) + pl.duration(days=number // 120_000),
        **{f"country{who}": one_of(countries, 2 + who) for who in (1, 2)},
        **{f"role{who}": pl.when(draw(4 + who) < 0.5).then(one_of(roles, 6 + who)) for who in (1, 2)},
        **{f"known{who}": draw(8 + who) < 0.8 for who in (1, 2)},
        **{f"place{k}": place_of(12 + k) for k in (1, 2, 3)},
        # One place has one type in all rows.
        **{
            f"type{k}": pl.when(draw(16 + k) < 0.9).then(place_of(12 + k) % 5 + 1).otherwise(0)
            for k in (1, 2, 3)
        },
    )
    values: dict[str, pl.Expr] = dict.fromkeys(columns(), pl.lit(None, pl.String))
    year, month, day = (
        pl.col("day").dt.year(),
        pl.col("day").dt.month().cast(pl.Int32),
        pl.col("day").dt.day(),
    )
    mentions = (1 / (draw(30) + 0.02)).cast(pl.Int32) + 1
    values |= {
        "GLOBALEVENTID": number + 410_000_000,
        "SQLDATE": pl.col("day").dt.strftime("%Y%m%d"),
        "MonthYear": pl.col("day").dt.strftime("%Y%m"),
        "Year": year,
        "FractionDate": pl.format("{}", (year + ((month - 1) * 30 + day) / 365).round(4)),
        "IsRootEvent": (draw(31) < 0.6).cast(pl.Int8),
        **{name: pl.lit(actions[name]).gather(pl.col("action")) for name in actions.columns},
        "NumMentions": mentions,
        "NumSources": (mentions * draw(32)).cast(pl.Int32) + 1,
        "NumArticles": mentions,
        "AvgTone": (draw(33) * 20 - 12).round(10),
        "DATEADDED": pl.col("day").dt.strftime("%Y%m%d") + pl.format("{}0000", (draw(34) * 14).cast(pl.Int32) + 10),
        "SOURCEURL": pl.format(
            "https://www.news{}.example/world/{}/{}/meeting-of-delegations-ends-without-a-date-for-the-next-{}.html",
            (draw(35) * 3000).cast(pl.Int32), year, month, number // 4,
        ),
    }  # fmt: skip
    for who in (1, 2):
        known, country, role = pl.col(f"known{who}"), pl.col(f"country{who}"), pl.col(f"role{who}")
        values |= {
            f"Actor{who}Code": pl.when(known).then(pl.concat_str(country, role.fill_null(""))),
            f"Actor{who}Name": pl.when(known).then(pl.format("DELEGATION OF {}", country)),
            f"Actor{who}CountryCode": pl.when(known).then(country),
            f"Actor{who}Type1Code": pl.when(known).then(role),
        }
    for place, kind, prefix in (
        (pl.col(f"place{k}"), pl.col(f"type{k}"), name)
        for k, name in ((1, "Actor1Geo"), (2, "Actor2Geo"), (3, "ActionGeo"))
    ):
        there = kind > 0
        country, south, west = (pl.lit(pl.Series(of)).gather((place % 8).cast(pl.UInt32)) for of in COUNTRIES)
        cells = {
            "FullName": pl.format("Northport {}, Coast of the Province, Boreland", place),
            "CountryCode": country,
            "ADM1Code": pl.concat_str(country, pl.format("{}", place % 90 + 10)),
            "Lat": (south + place % 1800 / 600).round(4),
            "Long": (west + place % 3600 / 1200).round(4),
            "FeatureID": pl.format("-{}", place + 100_000),
        }
        values |= {
            f"{prefix}_Type": kind,
            **{f"{prefix}_{name}": pl.when(there).then(v) for name, v in cells.items()},
        }
    return frame.select(value.alias(name) for name, value in values.items())


def write_large(path: Path, rows: int) -> None:
    """Write one tab-separated file without header."""
    with path.open("wb") as file:
        for start in range(0, rows, PIECE):
            piece(start, min(start + PIECE, rows)).write_csv(
                file, include_header=False, separator="\t", quote_style="never"
            )


def write_small(folder: Path, rows: int, files: int) -> None:
    """Write the rows into `files` files three times: zipped, plain and as Parquet, in a folder each."""
    for kind in ("zip", "csv", "parquet"):
        (folder / kind).mkdir(parents=True)
    size = -(-rows // files)
    for number in range(files):
        first = number * size
        if first % (size * AT_A_TIME) == 0:
            several = piece(first, min(first + size * AT_A_TIME, rows))
        frame = several.slice(first % (size * AT_A_TIME), size)
        name = f"2015{number:011}.export"
        text = frame.write_csv(include_header=False, separator="\t", quote_style="never")
        (folder / "csv" / f"{name}.csv").write_text(text, encoding="utf-8")
        with zipfile.ZipFile(folder / "zip" / f"{name}.CSV.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}.CSV", text)
        frame.write_parquet(folder / "parquet" / f"{name}.parquet")


def ours(path: Path, *more: str) -> list[str]:
    """The command that checks GDELT files with standoff."""
    return [sys.executable, "-m", "standoff", "check", str(path), "--profile", "gdelt2", "--quiet", *more]


def other(name: str, path: Path, out: Path) -> list[str]:
    """The command of one of the other ways."""
    return [sys.executable, "-m", "benchmarks.gdelt_ways", name, str(path), str(out)]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=3_000_000, help="rows of the large file")
    parser.add_argument("--small-rows", type=int, default=400_000, help="rows of the small files together")
    parser.add_argument("--files", type=int, default=1_000, help="number of small files")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("large", "small"), action="append", help="measure only these")
    parser.add_argument(
        "--folder", type=Path, help="where the tables are written (default: a temporary folder)"
    )
    parser.add_argument("--results", type=Path, default=HERE / "RESULTS.md")
    options = parser.parse_args()
    asked = options.only or ["large", "small"]
    with tempfile.TemporaryDirectory(prefix="standoff-bench-", dir=options.folder) as scratch:
        folder = Path(scratch)
        good, by_hand = folder / "good.parquet", folder / "by_hand.parquet"
        groups: dict[str, tuple[list[Way], int]] = {}
        if "large" in asked:
            large = folder / "large.export.csv"
            write_large(large, options.rows)
            title = f"GDELT 2, one file of {options.rows:,} rows and 61 columns ({large.stat().st_size / 1e9:.2f} GB), to Parquet"
            groups[title] = (
                [
                    Way("polars, typed conversion and no rules (baseline)", other("convert", large, by_hand)),
                    Way("**standoff check --out**, all GDELT rules", ours(large, "--out", str(good))),
                ],
                options.rows,
            )
        if "small" in asked:
            write_small(folder / "small", options.small_rows, options.files)
            for kind in ("zip", "csv", "parquet"):
                files = folder / "small" / kind
                title = f"GDELT 2, {options.small_rows:,} rows in {options.files:,} {kind} files"
                groups[title] = (
                    [
                        Way(
                            "a loop: read each, concatenate, write (baseline)", other("loop", files, by_hand)
                        ),
                        Way("**standoff check**, all GDELT rules", ours(files)),
                        Way("**standoff check --out**, all GDELT rules", ours(files, "--out", str(good))),
                    ],
                    options.small_rows,
                )
        for number in range(options.rounds):
            for ways, _ in groups.values():
                for way in ways:
                    way.measure()
                    told = way.note or f"{way.seconds[-1]:.2f} s, {way.processor[-1]:.2f} s of processor time"
                    print(f"round {number + 1}: {way.title}: {told}", file=sys.stderr)
    tables = [table_of(title, ways, rows) for title, (ways, rows) in groups.items()]
    command = f"python -m benchmarks.gdelt --rows {options.rows} --small-rows {options.small_rows} --files {options.files} --rounds {options.rounds}"
    head = f"## GDELT 2 files\n\n`{command}`, {time.strftime('%Y-%m-%d')}. {machine()}."
    write_section("\n\n".join([head, *tables]), "GDELT 2", options.results)
    print("\n\n".join(tables))


if __name__ == "__main__":
    main()
