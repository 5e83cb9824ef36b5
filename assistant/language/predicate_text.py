"""Conditions in Chinese: 分行为银川分行, 不含信用卡, AUM超过100万元的客户."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.language.amounts_text import NUMBER_WORDS, amount_text
from assistant.language.members_text import (
    change_text,
    event_name,
    event_text,
    funnel_text,
    lacking,
    metric_text,
    top_text,
)
from assistant.language.names_text import dimension_name
from semantic_layer.model import Manifest
from semantic_layer.query import (
    And,
    ChangeCondition,
    Condition,
    EventCondition,
    FunnelCondition,
    Membership,
    MetricCondition,
    Not,
    Or,
    Predicate,
    SegmentCondition,
    Step,
    TopMembership,
    Value,
)

_WITH_END = {"ge": "含", "le": "含", "gt": "不含", "lt": "不含"}
_TEXT_WORDS = {"contains": "包含", "not_contains": "不包含", "prefix": "开头是", "suffix": "结尾是"}


def predicate_text(where: Predicate, manifest: Manifest) -> str:
    """A condition tree as a phrase."""
    if isinstance(where, And):
        whole = _range_text(where, manifest)
        return whole or ",".join(_bracketed(c, manifest) for c in paired(where.children))
    if isinstance(where, Or):
        return "或".join(_bracketed(c, manifest) for c in where.children)
    if isinstance(where, Not):
        turned = lacking(where.child, manifest)
        return turned or f"不满足({predicate_text(where.child, manifest)})"
    if isinstance(where, Condition):
        return condition_text(where, manifest)
    return _leaf(where, manifest)


def paired(parts: Sequence[Predicate]) -> tuple[Predicate, ...]:
    """The parts of an And, both ends of a range as one."""
    found: list[Predicate] = []
    for part in parts:
        if found and _is_range(found[-1], part):
            found[-1] = And((found[-1], part))
        else:
            found.append(part)
    return tuple(found)


def _is_range(low: Predicate, high: Predicate) -> bool:
    if not isinstance(low, Condition) or not isinstance(high, Condition):
        return False
    numbers = all(isinstance(v, int | float) for v in (*low.values, *high.values))
    ends = low.op in ("ge", "gt") and high.op in ("le", "lt")
    return numbers and ends and low.dimension == high.dimension


def _range_text(where: And, manifest: Manifest) -> str:
    """年龄40岁(含)—50岁(不含)."""
    if len(where.children) != 2 or not _is_range(*where.children):
        return ""
    ends = [c for c in where.children if isinstance(c, Condition)]
    shown = [f"{_measured(end, manifest) or end.values[0]}({_WITH_END[end.op]})" for end in ends]
    return f"{dimension_name(ends[0].dimension, manifest)}{'—'.join(shown)}"


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
    return f"{name}{NUMBER_WORDS[condition.op]}{_measured(condition, manifest) or shown}"


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


def _bracketed(child: Predicate, manifest: Manifest) -> str:
    text = predicate_text(child, manifest)
    whole = not isinstance(child, And | Or) or (
        isinstance(child, And) and _range_text(child, manifest)
    )
    return text if whole else f"({text})"


def _leaf(
    where: MetricCondition
    | ChangeCondition
    | EventCondition
    | FunnelCondition
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
        return where.set.label or f"{_all_of(where.set.where, manifest)}的{name}"
    if isinstance(where, EventCondition):
        rows = f"({predicate_text(where.where, manifest)})" if where.where else ""
        return event_text(where, rows, manifest)
    if isinstance(where, FunnelCondition):
        steps = tuple(_step_text(step, manifest) for step in where.steps)
        return funnel_text(where, steps)
    if isinstance(where, TopMembership):
        return top_text(where, manifest)
    if isinstance(where, ChangeCondition):
        return change_text(where, manifest)
    return metric_text(where, manifest)


def _step_text(step: Step, manifest: Manifest) -> str:
    """注册, 浏览页面(页面为首页)."""
    narrowed = f"({predicate_text(step.where, manifest)})" if step.where else ""
    return f"{event_name(step.event, manifest)}{narrowed}"


def _all_of(where: Predicate, manifest: Manifest) -> str:
    """What the members of a set have in common: 有贷款且没有理财."""
    if isinstance(where, And):
        return "且".join(_bracketed(c, manifest) for c in where.children)
    return predicate_text(where, manifest)


def entity_name(entity: str, manifest: Manifest) -> str:
    """客户, 分行: what the members of a set are."""
    own = next((d for d in manifest.datasets.values() if d.entity == entity), None)
    return own.label if own is not None else dimension_name(entity, manifest)
