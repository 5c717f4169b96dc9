"""What tests of rules share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from standoff.rules import pages


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """The dataset of a copy of the example corpus, to change at will."""
    shutil.copytree(pages.EXAMPLES, tmp_path / "corpus")
    return tmp_path / "corpus" / "dataset"
