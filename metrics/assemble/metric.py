"""Metrics from their entries."""

from __future__ import annotations

from typing import Literal

from metrics.assemble.source import Place
from metrics.edge import AggregateEntry, MetricEntry
from metrics.edge.metric import UnclearEntry
from metrics.finding import Findings
from semantic_layer.model import (
    Aggregate,
    AverageOver,
    Certification,
    Derived,
    Format,
    Instead,
    Metric,
    MetricChange,
    Ratio,
    SemiAdditive,
    TieOut,
    Unclear,
)
from semantic_layer.model.metric import Definition

_AGGREGATE_KEYS = (
    "dataset", "expr", "filter", "time", "semi_additive", "average_over", "then", "quantile",
    "snapshot", "flow",
)  # fmt: skip


def build_metric(
    entry: MetricEntry, datasets: tuple[str, ...], domain: str, place: Place, findings: Findings
) -> Metric | None:
    """The metric; `datasets` are those of its file, one of which it may leave unnamed."""
    definition = _definition(entry, datasets, place, findings)
    if definition is None:
        return None
    also = tuple(
        _aggregate(other, entry.label, (), place / "also" / i, findings)
        for i, other in enumerate(entry.also)
    )
    return Metric(
        name=entry.name,
        label=entry.label,
        definition=definition,
        also=tuple(a for a in also if a is not None),
        unit=entry.unit,
        synonyms=tuple(entry.synonyms),
        near_misses=tuple(entry.near_misses),
        phrases=tuple(entry.phrases),
        description=entry.description,
        owner=entry.owner,
        status=entry.status,
        version=entry.version,
        changes=_changes(entry),
        format=(
            Format(entry.format.style, entry.format.scale, entry.format.decimals)
            if entry.format
            else None
        ),
        direction=entry.direction,
        native=entry.native,
        incomplete_period=entry.incomplete_period,
        default_period=entry.default_period,
        certified=_certification(entry),
        tie_out=TieOut(entry.tie_out.file, entry.tie_out.source) if entry.tie_out else None,
        divisors=entry.per.named() if entry.per else (),
        unclear=tuple(_unclear(item) for item in entry.unclear_by),
        domain=domain,
        hidden=entry.hidden,
        at=place.location,
    )


def _definition(
    entry: MetricEntry, datasets: tuple[str, ...], place: Place, findings: Findings
) -> Definition | None:
    kinds = [k for k in ("agg", "ratio", "derived") if getattr(entry, k) is not None]
    if len(kinds) != 1:
        findings.add(
            "M102",
            place.location,
            f"指标“{entry.label}”写了 {'、'.join(kinds) or '零'} 种算法。",
            "agg、ratio、derived 请恰好写一种。",
        )
        return None
    if entry.agg is not None:
        return _aggregate(entry, entry.label, datasets, place, findings)
    stray = [k for k in (*_AGGREGATE_KEYS, "also") if getattr(entry, k)]
    if stray:
        findings.add(
            "M112",
            (place / stray[0]).location,
            f"指标“{entry.label}”是 {kinds[0]},不能再写 {'、'.join(stray)}。",
            "这些键写在它引用的指标上。",
        )
    if entry.ratio is not None:
        return Ratio(entry.ratio.of, entry.ratio.to)
    return Derived(entry.derived or "")


def _aggregate(
    entry: AggregateEntry,
    label: str,
    datasets: tuple[str, ...],
    place: Place,
    findings: Findings,
) -> Aggregate | None:
    dataset = entry.dataset or (datasets[0] if len(datasets) == 1 else None)
    if dataset is None:
        findings.add(
            "M103",
            place.location,
            f"指标“{label}”没有说明取自哪个数据集。",
            f"请补上 dataset: {'、'.join(datasets) or '数据集标识'}。",
        )
        return None
    if entry.agg is None:
        findings.add("M111", place.location, f"指标“{label}”的算法缺少 agg。", "请补上 agg: sum。")
        return None
    _check_companions(entry, label, place, findings)
    return Aggregate(
        dataset=dataset,
        agg=entry.agg,
        expr=entry.expr,
        filter=entry.filter,
        time=entry.time,
        semi_additive=(
            SemiAdditive(
                entry.semi_additive.over, entry.semi_additive.take, entry.semi_additive.period_end
            )
            if entry.semi_additive
            else None
        ),
        average_over=AverageOver(entry.average_over.days) if entry.average_over else None,
        then_avg=_then(entry),
        quantile=entry.quantile,
        snapshot=entry.snapshot,
        future=entry.future == "allowed",
        flow=entry.flow,
    )


def _then(entry: AggregateEntry) -> Literal["date", "trading_day"] | None:
    if entry.then is None:
        return None
    return "date" if entry.then.avg == "day" else "trading_day"


def _check_companions(entry: AggregateEntry, label: str, place: Place, findings: Findings) -> None:
    if entry.expr is None and entry.agg != "count":
        findings.add(
            "M111",
            place.location,
            f"指标“{label}”用 {entry.agg} 汇总,却没有 expr。",
            "请补上 expr: 列名或表达式。",
        )
    if (entry.quantile is None) == (entry.agg == "quantile"):
        findings.add(
            "M111",
            place.location,
            f"指标“{label}”的 quantile 要与 agg: quantile 一起写。",
            "请写 agg: quantile 与 quantile: 0.9。",
        )
    kinds = ("semi_additive", "average_over", "then", "flow")
    over_time = [k for k in kinds if getattr(entry, k)]
    if len(over_time) > 1:
        findings.add(
            "M112",
            (place / over_time[1]).location,
            f"指标“{label}”的 {'、'.join(over_time)} 互相冲突。",
            "它们各说一种跨时间的算法,请只留一个。",
        )
    if entry.average_over and entry.agg != "sum":
        findings.add(
            "M112",
            (place / "average_over").location,
            f"指标“{label}”按天数加权平均时只能用 agg: sum。",
            "请改成 agg: sum。",
        )


def _changes(entry: MetricEntry) -> tuple[MetricChange, ...]:
    return tuple(
        MetricChange(c.v, c.date, c.note, c.from_, c.restates, tuple(c.was.items()))
        for c in entry.changes
    )


def _unclear(entry: UnclearEntry) -> Unclear:
    instead = tuple(Instead(other.by, other.metric) for other in entry.instead)
    return Unclear(entry.by, instead, entry.note, entry.only_filter)


def _certification(entry: MetricEntry) -> Certification | None:
    if entry.certified is None:
        return None
    return Certification(entry.certified.by, entry.certified.date, entry.certified.hash)
