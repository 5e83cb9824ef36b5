"""Values about too few people leave the rows before anybody sees them."""

from __future__ import annotations

from collections.abc import Mapping

from semantic_layer.compile import Compiled
from semantic_layer.query import MetricQuery
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell, Notice, Suppressed

Row = tuple[Cell, ...]


def shown_row(row: Row, compiled: Compiled) -> Row:
    """The columns shown, `***` for every value of a row that is about too few people."""
    shown = row[: len(compiled.columns)]
    if compiled.marked:
        return _without_marked(shown, row[len(shown) :], compiled)
    if not (compiled.least_people and row[-1]):
        return shown
    return _hidden(shown, compiled)


def _without_marked(shown: Row, marks: Row, compiled: Compiled) -> Row:
    """`***` for every cell that its own mark hides."""
    hidden = {name for name, mark in zip(compiled.marked, marks, strict=True) if mark}
    return tuple(
        Suppressed.SMALL_GROUP if column.id in hidden else cell
        for cell, column in zip(shown, compiled.columns, strict=True)
    )


def shown_whole(row: Row, names: tuple[str, ...], compiled: Compiled) -> Mapping[str, Cell]:
    """合计 or 其他 by column, `***` when it is about too few people."""
    if compiled.least_people and row[-1]:
        return dict.fromkeys(names, Suppressed.SMALL_GROUP)
    return dict(zip(names, row[: len(names)], strict=True))


def shown_below(
    rows: tuple[Row, ...], hidden: tuple[Row, ...], compiled: Compiled
) -> tuple[Row, ...]:
    """The rows, `***` below every hidden 小计: together they would say what it hides.

    `hidden`: the groups of such 小计.
    """
    if not hidden:
        return rows
    lengths, keys = {len(key) for key in hidden}, set(hidden)
    return tuple(
        _hidden(row, compiled) if any(row[:n] in keys for n in lengths) else row for row in rows
    )


def _hidden(row: Row, compiled: Compiled) -> Row:
    return tuple(
        cell if column.kind in ("dimension", "time") else Suppressed.SMALL_GROUP
        for cell, column in zip(row, compiled.columns, strict=True)
    )


def suppression_notice(
    resolved: ResolvedQuery, compiled: Compiled, rows: tuple[Row, ...]
) -> Notice | None:
    """What the reader is told when something is hidden, or may be missing from a list."""
    least = compiled.least_people
    if not least:
        return None
    grouped = any(column.kind in ("dimension", "time") for column in compiled.columns)
    if any(Suppressed.SMALL_GROUP in row for row in rows):
        if not grouped:
            return Notice("suppressed", f"人数少于{least}人,涉及个人特征,不显示数值(***)。")
        text = (
            f"人数少于{least}人的组涉及个人特征,不显示数值(***),也不参加排名;"
            "为防止由合计倒推,人数次少的组一并不显示。"
        )
        return Notice("suppressed", text)
    query = resolved.query
    cut = isinstance(query, MetricQuery) and (query.limit or query.having)
    text = f"人数少于{least}人的组涉及个人特征,不参加排名和筛选。"
    return Notice("suppressed", text) if cut else None
