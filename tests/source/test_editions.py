"""The two editions of the annotation form: which one a file is of, and what is said about keys of the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff import show
from standoff.model.gazetteer import (
    ACLED_GEO_PRECISION,
    RELATIONS,
    UCDP_WHERE_PREC,
    acled_geo_precision,
    ucdp_where_prec,
)
from standoff.rules import pages, runner
from standoff.schema import closed_list, json_schema
from standoff.source.corpus import read_corpus
from standoff.source.form import violations

D900, D901 = "dataset/events/d900.yaml", "dataset/events/d901.yaml"
KINDS = closed_list("places", "properties/places/items/properties/kind")


def found(file: str, right: str, wrong: str) -> list[tuple[str, int]]:
    assert (pages.EXAMPLES / file).read_text("utf-8").count(right) == 1
    return [(finding.code, finding.line) for finding in pages.Example(file, right, wrong).findings()]


def test_a_file_without_an_edition_is_of_the_first() -> None:
    corpus = read_corpus(pages.EXAMPLES / "dataset")
    assert {file.kind for file in corpus.files} == {"annotation"}
    assert {file.kind for file in corpus.passes} == {"annotation-1"}
    assert runner.run(corpus).findings == []
    negative = corpus.passes[0].negatives[0]
    assert (negative.evidence, negative.mark, negative.would_be) == (None, None, None)
    assert negative.trigger.span is not None
    assert corpus.files[0].negatives[0].mark is not None


@pytest.mark.parametrize(("edition", "code"), [("3", "unknown-value"), ("0", "unknown-value"), ('"2"', "unknown-value")])  # fmt: skip
def test_an_edition_that_does_not_exist_is_one_finding(edition: str, code: str) -> None:
    assert found(D900, "edition: 2", f"edition: {edition}") == [(code, 2)]


def test_an_edition_that_is_newer_than_the_package_is_named_as_such() -> None:
    findings = pages.Example(D900, "edition: 2", "edition: 3").findings()
    assert [(finding.code, finding.line) for finding in findings] == [("unknown-value", 2)]
    assert "edition 3" in findings[0].message
    assert "install a newer standoff" in (findings[0].remedy or "")


@pytest.mark.parametrize(
    ("wrong", "code", "line"), [("", "missing-key", 2), ("edition: 1\n", "unknown-value", 2)]
)
def test_a_file_whose_edition_is_lost_or_wrong_is_one_finding(wrong: str, code: str, line: int) -> None:
    assert found(D900, "edition: 2\n", wrong) == [(code, line)]


def test_a_key_of_the_second_edition_is_named_as_such_in_a_file_of_the_first() -> None:
    old = (
        'document:\n  id: d902\n  file: 902.txt\n  sha256: "'
        + 64 * "0"
        + '"\n  title: t\n  publisher: p\n  language: en\n'
        '  rights: r\n  published: {date: "2023-05-02", basis: header}\n'
        '  copies: [{url: "https://a.example/b", found: f}]\nevents: []\nnegatives: []\n'
    )
    [finding] = [
        finding
        for finding in pages.Example("dataset/events/d902.yaml", None, old).findings()
        if finding.code == "unknown-key"
    ]
    assert "edition 2" in finding.message
    assert "edition: 2" in (finding.remedy or "")


def test_a_negative_of_the_first_edition_is_one_finding_in_a_file_of_the_second() -> None:
    text = (pages.EXAMPLES / D900).read_text("utf-8")
    right = text[text.index('    evidence: "Australis could') : text.index("    reason: hypothetical")]
    wrong = '    quote: "Australis could close the strait"\n'
    tail = "    reason: hypothetical\n"
    would_be = '    would_be: {action: "191", actor: australis}\n'
    [finding] = pages.Example(D900, right + tail + would_be, wrong + tail).findings()
    assert (finding.code, finding.id) == ("unknown-key", "d900-n01")
    for key in ("trigger", "evidence", "mark", "would_be"):
        assert key in (finding.remedy or "")


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("    shape: several\n", "    shape: throughout\n", ["count-contradicts-shape"]),
        ('date: "2023-04/2023-05-03"\n    shape: several', 'date: "[2023-04-01..2023-05-03]"', []),
        ('date: "2023-04/2023-05-03"\n    shape: several', 'date: "../2023-05-03"', []),
        ('date: "2023-04/2023-05-03"', 'date: "[2023-04-01..2023-05-03]"', ["shape-mismatch"]),
        ('date: "2023-04/2023-05-03"', 'date: "../2023-05-03"', ["shape-mismatch"]),
        (
            'date: "2023-04/2023-05-03"',
            'date: "2023-05"',
            ["counted-date-contradicted", "shape-mismatch"],  # and the words are "since April"
        ),
        ("    shape: several\n", "", ["shape-mismatch"]),
        ("    shape: several\n", "    shape: sometimes\n", ["unknown-value"]),
        ('mark: "If"', 'mark: "Nobody"', ["quote-not-found"]),
        ('mark: "If"', 'mark: {quote: "Nobody", outside: true}', []),
        ('mark: "If"', 'mark: "I"', ["word-cut"]),
        ('{action: "085"}', '{action: "085", actor: nobody, target: nowhere}', ["would-be-unknown"] * 2),
        ('{action: "085"}', '{action: "099"}', ["would-be-unknown"]),
        ("relation: at}]\n    incident", "relation: behind}]\n    incident", ["unknown-value"]),
        ("place: border", "place: ostrov", []),
    ],
)
def test_what_the_new_fields_may_hold(right: str, wrong: str, expected: list[str]) -> None:
    codes = [code for code, _ in found(D901, right, wrong)]
    assert [code for code in codes if code not in ("unused-place", "link-to-nowhere")] == expected


def test_words_of_places_and_links_are_not_cut() -> None:
    wrong = 'place: cafe-est, quote: "shelled the border post at Cafe", relation'
    assert [c for c, _ in found(D900, 'place: cafe-est, quote: "Cafe\u0301 Est", relation', wrong)] == ["quote-cut"]  # fmt: skip
    link = 'quote: "Hours later", outside: true'
    assert [c for c, _ in found(D900, link, 'quote: "Hours later"')] == ["quote-not-found"]
    assert [c for c, _ in found(D900, link, 'quote: "raid.\\n\\nShe", outside: true')] == ["quote-not-found"]


def test_a_place_without_a_registry_is_unknown_and_no_place_needs_none(tmp_path: Path) -> None:
    dataset = pages.Example("dataset/places.yaml", "places:", None).write(tmp_path / "corpus")
    codes = {finding.code for finding in runner.run(read_corpus(dataset)).findings}
    assert codes == {"unknown-place"}


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("    latitude: 46.78\n", "", ["missing-key"]),
        ("    latitude: 46.78\n", "    latitude: 146.78\n", ["value-out-of-range"]),
        ("    longitude: -56.18\n", '    longitude: "56 W"\n', ["wrong-type"]),
        ("kind: city", "kind: metropolis", ["unknown-value"]),
        ("id: cafe-est", "id: ostrov", ["duplicate-id"]),
        ("  - id: border\n", "  - id: zebra\n", ["unknown-place", "ids-out-of-order"]),
    ],
)
def test_the_place_registry_is_checked_like_that_of_actors(
    right: str, wrong: str, expected: list[str]
) -> None:
    codes = [code for code, _ in found("dataset/places.yaml", right, wrong)]
    assert set(expected) <= set(codes)


def test_coordinates_come_with_their_source() -> None:
    text = (pages.EXAMPLES / "dataset/places.yaml").read_text("utf-8")
    line = text[text.index("    coordinates:") :]
    [finding] = pages.Example("dataset/places.yaml", line, "").findings()
    assert (finding.code, finding.id) == ("missing-key", "ostrov")


def test_every_kind_of_place_has_its_grade_or_is_beyond_the_scales() -> None:
    assert set(ACLED_GEO_PRECISION) < set(UCDP_WHERE_PREC) < set(KINDS)
    assert set(KINDS) - set(UCDP_WHERE_PREC) == {"world-region"}
    assert set(closed_list("annotation", "$defs/location/properties/relation")) == set(RELATIONS)


@given(st.sampled_from(KINDS), st.sampled_from(RELATIONS))
def test_grades_of_places(kind: str, relation: str) -> None:
    ucdp, acled = ucdp_where_prec(kind, relation), acled_geo_precision(kind, relation)
    if relation in ("from", "toward"):
        assert (ucdp, acled) == (None, None)
    if relation == "near":
        assert ucdp != 1
        assert acled != 1
    assert ucdp is not None or acled is None


@given(
    st.fixed_dictionaries(
        {
            "edition": st.sampled_from((1, 2)),
            "document": st.none(),
            "events": st.just([]),
            "negatives": st.just([]),
        }
    )
)
def test_each_edition_has_one_schema(value: dict[str, Any]) -> None:
    name = "annotation" if value["edition"] == 2 else "annotation-1"
    other = "annotation-1" if value["edition"] == 2 else "annotation"
    assert ("edition",) not in {violation.path for violation in violations(name, value)}
    assert ("edition",) in {violation.path for violation in violations(other, value)}


def test_the_first_edition_is_the_second_without_what_was_added() -> None:
    first, second = json_schema("annotation-1"), json_schema("annotation")
    events = first["$defs"]["event"]["properties"], second["$defs"]["event"]["properties"]
    assert set(events[1]) - set(events[0]) == {"shape", "where"}
    assert set(second["$defs"]["negative"]["properties"]) - set(first["$defs"]["negative"]["properties"]) == {
        "evidence",
        "trigger",
        "mark",
        "would_be",
    }
    assert set(second["properties"]["document"]["properties"]) - set(
        first["properties"]["document"]["properties"]
    ) == {"copies"}


def test_show_prints_places_shape_and_what_a_negative_would_be() -> None:
    corpus = read_corpus(pages.EXAMPLES / "dataset")
    said = show.render(corpus, ["d901-e01", "d901-n01", "d900-e04"], colour=False)
    assert "at Border of Boreland and Australis (border)" in said
    assert "several times within 2023-04-01 to 2023-05-03" in said
    assert "194" in said
    assert "none to Boreland" in said
    assert "[mark: Nobody knows] who [trigger: fired back]" in said
    assert "speaks_of d900-e03" in said
