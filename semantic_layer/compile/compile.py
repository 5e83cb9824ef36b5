"""`compile_query`: a resolved query becomes one SQL tree, its totals another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sqlglot import exp

from semantic_layer.compile.behaviour import behaviour_statement, chosen_actors
from semantic_layer.compile.combine import combine
from semantic_layer.compile.entities import entity_statement
from semantic_layer.compile.fewer_groups import called_as_beside
from semantic_layer.compile.finish import finish
from semantic_layer.compile.groups import group_columns
from semantic_layer.compile.left_out import left_out
from semantic_layer.compile.ranking import sorting_of
from semantic_layer.compile.stages import Finished, Stages, attach_stages
from semantic_layer.compile.tokens import column
from semantic_layer.compile.unplaced import placed_count, unplaced
from semantic_layer.dialects import render
from semantic_layer.plan.build import build_plan, prefix_of, whole_of
from semantic_layer.plan.nodes import Plan
from semantic_layer.plan.rest import kept_positions, rest_of
from semantic_layer.plan.whole import plan_of_whole
from semantic_layer.problem import Problem
from semantic_layer.query import SetGroup
from semantic_layer.resolve.mentioned import parts_of
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.small_groups import watched
from semantic_layer.resolved import ResolvedQuery, metric_query
from semantic_layer.result import Cell, Column
from semantic_layer.rollups.serve import with_rollups
from semantic_layer.snapshot import Snapshot
from semantic_layer.statement import Passed

Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the engine runs, and what its columns mean."""

    statement: exp.Select
    """The rows, in order."""
    columns: tuple[Column, ...]
    totals: exp.Select | None
    """One row for the whole, recomputed from the base; None when it says nothing more."""
    totals_columns: tuple[str, ...]
    """Column ids of the totals row."""
    count: exp.Select | None
    """Number of groups before the limit, and of those that take a place; None: no limit."""
    others: Callable[[Rows], Finished] | None
    """From the rows shown to 其他, recomputed from the base: one row, or one for each period
    and each group with its own first ones. None: not asked."""
    sources: frozenset[str]
    """Physical tables that are read."""
    hidden: tuple[str, ...] = ()
    """Columns of the statement behind the shown ones: rates over too few cases, and last
    whether a row is about too few people; 合计 and 其他 have only that one."""
    subtotals: tuple[Finished, ...] = ()
    """小计 by the first groups, each recomputed from the base."""
    least_people: int = 0
    """Above 0: the last column of every row says that fewer people are behind it."""
    marked: tuple[str, ...] = ()
    """Columns with a mark of their own behind the shown ones: true where a cell tells of too
    few people."""
    passed: Passed = field(default_factory=Passed, repr=False, compare=False)
    """Its trees as the guard let them through."""

    def sql(self, dialect: str = "duckdb") -> str:
        """The statement as people read it."""
        return render(self.statement, dialect, pretty=True)


def compile_query(resolved: ResolvedQuery, snapshot: Snapshot) -> Compiled | Problem:
    """One tree for the rows, one for the totals."""
    try:
        return _compiled(resolved, snapshot)
    except RefusedError as refused:
        return refused.problem


def _compiled(resolved: ResolvedQuery, snapshot: Snapshot) -> Compiled | Problem:
    if resolved.behaviour is not None:
        return _behaviour(resolved, watched(parts_of(resolved.query), snapshot))
    if resolved.listing is not None:
        return _listing(resolved, snapshot)
    plan, stages = build_plan(resolved, snapshot), _stages(snapshot)
    rows = _statement(plan, resolved, snapshot, stages)
    totals = _totals(plan, resolved, snapshot, stages)
    return Compiled(
        statement=rows.select,
        columns=rows.columns,
        totals=totals.select if totals else None,
        totals_columns=tuple(c.id for c in totals.columns) if totals else (),
        count=_count(plan, resolved, snapshot, stages),
        others=_others(plan, resolved, snapshot, stages, rows.columns),
        sources=frozenset(stages.sources),
        hidden=rows.hidden,
        subtotals=_subtotals(resolved, snapshot, stages),
        least_people=snapshot.min_group_size if rows.suppresses else 0,
    )


def _listing(resolved: ResolvedQuery, snapshot: Snapshot) -> Compiled:
    found = entity_statement(resolved, snapshot, _stages(snapshot))
    return Compiled(
        statement=found.select,
        columns=found.columns,
        totals=None,
        totals_columns=(),
        count=found.count,
        others=None,
        sources=found.sources,
    )


