"""Hugging Face datasets loads every table by the head of README.md, offline."""

import sys
import tempfile
from pathlib import Path

import datasets
import pandas as pd

datasets.disable_progress_bars()
folder = Path(sys.argv[1]).resolve()
tables = sorted(path.stem for path in folder.glob("*.parquet"))
assert sorted(datasets.get_dataset_config_names(str(folder))) == tables
rows = 0
with tempfile.TemporaryDirectory() as cache:
    for table in tables:
        loaded = datasets.load_dataset(str(folder), table, split="train", cache_dir=cache)
        text = pd.read_csv(folder / f"{table}.csv", dtype=str)
        assert loaded.column_names == list(text.columns), table
        assert loaded.num_rows == len(text), table
        rows += loaded.num_rows
print(f"{len(tables)} configurations, {rows:,} rows")
