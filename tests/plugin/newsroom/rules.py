"""The rules of this newsroom."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.findings import Data
from standoff.rules.context import Context
from standoff.rules.rule import EVENT, Fault, rule
from standoff.source.records import Event


@rule(
    EVENT, severity="warning", requires=["unknown-action"], page="https://newsroom.example/rules/no-threats"
)
def no_threats(event: Event, context: Context) -> Iterator[Fault]:
    """The event is a threat (root 13), which this newsroom does not code.

    Delete the event, or code the act that carried the threat out.
    """
    if event.action.startswith("13"):
        yield Fault(
            (*event.path, "action"), f"{event.action} is a threat", data=Data(expected=["any other root"])
        )
