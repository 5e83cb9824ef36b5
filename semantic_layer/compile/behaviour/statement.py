"""A behaviour query as trees: the rows, the whole beside them, how many there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sqlglot import exp

from semantic_layer.compile.behaviour.funnel import funnel, funnel_whole
from semantic_layer.compile.behaviour.interval import interval, interval_totals
from semantic_layer.compile.behaviour.parts import Statement
from semantic_layer.compile.behaviour.path import path_count, path_totals, paths
from semantic_layer.compile.behaviour.retention import retention, retention_totals
from semantic_layer.compile.stages import Finished, Stages, attach_stages
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Column
from semantic_layer.snapshot import Snapshot

Rows = Callable[[ResolvedQuery, Snapshot, Stages], Statement]
Totals = Callable[[ResolvedQuery, Snapshot, Stages], Statement | None]
ROWS: dict[str, Rows] = {
    "funnel_query": funnel,
    "retention_query": retention,
    "path_query": paths,
    "interval_query": interval,
}
TOTALS: dict[str, Totals] = {
    "retention_query": retention_totals,
    "path_query": path_totals,
    "interval_query": interval_totals,
}


class BehaviourStatement(NamedTuple):
    """What the engine runs, and what its columns mean."""

    select: exp.Select
    columns: tuple[Column, ...]
    totals: exp.Select | None
    totals_columns: tuple[str, ...]
    groups: exp.Select | None
    """How many rows there are before the limit; None: no limit."""
    sources: frozenset[str]
    marks: tuple[str, ...] = ()
    """Columns with a mark behind the shown ones: true where a cell tells of too few people."""
    subtotals: tuple[Finished, ...] = ()
    """The whole of a funnel, a row for every step."""


def behaviour_statement(
    resolved: ResolvedQuery, snapshot: Snapshot, fresh: Callable[[], Stages]
) -> BehaviourStatement:
    """The trees of a funnel, retention, path or interval."""
    stages, kind = fresh(), resolved.query.kind
    rows = ROWS[kind](resolved, snapshot, stages)
    attach_stages(rows.select, stages)
    totals = _totals(kind, resolved, snapshot, fresh())
    return BehaviourStatement(
        select=rows.select,
        columns=rows.columns,
        totals=totals.select if totals else None,
        totals_columns=tuple(c.id for c in totals.columns) if totals else (),
        groups=_count(kind, resolved, snapshot, fresh()),
        sources=frozenset(stages.sources),
        marks=rows.marks,
        subtotals=_subtotals(kind, resolved, snapshot, fresh()),
    )


def _subtotals(
    kind: str, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> tuple[Finished, ...]:
    whole = funnel_whole(resolved, snapshot, stages) if kind == "funnel_query" else None
    if whole is None:
        return ()
    attach_stages(whole.select, stages)
    return (Finished(whole.select, whole.columns),)


def _totals(
    kind: str, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> Statement | None:
    build = TOTALS.get(kind)
    totals = build(resolved, snapshot, stages) if build else None
    if totals is not None:
        attach_stages(totals.select, stages)
    return totals


def _count(
    kind: str, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> exp.Select | None:
    """Only paths are cut to the first few."""
    if kind != "path_query":
        return None
    select = path_count(resolved, snapshot, stages)
    attach_stages(select, stages)
    return select
