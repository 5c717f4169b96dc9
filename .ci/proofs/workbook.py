"""LibreOffice opens the workbook: every sheet holds the same cells as the table's CSV, codes with their zeros."""

import csv
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

folder = Path(sys.argv[1])
[workbook] = folder.glob("*.xlsx")
package = json.loads((folder / "datapackage.json").read_text())
tables = {each["name"]: each for each in package["resources"] if each["format"] == "csv"}
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


def plain(value, kind):
    """One spelling for what CSV and a spreadsheet spell differently."""
    if not value:
        return None
    if kind in ("integer", "number"):
        return float(value)
    return value.lower() if kind == "boolean" else value


sheets = 0
with tempfile.TemporaryDirectory() as scratch:
    profile = f"-env:UserInstallation=file://{scratch}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", EVERY_SHEET, "--outdir", scratch, str(workbook)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    for path in sorted(Path(scratch).glob("*.csv")):
        name = path.stem.removeprefix(f"{workbook.stem}-")
        if name not in tables:
            continue
        kinds = [field["type"] for field in tables[name]["schema"]["fields"]]
        shown, meant = (
            list(csv.reader(file.open(encoding="utf-8", newline="")))
            for file in (path, folder / f"{name}.csv")
        )
        assert shown[0] == meant[0], name
        for one, other in zip(shown[1:], meant[1:], strict=True):
            for cell, right, kind in zip(one, other, kinds, strict=True):
                shown_value, value = plain(cell, kind), plain(right, kind)
                if isinstance(value, float) and isinstance(shown_value, float):  # 15 digits are shown
                    assert math.isclose(shown_value, value, rel_tol=1e-14), (name, cell, right)
                else:
                    assert shown_value == value, (name, cell, right)
        sheets += 1
assert sheets >= len(list(folder.glob("*.parquet"))), sheets
print(f"{sheets} sheets, cell for cell")
