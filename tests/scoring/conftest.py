"""The gold that the tests of scoring share: the made-up corpus."""

from pathlib import Path

import pytest

from standoff.scoring import gold as gold_module

DATASET = Path(__file__).parents[1] / "corpus" / "dataset"


@pytest.fixture(scope="session")
def gold():
    """The made-up corpus as gold, with its texts."""
    return gold_module.read(DATASET)
