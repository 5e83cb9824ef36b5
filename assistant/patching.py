"""A patch applied to a query: the changed query, or InvalidQueryError."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from semantic_layer.query import (
    And,
    Change,
    Condition,
    Flag,
    Indices,
    InvalidQueryError,
    MetricQuery,
    Patch,
    Query,
    query_from_json,
    to_json,
)

_LISTS = ("measures", "group_by", "having", "compare", "order")
_SINGLES = ("limit", "focus", "share", "window")


def apply_patch(query: Query, patch: Patch) -> Query:
    """The changes one after the other; a value of the wrong kind for its slot is refused."""
    if not isinstance(query, MetricQuery):
        raise InvalidQueryError("只有指标查询可以逐项修改")
    changed = query
    for change in patch.changes:
        changed = _apply(changed, change)
    return query_from_json(to_json(changed))


def _apply(query: MetricQuery, change: Change) -> MetricQuery:
    slot = change.slot
    if slot in _LISTS:
        return _with(query, slot, _changed_list(getattr(query, slot), change))
    if slot in _SINGLES:
        return _with(query, slot, _single(change))
    if slot == "period":
        return replace(query, scope=replace(query.scope, period=_single(change)))
    if slot == "where":
        where = _changed_where(query.scope.where, change)
        return replace(query, scope=replace(query.scope, where=where))
    return _changed_totals(query, change)


def _with(query: MetricQuery, slot: str, value: Any) -> MetricQuery:
    changed: dict[str, Any] = {slot: value}
    return replace(query, **changed)


def _single(change: Change) -> Any:
    if change.op in ("clear", "drop"):
        return None
    return _value(change)


def _changed_list(items: tuple[Any, ...], change: Change) -> tuple[Any, ...]:
    if change.op == "clear":
        return ()
    value = _value(change)
    if change.op == "set":
        return (value,)
    if change.op == "add":
        return items if value in items else (*items, value)
    if change.op == "drop":
        return tuple(item for item in items if item != value)
    return tuple(value if item == change.old else item for item in items)


def _changed_where(where: Any, change: Change) -> Any:
    if change.op == "clear":
        return None
    value = _value(change)
    kept = _children(where)
    if change.op in ("set", "replace", "drop") and isinstance(value, Condition):
        kept = [c for c in kept if not _is_on(c, value.dimension)]
    elif change.op == "drop":
        kept = [c for c in kept if c != value]
    elif change.op == "replace":
        kept = [c for c in kept if c != change.old]
    elif change.op == "set":
        kept = []
    return _joined(kept if change.op == "drop" else [*kept, value])


def _children(where: Any) -> list[Any]:
    if where is None:
        return []
    return list(where.children) if isinstance(where, And) else [where]


def _joined(children: list[Any]) -> Any:
    distinct = list(dict.fromkeys(children))
    if not distinct:
        return None
    return distinct[0] if len(distinct) == 1 else And(tuple(distinct))


def _is_on(condition: Any, dimension: str) -> bool:
    return isinstance(condition, Condition) and condition.dimension == dimension


def _changed_totals(query: MetricQuery, change: Change) -> MetricQuery:
    empty: dict[str, Callable[[MetricQuery], MetricQuery]] = {
        "totals": lambda q: replace(q, totals=False),
        "subtotals": lambda q: replace(q, subtotals=()),
    }
    if change.op in ("clear", "drop"):
        return empty[change.slot](query)
    value = _value(change)
    if isinstance(value, Flag) and change.slot == "totals":
        return replace(query, totals=value.value)
    if isinstance(value, Indices) and change.slot == "subtotals":
        return replace(query, subtotals=value.values)
    raise InvalidQueryError(f"修改 {change.slot} 的取值类型不对")


def _value(change: Change) -> Any:
    if change.value is None:
        raise InvalidQueryError(f"修改 {change.slot} 时没有给出取值")
    return change.value
