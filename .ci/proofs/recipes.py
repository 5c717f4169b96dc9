"""The recipes of docs/how-to-count.md: R, with readr on the CSV files, gives what the SQL gives on the Parquet files."""

import csv
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

folder = Path(sys.argv[1]).resolve()
page = Path("docs/how-to-count.md").read_text("utf-8")
sections = {each.split("\n")[0]: each for each in re.split(r"^## ", page, flags=re.MULTILINE)[1:]}
COUNTS = {"events", "expected", "conflict", "takes_part", "named"}


def blocks(section, language):
    return "".join(re.findall(rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE))


def by_key(rows):
    """The counts of each row by its other cells, as text; empty stands for null."""
    return {
        tuple(sorted((k, str(v or "")) for k, v in row.items() if k not in COUNTS)): {
            k: float(v) for k, v in row.items() if k in COUNTS
        }
        for row in rows
    }


os.chdir(folder)
connection = duckdb.connect()
connection.execute(blocks(sections["Before you start"], "sql"))
recipes = 0
for title, section in sections.items():
    if not title[0].isdigit():
        continue
    with tempfile.TemporaryDirectory() as scratch:
        script, result = Path(scratch, "recipe.R"), Path(scratch, "result.csv")
        script.write_text(
            f"{blocks(sections['Before you start'], 'r')}\n{blocks(section, 'r')}\n"
            f'write.csv(result, "{result}", row.names = FALSE, na = "")\n'
        )
        subprocess.run(["Rscript", str(script)], check=True, stdout=subprocess.DEVNULL)
        with result.open(encoding="utf-8", newline="") as file:
            in_r = by_key(csv.DictReader(file))
    found = connection.sql(blocks(section, "sql"))
    in_sql = by_key(dict(zip(found.columns, row, strict=True)) for row in found.fetchall())
    assert in_r.keys() == in_sql.keys(), (title, in_r.keys() ^ in_sql.keys())
    for key, counts in in_sql.items():
        for name, count in counts.items():
            assert abs(in_r[key][name] - count) < 1e-9, (title, key, name, in_r[key][name], count)
    recipes += 1
assert recipes == 7, recipes
print(f"{recipes} recipes")
