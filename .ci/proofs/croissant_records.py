"""mlcroissant validates croissant.json and iterates every record of every record set."""

import json
import logging
import sys
from pathlib import Path

import mlcroissant

logging.disable(logging.WARNING)
folder = Path(sys.argv[1])
package = json.loads((folder / "datapackage.json").read_text())
heights = {
    each["name"]: len(each["schema"]["fields"]) for each in package["resources"] if each["format"] == "csv"
}
dataset = mlcroissant.Dataset(jsonld=folder / "croissant.json")
assert not dataset.metadata.ctx.issues.errors, dataset.metadata.ctx.issues.report()

total = 0
sets = [each.id for each in dataset.metadata.record_sets]
for record_set in sets:
    records = list(dataset.records(record_set))
    assert all(len(record) == heights[record_set] for record in records), record_set
    total += len(records)
tables = {path.stem for path in folder.glob("*.parquet")}
assert set(sets) >= tables, tables - set(sets)
print(f"{len(sets)} record sets, {total:,} records")
