"""上海分行排第几: one member's place among all, without filtering."""

from __future__ import annotations

from assistant.language.assemble.sketch import Ranked, Sketch
from semantic_layer.query import DimensionGroup, Focus


def focus(sketch: Sketch) -> None:
    """A value before 排第几 is looked up among all members of its dimension."""
    at = sketch.first("focus")
    if at is None:
        return
    values = [i for i in range(len(sketch.tokens)) if sketch.value(i)]
    if not values:
        return
    place = values[-1]
    value = sketch.value(place)
    assert value is not None
    sketch.own(at, "focus", "名次")
    sketch.own(place, "focus", f"{value.value}的名次")
    if sketch.dimension(place + 1) == value.dimension:
        sketch.own(place + 1, "focus")
    sketch.focus = Focus(value.dimension, str(value.value))
    sketch.add_group(place, DimensionGroup(value.dimension))
    sketch.ranked.append(Ranked(at, "best"))
