"""The text that offsets count in: as a tool showed it, and as the dataset has it.

Tools change line ends and drop byte-order marks. A text that differs in nothing else is the same document; offsets in it
are carried over to the dataset's text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from standoff.exchange import place
from standoff.exchange.documents import Documents
from standoff.exchange.items import EVENT, NEGATIVE, TRIGGER, Item
from standoff.exchange.joining import Joining
from standoff.exchange.place import Placed
from standoff.exchange.records import Intake, Passage
from standoff.exchange.units import CODE_POINTS, LF, NO_MARK, Offsets, Ruler, _walk, counter, plain_lines
from standoff.findings import shortened
from standoff.model.spans import Span

BEGINNING = 40
"""Texts that have so many characters in common at their beginning may be forms of one document."""


def essence(text: str) -> str:
    """Return a text without what tools change: line ends are ``\\n`` with none at the end, and there is no byte-order mark."""
    return plain_lines(text.removeprefix("\ufeff")).rstrip("\n")


def difference(shown: str, text: str) -> str:
    """Return where two texts differ first apart from what tools change: the line of `shown`, and both there."""
    one, other = essence(shown), essence(text)
    alike = min(len(one), len(other))
    at = next((i for i in range(alike) if one[i] != other[i]), alike)
    begin = max(one.rfind("\n", 0, at), one.rfind(" ", 0, max(at - 10, 0))) + 1
    there = [shortened(" ".join(each[begin : at + 20].split()), 30) for each in (one, other)]
    line = one.count("\n", 0, at) + 1
    return f'they differ first in line {line}: "{there[0]}" in the file, "{there[1]}" in the document'


@dataclass
class Frame:
    """The known document that a file is about, and how its offsets lead there.

    `shown` is the text as the file holds it, None where it holds none; `unit` is what the format's tools count.
    """

    document_id: str | None
    text: str | None
    shown: str | None = None
    unit: str = CODE_POINTS
    faults: list[str] = field(default_factory=list)

    @cached_property
    def ruler(self) -> Ruler:
        """The text that offsets count in."""
        text = self.text if self.shown is None else self.shown
        assert text is not None
        return Ruler(text)

    @cached_property
    def _carry(self) -> tuple[list[int], list[int]] | None:
        """Tables from offsets in `shown` to those in the plain text, and from there to `text`; None if both are the same."""
        if self.shown is None or self.text is None or self.shown == self.text:
            return None
        dropped = self.shown.startswith("\ufeff") != self.text.startswith("\ufeff")
        unit = CODE_POINTS + LF + (NO_MARK if dropped else "")
        there = counter(self.shown, unit)
        return [there(at) for at in range(len(self.shown) + 1)], list(_walk(self.text, unit))

    def carried(self, span: Span) -> Span | None:
        """Return a span of `shown` as one of `text`; None if it lies in line ends that `text` does not have."""
        if self._carry is None:
            return span
        to_plain, to_text = self._carry
        start, end = (to_text[min(to_plain[at], len(to_text) - 1)] for at in (span.start, span.end))
        return Span(start, end) if start < end else None

    def place(self, items: Iterable[Item], intake: Intake, file: str = "", *, strict: bool = False) -> None:
        """Set the passage of every item that states offsets, and note the faults of those that lead nowhere.

        With `strict`, a document of whose quotes none is at its offsets in any unit is refused: nothing is placed.
        """
        stated = [(item, item.offsets) for item in items if item.offsets is not None]
        if self.text is None and self.shown is None:
            for item, offsets in stated:
                _keep(item, offsets, _unchecked(offsets), intake, file)
            return
        for item, offsets in stated:
            if not offsets.pieces:  # a quote without offsets
                text = self.ruler.text if self.text is None else self.text
                _keep(item, offsets, place.by_words(text, offsets.words or "", *item.beside), intake, file)
        stated = [(item, offsets) for item, offsets in stated if offsets.pieces]
        unit, places = self.ruler.locate([offsets for _, offsets in stated], self.unit)
        if unit is None and strict:
            self._refuse(stated, intake, file)
            return
        if unit is None:
            intake.note("the offsets hold the quoted words in no unit", file or intake.path)
        quoted = any(offsets.words is not None for _, offsets in stated)
        if stated and not quoted:
            intake.note(f"it quotes no words; offsets are read as {self.unit} and were not checked", file)
        for (item, offsets), found in zip(stated, places, strict=True):
            if found is None:
                placed = self._elsewhere(offsets)
            else:
                span = self.carried(found.span)
                if span is None:
                    message = "line ends after the last words of the document"
                    _keep(
                        item, offsets, Placed(Passage(None), None, "offsets-outside", message), intake, file
                    )
                    continue
                how = (unit or self.unit) if quoted else f"{self.unit}, not checked"
                placed = Placed(
                    Passage(span.of(self.ruler.text if self.text is None else self.text), span), how
                )
                item.gaps = found.gaps
            _keep(item, offsets, placed, intake, file)

    def _refuse(self, stated: list[tuple[Item, Offsets]], intake: Intake, file: str) -> None:
        """Report once, with the first quote, that no unit fits: a fault of all records of the document."""
        if self.faults:
            return  # the document is refused already
        item, offsets = next((item, offsets) for item, offsets in stated if offsets.words is not None)
        (start, _), (_, end) = offsets.pieces[0], offsets.pieces[-1]
        name = item.fields.get("id") or item.key
        there, words = (
            shortened(" ".join(each.split()), 40)
            for each in (self.ruler.text[start:end], offsets.words or "")
        )
        longer = Offsets(((start, end + 1),), offsets.words)
        inclusive = any(self.ruler.find(longer, unit) for unit in self.ruler.distinct)
        why = "add 1 to each end" if inclusive else "were the offsets counted in another text?"
        message = (
            f'no quote is at its offsets, in any unit: {name} quotes "{words}" at {start}..{end}, where the text has '
            f'"{there}"; {why}'
        )
        self.faults.append(intake.report("no-unit", item.line, message, file))
        if self.document_id is not None:
            intake.documents.pop(self.document_id, None)

    def _elsewhere(self, offsets: Offsets) -> Placed:
        """Look for the words of offsets that lead nowhere."""
        (start, _), (_, end) = offsets.pieces[0], offsets.pieces[-1]
        if offsets.words is None:
            return Placed(Passage(None), None, "offsets-outside", f"{start}..{end} lies outside the text")
        return place.by_offsets(
            self.ruler.text if self.text is None else self.text, start, end, offsets.words
        )


def _unchecked(offsets: Offsets) -> Placed:
    if not offsets.pieces:
        return Placed(Passage(offsets.words))
    (start, _), (_, end) = offsets.pieces[0], offsets.pieces[-1]
    return place.by_offsets(None, start, end, offsets.words)


def _keep(item: Item, offsets: Offsets, placed: Placed, intake: Intake, file: str) -> None:
    item.passage = placed.passage
    if item.kind in (EVENT, NEGATIVE, TRIGGER):
        if placed.how:
            intake.units[placed.how] += 1
        if placed.fault:
            item.faults.append(intake.report(placed.fault, item.line, placed.message, file))
    elif placed.fault:
        item.problem = placed.message


class Texts:
    """Finds the known document of a text or a name."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._met: dict[str, str] = {}

    def knows(self, text: str) -> bool:
        """Whether a document of the dataset has this text."""
        return _digest(essence(text)) in self._known

    @cached_property
    def _known(self) -> dict[bytes, list[str]]:
        found: dict[bytes, list[str]] = {}
        for key, document in self._documents.items():
            if document.text is not None:
                found.setdefault(_digest(essence(document.text)), []).append(key)
        return found

    def frame(
        self,
        names: Iterable[str | None],
        shown: str | None,
        intake: Intake,
        *,
        line: int = 1,
        file: str = "",
        unit: str = CODE_POINTS,
        once: bool = False,
        hint: str = "",
    ) -> Frame:
        """Return the frame of a file that names its document, holds its text, or both. Faults are reported once.

        With `once`, a second file (or task) about the same document is a fault: a pass has one annotator. `hint` says more
        of a document that is unknown.
        """
        named = [name for name in names if name]
        found = next((key for name in named if (key := self._documents.resolve(name))), None)
        faults: list[str] = []
        if shown is not None:
            alike = self._known.get(_digest(essence(shown)), [])
            if alike:
                found = found if found in alike else alike[0]
            elif found is not None and self._documents[found].text is not None:
                known = self._documents[found].text or ""
                message = f"the text is not that of {found}: {difference(shown, known)}"
                faults.append(intake.report("other-text", line, message, file))
                shown = None
            elif found is not None and not self._same_hash(found, shown):
                shown = None
        if found is None:
            if shown is None:
                what = (
                    f'"{named[0]}" is neither id nor file of a document' if named else "no document is named"
                )
                message = f"{what}{hint}"
            else:
                message = self._unlike(shown)
            faults.append(intake.report("unknown-document", line, message, file))
            return Frame(None, None, shown, unit, faults)
        where = f"{file}:{line}"
        intake.met.add(found)
        if once and found in self._met:
            message = (
                f"{found} is in {self._met[found]} already; import the files of each annotator as a pass of their own "
                "(of an archive, unpack those of one)"
            )
            faults.append(intake.report("document-twice", line, message, file))
        self._met.setdefault(found, where)
        if not faults:
            intake.documents.setdefault(found, file)
        return Frame(found, self._documents[found].text, shown, unit, faults)

    def _unlike(self, shown: str) -> str:
        """Return why a text is that of no document: the first difference from one that begins alike, or its own beginning."""
        key = self._beginnings.get(essence(shown)[:BEGINNING])
        if key is None:
            return f'no document of the dataset has its text ("{shortened(" ".join(shown.split()), 60)}")'
        return f"its text is like that of {key}, but {difference(shown, self._documents[key].text or '')}"

    @cached_property
    def _beginnings(self) -> dict[str, str]:
        texts = {key: document.text for key, document in self._documents.items()}
        return {essence(text)[:BEGINNING]: key for key, text in texts.items() if text}

    def _same_hash(self, document_id: str, shown: str) -> bool:
        digest = hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()
        return digest == self._documents[document_id].sha256


def join(
    items: list[Item], frame: Frame, name: str, intake: Intake, *, file: str = "", strict: bool = False
) -> None:
    """Place the items of one document, and add the records that they make up."""
    frame.place(items, intake, file, strict=strict)
    for item in items:
        if item.kind in (EVENT, NEGATIVE):
            item.faults += frame.faults
    Joining(items, name, frame.document_id, intake, file, strict).add()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
