"""What runs tasks on whatever machines, as the pass on a cluster needs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from standoff.bulk.sources import Source

Item = TypeVar("Item")
Common = TypeVar("Common")
Result = TypeVar("Result")


class Engine(Protocol):
    """What runs tasks, on whatever machines."""

    def run(
        self, task: Callable[[Item, Common], Result], items: Sequence[Item], common: Common
    ) -> list[Result]:
        """Return `task(item, common)` of each item, in order."""


class Unreadable(Exception):
    """A part of a table could not be read or written: what the library said, its `errno`, and the `source` with the place.

    There is no source where the caller has to look for the place.
    """

    def __init__(self, text: str, errno: int | None, source: Source | None) -> None:
        super().__init__(text, errno, source)
        self.errno, self.source = errno, source

    def __str__(self) -> str:
        return str(self.args[0])
