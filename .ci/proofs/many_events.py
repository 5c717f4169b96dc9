"""The explorer page of 5,000 events and more, made of copies of a release: python many_events.py RELEASE PAGE"""

import sys
from pathlib import Path

import polars as pl

from standoff.page.data import COLUMNS
from standoff.page.render import About, page

EVENTS = 5000
IDS = {"document_id", "event_id", "other_event_id", "incident_id", "negative_id", "adjudicated_id"}
"""The columns that are different in each copy; actors, places and codes are the same."""
KEPT = {"actors", "affiliations", "places", "actions"}

release, target = Path(sys.argv[1]), Path(sys.argv[2])
tables = {
    name: pl.read_parquet(release / f"{name}.parquet")
    for name in (*COLUMNS, "actions")
    if (release / f"{name}.parquet").exists()
}
copies = -(-EVENTS // tables["events"].height)
for name in tables.keys() - KEPT:
    own = IDS & set(tables[name].columns)
    tables[name] = pl.concat(
        [tables[name].with_columns(pl.col(column) + f"-{copy}" for column in own) for copy in range(copies)]
    )
text = page(tables, About("many", "Many events", "0.0.1", "Copies.", "CC0-1.0", "Nobody (2026)."))
target.write_text(text, encoding="utf-8")
print(tables["events"].height)