def _behaviour(resolved: ResolvedQuery, snapshot: Snapshot) -> Compiled:
    found = behaviour_statement(resolved, snapshot, lambda: _stages(snapshot))
    return Compiled(
        statement=found.select,
        columns=found.columns,
        totals=found.totals,
        totals_columns=found.totals_columns,
        count=found.groups,
        others=None,
        sources=found.sources,
        subtotals=found.subtotals,
        marked=found.marks,
    )


@lru_cache(maxsize=8)
def _tables(snapshot: Snapshot) -> frozenset[str]:
    """The physical tables of one state of the world, declared or not, in lower case."""
    declared = (d.table for d in snapshot.manifest.datasets.values() if d.table)
    own = {name.rpartition(".")[2].lower() for name in declared}
    return frozenset(own.union(map(str.lower, snapshot.column_types)))


def _stages(snapshot: Snapshot) -> Stages:
    return Stages(_tables(snapshot), lambda resolved, stages, at: _unordered(resolved, at, stages))


def _statement(plan: Plan, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> Finished:
    finished = _over_stages(plan, resolved, snapshot, stages)
    attach_stages(finished.select, stages)
    return finished


def _over_stages(
    plan: Plan, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> Finished:
    plan, resolved, snapshot = with_rollups(plan, resolved, snapshot)
    combined = combine(plan, resolved, snapshot, stages)
    return finish(plan, combined, resolved, snapshot, stages)


def _unordered(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> Finished:
    """A SELECT to be used inside another one."""
    if resolved.behaviour is not None:
        return chosen_actors(resolved, snapshot, stages)
    finished = _over_stages(build_plan(resolved, snapshot), resolved, snapshot, stages)
    finished.select.set("order", None)
    return finished


def _totals(
    plan: Plan, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> Finished | None:
    query = metric_query(resolved)
    wanted = query.totals or (query.limit is not None and query.limit.others)
    if not wanted or not query.group_by or len(resolved.spans) > 1 or query.window:
        return None
    if any(isinstance(g, SetGroup) and not g.rest for g in query.group_by):
        return None
    whole = whole_of(resolved)
    of_whole = plan_of_whole(plan, resolved) or build_plan(whole, snapshot)
    return _without_marks(_statement(of_whole, whole, snapshot, stages.afresh()))


def _subtotals(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> tuple[Finished, ...]:
    positions = sorted(set(metric_query(resolved).subtotals))
    return tuple(_subtotal(resolved, at, snapshot, stages.afresh()) for at in positions)


def _subtotal(
    resolved: ResolvedQuery, position: int, snapshot: Snapshot, stages: Stages
) -> Finished:
    prefix, query = prefix_of(resolved, position), metric_query(resolved)
    plan = build_plan(prefix, snapshot)
    found = _without_marks(_statement(plan, prefix, snapshot, stages))
    return called_as_beside(found, metric_query(prefix), query, range(position + 1), snapshot)


def _without_marks(finished: Finished) -> Finished:
    """A row for the whole is never ranked, but it may be about too few people."""
    shown = finished.select.expressions[: len(finished.columns)]
    if not finished.suppresses:
        finished.select.set("expressions", shown)
        return Finished(finished.select, finished.columns)
    finished.select.set("expressions", [*shown, finished.select.expressions[-1]])
    return Finished(finished.select, finished.columns)


def _count(
    plan: Plan, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> exp.Select | None:
    """How many groups there are before the limit or the focus, which no plan depends on."""
    query = metric_query(resolved)
    if query.limit is None and query.focus is None:
        return None
    unlimited = replace(resolved, query=replace(query, limit=None, focus=None, order=()))
    stages = stages.afresh()
    listed = _over_stages(plan, unlimited, snapshot, stages).select
    listed.set("order", None)
    groups = group_columns(plan.groups, snapshot, query)
    order = sorting_of(plan, query).order
    out = unplaced(plan, query, order, groups, column, column)
    name = stages.add("listed", listed, "未取前几时的全部分组")
    select = placed_count(name, out)
    attach_stages(select, stages)
    return select


def _others(
    plan: Plan,
    resolved: ResolvedQuery,
    snapshot: Snapshot,
    stages: Stages,
    columns: tuple[Column, ...],
) -> Callable[[Rows], Finished] | None:
    query = metric_query(resolved)
    if query.limit is None or not query.limit.others:
        return None
    rest = rest_of(resolved)

    def remaining(rows: Rows) -> Finished:
        listed = left_out(resolved, columns, plan.time_column, rows)
        of_rest = build_plan(rest, snapshot, listed)
        found = _without_marks(_statement(of_rest, rest, snapshot, stages.afresh()))
        return called_as_beside(found, metric_query(rest), query, kept_positions(query), snapshot)

    return remaining
