"""What the user chooses; all of it changes figures, and so it is part of the signature."""

from __future__ import annotations

from dataclasses import dataclass

from standoff.exchange.records import LEVELS
from standoff.findings import UsageError
from standoff.scoring.acts import ACTORS
from standoff.scoring.codes import PLOVER

SEED = 20231117
OUT_OF_SCOPE = "out-of-scope"
"""The fault of records whose document is not scored. They are always left out."""
EXCLUDABLE = (
    "unparsable",
    "unknown-document",
    OUT_OF_SCOPE,
    "unknown-code",
    "duplicate",
    "words-ambiguous",
)
"""Faults whose records an option can leave out; without it they count against the system."""


@dataclass(frozen=True)
class Options:
    """What changes figures; all of it is in the signature."""

    match: str | None = None
    actor: str = "code"
    codes: str | None = None
    exclude: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    support: int = 3
    ci: int = 1000
    seed: int = SEED

    def __post_init__(self) -> None:
        for value, allowed, name in (
            (self.match, (None, *LEVELS), "match"),
            (self.actor, ACTORS, "actor"),
            (self.codes, (None, "own", PLOVER), "codes"),
        ):
            if value not in allowed:
                raise UsageError(f'{name} "{value}": choose {", ".join(filter(None, allowed))}')
        if wrong := [kind for kind in self.exclude if kind not in EXCLUDABLE]:
            raise UsageError(f'exclude "{wrong[0]}": choose among {", ".join(EXCLUDABLE)}')
        if not 0 <= self.ci <= 100_000:
            raise UsageError("ci: choose 0 (no intervals) to 100,000 rounds")
