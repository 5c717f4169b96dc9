"""pandas, pyarrow and DuckDB read every file with the documented types, and DuckDB joins over every reference."""

import json
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

DUCKDB = {"string": "VARCHAR", "integer": "INTEGER", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
ARROW = {"string": "string", "integer": "int32", "number": "double", "boolean": "bool", "date": "date32[day]"}

folder = Path(sys.argv[1])
package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
schemas = {each["name"]: each["schema"] for each in package["resources"] if each["format"] == "csv"}
parquet = [path.stem for path in sorted(folder.glob("*.parquet"))]


def rows(query):
    """Return the rows that a query gives."""
    return duckdb.sql(query).fetchall()


for table, schema in schemas.items():
    types = {field["name"]: field["type"] for field in schema["fields"]}
    columns = ", ".join(f"'{column}': '{DUCKDB[kind]}'" for column, kind in types.items())
    path = folder / f"{table}.csv"
    rows(f"create view {table} as from read_csv('{path}', header = true, columns = {{{columns}}})")
    frame = pd.read_csv(path, dtype=str)
    assert list(frame.columns) == list(types), table
    assert [(len(frame),)] == rows(f"select count(*) from {table}"), table
    if key := ", ".join(schema.get("primaryKey", [])):
        assert rows(f"select {key} from {table} group by all having count(*) > 1") == [], table

for table in parquet:
    path, fields = folder / f"{table}.parquet", schemas[table]["fields"]
    columns = pq.read_schema(path)
    assert [(column.name, str(column.type)) for column in columns] == [
        (field["name"], ARROW[field["type"]]) for field in fields
    ]
    assert [not column.nullable for column in columns] == [
        field.get("constraints", {}).get("required", False) for field in fields
    ]
    assert [column.metadata[b"description"].decode() for column in columns] == [
        field["description"] for field in fields
    ]
    frame = pd.read_parquet(path)
    assert frame.attrs["dataset_version"] == package["version"], table
    rows(f"create view {table}_parquet as from read_parquet('{path}')")
    typed = [kind for _, kind, *_ in rows(f"describe {table}_parquet")]
    assert typed == [DUCKDB[field["type"]] for field in fields], table
    for one, other in ((table, f"{table}_parquet"), (f"{table}_parquet", table)):
        assert rows(f"from {one} except all from {other}") == [], f"{one} holds what {other} does not"

references = 0
for table, schema in schemas.items():
    for foreign in schema.get("foreignKeys", []):
        [field], [key] = foreign["fields"], foreign["reference"]["fields"]
        other = foreign["reference"]["resource"] or table
        missing = f"{table} a anti join {other} b on a.{field} = b.{key} where a.{field} is not null"
        assert rows(f"select {field} from {missing}") == [], (table, field)
        references += 1
print(
    f"{len(schemas)} CSV and {len(parquet)} Parquet files with the same values, "
    f"{references} references joined (pandas {pd.__version__}, pyarrow {pa.__version__}, duckdb {duckdb.__version__})"
)
