"""Writes what datapackage.json says of every column as a plain CSV, for readers without JSON."""

import csv
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
package = json.loads((folder / "datapackage.json").read_text())
writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["table", "rows", "column", "type", "required", "key"])
for resource in package["resources"]:
    if resource["format"] == "csv":
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.reader(file)) - 1
        for field in resource["schema"]["fields"]:
            required = field.get("constraints", {}).get("required", False)
            key = field["name"] in resource["schema"].get("primaryKey", [])
            flags = [str(flag).lower() for flag in (required, key)]
            writer.writerow([resource["name"], rows, field["name"], field["type"], *flags])
