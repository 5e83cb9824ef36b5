"""A few more rows counted beside an answer, to know what its nought means."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from assistant.context import Context
from semantic_layer.compile import compile_query
from semantic_layer.engines import QueryFailedError, QueryTooExpensiveError
from semantic_layer.model import Metric
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import MetricQuery
from semantic_layer.resolve import resolve
from semantic_layer.result import Cell
from semantic_layer.run import run_query

Rows: TypeAlias = tuple[tuple[Cell, ...], ...]


def probed(
    asked: MetricQuery, probes: tuple[Metric, ...], context: Context, principal: Principal | None
) -> Rows | None:
    """The rows of a query over metrics of its own; None: it cannot be asked.

    Without a principal rights are left aside: only whether there is anything may be told then.
    """
    manifest = context.snapshot.manifest
    policies = () if principal is None else manifest.policies
    metrics = {**manifest.metrics, **{probe.name: probe for probe in probes}}
    widened = replace(manifest, metrics=metrics, policies=policies)
    snapshot = replace(context.snapshot, manifest=widened, min_group_size=1, rollups=None)
    resolved = resolve(asked, snapshot, principal or Principal(""))
    if isinstance(resolved, Problem):
        return None
    compiled = compile_query(resolved, snapshot)
    if isinstance(compiled, Problem):
        return None
    try:
        return run_query(resolved, compiled, context.running, widened).rows
    except (QueryFailedError, QueryTooExpensiveError):
        return None
