"""A patch applied to a query: follow-ups, chips, drill and repairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from semantic_layer.query.codec import Query
from semantic_layer.query.invalid import InvalidQueryError
from semantic_layer.query.metric_query import ColumnRef, Limit, MetricQuery
from semantic_layer.query.patch import Change, Flag, Indices, Patch, SlotValue
from semantic_layer.query.period import Period
from semantic_layer.query.predicate import (
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
    TopMembership,
)

LISTS = frozenset({"measures", "group_by", "having", "compare", "order"})
SINGLES = frozenset({"limit", "focus", "share", "window"})
SLOT_NAMES = {
    "measures": "指标", "group_by": "分组", "having": "分组条件", "compare": "比较",
    "order": "排序", "limit": "条数", "focus": "名次", "share": "占比", "window": "累计",
    "totals": "合计", "subtotals": "小计", "period": "时间", "where": "筛选",
}  # fmt: skip
Renumber = Callable[[int], int | None]
"""Old position → new position; None: gone."""


def apply_patch(query: Query, patch: Patch) -> Query:
    """The query after all changes; InvalidQueryError when one does not fit."""
    for change in patch.changes:
        query = _apply(query, change)
    return query


def _apply(query: Query, change: Change) -> Query:
    if change.op in ("set", "add", "drop", "replace") and change.value is None:
        raise InvalidQueryError(f"修改{SLOT_NAMES[change.slot]}时没有给出内容")
    if change.slot in ("period", "where"):
        return _apply_to_scope(query, change)
    if change.slot not in {field.name for field in fields(query)}:
        raise InvalidQueryError(f"这类查询没有{SLOT_NAMES[change.slot]}可以修改")
    if change.slot in ("totals", "subtotals"):
        return _apply_flag(query, change)
    if change.slot in SINGLES:
        single: Any = None if change.op in ("clear", "drop") else change.value
        return replace(query, **{change.slot: single})
    return _apply_to_list(query, change)


def _apply_flag(query: Query, change: Change) -> Query:
    if change.op in ("clear", "drop"):
        value: Any = () if change.slot == "subtotals" else False
    elif isinstance(change.value, Flag | Indices):
        kept = change.value
        value = kept.value if isinstance(kept, Flag) else kept.values
    else:
        raise InvalidQueryError(f"{SLOT_NAMES[change.slot]}只能开关或给出位置")
    return replace(query, **{change.slot: value})


def _apply_to_list(query: Query, change: Change) -> Query:
    old: tuple[Any, ...] = getattr(query, change.slot)
    new = _changed_list(old, change)
    if change.slot not in ("measures", "group_by") or not isinstance(query, MetricQuery):
        return _consistent(query, **{change.slot: new})
    renumber = _renumbering(old, new, shifts=change.op in ("drop", "add"))
    return _renumbered(query, change.slot, new, renumber)


def _changed_list(old: tuple[Any, ...], change: Change) -> tuple[Any, ...]:
    value = change.value
    match change.op:
        case "set":
            return (value,)
        case "add":
            return old if value in old else (*old, value)
        case "drop":
            kept = tuple(item for item in old if item != value)
            if kept == old:
                raise InvalidQueryError(f"要去掉的{SLOT_NAMES[change.slot]}不在上一个查询里")
            return kept
        case "replace":
            if change.old not in old:
                raise InvalidQueryError(f"要替换的{SLOT_NAMES[change.slot]}不在上一个查询里")
            return tuple(value if item == change.old else item for item in old)
    return ()


def _renumbering(old: tuple[Any, ...], new: tuple[Any, ...], *, shifts: bool) -> Renumber:
    def renumber(position: int) -> int | None:
        if shifts:
            return new.index(old[position]) if old[position] in new else None
        return position if position < len(new) else None

    return renumber


def _renumbered(
    query: MetricQuery, slot: str, new: tuple[Any, ...], renumber: Renumber
) -> MetricQuery:
    """Order, conditions and limit keep pointing at what they meant."""
    column = "measure" if slot == "measures" else "group"

    def moved(ref: ColumnRef) -> ColumnRef | None:
        position = getattr(ref, column)
        if position is None:
            return ref
        found: Any = renumber(position)
        return None if found is None else replace(ref, **{column: found})

    order = tuple(replace(o, column=ref) for o in query.order if (ref := moved(o.column)))
    having = tuple(replace(h, column=ref) for h in query.having if (ref := moved(h.column)))
    changes: dict[str, Any] = {slot: new, "order": order, "having": having}
    if slot == "group_by":
        changes["limit"] = _renumbered_limit(query.limit, renumber)
        changes["subtotals"] = tuple(_kept(query.subtotals, renumber))
    return replace(query, **changes)


def _renumbered_limit(limit: Limit | None, renumber: Renumber) -> Limit | None:
    if limit is None:
        return None
    return replace(limit, partition_by=tuple(_kept(limit.partition_by, renumber)))


def _kept(positions: tuple[int, ...], renumber: Renumber) -> Iterator[int]:
    for position in positions:
        found = renumber(position)
        if found is not None:
            yield found


def _consistent(query: Query, **changes: Any) -> Query:
    """Without comparisons, nothing can be sorted or filtered by them."""
    if isinstance(query, MetricQuery) and "compare" in changes:
        bases = {comparison.base for comparison in changes["compare"]}
        for slot in ("order", "having"):
            items = getattr(query, slot)
            changes[slot] = tuple(i for i in items if i.column.base in {None, *bases})
    return replace(query, **changes)


def _apply_to_scope(query: Query, change: Change) -> Query:
    scope = query.scope
    if change.slot == "period":
        if change.op in ("clear", "drop"):
            return replace(query, scope=replace(scope, period=None))
        if not isinstance(change.value, Period):
            raise InvalidQueryError("时间只能换成另一段时间")
        spans = change.value.spans
        if change.op == "add" and scope.period is not None:
            spans = tuple(dict.fromkeys((*scope.period.spans, *spans)))
        return replace(query, scope=replace(scope, period=replace(change.value, spans=spans)))
    return replace(query, scope=replace(scope, where=_changed_where(scope.where, change)))


def _changed_where(where: Predicate | None, change: Change) -> Predicate | None:
    if change.op == "clear":
        return None
    value = _as_predicate(change.value)
    if change.op == "add":
        return _both(where, value)
    subjects = _subjects(_as_predicate(change.old) if change.old is not None else value)
    rest = _without(where, subjects)
    if change.op in ("drop", "replace") and rest == where:
        raise InvalidQueryError("要修改的筛选条件不在上一个查询里")
    return rest if change.op == "drop" else _both(rest, value)


def _as_predicate(value: SlotValue | None) -> Predicate:
    if isinstance(
        value,
        Condition | MetricCondition | ChangeCondition | EventCondition | FunnelCondition
        | SegmentCondition | Membership | TopMembership | And | Or | Not,
    ):  # fmt: skip
        return value
    raise InvalidQueryError("筛选只能是一个条件")


def _both(left: Predicate | None, right: Predicate) -> Predicate:
    if left is None or left == right:
        return right
    children = (*_conjuncts(left), *_conjuncts(right))
    unique = tuple(dict.fromkeys(children))
    return And(unique) if len(unique) > 1 else unique[0]


def _conjuncts(predicate: Predicate) -> tuple[Predicate, ...]:
    return predicate.children if isinstance(predicate, And) else (predicate,)


def _subjects(predicate: Predicate) -> frozenset[object]:
    """What a predicate is about: its dimensions, metrics, events."""
    match predicate:
        case And() | Or():
            return frozenset(s for child in predicate.children for s in _subjects(child))
        case Not():
            return _subjects(predicate.child)
        case Condition():
            return frozenset({predicate.dimension})
        case MetricCondition() | ChangeCondition() | TopMembership():
            return frozenset({(predicate.kind, predicate.metric)})
        case EventCondition():
            return frozenset({(predicate.kind, predicate.event)})
        case FunnelCondition():
            return frozenset({(predicate.kind, step.event) for step in predicate.steps})
    return frozenset({predicate})


def _without(where: Predicate | None, subjects: frozenset[object]) -> Predicate | None:
    """The filter without everything that is about these subjects."""
    match where:
        case None:
            return None
        case And() | Or():
            kept = tuple(c for child in where.children if (c := _without(child, subjects)))
            if len(kept) > 1:
                return replace(where, children=kept)
            return kept[0] if kept else None
        case Not():
            child = _without(where.child, subjects)
            return None if child is None else Not(child)
    return None if _subjects(where) & subjects else where
