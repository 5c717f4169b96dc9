"""Rules about one file as it was read: whether it could be read, its encoding, its YAML."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.findings import shortened
from standoff.model.places import NOWHERE, Place
from standoff.rules.form import misplaced_negatives, violations_of
from standoff.rules.rule import FILE, Fault, Rule, make_rule, rule
from standoff.source.corpus import AnnotationFile
from standoff.source.files import SourceFile
from standoff.source.form import MORE
from standoff.source.raw_text import conflict_marks
from standoff.source.strict_yaml import MAX_FAULTS


def _read_faults(file: SourceFile, code: str) -> Iterator[Fault]:
    for fault in file.faults:
        if fault.rule == code:
            yield Fault(fault.place, fault.message, fault.remedy, fix=fault.fix)


def _reading_rule(code: str, text: str) -> Rule:
    def check(file: SourceFile) -> Iterator[Fault]:
        yield from _read_faults(file, code)

    return make_rule(code, FILE, text, check)


READING = tuple(
    _reading_rule(code, text)
    for code, text in {
        "file-unreadable": """The file cannot be opened.

        Restore it, correct the path, or give yourself permission to read it.
        """,
        "file-too-large": """The file is larger than an annotation file can be.

        An annotation file describes one document. Look for what does not belong in it, or split it.
        """,
        "not-utf8": """The file holds bytes that are not UTF-8.

        Save it as UTF-8. Most editors offer this as "Save with Encoding".
        """,
        "control-character": """The file has a control character, or a line break that some tools ignore.

        Delete it. If the document itself has the character, write it as an escape in double quotes, such as
        "\\u2028".
        """,
        "bidi-control": """The file has a bidirectional control character, which can make a text look different from what it says.

        Delete it. If the document itself has the character, write it as an escape in double quotes, such as
        "\\u200F".
        """,
        "yaml-syntax": """The file is not YAML.

        Usually the indentation is wrong, or a text with ": ", " #" or a quotation mark is not in double quotes.
        """,
        "toml-syntax": """The file is not TOML.

        Put texts in double quotes. Tables start with [name] or [[name]].
        """,
        "csv-columns": """The CSV file does not have the columns it should have.

        Write the header exactly as the message says, in that order.
        """,
        "csv-row": """A row of a CSV file has too many or too few cells, or its double quotes are wrong.

        Put a cell with a comma in double quotes. An empty cell keeps its comma.
        """,
        "forbidden-yaml": """The file uses a part of YAML that is not allowed here: anchors, aliases, tags, merges, several documents.

        Write every value out. Annotations are read by people and by tools that know plain YAML only.
        """,
        "too-deep": """Values are nested more deeply than any schema allows.

        Look for a bracket or an indent that does not belong there.
        """,
        "curly-quotes": """A value is in curly quotes. YAML reads them as part of the text, not as quotes.

        Write straight double quotes around it. Word processors make them curly; a plain text editor does
        not. If the document itself has curly quotes, put straight ones around them: "“Enough,” she said".
        """,
    }.items()
)
"""Rules that report what the reader found, by the code that it gave each fault."""


@rule(FILE)
def conflict_mark(file: SourceFile) -> Iterator[Fault]:
    """The file, or the text of its document, has the marks that git leaves in an unfinished merge.

    Keep the lines of one version, and delete the lines that begin with <<<<<<<, |||||||, ======= or >>>>>>>. Restore a
    document as it was received.
    """
    yield from _read_faults(file, "conflict-mark")
    if isinstance(file, AnnotationFile) and file.seed is not None and file.annotator is None:
        for fault in conflict_marks(file.seed.text or "", underlines=True):
            message = f"{file.seed.shown}, line {fault.place.line}: {fault.message}"
            yield Fault(("document", "file"), message, "restore the text file as it was received")


@rule(FILE)
def ambiguous_scalar(file: SourceFile) -> Iterator[Fault]:
    """A value without quotes is read differently by different tools.

    Put it in double quotes. The code 010 is the number 8 to one reader, 10 to another and a text to a
    third; NO is a country or "false"; 2023-05-01 is a text or a date.
    """
    # What is wrong however it is read is told by the rules about form.
    wrong = {file.places.of(violation.path) for violation in file.violations}
    yield from (fault for fault in _read_faults(file, "ambiguous-scalar") if fault.at not in wrong)


@rule(FILE)
def duplicate_key(file: SourceFile) -> Iterator[Fault]:
    """A key occurs twice in one record.

    Keep one of the two. Many YAML tools would silently keep the last. If all keys of a record are repeated,
    the dash before its first key is missing: write "- " before it.
    """
    repeated = [fault for fault in file.faults if fault.rule == "duplicate-key"]
    again = [fault for fault in repeated if fault.place.column == 1]
    if len(again) >= RECORD_KEYS or (len(again) > 1 and len(file.value) == len(again)):
        first = again[0]
        yield Fault(
            first.place,
            f"the keys of the file begin again here: {shortened(', '.join(_key_at(each.place, file) for each in again))}",
            "keep one of the two copies",
        )
        repeated = [fault for fault in repeated if fault.place.line < first.place.line]
    while repeated:
        first, *others = repeated
        run = [first]
        for fault in others:
            # Keys of one record that lost its dash: at one indent, on lines that follow each other.
            if fault.place.column != first.place.column or fault.place.line > run[-1].place.line + DENSE:
                break
            run.append(fault)
        if len(run) >= RECORD_KEYS:
            key = file.lines[first.place.line - 1].strip()
            yield Fault(
                first.place,
                f'a dash is missing: "{shortened(key, 40)}" and {len(run) - 1} keys below it repeat those of the '
                "record above",
                'write "- " before it, two columns to the left, so that a new record begins there',
            )
        else:
            yield from (Fault(each.place, each.message, each.remedy, fix=each.fix) for each in run)
        repeated = repeated[len(run) :]


def _key_at(place: Place, file: SourceFile) -> str:
    return file.lines[place.line - 1][place.column - 1 :].partition(":")[0].strip()


RECORD_KEYS = 3
"""So many repeated keys in a row are a record that lost its dash."""
DENSE = 12
"""The most lines between two repeated keys of such a record, since values may span several lines."""


READ = (
    "file-unreadable",
    "file-too-large",
    "not-utf8",
    "control-character",
    "bidi-control",
    "conflict-mark",
    "yaml-syntax",
    "toml-syntax",
    "too-deep",
    "too-many-faults",
    "duplicate-key",
    "forbidden-yaml",
)
"""The rules that together say whether all records of a file could be read."""


@rule(FILE, severity="note")
def too_many_faults(file: SourceFile) -> Iterator[Fault]:
    """A file has so many faults that only the first are listed.

    Fix those and check again. So many faults at once often have one cause, such as a wrong indent.
    """
    cut_short = isinstance(file, AnnotationFile) and file.cut_short
    if (
        cut_short
        or len(file.faults) >= MAX_FAULTS
        or (any(violations_of(file, MORE)) and not misplaced_negatives(file))
    ):
        yield Fault(NOWHERE, "the file has more faults than are listed", "fix these, then check again")
