"""Laws of the rules: nothing right is refused, nothing wrong gets through, and what is found lies where it is."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import ACTOR_MUTATIONS, DOCUMENT_MUTATIONS, EVENT_MUTATIONS, Dataset, Mutation, datasets
from standoff.findings import Finding
from standoff.model.places import Path as Where
from standoff.rules.runner import run
from standoff.source.corpus import Corpus, read_corpus

settings.register_profile("rules", max_examples=1, derandomize=True)
FEW = settings.get_profile("rules")
"""One example, which is the plainest: enough to see that each kind of fault is found."""
MANY = settings(FEW, max_examples=2 * settings.default.max_examples)


def checked(dataset: Dataset) -> tuple[Corpus, list[Finding]]:
    with tempfile.TemporaryDirectory() as folder:
        corpus = read_corpus(dataset.write(Path(folder)), base=Path(folder))
        return corpus, run(corpus).findings


@MANY
@given(datasets())
def test_nothing_right_is_refused(dataset: Dataset) -> None:
    assert refused(dataset) == []


@pytest.mark.slow
@settings(FEW, max_examples=2000, derandomize=False)
@given(datasets())
def test_nothing_right_is_refused_at_length(dataset: Dataset) -> None:
    assert refused(dataset) == []


def refused(dataset: Dataset) -> list[Finding]:
    """The findings that say something is wrong. Notes only ask to look again, and random letters can look mis-decoded."""
    return [f for f in checked(dataset)[1] if f.severity != "note" and f.code != "text-misdecoded"]


def found_at(dataset: Dataset, file: str, where: Where) -> list[Finding]:
    """The findings in the file whose place begins inside the record at `where`."""
    corpus, findings = checked(dataset)
    source = next(source for source in corpus.sources() if source.shown == file)
    record = source.places.of(where)
    return [f for f in findings if f.path == file and record.line <= f.line <= record.end_line]


def put(mutation: Mutation, dataset: Dataset, data: st.DataObject) -> tuple[str, Where]:
    """Put the fault into an event; return the file and the place of the record that now has it."""
    document = data.draw(st.sampled_from(sorted(dataset.annotations)))
    value = dataset.annotations[document]
    event = data.draw(st.sampled_from(value["events"]))
    mutation(dataset, event, document)
    where: Where = ("events", next(i for i, e in enumerate(value["events"]) if e is event))
    if mutation is EVENT_MUTATIONS["a negative on the trigger"]:
        where = ("negatives", 0)
    return f"dataset/events/{document}.yaml", where


@pytest.mark.parametrize("name", EVENT_MUTATIONS)
@FEW
@given(datasets(), st.data())
def test_a_fault_in_an_event_is_found_in_that_event(name: str, dataset: Dataset, data: st.DataObject) -> None:
    assert found_at(dataset, *put(EVENT_MUTATIONS[name], dataset, data))


@pytest.mark.parametrize("name", DOCUMENT_MUTATIONS)
@FEW
@given(datasets(), st.data())
def test_a_fault_in_a_document_is_found_there(name: str, dataset: Dataset, data: st.DataObject) -> None:
    document = data.draw(st.sampled_from(sorted(dataset.annotations)))
    DOCUMENT_MUTATIONS[name](dataset, dataset.annotations[document]["document"], document)
    assert found_at(dataset, f"dataset/events/{document}.yaml", ("document",))


@pytest.mark.parametrize("name", ACTOR_MUTATIONS)
@FEW
@given(datasets(), st.data())
def test_a_fault_in_the_registry_is_found_there(name: str, dataset: Dataset, data: st.DataObject) -> None:
    actor = data.draw(st.sampled_from(dataset.actors["actors"]))
    ACTOR_MUTATIONS[name](dataset, actor, "")
    where: Where = ("actors", next(i for i, a in enumerate(dataset.actors["actors"]) if a is actor))
    assert found_at(dataset, "dataset/actors.yaml", where)


@MANY
@given(st.sampled_from(sorted(EVENT_MUTATIONS)), datasets(), st.data())
def test_a_fault_in_an_event_of_any_dataset_is_found_in_that_event(
    name: str, dataset: Dataset, data: st.DataObject
) -> None:
    assert found_at(dataset, *put(EVENT_MUTATIONS[name], dataset, data)), name


@pytest.mark.slow
@settings(FEW, max_examples=5000, derandomize=False)
@given(st.sampled_from(sorted(EVENT_MUTATIONS)), datasets(), st.data())
def test_a_fault_in_an_event_is_found_in_that_event_at_length(
    name: str, dataset: Dataset, data: st.DataObject
) -> None:
    assert found_at(dataset, *put(EVENT_MUTATIONS[name], dataset, data)), name


OF_FORM = [
    name
    for name in EVENT_MUTATIONS
    if name.startswith(("drop", "misspell the key")) or name.endswith((" null", " a number"))
]


@settings(FEW, max_examples=settings.default.max_examples)
@given(st.sampled_from(OF_FORM), datasets(), st.data())
def test_a_fault_of_form_is_one_finding(name: str, dataset: Dataset, data: st.DataObject) -> None:
    put(EVENT_MUTATIONS[name], dataset, data)
    assert len(checked(dataset)[1]) == 1, name
