"""What is exported and read back is the same: the law of every two-way format, on awkward texts."""

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from tests.exchange.strategies import coded, documents_of, plain, source_of

from standoff.exchange import formats
from standoff.exchange.items import items_of
from standoff.exchange.joining import Joining
from standoff.exchange.losses import FILE, Losses
from standoff.exchange.passes import DocumentPass
from standoff.exchange.records import Intake
from standoff.schema import json_schema

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


PARTS = {
    "event": {
        "actor": "party",
        "target": "party",
        "attribution": "source",
        "where": "location",
        "links": "link",
    },
    "source": {"via": "relay"},
    "negative": {"would_be": "would_be"},
}
"""Definitions of the schema, and those of the values of their keys."""


def keys(kind, value):
    """Yield every key of a value of an annotation file, with the definition that it belongs to."""
    for key, inner in value.items():
        yield kind, key
        for each in inner if isinstance(inner, list) else [inner]:
            within = PARTS.get(kind, {}).get(key)
            if within and isinstance(each, dict):
                yield from keys(within, each)


def test_the_documents_of_these_laws_have_every_field_of_the_schema():
    definitions = json_schema("annotation")["$defs"]
    kinds = {"event", "negative", *(kind for inner in PARTS.values() for kind in inner.values())}
    # Prefix and suffix are not drawn: they follow from the place of a quote.
    beside = {"prefix", "suffix"}
    missing = {(kind, key) for kind in kinds for key in definitions[kind]["properties"].keys() - beside}

    def all_found(document):
        made = DocumentPass("d001", document.document.text, [], [], [])
        for kind, values in made.records(document.records, document.negatives).items():
            if kind != "edition":
                missing.difference_update(key for value in values for key in keys(kind.rstrip("s"), value))
        return not missing

    find(
        coded(),
        all_found,
        settings=settings(max_examples=200, phases=[Phase.generate], derandomize=True, database=None),
    )


@pytest.mark.parametrize("name", TWO_WAY)
@settings(max_examples=settings.default.max_examples // 2, suppress_health_check=[HealthCheck.too_slow])
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
