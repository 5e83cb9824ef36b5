"""存款比上月下降超过20%, AUM较年初增加10万以上, AUM同比下降: how a figure of each changed."""

from __future__ import annotations

from typing import NamedTuple

from assistant.language.assemble.sets.core import Core
from assistant.language.assemble.sketch import Sketch
from assistant.language.assemble.spans import unit_of
from assistant.language.number import ComparatorToken
from assistant.language.time import TimeToken
from semantic_layer.query import (
    And,
    Base,
    ChangeCondition,
    NumberOp,
    Period,
    Predicate,
    Relative,
    Show,
    Span,
)

FALLS = frozenset({"down", "fall_rate"})
MOVES = frozenset({"up", "down", "rate", "fall_rate", "diff", "points"})
TURNED: dict[NumberOp, NumberOp] = {
    "gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq", "ne": "ne",
}  # fmt: skip
STEPS: dict[str, Base] = {"month": "mom", "year": "yoy"}
SKIP = ("filler", "of", "equals")
PERCENT = frozenset({"%", "‰", "成"})


class _Against(NamedTuple):
    base: Base | None
    span: Span | None
    following: int


def changes(sketch: Sketch, at: int) -> Core | None:
    """The metric at that token with the change told behind it."""
    metric = sketch.metric(at)
    if metric is None:
        return None
    against = _against(sketch, at)
    place = _skip(sketch, against.following)
    delta = sketch.word(place, "delta")
    if delta not in MOVES:
        return None
    behind = _skip(sketch, place + 1)
    comparator = sketch.find(behind, ComparatorToken)
    if comparator is None and delta not in ("up", "down"):
        return None
    if comparator is not None and comparator.range.approximate:
        return None
    last = behind if comparator is not None else place
    limits = _limits(sketch, metric, delta, comparator)
    label = "".join(sketch.label(i) for i in range(at, last + 1))
    stock = sketch.catalogue.is_stock(metric)

    def make(period: Period | None) -> Predicate:
        base, span = against.base, against.span
        if base is None and period is not None:
            single = len(period.spans) == 1 and unit_of(period.spans[0]) in STEPS
            base = "opening" if stock else "mom" if single else None
        if base is None:
            sketch.fault(
                "ambiguous_phrase",
                f"“{label}”没有说与哪一期比,请写明,例如“较上月”“较年初”“同比”。", label, "where",
            )  # fmt: skip
            base = "mom"
        leaves = tuple(
            ChangeCondition(metric, base, show, op, value, period, span)
            for show, op, value in limits
        )
        return leaves[0] if len(leaves) == 1 else And(leaves)

    return Core(tuple(range(at, last + 1)), make, label, "change")


def _against(sketch: Sketch, at: int) -> _Against:
    place = _skip(sketch, at + 1)
    base = sketch.word(place, "base")
    if base in ("yoy", "mom", "ytd_open", "opening"):
        return _Against(base, None, place + 1)  # type: ignore[arg-type]
    if sketch.word(place, "against"):
        time = sketch.find(_skip(sketch, place + 1), TimeToken)
        if time is not None and len(time.spans or ()) == 1:
            span = (time.spans or ())[0]
            following = _skip(sketch, place + 1) + 1
            step = STEPS.get(span.unit) if isinstance(span, Relative) else None
            plain = isinstance(span, Relative) and not span.within and span.offset == -1
            if step is not None and plain and span.span == 1:  # type: ignore[union-attr]
                return _Against(step, None, following)
            return _Against("range", span, following)
    return _Against(None, None, at + 1)


def _limits(
    sketch: Sketch, metric: str, delta: str, comparator: ComparatorToken | None
) -> tuple[tuple[Show, NumberOp, int | float], ...]:
    falls = delta in FALLS
    if comparator is None:
        return (("diff", "lt" if falls else "gt", 0),)
    show: Show = "diff"
    if comparator.range.unit in PERCENT or delta in ("rate", "fall_rate"):
        show = "rate"
    if sketch.catalogue.is_rate(metric):
        if comparator.range.unit in PERCENT:
            text = comparator.text
            sketch.fault(
                "ambiguous_phrase", f"比率的变化请用百分点,例如“下降超过1个百分点”(“{text}”)。",
                text, "where",
            )  # fmt: skip
        show = "pp"
    return tuple(
        (show, TURNED[op] if falls else op, -value if falls else value)
        for op, value in comparator.range.limits
    )


def _skip(sketch: Sketch, at: int) -> int:
    while sketch.is_free(at) and any(role in sketch.args[at] for role in SKIP):
        if sketch.word(at, "delta") or sketch.word(at, "base") or sketch.word(at, "against"):
            break
        at += 1
    return at
