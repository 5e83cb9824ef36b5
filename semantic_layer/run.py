"""Compiled trees become a ResultSet: rows in order, totals beside them, notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlglot import exp

from semantic_layer.compile import Compiled
from semantic_layer.engines import CancelToken, Engine, Limits, Table
from semantic_layer.model import Manifest
from semantic_layer.places import place_notices, small_cells
from semantic_layer.query import MetricQuery, Share
from semantic_layer.resolved import ResolvedQuery, metric_query
from semantic_layer.result import Cell, Column, Notice, ResultSet
from semantic_layer.statement import Check, Statement
from semantic_layer.suppressed import shown_below, shown_row, shown_whole, suppression_notice

SUBTOTAL, OTHERS = "小计", "其他"
Rows = tuple[tuple[Cell, ...], ...]


class Tables(NamedTuple):
    """What the statements of a compiled query gave."""

    rows: Table
    groups: Rows | None
    totals: Rows | None
    subtotals: tuple[Rows, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """Where and within which limits queries run."""

    engine: Engine
    limits: Limits = Limits()
    check: Check = lambda tree: tree
    cancel: CancelToken | None = None

    def rows(self, tree: exp.Expression) -> Rows:
        """All rows of a small query."""
        statement = Statement.of(self.check(tree))
        return self.engine.run(statement, self.limits, self.cancel).rows

    def tables(self, compiled: Compiled) -> Tables:
        """Every statement of a compiled query but 其他, which depends on the rows."""
        beside = (compiled.count, compiled.totals)
        trees = [compiled.statement, *(tree for tree in beside if tree is not None)]
        trees += [part.select for part in compiled.subtotals]
        statements = [compiled.passed.statement(tree, self.check) for tree in trees]
        rows, *others = self.engine.run_all(statements, self.limits, self.cancel)
        found = iter(others)
        count, totals = (None if tree is None else next(found).rows for tree in beside)
        return Tables(rows, count, totals, tuple(table.rows for table in found))


def run_query(
    resolved: ResolvedQuery, compiled: Compiled, running: Running, manifest: Manifest
) -> ResultSet:
    """The rows with totals, number of groups and everything the reader must know."""
    found = running.tables(compiled)
    table, subtotals = found.rows, _subtotals(compiled, found.subtotals)
    shown = tuple(shown_row(row, compiled) for row in table.rows)
    rows = shown_below(shown, subtotals.hidden, compiled)
    counted = _Counted(len(rows), None)
    if found.groups is not None:
        counted = _count(found.groups)
    small = small_cells(compiled, table.rows)
    warnings = [Notice(code, message) for code, message in resolved.warnings]
    if table.truncated:
        limit = running.limits.max_result_rows
        warnings.append(Notice("truncated", f"结果超过{limit}行,只列出前{limit}行。"))
    hidden = suppression_notice(resolved, compiled, rows)
    if hidden is not None:
        warnings.append(hidden)
    tied = _tied(resolved, len(table.rows))
    if tied is not None:
        warnings.append(tied)
    rest = _rest(resolved, compiled, running, rows, counted.groups)
    left_out = counted.groups - counted.placed if counted.placed is not None else 0
    warnings.extend(place_notices(resolved, compiled, rows, small, left_out, manifest))
    return ResultSet(
        columns=compiled.columns,
        rows=rows,
        totals=_totals(compiled, found.totals),
        others=rest.whole,
        subtotals=(*subtotals.rows, *rest.apart),
        total_rows=counted.groups,
        placed_rows=counted.placed,
        small=small,
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


class _Counted(NamedTuple):
    """How many groups there are, and how many take a place (None: all)."""

    groups: int
    placed: int | None


def _count(rows: Rows) -> _Counted:
    groups, placed = (*rows[0], None)[:2]
    assert isinstance(groups, int)
    assert placed is None or isinstance(placed, int)
    return _Counted(groups, placed)


class _Rest(NamedTuple):
    """其他: of everything, or of each period and each group with its own first ones."""

    whole: Mapping[str, Cell]
    apart: Rows


def _rest(
    resolved: ResolvedQuery,
    compiled: Compiled,
    running: Running,
    rows: Rows,
    total_rows: int,
) -> _Rest:
    """What was left out of the list; nothing when nothing was."""
    if compiled.others is None or total_rows <= len(rows):
        return _Rest({}, ())
    rest = compiled.others(rows)
    found = running.rows(rest.select)
    share = metric_query(resolved).share
    if any(column.kind in ("dimension", "time") for column in rest.columns):
        keys = _keys_of_wholes(rest.columns, share)
        apart = (aligned(row, rest.columns, compiled.columns, OTHERS) for row in found)
        return _Rest({}, tuple(_like_peers(row, keys, compiled, rows, share) for row in apart))
    names = tuple(column.id for column in rest.columns)
    whole = shown_whole(found[0], names, compiled) if found else {}
    lacking = _lacking_shares(compiled.columns, rows, share)
    return _Rest({name: None if name in lacking else v for name, v in whole.items()}, ())


def _keys_of_wholes(columns: tuple[Column, ...], share: Share | None) -> frozenset[str]:
    """The columns that tell one whole of a share from another."""
    kinds = ("time",) if share is None or share.of == "total" else ("time", "dimension")
    return frozenset(column.id for column in columns if column.kind in kinds)


def _like_peers(
    row: tuple[Cell, ...],
    keys: frozenset[str],
    compiled: Compiled,
    rows: Rows,
    share: Share | None,
) -> tuple[Cell, ...]:
    """其他 of a period without the shares that the members listed in it do not have either."""
    told = [at for at, column in enumerate(compiled.columns) if column.id in keys]
    peers = tuple(other for other in rows if all(other[at] == row[at] for at in told))
    lacking = _lacking_shares(compiled.columns, peers, share)
    named = zip(compiled.columns, row, strict=True)
    return tuple(None if column.id in lacking else cell for column, cell in named)


def _lacking_shares(
    columns: tuple[Column, ...], peers: Rows, share: Share | None
) -> frozenset[str]:
    """The share columns without a value for the rest, as for its peers.

    Where a member is negative nobody has a share. A peer without one tells that too, unless
    each divides by a whole of its own.
    """
    apart = share is not None and share.of == "unfiltered"
    found, lacks, value = set(), False, 0
    for at, column in enumerate(columns):
        if column.kind == "metric" and column.show == "value":
            value = at
        elif column.show == "share" and column.base is None:
            lacks = any(_has_no_share(peer[value], peer[at], apart=apart) for peer in peers)
        nobody = bool(peers) and not apart and all(peer[at] is None for peer in peers)
        if column.show == "share" and (lacks or nobody):
            found.add(column.id)
    return frozenset(found)


def _has_no_share(value: Cell, part: Cell, *, apart: bool) -> bool:
    """Whether a member's share is missing for a reason that holds for its peers too."""
    if apart:
        return isinstance(value, (int, float, Decimal)) and value < 0
    return value is not None and part is None


