"""DataFusion and ibis read every Parquet file with the values that pyarrow reads, and join over a reference."""

import sys
from pathlib import Path

import datafusion
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(sys.argv[1])
context = datafusion.SessionContext()
connection = ibis.duckdb.connect()


def same(one: pa.Table, other: pa.Table) -> bool:
    """Whether two tables hold the same values in the same columns, whatever Arrow type holds their text."""
    if one.column_names != other.column_names:
        return False
    return one.to_pylist() == other.to_pylist()


tables = {path.stem: pq.read_table(path) for path in sorted(folder.glob("*.parquet"))}
for name, table in tables.items():
    path = folder / f"{name}.parquet"
    context.register_parquet(name, str(path))
    assert same(context.sql(f'select * from "{name}"').to_arrow_table(), table), f"datafusion: {name}"
    assert same(connection.read_parquet(path, table_name=name).to_pyarrow(), table), f"ibis: {name}"

dyads, actors = connection.table("dyads"), connection.table("actors")
joined = dyads.join(actors, dyads.actor_id == actors.actor_id).count().execute()
assert joined == tables["dyads"].num_rows
query = "select count(*) as n from dyads join actors on dyads.actor_id = actors.actor_id"
assert context.sql(query).to_arrow_table()["n"].to_pylist() == [joined]
print(f"{len(tables)} tables, {sum(table.num_rows for table in tables.values())} rows")
