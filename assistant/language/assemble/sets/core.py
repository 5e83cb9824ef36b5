"""One condition on the members of a set, as it stands in the question."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from assistant.language.time import TimeToken
from semantic_layer.query import Everything, Period, Predicate

ALWAYS = Period((Everything(),))
"""At any time."""


class Core(NamedTuple):
    """Tokens that say what somebody has or does, and how to write it with a period."""

    places: tuple[int, ...]
    make: Callable[[Period | None], Predicate]
    label: str
    kind: str
    """held | flow | happened | top | change: what a time means to it."""
    time: TimeToken | None = None
    """Its own time, where the words hold one."""
    ever: bool = False
    members: bool = False
    """The words themselves name who it is: 流失客户."""

    @property
    def first(self) -> int:
        """Where it begins."""
        return self.places[0]

    @property
    def last(self) -> int:
        """Where it ends."""
        return self.places[-1]
