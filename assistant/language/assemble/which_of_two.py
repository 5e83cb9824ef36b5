"""信用贷的逾期率高还是抵押贷的高: two members and which of them has more."""

from __future__ import annotations

from assistant.language.assemble.sketch import Ranked, Sketch
from assistant.language.tokens import MetricName
from semantic_layer.query import Condition, DimensionGroup

ADJECTIVES = ("bare_extreme", "compare_extreme")


def which_of_two(sketch: Sketch) -> None:
    """还是 between two members of one dimension, with one adjective on both sides or behind."""
    for at in sketch.indices("either"):
        left = _member(sketch, range(at - 1, -1, -1))
        right = _member(sketch, range(at + 1, len(sketch.tokens)))
        adjectives = _adjectives(sketch)
        if left is None or right is None or len({kind for _, kind in adjectives}) != 1:
            continue
        one, other = sketch.value(left), sketch.value(right)
        if one is None or other is None or one.dimension != other.dimension:
            continue
        for place, slot in ((left, "where"), (right, "where"), (at, "group_by")):
            sketch.own(place, slot, f"比较{sketch.label(left)}和{sketch.label(right)}")
        for place, _ in adjectives:
            sketch.own(place, "order", sketch.label(place))
        _own_repeated(sketch, at)
        sketch.where.append(Condition(one.dimension, "in", (one.value, other.value)))
        sketch.add_group(at, DimensionGroup(one.dimension))
        sketch.ranked.append(Ranked(at, adjectives[0][1]))


def _member(sketch: Sketch, places: range) -> int | None:
    """The nearest member on that side, if it is the only one there."""
    found = [at for at in places if sketch.value(at) is not None]
    return found[0] if len(found) == 1 else None


def _adjectives(sketch: Sketch) -> list[tuple[int, str]]:
    return [
        (at, kind)
        for at in range(len(sketch.tokens))
        for role in ADJECTIVES
        if (kind := sketch.word(at, role))
    ]


def _own_repeated(sketch: Sketch, either: int) -> None:
    """…的逾期率高还是…的逾期率高: the metric said twice is one."""
    before = {sketch.metric(at) for at in range(either) if sketch.find(at, MetricName)}
    for at in range(either + 1, len(sketch.tokens)):
        if (metric := sketch.metric(at)) is not None and metric in before:
            sketch.own(at, "measures")
