"""Regular expressions that are compiled when they are first used.

Compiling those that only faulty data needs would take longer than checking a document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any


class _Pattern:
    """Stands for a compiled pattern; each of its methods is looked up once."""

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, value)
        return value


if TYPE_CHECKING:

    def pattern(text: str, flags: int = 0) -> re.Pattern[str]: ...

else:

    def pattern(text, flags=0):
        """Return a pattern that is compiled on first use; its methods and attributes are those of `re.Pattern`."""
        return _Pattern(text, flags)
