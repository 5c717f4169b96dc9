"""docs/tutorials/five-minutes.md: its R, and its spreadsheet steps in LibreOffice, give the answer of its SQL.

python tutorial.py RELEASE r|spreadsheet
"""

import csv
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb

TYPES = "http://openoffice.org/2000"
MODULE = f'<script:module xmlns:script="{TYPES}/script" script:name="Answer" script:language="StarBasic">{{}}</script:module>'
LIBRARY = (
    f'<library:library xmlns:library="{TYPES}/library" library:name="Standard" library:readonly="false" '
    'library:passwordprotected="false"><library:element library:name="Answer"/></library:library>'
)

page = Path("docs/tutorials/five-minutes.md").read_text("utf-8")
release = Path(sys.argv[1]).resolve()


def block(language):
    """The first block of the page in a language."""
    return re.search(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)[1]


def in_r(scratch):
    """The answer in R: the number of events by actor and target."""
    script, result = scratch / "answer.R", scratch / "answer.csv"
    script.write_text(f'{block("r")}\nwrite.csv(answer, "{result}", row.names = FALSE)\n', "utf-8")
    subprocess.run(["Rscript", str(script)], check=True, stdout=subprocess.DEVNULL, cwd=release)
    with result.open(encoding="utf-8", newline="") as file:
        return {(row["actor_id"], row["target_id"]): int(row["event_id"]) for row in csv.DictReader(file)}


def in_spreadsheet(scratch):
    """The answer in LibreOffice: the cells of the pivot table between an actor and a target."""
    office = ["soffice", f"-env:UserInstallation=file://{scratch}/profile", "--headless"]
    subprocess.run([*office, "--terminate_after_init"], check=True, capture_output=True, timeout=180)
    macros = scratch / "profile" / "user" / "basic" / "Standard"
    steps = Path(__file__).with_name("five_minutes.bas").read_text("utf-8")
    (macros / "Answer.xba").write_text(MODULE.format(escape(steps)), "utf-8")
    (macros / "script.xlb").write_text(LIBRARY, "utf-8")
    [workbook] = release.glob("*.xlsx")
    call = f'macro:///Standard.Answer.Answer("{workbook}","{scratch}/sheet.csv")'
    subprocess.run([*office, call], check=True, capture_output=True, timeout=180)
    fault = scratch / "sheet.csv.error"
    assert not fault.exists(), fault.read_text("utf-8")
    with (scratch / "sheet-pivot.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if any(row)]
    first = next(number for number, row in enumerate(rows) if row[0] == "actor_id")
    head = rows[first]
    return {
        (row[0], target): int(number)
        for row in rows[first + 1 :]
        for target, number in zip(head[1:], row[1:], strict=True)
        if number and not {"(empty)", "Total Result"} & {row[0], target}
    }


connection = duckdb.connect()
query = block("sql").replace("'dyads.parquet'", f"'{release / 'dyads.parquet'}'")
expected = {(actor, target): events for actor, target, events in connection.sql(query).fetchall()}
assert expected
with tempfile.TemporaryDirectory() as folder:
    found = {"r": in_r, "spreadsheet": in_spreadsheet}[sys.argv[2]](Path(folder))
assert found == expected, (found, expected)
print(f"{len(found)} pairs")
