"""Write every table of a release as an Arrow file, for programs that do not read Parquet: arrow_files.py RELEASE FOLDER"""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

release, folder = Path(sys.argv[1]), Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
for path in release.glob("*.parquet"):
    table = pq.read_table(path)
    with pa.ipc.new_file(folder / f"{path.stem}.arrow", table.schema) as writer:
        writer.write_table(table)
