"""frictionless validates datapackage.json and, by it, every row of every table, its keys and its references."""

import sys
from pathlib import Path

import frictionless

report = frictionless.validate(Path(sys.argv[1]) / "datapackage.json")
assert report.valid, report.to_summary()
rows = sum(task.stats.get("rows", 0) for task in report.tasks)
print(f"{len(report.tasks)} resources, {rows:,} rows, with keys and references")
