"""Rules about the text of a document: traces of how it was copied or saved, and the language that it is in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from standoff.codes import languages
from standoff.findings import Data, Severity
from standoff.model.patterns import pattern
from standoff.rules.context import Context
from standoff.rules.rule import DOCUMENT, Fault, rule
from standoff.source.corpus import AnnotationFile
from standoff.source.records import Document

_TRACES = pattern(
    r"(?P<control>[\0-\x08\x0b\x0c\x0e-\x1f\x7f])|(?P<lost>\ufffd)"
    "|(?P<misdecoded>[\u00c2\u00c3][\u0080-\u00bf\u2010-\u203a\u0152-\u017e\u0192\u02c6\u02dc\u20ac\u2122]|\u00e2\u20ac)"
    r"|(?P<html></?(?:p|br|div|span|b|i|em|strong|a|h[1-6]|li|ul|ol|img|script)\b[^<>\n]{0,200}>|&(?:[a-zA-Z]{2,8}|#[0-9]{2,6});)"
    "|(?P<mark>\ufeff)|(?P<hidden>[\u00ad\u200b\u2060\u202a-\u202e\u2066-\u2069])|(?P<ends>(?<!\r)\n(?=[^\r\n]*\r\n)|\r\n(?=[^\r\n]*(?<!\r)\n))"
)
_SUSPECT = pattern(
    "[\0-\x08\x0b-\x1f\x7f\ufffd\u00c2\u00c3\u00e2<&\ufeff\u00ad\u200b\u2060\u202a-\u202e\u2066-\u2069]"
)
"""Each trace has one of these characters, and most texts have none: to look for them first takes a hundredth of the time."""
_WHAT: dict[str, tuple[Severity, str]] = {
    "control": ("warning", "a control character"),
    "lost": ("warning", "a character that was lost when the text was decoded"),
    "misdecoded": ("warning", "letters that were read in the wrong encoding"),
    "html": ("warning", "HTML"),
    "mark": ("warning", "a byte order mark"),
    "hidden": ("note", "an invisible character"),
    "ends": ("note", "line ends of two kinds"),
}


@rule(DOCUMENT, severity="warning", requires=("conflict-mark", "document-missing", "document-changed"))
def document_text_unclean(document: Document, context: Context) -> Iterator[Fault]:
    """The document's text has traces of how it was copied: HTML, letters in the wrong encoding, control characters.

    Texts are kept byte for byte, so do not repair a text that was published like this: accept the finding. But if the
    trace is from your own copying, save the text again, write its new hash, and check the quotes. Characters that
    cannot be seen, and line ends of two kinds, are notes.
    """
    assert isinstance(context.file, AnnotationFile), "documents are in annotation files"
    if context.text is None or context.seed is None or context.file.annotator is not None:
        return
    match = _SUSPECT.search(context.text) and _TRACES.search(context.text)
    if match is None:
        return
    severity, what = _WHAT[str(match.lastgroup)]
    found = match[0]
    shown = (
        f'"{found[:40]}"'
        if match.lastgroup in ("misdecoded", "html")
        else f"U+{ord(found[0]):04X} {unicodedata.name(found[0], '').lower()}".strip()
    )
    line = context.text.count("\n", 0, match.start()) + 1
    yield Fault(
        ("document", "file"),
        f"{context.seed.shown}, line {line}: the text has {what}"
        + ("" if match.lastgroup == "ends" else f", {shown}"),
        "save the text as it was published; if it was published like this, accept the finding",
        severity=severity,
    )


_SAMPLE = 6_000
"""Characters of a text that are enough to tell its language."""
_WORDS, _DIFFERENT = 40, 5
"""Words below which the language of a text is not judged, and different common words that another language must have."""
_RARE, _FREQUENT = 0.08, 0.25
"""Share of common words below which a text is not in a language, and above which it is in another."""


@rule(
    DOCUMENT,
    severity="warning",
    requires=("duplicate-key", "unknown-language", "document-missing", "document-changed"),
)
def language_contradicted(document: Document, context: Context) -> Iterator[Fault]:
    """The document's text is in another language than `language` says.

    Correct `language`: it decides how dates and weekdays in the text are read. Languages are told apart by their most
    frequent words, in `schema/languages/`; other languages are not compared with each other.
    """
    assert isinstance(context.file, AnnotationFile), "documents are in annotation files"
    if context.text is None or context.file.annotator is not None:
        return
    sample = context.text[:_SAMPLE].lower()
    stated = languages.language(document.language)
    if (
        stated is not None
        and sum(map(stated.common.__contains__, sample.split())) >= _RARE * len(sample) / 2 + 1
    ):
        return  # sooner than by counting all words, which are at most half as many as the characters
    words = re.findall(r"\b[^\W\d_]+\b", sample)
    if len(words) < _WORDS or (stated is not None and stated.share(words) >= _RARE):
        return
    others = [
        each for tag in sorted(languages.tags()) if (each := languages.language(tag)) and each is not stated
    ]
    best = max(others, key=lambda each: each.share(words))
    if stated is None and best.tag != languages.FALLBACK:
        return  # a language that has no list may share its common words with a neighbour
    if best.share(words) >= _FREQUENT and len(best.common.intersection(words)) >= _DIFFERENT:
        yield Fault(
            ("document", "language"),
            f"the language is {document.language}, but the text is in {best.name}",
            f"write {best.tag}",
            closest=best.tag,
            data=Data(expected=[best.tag]),
        )
