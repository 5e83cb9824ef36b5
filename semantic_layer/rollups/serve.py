"""`with_rollups`: branches that a stored table answers exactly are read from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

from semantic_layer.plan.nodes import Branch, LeftOut, Part, Plan, Window
from semantic_layer.query import (
    And,
    Condition,
    DimensionGroup,
    Not,
    Or,
    Predicate,
    TimeGroup,
)
from semantic_layer.resolve.conditions import UNKNOWN
from semantic_layer.resolve.frames import unit_name
from semantic_layer.resolve.units import unit_of
from semantic_layer.resolved import PathChoice, ResolvedQuery, RowFilter, metric_query
from semantic_layer.rollups.layout import TIME, Measure, RollupTable, rewritten
from semantic_layer.rollups.stored import Facts, Stored
from semantic_layer.snapshot import Snapshot

NESTED = {
    "day": frozenset({"day", "week", "xun", "month", "quarter", "half", "year"}),
    "month": frozenset({"month", "quarter", "half", "year"}),
    "quarter": frozenset({"quarter", "half", "year"}),
    "year": frozenset({"year"}),
}
"""Units that whole stored periods make up."""
UNDERSTOOD = frozenset(
    {
        "name", "dataset", "role", "time", "windows", "keying", "bucket", "groups", "where",
        "parts", "per", "stat", "statistics", "days", "keeps_empty", "lists_counted",
        "drops_uncounted", "left_out", "comment",
    }
)  # fmt: skip
"""What a branch may say; anything else is read from the rows."""
PLAIN_PART = frozenset({"column", "metric", "counts_people"})
PLAIN_LIST = frozenset({"dimensions", "members", "query"})


@dataclass(frozen=True, slots=True)
class Served:
    """A branch over a stored table, with the paths and rights that hold there."""

    branch: Branch
    paths: tuple[PathChoice, ...]
    filters: tuple[RowFilter, ...]


def with_rollups(
    plan: Plan, resolved: ResolvedQuery, snapshot: Snapshot
) -> tuple[Plan, ResolvedQuery, Snapshot]:
    """The same plan, reading stored tables wherever they give the same rows."""
    stored = snapshot.rollups
    groups = metric_query(resolved).group_by
    plain = all(isinstance(g, DimensionGroup | TimeGroup) for g in groups)
    if stored is None or not stored.tables or not plain:
        return plan, resolved, snapshot
    served = [_served(branch, resolved, stored) for branch in plan.branches]
    if not any(served):
        return plan, resolved, snapshot
    branches = tuple(
        found.branch if found else branch
        for found, branch in zip(served, plan.branches, strict=True)
    )
    paths = dict.fromkeys(path for found in served if found for path in found.paths)
    filters = dict.fromkeys(f for found in served if found for f in found.filters)
    wider = replace(
        resolved,
        paths=(*resolved.paths, *paths),
        row_filters=(*resolved.row_filters, *filters),
    )
    return plan._replace(branches=branches), wider, stored.extended(snapshot)


def _served(branch: Branch, resolved: ResolvedQuery, stored: Stored) -> Served | None:
    if not _is_understood(branch):
        return None
    names = _dimensions(branch)
    if names is None:
        return None
    for table, facts in stored.tables:
        if table.dataset == branch.dataset and table.time == branch.time:
            found = _over(branch, table, facts, names, resolved)
            if found is not None:
                return found
    return None


def _is_understood(branch: Branch) -> bool:
    """Whether the branch says nothing that is not known here."""
    strange = (name for name in Branch._fields if name not in UNDERSTOOD)
    if any(getattr(branch, name) for name in strange) or not branch.windows:
        return False
    return all(
        not getattr(part, name)
        for part in branch.parts
        for name in Part._fields
        if name not in PLAIN_PART
    )


def _dimensions(branch: Branch) -> tuple[str, ...] | None:
    """Every dimension that the branch reads; None when it reads more than dimensions."""
    listed = branch.left_out
    if listed is not None and _says_more(listed):
        return None
    names = [*branch.groups, *(listed.dimensions if listed else ())]
    if branch.where is not None:
        conditions = _conditions(branch.where)
        if conditions is None:
            return None
        names += [condition.dimension for condition in conditions]
    return tuple(dict.fromkeys(names))


def _says_more(listed: LeftOut) -> bool:
    """Whether members are left out by more than plain dimensions."""
    return any(getattr(listed, f.name) for f in fields(listed) if f.name not in PLAIN_LIST)


def _conditions(where: Predicate) -> list[Condition] | None:
    """The conditions of a filter that has nothing but conditions."""
    match where:
        case Condition():
            return [where]
        case And() | Or():
            parts = [_conditions(child) for child in where.children]
        case Not():
            parts = [_conditions(where.child)]
        case _:
            return None
    return None if None in parts else [c for part in parts if part for c in part]


def _over(
    branch: Branch,
    table: RollupTable,
    facts: Facts,
    names: tuple[str, ...],
    resolved: ResolvedQuery,
) -> Served | None:
    """The branch over that table, if it gives the same."""
    paths = [_stored_path(name, branch, table, resolved) for name in names]
    binding = (f for f in resolved.row_filters if f.dataset == branch.dataset)
    filters = [_stored_filter(row_filter, table) for row_filter in binding]
    if None in paths or None in filters or not _fits_in_time(branch, table, facts):
        return None
    columns = {name: p.field for name, p in zip(names, paths, strict=True) if p is not None}
    parts = []
    for part in branch.parts:
        measure = table.measure(part.metric.definition)  # type: ignore[arg-type]
        if measure is None or not _adds_up(measure, branch, table, facts, columns):
            return None
        metric = replace(part.metric, definition=rewritten(measure, table))
        parts.append(part._replace(metric=metric))
    moved = branch._replace(
        dataset=table.name, time=TIME, parts=tuple(parts),
        comment=f"{branch.comment},取自预汇总 {table.rollup}",
    )  # fmt: skip
    return Served(moved, tuple(p for p in paths if p), tuple(f for f in filters if f))


def _stored_path(
    name: str, branch: Branch, table: RollupTable, resolved: ResolvedQuery
) -> PathChoice | None:
    for path in resolved.paths:
        if path.dataset == branch.dataset and path.dimension == name:
            return _moved(path, table)
    return None


def _moved(path: PathChoice, table: RollupTable) -> PathChoice | None:
    column = table.dimension(path)
    if column is None:
        return None
    return PathChoice(table.name, path.dimension, (), path.carrier, column)


def _stored_filter(row_filter: RowFilter, table: RollupTable) -> RowFilter | None:
    """The row policy over the stored table; None when it says more than that table knows."""
    alternatives = []
    for terms in row_filter.alternatives:
        moved = [(_moved(path, table), values) for path, values in terms]
        if any(path is None for path, _ in moved):
            return None
        alternatives.append(tuple((path, values) for path, values in moved if path))
    return RowFilter(table.name, tuple(alternatives))


def _fits_in_time(branch: Branch, table: RollupTable, facts: Facts) -> bool:
    """Whether whole stored periods make up every period of the branch."""
    if table.is_exact:
        return True
    if branch.days is not None or not _nests(branch, table):
        return False
    return all(_is_whole(window, table.unit, facts.last_day) for window in branch.windows)


def _nests(branch: Branch, table: RollupTable) -> bool:
    units = [unit_name(branch.bucket)] if branch.bucket is not None else []
    if branch.per is not None:
        units.append("day" if branch.per == "trading_day" else branch.per)
    return all(unit in NESTED[table.unit] for unit in units)


def _is_whole(window: Window, unit: str, last: date) -> bool:
    starts = unit_of(unit, window.start).start == window.start
    ends = unit_of(unit, window.end).end == window.end or window.end == last
    return starts and ends and window.end <= last


def _adds_up(
    measure: Measure, branch: Branch, table: RollupTable, facts: Facts, columns: dict[str, str]
) -> bool:
    """Whether the stored values of several groups make up the value of all."""
    if measure.how != "distinct":
        return measure.how != "sum" or measure.column in facts.exact
    if not _one_period_each(branch, table) or not facts.one_time:
        return False
    if measure.column in facts.once:
        return True
    told = {columns[name] for name in branch.groups} | _pinned(branch.where, columns)
    return facts.tells_apart and told == {path.field for path in table.dimensions}


def _one_period_each(branch: Branch, table: RollupTable) -> bool:
    """Whether every value is taken over one stored period."""
    if branch.per is not None:
        return branch.per == table.unit or (branch.per == "trading_day" and table.unit == "day")
    return all(unit_of(table.unit, w.start) == unit_of(table.unit, w.end) for w in branch.windows)


def _pinned(where: Predicate | None, columns: dict[str, str]) -> set[str]:
    """Dimensions of which one member alone is left."""
    return {
        columns[condition.dimension]
        for condition in _all_of(where)
        if condition.op == "in" and len(condition.values) == 1 and UNKNOWN not in condition.values
    }


def _all_of(where: Predicate | None) -> Iterator[Condition]:
    """Conditions that hold for every row."""
    if isinstance(where, Condition):
        yield where
    elif isinstance(where, And):
        for child in where.children:
            yield from _all_of(child)
