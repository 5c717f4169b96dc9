"""What makes a start quick: modules that are imported on first use, and a pause of the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


class LazyModule:
    """Stands for the module `name`, which is imported when an attribute is first read.

    For modules whose functions need polars but whose import must not load it::

        if TYPE_CHECKING:
            import polars as pl
        else:
            pl = LazyModule("polars")
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collector of reference cycles.

    Importing, reading and checking make very many objects and few cycles; looking through them again and again takes
    up to a third of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
