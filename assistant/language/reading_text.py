"""How the question was read, as one line for people: 2026年10月 · 按分行 · 新增客户数."""

from __future__ import annotations

from assistant.language.amounts_text import amount_text
from assistant.language.behaviour_text import behaviour_parts
from assistant.language.lists_text import list_text
from assistant.language.names_text import (
    BASE_WORDS,
    GRAIN_WORDS,
    dimension_name,
    measure_name,
    metric_name,
)
from assistant.language.periods_text import DAY_WORDS, OFF_DAYS, span_text
from assistant.language.predicate_text import predicate_text
from semantic_layer.model import Manifest
from semantic_layer.query import (
    BucketGroup,
    ColumnRef,
    Comparison,
    DimensionGroup,
    EntityQuery,
    Group,
    Having,
    Limit,
    MetricQuery,
    Order,
    SetGroup,
    TimeGroup,
)
from semantic_layer.resolve.conditions import parts_of
from semantic_layer.resolve.sets import is_unnamed_set
from semantic_layer.resolved import ResolvedQuery

_SHOWN = {
    "value": "",
    "diff": "增减额",
    "rate": "增速",
    "pp": "百分点变化",
    "rank": "名次变化",
    "share": "占比",
}
_ROLLED = {
    "day": "天",
    "week": "周",
    "month": "个月",
    "quarter": "个季度",
    "trading_day": "个交易日",
}
FLAG = "标志"
"""What yes or no is called: 农村客户标志; nobody says 全部农村客户标志."""
_HAVING = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤", "eq": "=", "ne": "≠"}


def reading(resolved: ResolvedQuery, manifest: Manifest) -> str:
    """Period, scope, groups, metrics, comparison, order: what will be computed."""
    query = resolved.query
    period = "、".join(span_text(s) for s in resolved.spans)
    if resolved.behaviour is not None:
        return " · ".join((period, *behaviour_parts(resolved, resolved.behaviour, manifest)))
    if isinstance(query, MetricQuery):
        return " · ".join(p for p in (period, *_metric_parts(query, resolved, manifest)) if p)
    if isinstance(query, EntityQuery):
        return " · ".join(p for p in (period, *list_text(query, manifest)) if p)
    return period


def group_text(group: Group, manifest: Manifest) -> str:
    """A group as people say it: 按分行, 按月."""
    if isinstance(group, DimensionGroup):
        return f"按{dimension_name(group.dimension, manifest)}"
    if isinstance(group, TimeGroup):
        return f"按{GRAIN_WORDS[group.grain]}"
    if isinstance(group, BucketGroup):
        named = metric_name if group.of in manifest.metrics else dimension_name
        return f"按{named(group.of, manifest)}分档"
    assert isinstance(group, SetGroup)
    return "对比" + "、".join(s.label or "人群" for s in group.sets)


def column_text(column: ColumnRef, query: MetricQuery, manifest: Manifest) -> str:
    """A column that is ordered or filtered by: 存款余额同比增速."""
    if column.group is not None:
        return group_text(query.group_by[column.group], manifest).removeprefix("按")
    name = measure_name(query.measures[column.measure or 0], manifest)
    if (column.base, column.show) == ("target", "rate"):
        return f"{name}完成率"
    base = BASE_WORDS[column.base] if column.base else ""
    return f"{name}{base}{_SHOWN[column.show]}"


def _metric_parts(
    query: MetricQuery, resolved: ResolvedQuery, manifest: Manifest
) -> tuple[str, ...]:
    where = predicate_text(query.scope.where, manifest) if query.scope.where else ""
    groups = "、".join(group_text(g, manifest) for g in query.group_by)
    metrics = "、".join(measure_name(m, manifest) for m in query.measures)
    return (
        days_told(query),
        where,
        groups,
        metrics,
        *(_comparison(c, resolved) for c in query.compare),
        share_text(query, manifest),
        window_text(query),
        "、".join(having_text(h, query, manifest) for h in query.having),
        order_text(query, manifest),
    )


