"""Datasette serves every table from the SQLite file that sqlite-utils makes of the CSV files; no code loses its zero."""

import asyncio
import csv
import sys
import tempfile
from pathlib import Path

import sqlite_utils
from datasette.app import Datasette

folder = Path(sys.argv[1])


async def main(database: Path) -> None:
    """Fill the database and compare each table that Datasette shows with its CSV file."""
    expected = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            expected[path.stem] = list(csv.DictReader(file))
    tables = sqlite_utils.Database(database)
    for name, rows in expected.items():
        tables[name].insert_all(rows)
    tables.conn.close()
    served = Datasette([str(database)], settings={"max_returned_rows": 100_000})
    for name, rows in expected.items():
        if not rows:  # SQLite has no table without columns
            continue
        answer = await served.client.get(f"/release/{name}.json?_shape=array&_size=max")
        shown = [{key: value for key, value in row.items() if key != "rowid"} for row in answer.json()]
        assert shown == rows, name
    print(f"{len(expected)} tables, {sum(map(len, expected.values()))} rows")


with tempfile.TemporaryDirectory() as scratch:
    asyncio.run(main(Path(scratch) / "release.db"))