class _Subtotals(NamedTuple):
    """小计 in the columns of the result, and the groups of those about too few people."""

    rows: Rows
    hidden: Rows


def _subtotals(compiled: Compiled, tables: tuple[Rows, ...]) -> _Subtotals:
    """Rows of fewer groups, from the coarsest to the finest."""
    rows: list[tuple[Cell, ...]] = []
    hidden: list[tuple[Cell, ...]] = []
    for finished, found in zip(compiled.subtotals, tables, strict=True):
        above = tuple(hidden)
        groups = sum(column.kind == "dimension" for column in finished.columns)
        hidden += [
            row[:groups]
            for row in found
            if compiled.least_people and (row[-1] or any(row[: len(k)] == k for k in above))
        ]
        whole = tuple(aligned(row, finished.columns, compiled.columns) for row in found)
        rows += shown_below(whole, tuple(hidden), compiled)
    return _Subtotals(tuple(rows), tuple(hidden))


def aligned(
    row: tuple[Cell, ...],
    own: tuple[Column, ...],
    columns: tuple[Column, ...],
    name: str = SUBTOTAL,
) -> tuple[Cell, ...]:
    """A row by its own columns as a row of the result, named in the first group it lacks."""
    values = dict(zip((column.id for column in own), row, strict=False))
    lacking = (c.id for c in columns if c.kind in ("dimension", "time") and c.id not in values)
    named: dict[str, Cell] = {next(lacking, ""): name}
    return tuple({**named, **values}.get(column.id) for column in columns)


def _totals(compiled: Compiled, rows: Rows | None) -> Mapping[str, Cell]:
    return shown_whole(rows[0], compiled.totals_columns, compiled) if rows else {}
