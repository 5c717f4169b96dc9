"""Rules about the texts that we write ourselves: notes, titles, names, and the days in dataset.toml."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

from standoff.model.patterns import pattern
from standoff.model.places import Path
from standoff.rules.form import FORM, path_name, show_value
from standoff.rules.rule import FILE, Fault, rule
from standoff.source.files import SourceFile
from standoff.source.raw_text import hidden_characters

_WRITTEN = frozenset(
    (
        "title",
        "publisher",
        "rights",
        "reason",
        "note",
        "source_error",
        "name",
        "aliases",
        "role",
        "description",
        "task",
        "found",
        "source",
        "licence",
    )
)
"""Keys of the texts that we write ourselves; quoted words stay as their document has them."""

_QUOTED = frozenset(
    ("actor", "target", "attribution", "mentions", "links", "evidence", "trigger", "mark", "where")
)
"""Keys below which there are ids and quoted words only."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # wide forms too


def written_texts(file: SourceFile) -> list[tuple[Path, str]]:
    """Return the texts under the keys of `_WRITTEN` in a file, with their paths; found once for all rules."""
    if file.texts is None:
        file.texts = []
        _walk(file.value, (), file.texts, written=False)
    return file.texts


def _walk(value: object, path: Path, found: list[tuple[Path, str]], *, written: bool) -> None:
    if isinstance(value, str):
        if written:
            found.append((path, value))
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in _WRITTEN or (isinstance(inner, (dict, list)) and key not in _QUOTED):
                _walk(inner, (*path, key), found, written=key in _WRITTEN)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            if written or isinstance(inner, (dict, list)):
                _walk(inner, (*path, i), found, written=written)


@rule(FILE, requires=FORM)
def formula_text(file: SourceFile) -> Iterator[Fault]:
    """A text that is not a quotation begins like a formula. A spreadsheet would run it in the released table.

    Begin it with a word. Spreadsheets take a cell that begins with = + - @ or a tab for a command.
    """
    for path, text in written_texts(file):
        if text.startswith(FORMULA) and not (file.kind in _PROSE and _is_placeholder(text, path)):
            yield Fault(
                path,
                f"{path_name(path)} begins with {show_value(text[0])}, as formulas do",
                "begin with a word",
            )


@rule(FILE, requires=FORM)
def unprintable_text(file: SourceFile) -> Iterator[Fault]:
    """A text that is not a quotation has a character that cannot be seen: a control, a zero-width space, a soft hyphen.

    Delete it. Such characters belong only in quoted words, if the document has them.
    """
    for path, text in written_texts(file):
        if text.isprintable() or _is_placeholder(text, path) or _MISDECODED.search(text):
            continue
        for hidden in hidden_characters(text)[:1]:
            yield Fault(path, f"{path_name(path)}: {hidden.message}", "delete it")
            break
        else:
            if match := _INVISIBLE.search(text):
                name = unicodedata.name(match[0]).lower()
                message = f"{path_name(path)} holds the {name} U+{ord(match[0]):04X}, which cannot be seen"
                yield Fault(path, message, "delete it")


_INVISIBLE = pattern("[\u00ad\u200b\u2060]")
"""Characters without width that join no letters: soft hyphen, zero-width space, word joiner."""


_PROSE = ("annotation", "actors", "dataset", "places", "retired", "accepted")
"""Kinds of files whose texts are sentences and names."""
_PLACEHOLDERS = pattern(
    r"(?:todo|tbd|tba|fixme|xxx+)(?:\s*[:.!?].*)?|n/a|lorem ipsum.*|placeholder|untitled|asdf\w*|\?+|-+|–+|—+|\.+|…|_+",
    re.IGNORECASE | re.DOTALL,
)
"""Texts that stand for one that is still to be written."""
_NO_SENTENCES = pattern(r"(?:none|null|nil|test)", re.IGNORECASE)
"""The same where it cannot be the name of somebody or something."""
_NAMES = frozenset(("name", "aliases", "title", "publisher", "role"))
_ADDRESS = pattern(r"\s*(?:https?://|www\.)\S+\s*$", re.IGNORECASE)
_MISDECODED = pattern(
    r"&(?:amp|lt|gt|quot|apos|nbsp|[mn]dash|hellip|[lr][sd]quo|#[0-9]{2,5}|#x[0-9a-fA-F]{2,5});|"
    "[\u00c2\u00c3][\u0080-\u00bf\u2010-\u203a\u0152-\u017e\u0192\u02c6\u02dc\u20ac\u2122]|\u00e2\u20ac|\u00d0[\u0080-\u00bf]|\ufffd"
)
"""What UTF-8 looks like after it was read as Windows-1252 or Latin-1: Ã©, â€™; the replacement character; and HTML's &amp;."""


@rule(FILE, requires=FORM)
def text_blank(file: SourceFile) -> Iterator[Fault]:
    """A text has no words: it is blank, a placeholder such as TODO, n/a or "?", or an address where a name belongs.

    Write the text, or delete the key if it may be missing.
    """
    for path, text in written_texts(file):
        if file.kind not in _PROSE:
            return
        if file.kind in ("retired", "accepted") and not _visible(text):
            continue  # rules about these lists report empty cells
        if _is_placeholder(text, path):
            what = f"the placeholder {show_value(text)}" if _visible(text) else "blank"
            if _ADDRESS.match(text):
                what = f"the address {show_value(text)}, not a name"
            yield Fault(path, f"{path_name(path)} is {what}", "write the text, or delete the key")


