"""没有贷款, 买过理财, 连续3个月有交易, 交易不少于5笔: what somebody has or does."""

from __future__ import annotations

from assistant.language.assemble.sets.core import ALWAYS, Core
from assistant.language.assemble.sets.in_a_row import Rows, rows_before
from assistant.language.assemble.sketch import Sketch
from assistant.language.deeds import Deed, Thing, Walk
from semantic_layer.query import (
    And,
    EventCondition,
    FunnelCondition,
    MetricCondition,
    Not,
    NumberOp,
    Or,
    Period,
    Predicate,
    Relative,
)
from semantic_layer.query.predicate import RowUnit


def happened(sketch: Sketch, at: int) -> Core | None:
    """The deed at that token."""
    deed = sketch.find(at, Deed)
    if deed is None:
        return None
    label = sketch.label(at)
    if deed.problem is not None:
        sketch.faults.append(deed.problem)
        return Core((at,), lambda _: And(()), label, "refused")
    if deed.walk is not None:
        return _walked(sketch, at, deed.walk)
    if deed.said:
        sketch.assume("where", deed.said, 0.97)
    if deed.asked:
        sketch.ask(deed.asked, label, "where")
        sketch.offer = f"按有{label}的客户"
    if deed.is_held:
        return Core((at,), lambda period: _held(deed, period), label, "held")
    rows = Rows(deed.run.count, deed.run.unit) if deed.run else rows_before(sketch, at)
    places = (*(rows.places if rows else ()), at)
    time = deed.within or (rows.time if rows else None)

    def make(period: Period | None) -> Predicate:
        return _done(deed, period, rows or _month_by_month(sketch, deed, period))

    kind = "row" if rows else "flow" if deed.limits and not _is_event(deed) else "happened"
    return Core(places, make, label, kind, time, ever=deed.ever)


def _walked(sketch: Sketch, at: int, walk: Walk) -> Core:
    """A time before it says when the first step was."""

    def make(period: Period | None) -> Predicate:
        begun = None if period == ALWAYS else period
        return FunnelCondition(walk.steps, walk.reached, walk.missed, begun, walk.window_days)

    if sketch.has("share"):
        label = sketch.label(at)
        sketch.fault(
            "ambiguous_phrase",
            f"“{label}”的占全部客户还是占走到前一步的客户不清楚;可以问转化率,或分别问两个人数。",
            label, "where",
        )  # fmt: skip
    if walk.said:
        sketch.assume("where", walk.said)
    return Core((at,), make, sketch.label(at), "happened", ever=True)


def _held(deed: Deed, period: Period | None) -> Predicate:
    """The balance is above zero; without any there may be no row at all."""
    limits: tuple[tuple[NumberOp, int | float], ...] = deed.limits or (("gt", 0),)
    leaves: list[Predicate] = [
        MetricCondition(thing.ref, op, value, period)
        for thing in deed.things
        for op, value in limits
    ]
    if not deed.did:
        leaves = [Not(leaf) for leaf in leaves]
    if len(leaves) == 1:
        return leaves[0]
    return Or(tuple(leaves)) if deed.either and deed.did else And(tuple(leaves))


def _month_by_month(sketch: Sketch, deed: Deed, period: Period | None) -> Rows | None:
    """近3个月没有动账, of what is known month by month: in none of the three."""
    thing = deed.things[0]
    if deed.did or deed.limits or thing.how != "amount" or period is None:
        return None
    span = period.spans[0]
    if not isinstance(span, Relative) or span.unit != "month" or len(period.spans) > 1:
        return None
    if span.span < 2 or sketch.catalogue.metric(thing.ref).native != "month":
        return None
    return Rows(span.span, "month")


def _is_event(deed: Deed) -> bool:
    return deed.things[0].how == "event"


def _done(deed: Deed, period: Period | None, rows: Rows | None) -> Predicate:
    thing = deed.things[0]
    count = rows.count if rows else None
    unit: RowUnit = rows.unit if rows else "month"
    if deed.limits and thing.how == "event":
        leaves = tuple(_times(thing, op, value, period) for op, value in deed.limits)
    elif deed.limits or thing.how == "amount":
        zero: NumberOp = "gt" if deed.did else "eq"
        leaves = tuple(
            MetricCondition(thing.ref, op, value, period, in_a_row=count, row_unit=unit)
            for op, value in deed.limits or ((zero, 0),)
        )
    else:
        period = None if period == ALWAYS else period
        return EventCondition(thing.ref, deed.did, within=period, in_a_row=count, row_unit=unit)
    inner = leaves[0] if len(leaves) == 1 else And(leaves)
    return inner if deed.did or not deed.limits else Not(inner)


def _times(thing: Thing, op: NumberOp, value: float, period: Period | None) -> Predicate:
    """More than n times is n+1 times at least."""
    period = None if period == ALWAYS else period
    count = int(value) + (1 if op in ("gt", "le") else 0)
    if op in ("gt", "ge"):
        return EventCondition(thing.ref, at_least=max(count, 1), within=period)
    if op in ("lt", "le"):
        return Not(EventCondition(thing.ref, at_least=max(count, 1), within=period))
    exactly = EventCondition(thing.ref, at_least=max(count, 1), within=period)
    more = EventCondition(thing.ref, at_least=count + 1, within=period)
    both = And((exactly, Not(more))) if count else Not(more)
    return both if op == "eq" else Not(both)
