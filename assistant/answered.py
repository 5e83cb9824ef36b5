"""The rows of a query with everything said about them, as an answer object."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from assistant.answer import Answer, AnswerPeriod
from assistant.explain import Explanation, said_once, totals_with_shares
from assistant.json_text import plain
from assistant.language.canonical import canonical
from assistant.language.reading_text import reading as reading_text
from assistant.reading import Reading
from semantic_layer.model import Manifest
from semantic_layer.query import Query, to_json
from semantic_layer.resolved import ResolvedQuery, ResolvedSpan
from semantic_layer.result import Cell, Column, Notice, ResultSet
from semantic_layer.snapshot import Snapshot

NOT_A_NUMBER = Notice("not_a_number", "有的值无法计算(不是有限的数),显示为“—”")


def answered(
    query: Query,
    reading: Reading,
    resolved: ResolvedQuery,
    sql: str,
    result: ResultSet,
    explanation: Explanation,
    manifest: Manifest,
) -> Answer:
    """The complete answer, but for who asked and when."""
    bound = bound_to(query, reading, resolved, sql, manifest)
    return replace(
        bound,
        reading=explanation.reading,
        columns=result.columns,
        rows=result.rows,
        row_count=len(result.rows),
        total_rows=result.total_rows,
        truncated=result.truncated,
        totals=dict(totals_with_shares(query, result)),
        others=dict(result.others),
        subtotals=result.subtotals,
        small=tuple(sorted(result.small)),
        headline=explanation.headline,
        chart=explanation.chart,
        definitions=explanation.definitions,
        certified=explanation.certified,
        warnings=_once((*bound.warnings, *result.warnings, *explanation.notices)),
        suggestions=explanation.suggestions,
    )


def sql_only(
    query: Query, reading: Reading, resolved: ResolvedQuery, sql: str, snapshot: Snapshot
) -> Answer:
    """The SQL and how the question was read; nothing was run."""
    bound = bound_to(query, reading, resolved, sql, snapshot.manifest)
    return replace(bound, code="sql_only", reading=reading_text(resolved, snapshot.manifest))


def bound_to(
    query: Query, reading: Reading, resolved: ResolvedQuery, sql: str, manifest: Manifest
) -> Answer:
    """What is known of the answer before any row is read."""
    return Answer(
        scope=resolved.scope_text or None,
        confidence=reading.confidence or None,
        canonical=canonical(query, manifest),
        query=to_json(query),
        resolved_query=resolved_json(resolved),
        sql=sql,
        periods=tuple(map(_period, _all_spans(resolved))),
        data_dates=dict(resolved.data_dates),
        assumptions=said_once((*reading.assumptions, *resolved.assumptions)),
        warnings=tuple(Notice(code, message) for code, message in resolved.warnings),
    )


def with_finite_numbers(result: ResultSet, manifest: Manifest) -> ResultSet:
    """NaN and infinity become missing, with a warning; numbers that are ids become text."""
    ids = [_is_id(column, manifest) for column in result.columns]
    rows, subtotals = (
        tuple(
            tuple(_cell(cell, is_id) for cell, is_id in zip(row, ids, strict=True)) for row in found
        )
        for found in (result.rows, result.subtotals)
    )
    totals = {name: _finite(cell) for name, cell in result.totals.items()}
    others = {name: _finite(cell) for name, cell in result.others.items()}
    every = (*result.rows, *result.subtotals)
    lost = any(_is_lost(c) for row in every for c in row) or any(
        map(_is_lost, (*result.totals.values(), *result.others.values()))
    )
    warnings = (*result.warnings, NOT_A_NUMBER) if lost else result.warnings
    return replace(
        result,
        rows=rows,
        totals=totals,
        others=others,
        subtotals=subtotals,
        warnings=warnings,
    )


def resolved_json(resolved: ResolvedQuery) -> Mapping[str, Any]:
    """The bound query as JSON, without what is empty."""
    found: Mapping[str, Any] = _without_empty(plain(resolved))
    return found


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {k: _without_empty(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v is not None and v not in ([], {}, "")}
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    return value


def _is_id(column: Column, manifest: Manifest) -> bool:
    """A key of its home dataset: a number only by spelling."""
    dimension = manifest.dimensions.get(column.id.rpartition(".")[2])
    if column.kind != "dimension" or dimension is None:
        return False
    return dimension.name in manifest.datasets[dimension.home].key


def _is_lost(cell: Cell) -> bool:
    if isinstance(cell, Decimal):
        return not cell.is_finite()
    return isinstance(cell, float) and not math.isfinite(cell)


def _cell(cell: Cell, is_id: bool) -> Cell:
    return str(cell) if is_id and isinstance(cell, int) else _finite(cell)


def _finite(cell: Cell) -> Cell:
    return None if _is_lost(cell) else cell


def _all_spans(resolved: ResolvedQuery) -> Iterable[ResolvedSpan]:
    yield from resolved.spans
    for _, spans in resolved.bases:
        yield from spans


def _period(span: ResolvedSpan) -> AnswerPeriod:
    return AnswerPeriod(span.role, span.start, span.end, span.complete, span.label)


def _once(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple(dict.fromkeys(notices))