def _visible(text: str) -> str:
    """Return a text without white space around it and without characters that have no shape."""
    if not text.isprintable():
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return text.strip()


def _is_placeholder(text: str, path: Path) -> bool:
    """Return whether a text is blank or stands for one that is still to be written."""
    visible = _visible(text)
    key = next(part for part in reversed(path) if isinstance(part, str))
    return (
        not visible
        or _PLACEHOLDERS.fullmatch(visible) is not None
        or (key in _NAMES and _ADDRESS.match(visible) is not None)
        or (key not in _NAMES and _NO_SENTENCES.fullmatch(visible) is not None)
    )


@rule(FILE, requires=("text-blank", "unprintable-text", *FORM))
def text_padded(file: SourceFile) -> Iterator[Fault]:
    """A text begins or ends with white space, or has two spaces instead of one.

    Trim it. Non-breaking and wide spaces (U+00A0, U+202F, U+3000) may stay between words. Texts of several
    lines (`|`) are not checked.
    """
    for path, text in written_texts(file):
        if file.kind not in _PROSE or file.kind in ("dataset", "retired", "accepted") or "\n" in text.strip():
            continue
        trimmed = re.sub("[ \t]{2,}|\t", " ", text.strip())
        if text.removesuffix("\n") != trimmed:  # a block (">") ends with a line break
            yield Fault(
                path,
                f"{path_name(path)} begins or ends with white space"
                if text.strip() == trimmed
                else f"{path_name(path)} has more than one space between words",
                "trim it",
                closest=trimmed,
            )


@rule(FILE, requires=FORM)
def text_misdecoded(file: SourceFile) -> Iterator[Fault]:
    """A text was read in the wrong encoding, or was copied out of HTML: "Ã©" where "é" belongs, "&amp;" where "&" does.

    Write the letters that were meant, and save the file as UTF-8.
    """
    for path, text in written_texts(file):
        if match := _MISDECODED.search(text):
            meant = _decoded_again(text)
            yield Fault(
                path,
                f'{path_name(path)} holds "{match[0]}", which is a letter in '
                + ("HTML's spelling" if match[0][0] == "&" else "the wrong encoding"),
                "write the letter that was meant",
                closest=meant,
            )


def _decoded_again(text: str) -> str | None:
    import html  # imported late: few texts need it

    if (plain := html.unescape(text)) != text:
        return plain
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None


@rule(FILE, requires=FORM)
def url_malformed(file: SourceFile) -> Iterator[Fault]:
    """A web address has white space in it, or no host.

    Copy the address again. Write a space in it as %20.
    """
    only_document = file.kind.startswith("annotation") and isinstance(
        file.value, dict
    )  # records have no address
    value = {"document": file.value.get("document")} if only_document else file.value
    for path, url in _urls(value):
        host = url.split("//", 1)[-1].split("/", 1)[0]
        if any(char.isspace() for char in url):
            yield Fault(path, f"{path_name(path)} has white space in it", "copy the address again")
        elif not host or "." not in host.strip("."):
            yield Fault(
                path, f"{path_name(path)} is {show_value(url)}, which has no host", "copy the address again"
            )


def _urls(value: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("url", "homepage", "base") and isinstance(inner, str):
                yield (*path, key), inner
            elif isinstance(inner, (dict, list)):
                yield from _urls(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            if isinstance(inner, (dict, list)):
                yield from _urls(inner, (*path, i))


@rule(FILE, requires=FORM)
def day_impossible(file: SourceFile) -> Iterator[Fault]:
    """A day in `dataset.toml` is not in the calendar.

    Write a day that exists, as YYYY-MM-DD.
    """
    if file.kind != "dataset" or not isinstance(file.value, dict):
        return
    for path, day in _days(file):
        try:
            date.fromisoformat(day)
        except ValueError:
            yield Fault(
                path,
                f"{path_name(path)} is {show_value(day)}, which is not in the calendar",
                "write a day that exists, as YYYY-MM-DD",
            )


@rule(FILE, severity="warning", requires=("day-impossible",))
def day_in_future(file: SourceFile) -> Iterator[Fault]:
    """A day in `dataset.toml` has not come yet.

    Write the day on which the version was cut or the task completed. Tomorrow counts as today, because of time zones.
    """
    if file.kind != "dataset" or not isinstance(file.value, dict):
        return
    latest = (date.today() + timedelta(days=1)).isoformat()
    for path, day in _days(file):
        if day > latest:
            message = f"{path_name(path)} is {show_value(day)}, which is in the future"
            yield Fault(path, message, "write a day up to today")


def _days(file: SourceFile) -> list[tuple[Path, str]]:
    """Return the days in dataset.toml, with their paths."""
    return [
        (("dataset", "released"), file.value["dataset"]["released"]),
        *(
            (("annotators", i, "completed"), item["completed"])
            for i, item in file.items("annotators")
            if "completed" in item
        ),
    ]
