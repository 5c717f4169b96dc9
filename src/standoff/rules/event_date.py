"""Rules about the date of an event: its form, its shape, its basis, and that the act is not later than the report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from standoff.codes import languages
from standoff.findings import Data
from standoff.model.dates import EventDate
from standoff.rules.context import Context
from standoff.rules.rule import EVENT, Fault, rule
from standoff.source.records import Event, edition_of


@rule(EVENT)
def date_malformed(event: Event, context: Context) -> Iterator[Fault]:
    """The date is not one of the EDTF forms that are used here, is impossible, or runs backwards.

    See the table of forms in CODEBOOK.md: "2019-05-16", "2019-05-07/2019-06-02", "[2019-05-06..2019-05-12]",
    "../2019-05-17", "[..2019-05-05]".
    """
    if event.date.error is not None:
        yield Fault(event.date.path, languages.date_message(event.date.text, context.language))


@rule(EVENT, requires=("date-malformed",))
def shape_mismatch(event: Event, context: Context) -> Iterator[Fault]:
    """A date from A to B has no `shape`, or a date of another form has one.

    "A/B" alone does not say whether the act went on all the time or happened several times within it. Write
    `shape: throughout` or `shape: several`. Other dates have no shape: a day, month or year, "[A..B]", or a
    date with an open end.
    """
    when = event.date.known
    closed_interval = when.kind == "interval" and when.days is not None
    if event.shape is not None and not closed_interval:
        yield Fault(
            (*event.path, "shape"), f"{event.date.text} is not a date from A to B", "delete shape", key=True
        )
    elif event.shape is None and closed_interval and edition_of(context.file.value) != 1:
        yield Fault(
            event.date.path,
            f"{event.date.text} does not say whether the act went on throughout or happened several times",
            "add shape: throughout, or shape: several",
        )


@rule(EVENT, severity="note", requires=("shape-mismatch", "date-malformed"))
def acts_not_counted(event: Event, context: Context) -> Iterator[Fault]:
    """An event stands for several acts within a period, but `count_min` does not give their smallest number.

    If the text gives a number, or names some of the acts, add it as `count_min`. Otherwise leave the record as it is.
    """
    if event.shape == "several" and "count_min" not in _record(event, context):
        yield Fault(
            (*event.path, "shape"),
            "the event stands for several acts, but count_min is missing",
            "add count_min if the text gives a number or a lower bound",
        )


@rule(EVENT, severity="warning", requires=("shape-mismatch", "date-malformed"))
def count_contradicts_shape(event: Event, context: Context) -> Iterator[Fault]:
    """`count_min` and `shape` contradict each other: one act on several days, or several acts as one that went on throughout.

    `several` is for two or more acts, `throughout` for one act or state of affairs. Correct one of the two.
    """
    if event.shape is None:
        return
    stated = _record(event, context).get("count_min")
    one_of_several = event.shape == "several" and stated == 1
    if one_of_several or (event.shape == "throughout" and isinstance(stated, int) and stated > 1):
        yield Fault(
            (*event.path, "count_min"),
            f"count_min is {stated}, but shape: {event.shape} means {'several acts' if one_of_several else 'one act'}",
            "correct count_min, or the shape",
            data=Data(other="shape"),
        )


def _record(event: Event, context: Context) -> dict[str, object]:
    """The event as its file has it."""
    value: dict[str, object] = context.file.value[event.path[0]][event.path[1]]
    return value


@rule(EVENT, requires=("date-malformed", "publication-date-malformed", "publication-date-contradicted"))
def date_after_publication(event: Event, context: Context) -> Iterator[Fault]:
    """The event begins after the document was published.

    If an act is only announced, the event is the announcement. Give it the announcement's date.
    """
    document, when = context.document, event.date.known
    if document is None:
        return
    latest = document.published.known.latest
    assert latest is not None, "a publication date with an open end is another rule's business"
    for bound, what in ((when.earliest, "begins"), (when.latest, "may end")):
        if bound is not None and bound > latest and not _is_month_of(event.date.text, latest):
            yield Fault(
                event.date.path,
                f"the event {what} on {bound}, after the document's date {document.published.text}",
                "check the day and the year; if the act is only announced, give the date of the announcement",
            )
            return


def _is_month_of(text: str, day: date) -> bool:
    """Whether a date ends in the month or the year of a day, written without a day: 2024-08 in August 2024."""
    end = text.rpartition("/")[2]
    return end in (f"{day:%Y-%m}", f"{day:%Y}")


@rule(
    EVENT,
    requires=(
        "date-malformed",
        "date-after-publication",
        "publication-date-malformed",
        "publication-date-contradicted",
    ),
)
def date_basis_contradicted(event: Event, context: Context) -> Iterator[Fault]:
    """The form of the date does not fit its basis.

    `document` means that only the publication date limits the date: write "[..D]" or "../D" with D the
    document's latest date. `vague` needs more than one day. `inferred` needs a `note` that says how.
    """
    value, basis = event.date.known, context.corpus.vocabulary.core(event.date_basis)
    path = (*event.path, "date_basis")
    published = context.document.published.known if context.document else None
    if basis == "document" and value.earliest is not None:
        yield Fault(
            path,
            f"{event.date.text} has a first day, but the basis document means that only the document's date limits it",
            (f"write [..{published.latest}], or " if published else "") + f"use {_fitting_bases(value)}",
        )
    elif basis == "document" and published and value.latest != published.latest:
        yield Fault(
            event.date.path,
            f"{event.date.text} does not end on {published.latest}, the document's own date",
            f"write [..{published.latest}] or ../{published.latest}, or use {_fitting_bases(value)}",
        )
    elif basis == "vague" and value.precision == "day":
        message = f"{event.date.text} is one day, but its basis is vague"
        yield Fault(path, message, f"use {_fitting_bases(value)}")
    elif basis == "inferred" and event.note is None and not _note_missed(event, context):
        yield Fault(path, "the date is inferred and no note says how", "add a note")


def _fitting_bases(value: EventDate) -> str:
    """Return the bases other than `document` that a date of this form may have, each with what it means."""
    vague = 'vague (words such as "recently"), ' if value.precision != "day" else ""
    return f"explicit (the text gives the date), relative (it counts from another date), {vague}or inferred (say how in note)"


def _note_missed(event: Event, context: Context) -> bool:
    """Return whether the note is asked for already, because the event has no target."""
    action = context.scheme.actions.get(event.action)
    optional = action is not None and not action.target_required
    return not event.targets and optional and context.scheme.note_for_empty_target
