"""Rules about what one event says: who does what to whom, and who reports it."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.findings import Data
from standoff.rules.context import Context
from standoff.rules.history import is_vanished, released_rows
from standoff.rules.periods import misfits
from standoff.rules.record import ANCHORED
from standoff.rules.rule import EVENT, Fault, rule
from standoff.source.corpus import AnnotationFile
from standoff.source.records import UNNAMED, Event, edition_of


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

    Correct the id, or add an entry to `dataset/actors.yaml`. Do not use an entry that does not fit.
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
                    (*party.path, "id"), f"{party.actor_id} is listed twice in one role", "keep one of them"
                )
            seen.add(party.actor_id)


@rule(
    EVENT,
    requires=(
        "unknown-actor",
        "date-malformed",
        "date-after-publication",
        "date-basis-contradicted",
        "counted-date-contradicted",
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
        if party.actor_id not in context.corpus.bounded_actors:
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


@rule(EVENT, requires=("unknown-action", "missing-actor", "missing-target"), about="reciprocal")
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
            f'write "{act.code}", and swap actor and target',
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


@rule(EVENT, severity="warning", requires=("unknown-action", *ANCHORED), about="attribution")
def self_attribution(event: Event, context: Context) -> Iterator[Fault]:
    """A speech act is attributed to the actor that speaks, by the same words.

    The speaker is the source of a speech act already. Delete `attribution`. Keep it only if other words of
    the document say who reports the act.
    """
    if (
        not event.attribution
        or context.corpus.vocabulary.core(event.status) != "asserted"
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
