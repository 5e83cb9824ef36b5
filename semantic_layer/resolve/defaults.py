"""What an open slot is filled with, and the sentence that says so."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from semantic_layer.model import Aggregate, Manifest, Metric
from semantic_layer.query import (
    Everything,
    Latest,
    MetricQuery,
    Period,
    Relative,
    Span,
    TimeGroup,
)
from semantic_layer.resolve.closure import (
    is_divided,
    leaves,
    measure_metrics,
    metric_closure,
)
from semantic_layer.resolve.frames import finest_grain
from semantic_layer.resolve.units import FINENESS
from semantic_layer.resolved import Assumption, ResolvedSpan

TEXTS = {
    "latest": "没有说时间,取最新数据",
    "month_end": "没有说时间,取最新的月末数",
    "year_to_date": "没有说时间,按本年累计",
    "last_complete_month": "没有说时间,取最近一个完整月",
    "trend": "没有说时间,按本年以来",
    "everything": "没有说时间,取全部历史",
}
NATIVE_LABELS = {"month": "月", "quarter": "季", "year": "年"}


class Filled(NamedTuple):
    """A query without gaps, and what was assumed."""

    query: MetricQuery
    assumptions: tuple[Assumption, ...] = ()


def asked_metrics(query: MetricQuery) -> tuple[str, ...]:
    """The metrics named in the measures, in order."""
    refs = (ref.metric for measure in query.measures for ref in measure_metrics(measure))
    return tuple(dict.fromkeys(refs))


def fill_period(query: MetricQuery, manifest: Manifest) -> Filled:
    """The query with the metrics' default period when it has none."""
    if query.scope.period is not None:
        return Filled(query)
    name = _default_name(query, manifest)
    spans: dict[str, Span] = {
        "latest": Latest(),
        "year_to_date": Relative("year", to_date=True, anchor="data"),
        "last_complete_month": Latest("month"),
        "trend": Relative("year", to_date=True, anchor="data"),
        "everything": Everything(),
    }
    scope = replace(query.scope, period=Period((spans[name],)))
    said = "month_end" if name == "latest" and _by_month(query, manifest) else name
    return Filled(replace(query, scope=scope), (Assumption("period", TEXTS[said]),))


def _by_month(query: MetricQuery, manifest: Manifest) -> bool:
    """Whether the newest figures are those of a month's end: a day's may be asked for by name."""
    definitions = (
        leaf.definition for name in asked_metrics(query) for leaf in leaves(manifest, name)
    )
    tables = [d.dataset for d in definitions if isinstance(d, Aggregate)]
    return bool(tables) and all(manifest.datasets[t].grain == "month" for t in tables)


def _default_name(query: MetricQuery, manifest: Manifest) -> str:
    grain = finest_grain(query.group_by)
    metrics = [manifest.metrics[name] for name in asked_metrics(query)]
    if grain is not None:
        return "everything" if grain == "year" else "trend"
    habits = {metric_default(metric, manifest) for metric in metrics}
    for name in ("year_to_date", "last_complete_month"):
        if name in habits:
            return name
    return "trend" if _means_over_days(query) else "latest"


def _means_over_days(query: MetricQuery) -> bool:
    """日均融资余额: the mean of a single day would be no mean."""
    refs = (ref for measure in query.measures for ref in measure_metrics(measure))
    return any(ref.per is not None and not is_divided(ref) for ref in refs)


def metric_default(metric: Metric, manifest: Manifest) -> str:
    """The habit of one metric when no time is named."""
    if metric.default_period is not None:
        return metric.default_period
    if any(manifest.metrics[m].native for m in metric_closure(manifest, metric.name)):
        return "last_complete_month"
    stock = all(leaf.is_stock for leaf in leaves(manifest, metric.name))
    return "latest" if stock else "year_to_date"


def show_native_units(
    query: MetricQuery, spans: tuple[ResolvedSpan, ...], manifest: Manifest
) -> Filled:
    """A metric defined per month shows the months of a longer period, never one pooled figure."""
    found = _native(query, manifest)
    if found is None:
        return Filled(query)
    metric, native = found
    if all(within_one_unit(span, native) for span in spans) and not _time_group(query):
        return Filled(query)
    grouped = _time_group(query)
    if grouped is not None and not is_coarser(grouped.grain, native):
        return Filled(query)
    label = NATIVE_LABELS[native]
    text = f"“{metric.label}”按{label}定义,列出各{label},不合并计算"
    by = tuple(TimeGroup(native) if g == grouped else g for g in query.group_by)  # type: ignore[arg-type]
    listed = by if grouped is not None else (*by, TimeGroup(native))  # type: ignore[arg-type]
    changed = replace(query, group_by=listed)
    return Filled(changed, (Assumption("grain", text),))


def _native(query: MetricQuery, manifest: Manifest) -> tuple[Metric, str] | None:
    refs = (ref for measure in query.measures for ref in measure_metrics(measure))
    for name in (ref.metric for ref in refs if ref.stat is None):
        for part in metric_closure(manifest, name):
            metric = manifest.metrics[part]
            if metric.native is not None:
                return metric, metric.native
    return None


def _time_group(query: MetricQuery) -> TimeGroup | None:
    finest = finest_grain(query.group_by)
    return None if finest is None else TimeGroup(finest)


def within_one_unit(span: ResolvedSpan, native: str) -> bool:
    """Whether the span is one unit of that kind, or less."""
    return span.unit in FINENESS and (
        FINENESS.index(span.unit) <= FINENESS.index(native) and span.count == 1
    )


def is_coarser(grain: str, native: str) -> bool:
    """Whether a bucket of that grain holds several such units."""
    return FINENESS.index("day" if grain == "date" else grain) > FINENESS.index(native)
