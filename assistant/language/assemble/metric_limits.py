"""贷款余额大于存款余额的分行: one metric held against another, group by group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from assistant.language.assemble.sketch import SOFT, Limited, Sketch
from assistant.language.tokens import DimensionName
from semantic_layer.query import Arithmetic, MetricRef, NumberOp

OPS: dict[str, NumberOp] = {"above": "gt", "below": "lt", "high": "gt", "low": "lt"}


class _Held(NamedTuple):
    left: int
    word: int
    right: int
    side: str
    tail: int = -1
    """高 in 比存款余额高."""
    which: bool = False
    """存款和贷款哪个多: both are shown, and by how much."""


def metric_limits(sketch: Sketch) -> None:
    """Both metrics are shown, and their difference must be above or below nought."""
    held = next(_found(sketch), None) if not sketch.has("average") else None
    if held is None:
        return
    first, second = sketch.metric(held.left), sketch.metric(held.right)
    assert first is not None
    assert second is not None
    one, other = sketch.catalogue.metric(first), sketch.catalogue.metric(second)
    if one.unit != other.unit or first == second:
        return
    asks_which = held.which and not (sketch.has("noun") or _has_groups(sketch))
    if not asks_which and (sketch.has("noun") or not _has_groups(sketch)):
        sketch.fault(
            "unsupported",
            f"暂不支持逐户比较两个指标(“{one.label}”与“{other.label}”),可以按机构比较。",
            "两个指标逐户比较",
        )
        for at in sketch.indices("noun"):
            sketch.own(at, "where")
    for at in (held.left, held.word, held.right, *((held.tail,) if held.tail >= 0 else ())):
        sketch.own(at, "having", f"{one.label}与{other.label}比")
    difference = Arithmetic("-", MetricRef(first), MetricRef(second), f"{one.label}减{other.label}")
    sketch.measures += [
        (held.left, MetricRef(first)), (held.right, MetricRef(second)), (held.word, difference),
    ]  # fmt: skip
    sketch.held = True
    if not asks_which:
        sketch.having.append(Limited(held.word, "value", OPS[held.side], 0))


def _found(sketch: Sketch) -> Iterator[_Held]:
    for tail in sketch.indices("compare_extreme"):
        right = sketch.before(tail)
        joint = sketch.before(right)
        left = sketch.before(joint)
        side = sketch.word(tail, "compare_extreme")
        if sketch.word(joint, "conj") and sketch.metric(left) and sketch.metric(right):
            yield from (_Held(left, joint, right, side, tail, which=True),) if side in OPS else ()
    for at in sketch.indices("side"):
        left, right = sketch.before(at, SOFT | {"equals"}), sketch.after(at)
        if sketch.metric(left) and sketch.metric(right):
            yield _Held(left, at, right, str(sketch.word(at, "side")))
    for at in sketch.indices("against"):
        left, right = sketch.before(at), sketch.after(at)
        tail = sketch.after(right)
        side = sketch.word(tail, "bare_extreme") or sketch.word(tail, "compare_extreme")
        if sketch.metric(left) and sketch.metric(right) and side in OPS:
            yield _Held(left, at, right, side, tail)


def _has_groups(sketch: Sketch) -> bool:
    return any(sketch.find(at, DimensionName) for at in range(len(sketch.tokens)))
