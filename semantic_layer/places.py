"""Which rows take no place, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from semantic_layer.compile import Compiled
from semantic_layer.compile.protect import SUPPRESSED
from semantic_layer.model import Manifest
from semantic_layer.plan.build import group_dimensions
from semantic_layer.plan.formulas import least_cases
from semantic_layer.query import MetricQuery
from semantic_layer.resolve.labels import key_label
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell, Column, Notice

Rows = tuple[tuple[Cell, ...], ...]
MOST_NAMED = 3


def small_cells(compiled: Compiled, rows: Rows) -> frozenset[tuple[int, str]]:
    """(row, column id) of every rate over too few cases."""
    shown = len(compiled.columns)
    ids = [name.removesuffix(".small") for name in compiled.hidden if name != SUPPRESSED]
    return frozenset(
        (number, column)
        for number, row in enumerate(rows)
        for column, flag in zip(ids, row[shown : shown + len(ids)], strict=True)
        if flag
    )


def place_notices(
    resolved: ResolvedQuery,
    compiled: Compiled,
    rows: Rows,
    small: frozenset[tuple[int, str]],
    left_out: int,
    manifest: Manifest,
) -> Iterator[Notice]:
    """What stands in the table but in no ranking, and what was left out of one."""
    least = f"{least_cases(manifest):g}"
    names = {column.id: column.name for column in compiled.columns}
    for column in dict.fromkeys(column for _, column in sorted(small)):
        found = [rows[number] for number, name in sorted(small) if name == column]
        who = _members(compiled, found)
        text = f"{who}“{names[column]}”的分母不足{least},仅供参考"
        yield Notice(
            "small_denominator", f"{text},不参加最高、最低和排名。" if who else f"{text}。"
        )
    if left_out:
        reasons = [f"{'、'.join(m)}不是{label}" for label, m in _unranked(resolved, manifest)]
        if any(name != SUPPRESSED for name in compiled.hidden):
            reasons.append(f"分母不足{least}")
        text = f"另有{left_out}个不参加排名({';'.join(reasons)}),计入合计。"
        yield Notice("unranked", text)


def _members(compiled: Compiled, rows: Sequence[tuple[Cell, ...]]) -> str:
    groups = [(i, c) for i, c in enumerate(compiled.columns) if c.kind in ("dimension", "time")]
    if not groups:
        return ""
    texts = ["".join(_member(c, row[i]) for i, c in groups) for row in rows]
    more = f"等{len(texts)}项" if len(texts) > MOST_NAMED else ""
    return f"{'、'.join(texts[:MOST_NAMED])}{more}的"


def _member(column: Column, cell: Cell) -> str:
    if cell is None:
        return "未知"
    return key_label(str(cell)) if column.kind == "time" else str(cell)


def _unranked(resolved: ResolvedQuery, manifest: Manifest) -> Iterator[tuple[str, tuple[str, ...]]]:
    query = resolved.query
    assert isinstance(query, MetricQuery)
    for dimension in group_dimensions(query):
        known = manifest.dimensions.get(dimension.rpartition(".")[2])
        if known is not None and known.field.unranked:
            yield known.label, known.field.unranked
