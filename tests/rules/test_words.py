"""Which words a record quotes: whole words, one sentence, the right party, and not too much of a document."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from breaking import D900, D901, codes, found
from standoff.findings import Finding
from standoff.model.spans import Span, ends_of_sentences, splits_word
from standoff.rules.pages import EXAMPLES
from standoff.testing import findings_with


@pytest.mark.parametrize(
    ("right", "wrong", "whole"),
    [
        ('trigger: "denied"', 'trigger: "denie"', "denied"),
        ('trigger: "denied"', 'trigger: "enied"', "denied"),
        ('quote: "officials"', 'quote: "official"', "officials"),
        (
            'trigger: "close the strait"',
            'trigger: "close the strai"',
            "close the strait",
        ),
    ],
)
def test_a_word_that_is_cut_is_shown_whole(right: str, wrong: str, whole: str) -> None:
    [finding] = found(D900, right, wrong)
    assert (finding.code, finding.closest) == ("word-cut", whole)
    assert finding.data["expected"] == [whole]


@pytest.mark.parametrize(
    ("text", "offset", "cut"),
    [
        ("word", 2, True), ("word", 0, False), ("word", 4, False), ("Iran's", 4, False), ("US-backed", 2, False),
        ("1,500", 1, False), ("1500", 2, True), ("слово", 2, True), ("Étienne", 1, True), ("日本語", 1, False),
        ("ประเทศ", 2, False), ("وقال", 1, False), ("snake_case", 5, False),
    ],
)  # fmt: skip
def test_words_are_cut_between_letters_of_scripts_that_write_words_apart(
    text: str, offset: int, cut: bool
) -> None:
    assert splits_word(text, offset) is cut


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He left. She came back", 2), ("He said: “No. Never.” and left", 1), ('"Stop. Now." he said', 1),
        ("The U.S. Army attacked", 1), ("Gen. Smith left. He wept", 2), ("He left at 5 p.m. on Monday", 1),
    ],
)  # fmt: skip
def test_sentences_are_counted_outside_quotations(text: str, sentences: int) -> None:
    assert len(ends_of_sentences(text, Span(0, len(text)))) + 1 == sentences


def test_words_name_another_actor_only_across_countries() -> None:
    target = 'target: [{id: australis, quote: "Australis"}]'
    assert codes(D900, target, 'target: [{id: boreland, quote: "Australis"}]') == ["words-of-other-actor"]
    assert codes(D900, target, 'target: [{id: australis-government, quote: "Australis"}]') == []


def quoting(
    words: int, sentence: str = "Boreland met Australis in Ostrov today about the strait. "
) -> list[Finding]:
    """The findings in a document of so many sentences, each the words of a negative up to "Ostrov"."""
    text = "".join(f"{i:02} {sentence}" for i in range(words))
    negatives = "".join(
        f'  - id: d902-n{i + 1:02}\n    evidence: "{i:02} Boreland met Australis in Ostrov today"\n'
        f'    trigger: "{i:02} Boreland met Australis in Ostrov"\n    reason: unclear\n    would_be: {{action: "040"}}\n'
        for i in range(words)
    )
    head = (EXAMPLES / D900).read_text("utf-8").split("events:")[0]
    head = head.replace("d900", "d902").replace("900_talks", "902_long")
    old = head.split('sha256: "')[1].split('"')[0]
    file = head.replace(old, sha256(text.encode()).hexdigest()) + f"events: []\nnegatives:\n{negatives}"
    return findings_with({"dataset/events/d902.yaml": file, "seeds/902_long.txt": text})


@pytest.mark.parametrize(
    ("sentences", "code"),
    [(30, "too-much-quoted"), (15, "much-of-short-document-quoted"), (5, None)],
)
def test_no_more_than_a_third_of_a_document_is_published(sentences: int, code: str | None) -> None:
    assert [(f.code, f.severity, f.id) for f in quoting(sentences)] == (
        [(code, "error" if code == "too-much-quoted" else "warning", "d902")] if code else []
    )


def test_negatives_that_overlap_are_one_finding_on_the_later() -> None:
    right = (
        'evidence: "If the shelling goes on, the ferries will stop"\n    trigger: "will stop"\n    mark: "If"'
    )
    wrong = 'evidence: "Nobody knows who fired back"\n    trigger: "who fired"\n    mark: "knows"'
    [finding] = found(D901, right, wrong)
    assert (finding.code, finding.id, finding.data["other"]) == ("negatives-overlap", "d901-n02", "d901-n01")


@pytest.mark.parametrize(
    ("mentions", "overlapped"),
    [
        (["an answer to every raid"], ["the evidence"]),
        (["army of Boreland shelled", "shelled the border post"], ["mention 1"]),
        (["Australis denied the attack", "the border post"], []),
    ],
)
def test_a_mention_overlaps_neither_the_evidence_nor_another_mention(
    mentions: list[str], overlapped: list[str]
) -> None:
    findings = found(D900, 'action: "138"', f'action: "138"\n    mentions: {json.dumps(mentions)}')
    told = [finding.data.get("other") for finding in findings if finding.code == "mention-overlaps"]
    assert told == overlapped


def test_swapped_parties_are_one_finding() -> None:
    [finding] = found(
        D900,
        'actor: [{id: boreland-military, quote: "the army of Boreland"}]\n    target: [{id: australis, implicit: true}]',
        'actor: [{id: australis, quote: "Boreland", prefix: "the army of "}]\n'
        '    target: [{id: boreland, quote: "Australis", prefix: "She warned ", outside: true}]',
    )
    assert (finding.code, finding.line, finding.closest) == ("words-of-other-actor", 35, None)