def days_text(query: MetricQuery) -> str:
    """The kind of days that count: 只算工作日."""
    period = query.scope.period
    return f"只算{DAY_WORDS[period.days]}" if period and period.days else ""


def days_told(query: MetricQuery) -> str:
    """The same, with what 节假日 takes in: 只算法定节假日和双休日."""
    period = query.scope.period
    return f"只算{OFF_DAYS}" if period and period.days == "holiday" else days_text(query)


def _comparison(comparison: Comparison, resolved: ResolvedQuery) -> str:
    bases = dict(resolved.bases).get(comparison.base, ())
    dates = "、".join(span_text(b) for b in bases[:1])
    word = f"与{dates}比" if comparison.base == "range" else BASE_WORDS[comparison.base]
    shown_dates = f"({dates})" if dates and comparison.base != "range" else ""
    return f"{word}{shown_dates}"


def share_text(query: MetricQuery, manifest: Manifest) -> str:
    """What a share is a share of: 占合计的比例."""
    if query.share is None:
        return ""
    share = query.share
    if share.entity:
        kept = [p for p in parts_of(query.scope.where) if not is_unnamed_set(p, share.entity)]
        return f"占{','.join(predicate_text(p, manifest) for p in kept)}的比例"
    if share.of == "unfiltered" and not share.dimension:
        return "占不加条件时的比例"
    if share.of == "total" or not share.dimension:
        return "占合计的比例"
    name = dimension_name(share.dimension, manifest)
    if share.of == "unfiltered" and name.endswith(FLAG):
        return "占全部的比例"
    return f"占上级{name}的比例" if share.of == "parent" else f"占全部{name}的比例"


def window_text(query: MetricQuery) -> str:
    """A running or rolling value: 本年累计."""
    if query.window is None:
        return ""
    if query.window.kind == "rolling":
        return f"滚动{query.window.count}{_ROLLED[query.window.unit]}"
    resets = {"year": "本年累计", "quarter": "本季累计", "month": "本月累计", "never": "累计"}
    return resets[query.window.reset]


def having_text(having: Having, query: MetricQuery, manifest: Manifest) -> str:
    """A condition on groups: 不良贷款率>2%."""
    name = column_text(having.column, query, manifest)
    if having.value == "average":
        return f"{name}{_HAVING[having.op]}整体水平"
    measure = query.measures[having.column.measure or 0]
    metric = manifest.metrics.get(getattr(measure, "metric", ""))
    unit = "percent" if having.column.show in ("rate", "pp", "share") else None
    shown = amount_text(having.value, unit or (metric.unit if metric else None))
    return f"{name}{_HAVING[having.op]}{shown}"


def order_text(query: MetricQuery, manifest: Manifest) -> str:
    """Order and limit: 按存款余额从高到低取前5名."""
    if not query.order:
        return _limit(query.limit, "") if query.limit else ""
    return "、".join(_one_order(o, query, manifest) for o in query.order[:1])


def _one_order(order: Order, query: MetricQuery, manifest: Manifest) -> str:
    name = column_text(order.column, query, manifest)
    if order.quality:
        direction = "由好到差" if order.descending else "由差到好"
    else:
        direction = "从高到低" if order.descending else "从低到高"
    text = f"按{name}{direction}"
    return _limit(query.limit, text) if query.limit else text


def _limit(limit: Limit, order: str) -> str:
    if limit.percent is not None:
        size = f"前{limit.percent:g}%"
    elif limit.offset:
        size = f"第{limit.offset + 1}名" if limit.count == 1 else f"从第{limit.offset + 1}名起"
    else:
        size = f"前{limit.count}名"
    inside = "每组" if limit.partition_by else ""
    return f"{order}取{inside}{size}" if order else f"取{inside}{size}"
