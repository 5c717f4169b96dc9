"""What several tests share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def corpus_copy(tmp_path: Path) -> Path:
    """A copy of the made-up corpus to change at will, in a folder with a space in its name."""
    copy = tmp_path / "a corpus"
    shutil.copytree(Path(__file__).parent / "corpus", copy)
    return copy
