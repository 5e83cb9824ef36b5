"""存款余额减贷款余额, AUM与客户数之比: a sum, difference or ratio of two metrics."""

from __future__ import annotations

from typing import Literal, cast

from assistant.language.assemble.sketch import SOFT, Sketch
from semantic_layer.query import Arithmetic, MetricRef

Sign = Literal["+", "-", "*", "/"]
SAID: dict[str, str] = {"+": "加", "-": "减", "*": "乘", "/": "除以"}


def arithmetic(sketch: Sketch) -> None:
    """Two metrics around a sign, or before 之比, 之差, 之和."""
    for at in sketch.indices("arithmetic"):
        left, right = sketch.before(at), sketch.after(at)
        if sketch.metric(left) and sketch.metric(right):
            combine(sketch, cast(Sign, sketch.word(at, "arithmetic")), (left, at, right))
    for at in sketch.indices("after_two"):
        right = sketch.before(at)
        joint = sketch.before(right)
        left = sketch.before(joint)
        if sketch.metric(left) and sketch.metric(right) and sketch.word(joint, "conj") == "and":
            sign = cast(Sign, sketch.word(at, "after_two"))
            combine(sketch, sign, (left, joint, right), at)
    for at in sketch.indices("times_as_much"):
        _times_as_much(sketch, at)


def _times_as_much(sketch: Sketch, at: int) -> None:
    """赎回额是销售额的几倍: two metrics of one unit divided."""
    right = sketch.before(at)
    joint = sketch.before(right, SOFT - {"filler"})
    left = sketch.before(joint)
    names = (sketch.metric(left), sketch.metric(right)) if left >= 0 else (None, None)
    if names[0] and names[1] and names[0] != names[1] and sketch.word(joint, "equals"):
        units = {sketch.catalogue.metric(name).unit for name in names if name}
        if len(units) == 1:
            combine(sketch, "/", (left, joint, right), at)


def combine(sketch: Sketch, sign: Sign, places: tuple[int, int, int], tail: int = -1) -> None:
    """The two metrics and what stands between and behind them become one figure."""
    left, joint, right = places
    first, second = sketch.metric(left), sketch.metric(right)
    assert first is not None
    assert second is not None
    names = [sketch.catalogue.metric(metric).label for metric in (first, second)]
    label = SAID[sign].join(names)
    for at in (left, joint, right, *((tail,) if tail >= 0 else ())):
        sketch.own(at, "measures", label)
    measure = Arithmetic(sign, MetricRef(first), MetricRef(second), label)
    sketch.measures.append((left, measure))
