"""Compiled trees become a ResultSet: rows in order, totals beside them, notices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from semantic_layer.compile import Compiled
from semantic_layer.engines import CancelToken, Engine, Limits
from semantic_layer.query import MetricQuery
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell, Notice, ResultSet

Check = Callable[[exp.Expression], exp.Expression]
"""The guard: gives the tree back, or raises."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where and within which limits queries run."""

    engine: Engine
    limits: Limits = Limits()
    check: Check = lambda tree: tree
    cancel: CancelToken | None = None

    def rows(self, tree: exp.Expression) -> tuple[tuple[Cell, ...], ...]:
        """All rows of a small query."""
        return self.engine.run(self.check(tree), self.limits, self.cancel).rows


def run_query(resolved: ResolvedQuery, compiled: Compiled, running: Running) -> ResultSet:
    """The rows with totals, number of groups and everything the reader must know."""
    checked = running.check(compiled.statement)
    table = running.engine.run(checked, running.limits, running.cancel)
    total_rows = len(table.rows)
    if compiled.count is not None:
        total_rows = _count(running.rows(compiled.count))
    warnings = [Notice(code, message) for code, message in resolved.warnings]
    if table.truncated:
        limit = running.limits.max_result_rows
        warnings.append(Notice("truncated", f"结果超过{limit}行,只列出前{limit}行。"))
    tied = _tied(resolved, len(table.rows))
    if tied is not None:
        warnings.append(tied)
    return ResultSet(
        columns=compiled.columns,
        rows=table.rows,
        totals=_totals(compiled, running),
        others=_others(compiled, running, table.rows, total_rows),
        total_rows=total_rows,
        truncated=table.truncated,
        warnings=tuple(warnings),
    )


def _tied(resolved: ResolvedQuery, rows: int) -> Notice | None:
    """Members that share the last place are all listed, and that is said."""
    query = resolved.query
    limit = query.limit if isinstance(query, MetricQuery) else None
    if limit is None or limit.count is None or limit.partition_by or rows <= limit.count:
        return None
    return Notice("ties", f"末位有并列,共列出{rows}个。")


def _count(rows: tuple[tuple[Cell, ...], ...]) -> int:
    found = rows[0][0]
    assert isinstance(found, int)
    return found


def _others(
    compiled: Compiled, running: Running, rows: tuple[tuple[Cell, ...], ...], total_rows: int
) -> Mapping[str, Cell]:
    """The row 其他, when groups were left out."""
    if compiled.others is None or total_rows <= len(rows):
        return {}
    found = running.rows(compiled.others(rows))
    return dict(zip(compiled.totals_columns, found[0], strict=True)) if found else {}


def _totals(compiled: Compiled, running: Running) -> Mapping[str, Cell]:
    if compiled.totals is None:
        return {}
    rows = running.rows(compiled.totals)
    return dict(zip(compiled.totals_columns, rows[0], strict=True)) if rows else {}
