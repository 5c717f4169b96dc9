"""Version numbers of releases: their order and their steps."""

from __future__ import annotations

import re
from functools import total_ordering
from typing import Literal, get_args

from standoff.model.classes import dataclass

Step = Literal["patch", "minor", "major", "refused"]
STEPS: tuple[Step, ...] = get_args(Step)
"""From the smallest to the greatest; `refused` is a change that no version excuses."""

_FORM = re.compile(
    r"(?P<major>0|[1-9][0-9]*)\.(?P<minor>0|[1-9][0-9]*)\.(?P<patch>0|[1-9][0-9]*)(\.dev(?P<dev>0|[1-9][0-9]*))?"
)


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """MAJOR.MINOR.PATCH, or with .dev and a number: a build that is not to be published and comes before it."""

    major: int
    minor: int
    patch: int
    dev: int | None = None

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read a version; ValueError if the text is not one."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f'"{text}" is not a version: it must look like 1.2.3 or 1.2.3.dev4')
        return cls(**{name: int(number) for name, number in match.groupdict().items() if number is not None})

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}.{self.patch}"
        return text if self.dev is None else f"{text}.dev{self.dev}"

    def __lt__(self, other: Version) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[float, ...]:
        return (self.major, self.minor, self.patch, float("inf") if self.dev is None else self.dev)

    @property
    def cut(self) -> bool:
        """Whether it is published for good; a development build may be made anew."""
        return self.dev is None

    @property
    def release(self) -> Version:
        """The version without its .dev suffix: the one that a development build leads to."""
        return Version(self.major, self.minor, self.patch)

    def allows(self, step: Step) -> bool:
        """Return whether a release of this number may make this step: 2.1.0 a minor one, 2.1.1 only a patch."""
        smaller = {
            "patch": (),
            "minor": (self.patch,),
            "major": (self.patch,) if self.major == 0 else (self.minor, self.patch),
        }
        return step in smaller and not any(smaller[step])

    def after(self, step: Step) -> Version:
        """Return the least version that makes this step.

        Before 1.0.0 a minor step may break what was (semver.org, item 4), so it is enough for a major change.
        """
        if step == "patch":
            return Version(self.major, self.minor, self.patch + 1)
        if step == "minor" or self.major == 0:
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major + 1, 0, 0)
