"""Lists of values and dimensions joined by 和, 、 or nothing at all."""

from __future__ import annotations

from typing import NamedTuple

from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import ValueName

JOINING = frozenset({"filler", "conj", "break"})


class ValueRun(NamedTuple):
    """Values that stand together: 北京、上海和深圳."""

    values: tuple[tuple[int, ValueName], ...]
    joined: tuple[int, ...]
    """The tokens between them."""
    alternative: bool
    """Whether 或 stood between two of them."""

    @property
    def last(self) -> int:
        """Place of the last value."""
        return self.values[-1][0]


def value_run(sketch: Sketch, at: int) -> ValueRun | None:
    """The run of free values that begins here."""
    value = sketch.value(at)
    if value is None:
        return None
    values, joined, alternative = [(at, value)], list[int](), False
    place = at
    while True:
        between, following = _across(sketch, place)
        value = sketch.value(following)
        if value is None:
            return ValueRun(tuple(values), tuple(joined), alternative)
        alternative = alternative or any(sketch.word(i, "conj") == "or" for i in between)
        joined += between
        values.append((following, value))
        place = following


def _across(sketch: Sketch, at: int) -> tuple[list[int], int]:
    """Conjunctions after a value (its dimension may stand between), and what follows."""
    between: list[int] = []
    place = at + 1
    value = sketch.value(at)
    if value and sketch.is_cue(place, value) and sketch.word(place + 1, "conj"):
        between.append(place)
        place += 1
    while sketch.word(place, "conj") or sketch.word(place, "break"):
        between.append(place)
        place += 1
    return between, place
