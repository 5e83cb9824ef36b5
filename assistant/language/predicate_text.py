"""Conditions in Chinese: 分行为银川分行, 不含信用卡, AUM超过100万元的客户."""

from __future__ import annotations

from assistant.language.names_text import BASE_WORDS, PER_WORDS, dimension_name, metric_name
from assistant.language.time import describe
from semantic_layer.model import Manifest
from semantic_layer.query import (
    And,
    ChangeCondition,
    Condition,
    EventCondition,
    Membership,
    MetricCondition,
    Not,
    Or,
    Period,
    Predicate,
    SegmentCondition,
    TopMembership,
    Value,
)
from semantic_layer.resolve.behaviour_events import known_events

_NUMBER_WORDS = {
    "gt": "大于",
    "ge": "不低于",
    "lt": "小于",
    "le": "不高于",
    "eq": "等于",
    "ne": "不等于",
}
_ROW_WORDS = {"date": "天", "week": "周", "month": "个月", "quarter": "个季度", "year": "年"}
_TEXT_WORDS = {"contains": "包含", "not_contains": "不包含", "prefix": "开头是", "suffix": "结尾是"}


def predicate_text(where: Predicate, manifest: Manifest) -> str:
    """A condition tree as a phrase."""
    if isinstance(where, And):
        return ",".join(_bracketed(c, manifest) for c in where.children)
    if isinstance(where, Or):
        return "或".join(_bracketed(c, manifest) for c in where.children)
    if isinstance(where, Not):
        return f"不满足({predicate_text(where.child, manifest)})"
    if isinstance(where, Condition):
        return condition_text(where, manifest)
    return _leaf(where, manifest)


def condition_text(condition: Condition, manifest: Manifest) -> str:
    """One condition on a dimension."""
    name = dimension_name(condition.dimension, manifest)
    shown = "、".join(value_text(condition.dimension, v, manifest) for v in condition.values)
    if condition.op == "in":
        return f"{name}为{shown}"
    if condition.op == "not_in":
        return f"{name}不含{shown}"
    if condition.op in ("is_null", "not_null"):
        return f"{name}{'为空' if condition.op == 'is_null' else '不为空'}"
    if condition.op in _TEXT_WORDS:
        return f"{name}{_TEXT_WORDS[condition.op]}“{shown}”"
    return f"{name}{_NUMBER_WORDS[condition.op]}{_measured(condition, manifest) or shown}"


def _measured(condition: Condition, manifest: Manifest) -> str:
    """60个月, 10万元: limits with the unit that the attribute is told in."""
    plain = manifest.dimensions.get(condition.dimension.rpartition(".")[2])
    unit = plain.field.unit if plain is not None else None
    numbers = [v for v in condition.values if isinstance(v, int | float)]
    if unit is None or len(numbers) < len(condition.values):
        return ""
    return "、".join(amount_text(number, unit) for number in numbers)


def value_text(dimension: str, value: Value, manifest: Manifest) -> str:
    """A stored value as people call it: 1 → 活期."""
    plain = manifest.dimensions.get(dimension.rpartition(".")[2])
    if plain is not None:
        for governed in plain.field.values:
            if governed.value == value and governed.label:
                return governed.label
    return str(value)


def amount_text(value: float, unit: str | None) -> str:
    """A threshold as it is said: 100万元, 2%, 3笔."""
    if unit in ("percent", "%"):
        return f"{value * 100:.10g}%"
    for scale, word in ((10**8, "亿"), (10**4, "万")):
        if abs(value) >= scale and value % (scale / 100) == 0:
            return f"{value / scale:.10g}{word}{_unit(unit)}"
    return f"{value:.15g}{_unit(unit)}"


def _unit(unit: str | None) -> str:
    return "元" if unit == "CNY" else (unit or "")


def _bracketed(child: Predicate, manifest: Manifest) -> str:
    text = predicate_text(child, manifest)
    return f"({text})" if isinstance(child, And | Or) else text


def _leaf(
    where: MetricCondition
    | ChangeCondition
    | EventCondition
    | SegmentCondition
    | Membership
    | TopMembership,
    manifest: Manifest,
) -> str:
    if isinstance(where, SegmentCondition):
        segment = manifest.segments.get(where.segment)
        return f"属于{segment.label if segment else where.segment}"
    if isinstance(where, Membership):
        name = entity_name(where.set.entity, manifest)
        return where.set.label or f"{predicate_text(where.set.where, manifest)}的{name}"
    if isinstance(where, EventCondition):
        return _event_text(where, manifest)
    if isinstance(where, TopMembership):
        size = f"前{where.count}名" if where.count else f"前{where.percent}%"
        return f"{_when(where.period)}{metric_name(where.metric, manifest)}{size}"
    return _metric_leaf(where, manifest)


def _metric_leaf(where: MetricCondition | ChangeCondition, manifest: Manifest) -> str:
    metric = manifest.metrics.get(where.metric)
    unit = metric.unit if metric else None
    name = metric_name(where.metric, manifest)
    if isinstance(where, MetricCondition) and where.per:
        name = f"{PER_WORDS.get(where.per, '')}{name}"
    if isinstance(where, ChangeCondition):
        shown = {"rate": "增速", "pp": "变化"}.get(where.show, "增减额")
        unit = "percent" if where.show in ("rate", "pp") else unit
        base = f"比{describe(where.span)}" if where.span else BASE_WORDS[where.base]
        name = f"{name}{base}{shown}"
    row = where.in_a_row if isinstance(where, MetricCondition) else None
    run = f"连续{row}{_ROW_WORDS[where.row_unit]}" if row else ""  # type: ignore[union-attr]
    when = _when(where.period)
    return f"{when}{run}{name}{_NUMBER_WORDS[where.op]}{amount_text(where.value, unit)}"


def _event_text(where: EventCondition, manifest: Manifest) -> str:
    """近30天没有App启动次数, 连续3个月有交易笔数."""
    did = "有" if where.did else "没有"
    times = f"至少{where.at_least}次" if where.at_least > 1 else ""
    run = f"连续{where.in_a_row}{_ROW_WORDS[where.row_unit]}" if where.in_a_row else ""
    rows = f"({predicate_text(where.where, manifest)})" if where.where else ""
    start = _event_name(where.after, manifest) if where.after else ""
    after = f"首次{start}后{where.after_days}天内" if start else ""
    return (
        f"{_when(where.within)}{after}{run}{did}{_event_name(where.event, manifest)}{rows}{times}"
    )


def _event_name(event: str, manifest: Manifest) -> str:
    known = (e.step.label for e in known_events(manifest) if event in (e.step.event, *e.spellings))
    return metric_name(event, manifest) if event in manifest.metrics else next(known, event)


def _when(period: Period | None) -> str:
    return "、".join(describe(span) for span in period.spans) if period else ""


def entity_name(entity: str, manifest: Manifest) -> str:
    """客户, 分行: what the members of a set are."""
    own = next((d for d in manifest.datasets.values() if d.entity == entity), None)
    return own.label if own is not None else dimension_name(entity, manifest)
