"""Groups kept by a condition: 符合条件的3个支行:隆德支行(-3,913.86元)、…"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assistant.explain.numbers import display_of, is_change, is_number
from assistant.language.periods_text import bucket_text
from semantic_layer.query import MetricQuery, NumberOp
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell, Column, ResultSet

NAMED = 3
"""So many are named one by one; of more, the first and the last."""
DOWNWARDS: frozenset[NumberOp] = frozenset({"lt", "le"})
WORDS = {"diff": "变化", "pp": "变化", "rate": "增速", "share": "占比"}


def selected_text(
    resolved: ResolvedQuery,
    result: ResultSet,
    group: int,
    metrics: Sequence[int],
    kin: Sequence[Sequence[Cell]],
    placed: Sequence[Sequence[Cell]],
) -> str | None:
    """How many groups meet the condition and which, by what it compares; None without one."""
    query = resolved.query
    if not isinstance(query, MetricQuery) or not query.having:
        return None
    compared = _compared(query, result, metrics)
    if compared is None:
        return None
    rows = result.rows if query.order else kin or result.rows
    apart = _apart([row for row in result.rows if row not in rows], group)
    kept = [row for row in rows if is_number(row[compared])]
    if not kept:
        return None
    if query.order or result.total_rows > len(result.rows):
        count = result.placed_rows or result.total_rows or len(kept)
        texts = _texts(resolved, result, kept[:NAMED], group, compared)
        more = "等" if len(kept) > NAMED else ""
        name = _counted(result.columns[group], max(count, len(kept)))
        return f";符合条件的{name}中依次为{'、'.join(texts)}{more}"
    if len(kept) > NAMED:
        fit = [row for row in kept if row in placed]
        if not fit:
            name = _counted(result.columns[group], len(kept))
            return f";符合条件的{name}{apart}的分母都过小,不比高低"
        return _ends(resolved, result, fit, group, compared, len(kept), apart)
    return _ends(resolved, result, kept, group, compared, len(kept), apart)


def _apart(rows: Sequence[Sequence[Cell]], group: int) -> str:
    """Members that meet the condition too but are of another kind: 总行直属."""
    return f"(另有{'、'.join(str(row[group]) for row in rows)})" if rows else ""


def _ends(
    resolved: ResolvedQuery,
    result: ResultSet,
    kept: list[Sequence[Cell]],
    group: int,
    compared: int,
    count: int,
    apart: str,
) -> str:
    """All of a few, the two ends of many."""
    query = resolved.query
    assert isinstance(query, MetricQuery)
    downwards = query.having[0].op in DOWNWARDS
    kept.sort(key=lambda row: Decimal(str(row[compared])), reverse=not downwards)
    texts = _texts(resolved, result, kept, group, compared)
    lead = f";符合条件的{_counted(result.columns[group], count)}{apart}"
    if count <= NAMED:
        return f"{lead}:{'、'.join(texts)}"
    if kept[0][compared] == kept[-1][compared]:
        said = f"均为{texts[0].rpartition('(')[2].removesuffix(')')}"
        if len(kept) == count:
            return f"{lead}{said}"
        few = f"只有{texts[0]}" if len(kept) == 1 else f"{len(kept)}个{said}"
        return f"{lead}中,可比高低的{few}"
    ends = ("最低", "最高") if downwards else ("最高", "最低")
    word = WORDS.get(result.columns[compared].show, "")
    return f"{lead}中,{word}{ends[0]}的是{texts[0]},{ends[1]}的是{texts[-1]}"


def _compared(query: MetricQuery, result: ResultSet, metrics: Sequence[int]) -> int | None:
    """The column that the first condition looks at."""
    wanted = query.having[0].column
    at = wanted.measure or 0
    if at >= len(metrics):
        return None
    if wanted.show == "value" and wanted.base is None:
        return metrics[at]
    own = f"{result.columns[metrics[at]].id}."
    return next(
        (
            place
            for place, column in enumerate(result.columns)
            if column.id.startswith(own)
            and (column.show, column.base) == (wanted.show, wanted.base)
        ),
        None,
    )


def _texts(
    resolved: ResolvedQuery,
    result: ResultSet,
    rows: Sequence[Sequence[Cell]],
    group: int,
    compared: int,
) -> list[str]:
    """Every group with what was compared: 上海分行(+18.20%)."""
    column = result.columns[compared]
    display = display_of(column, [row[compared] for row in rows])
    signed = is_change(column) or (column.base is not None and column.show == "rank")
    return [
        f"{_name(row[group], result.columns[group], resolved)}"
        f"({display.number(row[compared], signed=signed)}{display.unit})"
        for row in rows
    ]


def _name(value: Cell, column: Column, resolved: ResolvedQuery) -> str:
    if column.kind == "time":
        return bucket_text(value, resolved.grain or "month")
    return "未知" if value is None else str(value)


def _counted(column: Column, count: int) -> str:
    return f"{count}期" if column.kind == "time" else f"{count}个{column.name}"
