"""Traces of copying in a document's text."""

from __future__ import annotations

import hashlib

import pytest

from standoff.testing import findings_with

FILE = """\
edition: 2
document:
  id: d902
  file: 902_page.txt
  sha256: "{sha256}"
  title: "[Ferries]"
  publisher: "Ostrov Wire"
  language: en
  rights: "Invented for tests."
  published: {{date: "2023-05-04", basis: header}}
events: []
negatives: []
"""


def found(text: str) -> list[tuple[str, str, int]]:
    """What check finds in an annotation file about this text."""
    raw = text.encode()
    file = FILE.format(sha256=hashlib.sha256(raw).hexdigest())
    reported = findings_with({"dataset/events/d902.yaml": file, "seeds/902_page.txt": raw})
    return [(finding.code, finding.severity, finding.line) for finding in reported]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("OSTROV - The <b>ferries</b> run again.", "warning"),
        ("OSTROV - The ferries &amp; trains run again.", "warning"),
        ("OSTROV - The ferries of CafÃ© Est run again.", "warning"),
        ("OSTROV - The ferries of Caf\ufffd Est run again.", "warning"),
        ("\ufeffOSTROV - The ferries run again.", "warning"),
        ("OSTROV - The ferries\x00 run again.", "warning"),
        ("OSTROV - The fer\u00adries run again.", "note"),
        ("OSTROV.\r\nThe ferries run again.\nThey are full.\n", "note"),
    ],
)
def test_a_trace_of_copying_is_reported_once(text: str, severity: str) -> None:
    assert found(text) == [("document-text-unclean", severity, 4)]


@pytest.mark.parametrize(
    "text",
    [
        "OSTROV.\r\nThe ferries run again.\r\n",
        "Café Est – “a < b & c”, he said; AT&T fell by <1 %.\n",
        "Острів: пороми ходять.\u00a0عبّارات\u200f",
    ],
)
def test_ordinary_texts_are_clean(text: str) -> None:
    assert found(text) == []


def test_a_text_without_words_is_missing() -> None:
    assert found(" \n\t\n") == [("document-missing", "error", 4)]
