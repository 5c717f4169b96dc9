"""Rules about what one event says: who does what to whom, when, and who reports it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from standoff.codes import languages
from standoff.findings import Data
from standoff.model.dates import EventDate
from standoff.model.gazetteer import Gazetteer
from standoff.rules.context import Context
from standoff.rules.history import is_vanished, released_rows
from standoff.rules.periods import misfits
from standoff.rules.record import ANCHORED
from standoff.rules.rule import EVENT, Fault, rule
from standoff.source.corpus import AnnotationFile
from standoff.source.records import UNNAMED, Event, edition_of

# ---- codes and actors ----------------------------------------------------------------------------------------


@rule(EVENT)
def unknown_action(event: Event, context: Context) -> Iterator[Fault]:
    """The action is not a code of the dataset's action scheme.

    Choose a code from the scheme's list, `actions.csv`. `standoff codes WORD` finds one.
    """
    actions = context.scheme.actions
    if event.action not in actions:
        near = actions.nearest(event.action) if context.budget.compare(len(actions)) else []
        hint = "; ".join(f'"{code}" is {actions[code].label}' for code in near)
        yield Fault(
            (*event.path, "action"),
            f'"{event.action}" is not a {context.scheme.code_name}',
            hint
            or f"standoff codes WORD finds a code of {context.scheme.title}, whose list is {context.scheme.file}",
            closest=near[0] if near else None,
        )


@rule(EVENT)
def unknown_actor(event: Event, context: Context) -> Iterator[Fault]:
    """An actor, target or source is not in the registry.

    Correct the id, or add an entry to `dataset/actors.yaml`. Never stretch an entry that does not fit.
    """
    for role, party in event.parties():
        if context.corpus.lists_actor(party.actor_id) or (
            party.actor_id == UNNAMED and role in ("attribution", "via")
        ):
            continue
        if is_vanished(context.corpus, party.actor_id, "actors"):
            continue  # the entry that is gone is reported instead
        if party.actor_id == UNNAMED:
            yield Fault((*party.path, "id"), f"the {role} cannot be unnamed", "only sources may be unnamed")
            continue
        near = (
            context.registry.nearest(party.actor_id) if context.budget.compare(len(context.registry)) else []
        )
        yield Fault(
            (*party.path, "id"),
            f'the {role} "{party.actor_id}" is not in the registry',
            "correct the id, or add an entry to dataset/actors.yaml"
            + (f"; also alike: {', '.join(near[1:])}" if near[1:] else ""),
            closest=near[0] if near else None,
        )


@rule(EVENT, requires=("unknown-action",))
def missing_actor(event: Event, context: Context) -> Iterator[Fault]:
    """The action needs an actor, but the event has none.

    If the text gives no origin, some actions may have no actor; `standoff codes CODE`
    says which. For an unnamed attacker of known origin, use the unidentified armed actor
    of that origin.
    """
    action = context.scheme.actions[event.action]
    if not event.actors and action.actor_required:
        message = f"an event with action {action.code} ({action.label}) needs an actor"
        yield Fault((*event.path, "actor"), message, "add actor: with who does it")


@rule(EVENT, requires=("unknown-action",))
def missing_target(event: Event, context: Context) -> Iterator[Fault]:
    """The action needs a target, but the event has none. Or a target is optional, but no note says why it is missing.

    If the target is clear but not named, mark it `implicit: true`. The code list says which actions may
    have no target. The scheme may require a note that says why. `standoff codes CODE` says whether a code needs
    a target.
    """
    if event.targets:
        return
    action = context.scheme.actions[event.action]
    if action.target_required:
        message = f"an event with action {action.code} ({action.label}) needs a target"
        yield Fault((*event.path, "target"), message, "add target: with whom it is done to")
    elif event.note is None and context.scheme.note_for_empty_target:
        yield Fault((*event.path, "target"), "the target is empty and no note says why", "add a note")


@rule(EVENT)
def actor_is_target(event: Event, context: Context) -> Iterator[Fault]:
    """The same registry entry is actor and target, and the act is not reciprocal or has no other party.

    Find the more specific entry for one of the two. Only a reciprocal act lists its parties on both sides,
    and it has at least two parties.
    """
    actors = {party.actor_id for party in event.actors}
    action = context.scheme.actions.get(event.action)
    mutual = event.reciprocal or (
        action is not None and action.joint
    )  # of a joint act the missing key is reported
    if mutual and len(actors.union(party.actor_id for party in event.targets)) > 1:
        return
    for party in event.targets:
        if party.actor_id in actors:
            yield Fault(
                (*party.path, "id"), f"{party.actor_id} is both actor and target", "use more specific entries"
            )


@rule(EVENT)
def actor_twice(event: Event, context: Context) -> Iterator[Fault]:
    """The same registry entry occurs twice in one role.

    Keep one. The other passage belongs in `mentions`.
    """
    relays = [source.via for source in event.attribution]
    for parties in (event.actors, event.targets, event.attribution, *relays):
        seen: set[str] = set()
        for party in parties:
            if party.actor_id in seen and party.actor_id != UNNAMED:
                yield Fault(
                    (*party.path, "id"), f"{party.actor_id} occurs twice in one role", "keep one of them"
                )
            seen.add(party.actor_id)


@rule(
    EVENT,
    requires=(
        "unknown-actor",
        "date-malformed",
        "date-after-publication",
        "date-basis-contradicted",
        "explicit-date-contradicted",
        "weekday-contradicted",
        "weekday-not-latest",
        "relative-date-distant",
        "publication-date-contradicted",
    ),
)
def actor_outside_period(event: Event, context: Context) -> Iterator[Fault]:
    """An actor is used at a time for which the registry gives it no code.

    Correct the event's date or actor, or add the missing affiliation to `dataset/actors.yaml`. If several events lie
    outside of an actor's periods, the affiliation is reported instead.
    """
    when = event.date.known
    for role, party in event.parties():
        if party.actor_id not in context.registry:  # unnamed, or an entry whose own form is wrong
            continue
        periods = context.registry[party.actor_id].affiliations
        if any(each.start and each.end and each.end < each.start for each in periods):
            continue  # the registry's own fault is reported
        if context.registry.affiliation_on(party.actor_id, when.earliest, when.latest):
            continue
        if not misfits(party.actor_id, context.corpus):  # else the registry's fault is reported
            yield Fault(
                (*party.path, "id"),
                f"the registry has no affiliation of the {role} {party.actor_id} for {event.date.text}",
                "add it to the actor's affiliations, or correct the date",
            )


@rule(EVENT, severity="warning", requires=("unknown-action",))
def action_is_heading(event: Event, context: Context) -> Iterator[Fault]:
    """The action is the code of a whole branch, and the list has a code for an act of it that is not specified.

    Use that code: 190 and not 19. Otherwise one act has two codes.
    """
    actions = context.scheme.actions
    rest = f"{event.action}0"
    if rest in actions and actions[rest].parent == event.action:
        yield Fault(
            (*event.path, "action"),
            f'"{event.action}" is the heading of a branch ({actions[event.action].label})',
            f'write "{rest}" ({actions[rest].label}), or a more specific code',
            closest=rest,
        )


@rule(EVENT, requires=("unknown-action", "missing-actor", "missing-target"))
def one_way_reciprocal(event: Event, context: Context) -> Iterator[Fault]:
    """`reciprocal` is set on an act that has only one direction, or on an event that lacks one of the two sides.

    The code list says which actions both parties can do to each other, such as talks; `standoff codes CODE` shows it.
    A visit has a host; that side is computed.
    Mediators are actors and disputants targets, so mediation goes one way; passes of edition 1 are not checked.
    """
    assert isinstance(context.file, AnnotationFile), "events are in annotation files"
    if context.file.annotator is not None and edition_of(context.file.value) == 1:
        return
    if event.reciprocal and not context.scheme.actions[event.action].reciprocal:
        message = f"{event.action} cannot be reciprocal"
        both = {party.actor_id for party in event.actors} & {party.actor_id for party in event.targets}
        sides = ", and name one side as actor and the other as target" if both else ""
        yield Fault((*event.path, "reciprocal"), message, f"delete reciprocal{sides}")
    elif event.reciprocal and not (event.actors and event.targets):
        side = "target" if event.actors else "actor"
        before = released_rows(context.corpus, "events", "event_id").get(event.id, {})
        yield Fault(
            (*event.path, side if before.get("reciprocal") == "true" else "reciprocal"),
            f"the act is reciprocal, and the event has no {side}",
            f"add the other party as {side}, or delete reciprocal",
        )


@rule(EVENT, requires=("unknown-action",))
def joint_not_reciprocal(event: Event, context: Context) -> Iterator[Fault]:
    """The parties can do the act only together, but `reciprocal` is not set.

    Add `reciprocal: true`. The code list marks such actions with `always`, such as telephone calls and negotiations.
    Visits, and mediation between others, have codes of their own.
    """
    action = context.scheme.actions[event.action]
    if action.joint and not event.reciprocal:
        yield Fault(
            (*event.path, "action"),
            f"{action.code} ({action.label}) is done by both sides together, but reciprocal is not set",
            "add reciprocal: true, or use the code of an act that one side does",
            data=Data(expected=["reciprocal: true"]),
        )


@rule(EVENT, requires=("unknown-action",))
def computed_action(event: Event, context: Context) -> Iterator[Fault]:
    """The action is the counterpart of another code. It is computed and must not be entered.

    Code the act itself: a visit, for example, with the traveller as actor and the host as target. The host's side,
    043, is made from it.
    """
    act = context.scheme.actions.computed.get(event.action)
    if act is not None:
        yield Fault(
            (*event.path, "action"),
            f"{event.action} is computed from {act.code} ({act.label})",
            f'write "{act.code}", with the parties the other way round',
            closest=act.code,
        )


@rule(EVENT)
def implicit_not_target(event: Event, context: Context) -> Iterator[Fault]:
    """`implicit` is set on an actor, or `outside` on words that are not quoted.

    Only a target may be implicit. An actor is named in the text, or left out.
    """
    for party in event.actors:
        if party.implicit:
            yield Fault(
                (*party.path, "implicit"), "an actor cannot be implicit", "quote the words that name it"
            )
    for party in event.targets:
        if party.outside and party.quote is None:
            yield Fault(
                (*party.path, "outside"),
                "outside: true without a quote",
                "quote the words, or delete outside",
            )


# ---- places --------------------------------------------------------------------------------------------------


@rule(EVENT)
def unknown_place(event: Event, context: Context) -> Iterator[Fault]:
    """A place of an event is not in the place registry.

    Correct the id, or add an entry to `dataset/places.yaml`. Do not record a place that the text does not
    name.
    """
    for location in event.where:
        if context.corpus.lists_place(location.place_id) or is_vanished(
            context.corpus, location.place_id, "places"
        ):
            continue
        gazetteer = context.corpus.gazetteer
        near = gazetteer.nearest(location.place_id) if context.budget.compare(len(gazetteer)) else []
        yield Fault(
            (*location.path, "place"),
            f'the place "{location.place_id}" is not in the registry',
            "correct the id, or add an entry to dataset/places.yaml",
            closest=near[0] if near else None,
        )


@rule(EVENT)
def place_twice(event: Event, context: Context) -> Iterator[Fault]:
    """An event has the same place twice in the same relation.

    Keep one of the two. If an act starts and ends in the same place, the two entries have different
    relations.
    """
    seen: set[tuple[str, str]] = set()
    for location in event.where:
        key = (location.place_id, location.relation)
        if key in seen:
            yield Fault(
                (*location.path, "place"),
                f"{location.place_id} is listed twice with the relation {location.relation}",
                "keep one of the two entries",
            )
        seen.add(key)


@rule(EVENT, severity="warning", requires=("unknown-place", "place-twice"))
def place_within_place(event: Event, context: Context) -> Iterator[Fault]:
    """An event has two places in the same relation, and one of them lies in the other.

    Keep the smaller one: the larger follows from the registry.
    """
    gazetteer = context.corpus.gazetteer
    for location in event.where:
        for other in event.where:
            if location.relation == other.relation and other.place_id in _places_above(
                location.place_id, gazetteer
            ):
                yield Fault(
                    (*other.path, "place"),
                    f"{location.place_id} lies in {other.place_id}, and both are listed with the relation {other.relation}",
                    "delete the larger place",
                    data=Data(other=location.place_id),
                )


def _places_above(place_id: str, gazetteer: Gazetteer) -> set[str]:
    """Return the places that a place lies in, by the parents in the registry."""
    above: set[str] = set()
    place = gazetteer.get(place_id)
    while place is not None and place.parent is not None and place.parent not in above:
        above.add(place.parent)
        place = gazetteer.get(place.parent)
    return above - {place_id}


# ---- dates, status, sources ----------------------------------------------------------------------------------


@rule(EVENT)
def date_malformed(event: Event, context: Context) -> Iterator[Fault]:
    """The date is not one of the EDTF forms that are used here, is impossible, or runs backwards.

    See the table of forms in CODEBOOK.md: "2019-05-16", "2019-05-07/2019-06-02", "[2019-05-06..2019-05-12]",
    "../2019-05-17", "[..2019-05-05]".
    """
    if event.date.error is not None:
        yield Fault(event.date.path, languages.date_message(event.date.text, _language(context)))


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
                "date the act that is reported, not what it announces",
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


def _language(context: Context) -> str:
    """The language of the document, or of the dataset where the document cannot be read."""
    return context.document.language if context.document else context.corpus.language


@rule(
    EVENT,
    severity="warning",
    requires=("date-malformed", "date-after-publication", "publication-date-contradicted", *ANCHORED),
)
def weekday_contradicted(event: Event, context: Context) -> Iterator[Fault]:
    """The evidence names one day of the week, but the relative date does not contain that weekday.

    A weekday alone means the latest such day up to the document's date. If the weekday belongs to another
    act, quote less evidence, or accept the finding with the reason.
    """
    earliest, latest = event.date.known.earliest, event.date.known.latest
    if (
        context.corpus.vocabulary.core(event.date_basis) != "relative"
        or context.text is None
        or earliest is None
        or latest is None
    ):
        return
    if (language := languages.language(_language(context))) is None:
        return
    assert event.evidence.span is not None, "evidence that is not found once is another rule's business"
    named = language.weekdays_in(event.evidence.span.of(context.text))
    if len(named) != 1:
        return
    [(name, weekday, bare)] = named
    first, last = (language.weekdays[day.weekday()][0] for day in (earliest, latest))
    until = (weekday - earliest.weekday()) % 7  # from the earliest day to the next of that name
    if bare and until > (latest - earliest).days:
        yield Fault(
            event.date.path,
            f"the evidence says {name}, but {event.date.text} is {first if earliest == latest else f'{first} to {last}'}",
            "correct the date: count from the document's own date",
        )


@rule(EVENT, severity="warning", requires=("unknown-action", *ANCHORED))
def self_attribution(event: Event, context: Context) -> Iterator[Fault]:
    """A speech act is attributed to the actor that speaks, by the same words.

    The speaker is the source of a speech act already. Delete `attribution`. Keep it only if other words of
    the document say who reports the act.
    """
    if (
        context.corpus.vocabulary.core(event.status) != "asserted"
        or not context.scheme.actions[event.action].speech
    ):
        return
    speakers = {(party.actor_id, party.quote.span) for party in event.actors if party.quote}
    for source in event.attribution:
        assert source.quote is not None, "the form asks for a source's words"
        if source.quote.span is not None and (source.actor_id, source.quote.span) in speakers:
            yield Fault(
                (*source.path, "id"),
                f"{source.actor_id} is the source of its own words",
                "delete this entry of attribution",
            )


@rule(EVENT)
def contested_without_attribution(event: Event, context: Context) -> Iterator[Fault]:
    """A contested event has no source.

    Contested means that one side claims the act and another denies it. Name in `attribution` who claims it.
    """
    if context.corpus.vocabulary.core(event.status) == "contested" and not event.attribution:
        yield Fault(
            (*event.path, "status"),
            "the event is contested but has no source",
            "add attribution: with who claims it",
            key=True,
        )
