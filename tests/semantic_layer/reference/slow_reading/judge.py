"""The compiler's answer beside the slow reading's: the same rows, order and totals, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import isclose
from typing import Any

import duckdb
from slow_reading.aggregates import Cell, matching, own_rows
from slow_reading.answer import Answer, answer
from slow_reading.periods import definition
from slow_reading.question import pose
from slow_reading.world import RefusedError, World
from sqlglot import exp

from semantic_layer.compile import compile_query
from semantic_layer.engines import CancelToken, Limits, Table
from semantic_layer.problem import Problem
from semantic_layer.query import EntityQuery, MetricQuery
from semantic_layer.resolve import resolve
from semantic_layer.run import Running, run_query
from semantic_layer.snapshot import Snapshot
from semantic_layer.statement import Statement


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one question."""

    outcome: str
    """answered | refused | unsupported | too_expensive | contradictory_filter | unjudged | differs"""
    detail: str = ""


def compiled_answer(
    world: World, query: MetricQuery | EntityQuery, database: duckdb.DuckDBPyConnection
) -> Answer | Problem:
    """What the compiler says, run on the rows."""
    snapshot = Snapshot(
        world.manifest,
        world.as_of,
        world.data_dates,
        world.first_dates,
        world.calendar,
        world.column_types,
        linked=_linked(world),
        days=_days(world),
    )
    resolved = resolve(query, snapshot, world.principal)
    if isinstance(resolved, Problem):
        return resolved
    compiled = compile_query(resolved, snapshot)
    if isinstance(compiled, Problem):
        return compiled
    running = Running(_Database(database))
    found = run_query(resolved, compiled, running, world.manifest)
    return Answer(
        [column.id for column in found.columns],
        [list(row) for row in found.rows],
        dict(found.totals) if compiled.totals is not None else None,
        dict(found.others) or None,
        found.total_rows,
        [list(row) for row in found.subtotals],
    )


def _linked(world: World) -> frozenset[tuple[str, str]]:
    """Tables by entity and period that name nobody but those of the entity's own table."""
    found = set()
    for dataset in world.manifest.datasets.values():
        for join in dataset.joins:
            home = world.manifest.datasets[join.to]
            ((ours, theirs), *_) = join.keys
            if home.entity is None or set(dataset.key) != {ours, dataset.time}:
                continue
            known = {row[theirs] for row in world.tables[home.table or ""]}
            named = {row[ours] for row in world.tables[dataset.table or ""]}
            if named - {None} <= known:
                found.add((dataset.name, home.entity))
    return frozenset(found)


def _days(world: World) -> dict[str, tuple[date, ...]]:
    """The days that tables with a row per month have rows of."""
    found = {}
    for name, dataset in world.manifest.datasets.items():
        if dataset.grain == "month" and dataset.time is not None:
            days = {row.get(dataset.time) for row in world.tables[dataset.table or ""]}
            found[name] = tuple(sorted(days - {None}))
    return found


@dataclass(frozen=True, slots=True)
class _Database:
    """Answers statements from an open connection."""

    connection: duckdb.DuckDBPyConnection
    dialect: str = "duckdb"

    def run(
        self, query: exp.Expr | Statement, limits: Limits, cancel: CancelToken | None = None
    ) -> Table:
        """The rows of a statement."""
        del limits, cancel
        statement = query if isinstance(query, Statement) else Statement.of(query)
        cursor = self.connection.execute(statement.text)
        names = tuple(column[0] for column in cursor.description)
        return Table(names, (), tuple(cursor.fetchall()))

    def run_all(
        self, queries: Sequence[Statement], limits: Limits, cancel: CancelToken | None = None
    ) -> tuple[Table, ...]:
        """The rows of statements, one after the other."""
        return tuple(self.run(query, limits, cancel) for query in queries)


