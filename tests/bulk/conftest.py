"""What the tests of tables share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Write a frame, text or bytes under a name, and return the path."""

    def to(name: str, content: pl.DataFrame | str | bytes) -> Path:
        path = tmp_path / name
        if isinstance(content, pl.DataFrame):
            method = {
                ".parquet": content.write_parquet,
                ".csv": content.write_csv,
                ".jsonl": content.write_ndjson,
            }
            method[path.suffix](path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to
