"""Numbers of metrics for checks: asked of the compiler, without anybody's rights."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from metrics.live.rows import LiveData
from semantic_layer.compile import compile_query
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import MetricQuery
from semantic_layer.resolve import resolve
from semantic_layer.result import Cell

CHECKER = Principal("核对")


def answered(query: MetricQuery, data: LiveData) -> tuple[tuple[Cell, ...], ...] | Problem:
    """The rows of a query over all data; the problem when it has none."""
    manifest = replace(data.snapshot.manifest, policies=())
    open_to_all = replace(data.snapshot, manifest=manifest, min_group_size=1, rollups=None)
    resolved = resolve(query, open_to_all, CHECKER)
    if isinstance(resolved, Problem):
        return resolved
    compiled = compile_query(resolved, open_to_all)
    if isinstance(compiled, Problem):
        return compiled
    rows = data.rows(compiled.statement)
    return tuple(row[: len(compiled.columns)] for row in rows)


def exact(value: Cell) -> Decimal:
    """A number with all its digits; none is 0."""
    return Decimal(str(value)) if value is not None else Decimal(0)