def judged(world: World, query: MetricQuery, database: duckdb.DuckDBPyConnection) -> Verdict:
    """Whether both say the same."""
    ours = compiled_answer(world, query, database)
    if isinstance(ours, Problem) and ours.code in ("unsupported", "too_expensive"):
        return Verdict(ours.code)
    if isinstance(ours, Problem) and ours.code == "contradictory_filter":
        return _contradicted(world, query)
    try:
        right = answer(world, query)
    except RefusedError as error:
        if isinstance(ours, Problem):
            return Verdict("refused")
        if error.code == "unsupported":
            return Verdict("unjudged")
        return Verdict("differs", f"answered, should be refused: {error.code}\n{ours.rows}")
    if isinstance(ours, Problem):
        return Verdict("differs", f"refused {ours.code} ({ours.message}), should be\n{right.rows}")
    found = difference(ours, right)
    return Verdict("differs", found) if found else Verdict("answered")


def _contradicted(world: World, query: MetricQuery) -> Verdict:
    """Whether no row of one of the metrics fulfils its own and the asked filter, ever.

    Nor is there one where no day asked about is of the kind asked for: 工作日 of one Saturday.
    """
    try:
        question = pose(world, query)
        if not question.frames:
            return Verdict("contradictory_filter")
        for leaf in question.sources.values():
            rows = question.reader.rows(definition(leaf).dataset)
            cell = Cell(question.frames[0], (), query.scope.where)
            if not own_rows(question, leaf, matching(question, leaf, cell, rows)):
                return Verdict("contradictory_filter")
    except RefusedError:
        return Verdict("refused")
    return Verdict("differs", "contradictory_filter, but rows of every metric fulfil it")


def difference(ours: Answer, right: Answer) -> str:
    """The first thing that differs; empty: nothing."""
    if ours.columns != right.columns:
        return f"columns {ours.columns}, should be {right.columns}"
    period = ours.columns.index("period") if "period" in ours.columns else None
    mine = [_plain(row, period) for row in ours.rows]
    theirs = [_plain(row, period) for row in right.rows]
    if len(mine) != len(theirs) or not all(map(_same_row, mine, theirs)):
        return f"{ours.columns}\nrows {_text(mine)}\nshould be {_text(theirs)}"
    for name, a, b in (
        ("totals", ours.totals, right.totals),
        ("others", ours.others, right.others),
    ):
        if (a is None) != (b is None) or not _same_row(
            list((a or {}).values()), list((b or {}).values())
        ):
            return f"{name} {a}\nshould be {_readable(b)}"
    mine, theirs = ([_plain(row, period) for row in found.apart] for found in (ours, right))
    if len(mine) != len(theirs) or not all(map(_same_row, mine, theirs)):
        return f"{ours.columns}\n小计 or 其他 {_text(mine)}\nshould be {_text(theirs)}"
    return "" if ours.listed == right.listed else f"{ours.listed} groups, should be {right.listed}"


def _plain(row: Sequence[Any], period: int | None) -> list[Any]:
    """Names of periods side by side are wording; their order is checked by the values."""
    return [None if at == period else cell for at, cell in enumerate(row)]


def _same_row(ours: Sequence[Any], right: Sequence[Any]) -> bool:
    return len(ours) == len(right) and all(map(same, ours, right))


def same(ours: Any, right: Any) -> bool:
    """Money exactly, divided figures to nine digits."""
    if ours is None or right is None or isinstance(right, str | bool):
        return bool(ours == right) and (ours is None) == (right is None)
    if isinstance(right, Fraction | int) and isinstance(ours, int | float | Decimal):
        exact = not isinstance(ours, float) and Fraction(ours) == right
        return exact or isclose(float(ours), float(right), rel_tol=1e-9, abs_tol=1e-9)
    return bool(ours == right)


def _text(rows: list[list[Any]]) -> str:
    return "\n  " + "\n  ".join(str([_number(c) for c in row]) for row in rows)


def _readable(values: dict[str, Any] | None) -> Any:
    return values and {name: _number(value) for name, value in values.items()}


def _number(value: Any) -> Any:
    if isinstance(value, Fraction | Decimal | float):
        return round(float(value), 6)
    return value
