"""What is exported and read back is the same: the law of every two-way format, on awkward texts."""

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.exchange.strategies import coded, documents_of, plain, source_of

from standoff.exchange import formats
from standoff.exchange.items import items_of
from standoff.exchange.joining import Joining
from standoff.exchange.losses import FILE, Losses
from standoff.exchange.records import Intake

TWO_WAY = ["brat", "cas-json", "cas-xmi", "label-studio", "web-annotation"]


def written(name, source, folder):
    with Losses(folder) as losses:
        formats.writer(name).write(source, folder, losses)
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@given(coded())
def test_records_taken_apart_and_joined_are_the_same(document):
    intake = Intake("x", "x")
    items = items_of(document.records, document.negatives)
    Joining(items, "d001", "d001", intake, strict=True).add()
    assert plain(intake.records) == plain(document.records)
    assert plain(intake.negatives) == plain(document.negatives)
    assert (intake.faults, intake.losses) == ([], [])


@pytest.mark.parametrize("name", TWO_WAY)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(document=coded())
def test_what_is_exported_and_read_back_is_the_same(name, document):
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        losses = written(name, source_of(document), target)
        intake = formats.importer(name).read(target, documents_of(document), None)
    assert losses == []
    assert plain(intake.records) == plain(document.records)
    assert plain(intake.negatives) == plain(document.negatives)
    assert [fault for fault in intake.faults if fault.kind != "duplicate"] == []
    assert intake.losses == []


@pytest.mark.parametrize("name", TWO_WAY)
@settings(max_examples=5)
@given(document=coded())
def test_the_same_records_give_the_same_bytes(name, document):
    found = []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            written(name, source_of(document), Path(folder))
            found.append({p.name: p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()})
    assert found[0] == found[1]
