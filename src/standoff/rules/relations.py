"""Rules about what links say: answers come after what they answer, parts lie within their wholes."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.findings import Data
from standoff.model.graphs import circles
from standoff.rules.context import Context
from standoff.rules.dating import DATED
from standoff.rules.rule import CORPUS, EVENT, Fault, rule
from standoff.source.corpus import Corpus
from standoff.source.records import Event


@rule(EVENT, about="links")
def link_twice(event: Event, context: Context) -> Iterator[Fault]:
    """An event is linked twice to the same event in one relation, or both as an answer and as a part.

    Keep one link. An act that answers another is not also part of it.
    """
    seen: set[tuple[str, str]] = set()
    for link in event.links:
        # To answer an act and to speak of it go together; to be part of it does not.
        relation = "speaks_of" if link.relation == "speaks_of" else "act"
        if (relation, link.event_id) in seen:
            yield Fault(
                (*link.path, "event"),
                f"the event is linked to {link.event_id} twice",
                "keep one of the links",
                data=Data(other=link.event_id),
            )
        seen.add((relation, link.event_id))


@rule(EVENT, severity="warning", requires=("unknown-action", "link-twice"), about="links")
def act_speaks(event: Event, context: Context) -> Iterator[Fault]:
    """An event that is not a speech act has the link `speaks_of`.

    `speaks_of` leads from a statement, an accusation or a threat to the act that it is about. Correct the relation or
    the action. `standoff codes CODE` says whether a code is a speech act.
    """
    action = context.scheme.actions[event.action]
    if action.speech or not any(each.speech for each in context.scheme.actions.values()):
        return
    for link in event.links:
        if link.relation == "speaks_of":
            yield Fault(
                (*link.path, "relation"),
                f"{action.code} ({action.label}) is not a speech act, so it cannot have the link speaks_of to {link.event_id}",
                "correct the relation, or the action",
                data=Data(other=link.event_id),
            )


@rule(CORPUS, requires=("link-to-nowhere",), yields_to=("date-malformed", "link-twice"))
def response_cycle(corpus: Corpus) -> Iterator[Fault]:
    """Events answer each other in a cycle.

    An act answers an earlier one. Follow the ids in the message and delete the wrong link.
    """
    for owned in corpus.linked:
        answers = {
            each: {link.event_id for link in event.links if link.relation == "in_response_to"}
            for each, (_, event) in owned.items()
        }
        for circle in circles(answers):
            file, event = owned[circle[0]]
            link = next(link for link in event.links if link.event_id == circle[1])
            yield Fault(
                (*link.path, "event"),
                f"events answer each other in a cycle: {' → '.join(circle)}",
                "delete the link from the earlier act to the later one",
                file=file,
                data=Data(other=circle[1]),
            )


@rule(CORPUS, requires=("link-to-nowhere",), yields_to=(*DATED, "response-cycle"))
def answer_before_cause(corpus: Corpus) -> Iterator[Fault]:
    """An event has the link `in_response_to` to an event that happened later.

    Correct the link or one of the dates. `in_response_to` leads from the answer to the act that it answers.
    """
    for owned in corpus.linked:
        for file, event in owned.values():
            for link in event.links:
                cause = owned.get(link.event_id, (None, None))[1]
                if (
                    link.relation != "in_response_to"
                    or cause is None
                    or not (event.date.value and cause.date.value)
                ):
                    continue
                latest, earliest = event.date.value.latest, cause.date.value.earliest
                if latest is not None and earliest is not None and latest < earliest:
                    yield Fault(
                        (*link.path, "event"),
                        f"{event.id} ({event.date.text}) answers {cause.id}, which is later ({cause.date.text})",
                        "reverse the link, or correct one of the dates",
                        file=file,
                        data=Data(other=cause.id),
                    )


@rule(
    CORPUS,
    requires=("link-to-nowhere", "part-of-cycle"),
    yields_to=(*DATED, "answer-before-cause"),
)
def part_outside_whole(corpus: Corpus) -> Iterator[Fault]:
    """An event is part of another that ended before it, or began after it.

    Correct the link or one of the dates. The part must happen within the time of the whole. If the whole is itself outside
    another, only that is reported.
    """
    for owned in corpus.linked:
        outside: dict[str, list[tuple[str, Fault]]] = {}
        for file, event in owned.values():
            for link in event.links:
                whole = owned.get(link.event_id, (None, None))[1]
                if link.relation != "part_of" or whole is None or not (event.date.value and whole.date.value):
                    continue
                part, total = event.date.value, whole.date.value
                after = part.earliest and total.latest and part.earliest > total.latest
                before = part.latest and total.earliest and part.latest < total.earliest
                if after or before:
                    fault = Fault(
                        (*link.path, "event"),
                        f"{event.id} ({event.date.text}) is part of {whole.id}, which is dated {whole.date.text}",
                        "correct the link, or one of the dates",
                        file=file,
                        data=Data(other=whole.id),
                    )
                    outside.setdefault(event.id, []).append((whole.id, fault))
        for faults in outside.values():
            yield from (fault for whole_id, fault in faults if whole_id not in outside)
