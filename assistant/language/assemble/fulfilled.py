"""存款目标完成了多少, 没完成存款目标的分行, 离存款目标还差多少: what is reached of a target."""

from __future__ import annotations

from typing import NamedTuple

from assistant.language.assemble.sketch import SOFT, Compared, Limited, Sketch
from semantic_layer.model import Ratio
from semantic_layer.query import DimensionGroup, MetricRef, NumberOp

LIMITS: dict[str, NumberOp] = {"unmet": "lt", "met": "ge", "met_ahead": "ge"}
HOW_FAR = frozenset({"delta", "ask"})
GAPS = frozenset({"toward", "short"})


class _Reached(NamedTuple):
    """The metric that the target is set for, and how much of it is reached."""

    actual: str
    rate: str


def fulfilled(sketch: Sketch) -> None:
    """What is reached, what is missing, or who reached it."""
    for at in sketch.indices("fulfil"):
        place = _target_beside(sketch, at)
        found = _reached(sketch, place)
        if found is not None:
            _of_target(sketch, at, place, found)


def _target_beside(sketch: Sketch, at: int) -> int:
    """没完成存款目标, 存款目标没完成."""
    before, after = sketch.before(at), sketch.after(at)
    forward = sketch.word(at, "fulfil") == "toward" or _reached(sketch, before) is None
    return after if forward else before


def _reached(sketch: Sketch, at: int) -> _Reached | None:
    target = sketch.metric(at)
    if target is None:
        return None
    for metric in sketch.catalogue.manifest.metrics.values():
        parts = metric.definition
        if isinstance(parts, Ratio) and parts.to == target and not metric.hidden:
            known = parts.of in sketch.catalogue.manifest.metrics
            return _Reached(parts.of, metric.name) if known else None
    return None


def _of_target(sketch: Sketch, at: int, place: int, found: _Reached) -> None:
    kind = sketch.word(at, "fulfil") or ""
    if kind == "toward" and not _asks_how_far(sketch, place):
        return
    if kind == "met_ahead" and (place < at or not _names_groups(sketch)):
        return  # 存款目标完成: how far is not said
    sketch.own(at, "measures", sketch.label(at))
    if sketch.metric(sketch.before(at)) == found.actual:
        sketch.own(sketch.before(at), "measures", sketch.label(at))  # AUM没完成目标
    stock = sketch.catalogue.is_stock(found.actual)
    amounts = kind in (*GAPS, "done") and stock
    label = sketch.catalogue.metric(found.actual if amounts else found.rate).label
    sketch.own(place, "measures", f"指标 {label}")
    if amounts:
        sketch.measures.append((place, MetricRef(found.actual)))
        sketch.compared.append(Compared("target"))
        return
    if kind in GAPS:
        sketch.fault(
            "unsupported", f"暂不支持发生额与目标的差额,可以问{label}。", "发生额与目标的差额"
        )
    sketch.measures.append((place, MetricRef(found.rate)))
    if kind in LIMITS and (sketch.has("which") or _names_groups(sketch)):
        _offer_groups(sketch, at)
        sketch.having.append(Limited(place, "value", LIMITS[kind], 1))


def _offer_groups(sketch: Sketch, at: int) -> None:
    """谁没完成存款目标: who is not said; the dimension that is always shown in full is offered."""
    if _names_groups(sketch) or not sketch.catalogue.spines:
        return
    first = sketch.catalogue.spines[0]
    label = sketch.catalogue.dimension_label(first)
    sketch.add_group(at, DimensionGroup(first))
    sketch.offer = f"按{label}"
    sketch.ask("要筛选的是哪一层不清楚,请选择或写明,例如“…的支行有哪些”。", at="group_by")


def _asks_how_far(sketch: Sketch, place: int) -> bool:
    """离存款目标还差多少."""
    following = sketch.after(place, SOFT)
    if following >= len(sketch.tokens) or not HOW_FAR & set(sketch.args[following]):
        return False
    sketch.own(following, "measures", sketch.label(following))
    return True


def _names_groups(sketch: Sketch) -> bool:
    return any(sketch.dimension(i) for i in range(len(sketch.tokens)))
