"""A change in words: 较上月末增加12.30亿元(+1.01%), 上升0.05个百分点, 持平."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from assistant.explain.numbers import display_of, is_number
from assistant.language.names_text import BASE_WORDS
from assistant.language.periods_text import span_text
from semantic_layer.query import Base, MetricQuery, Show
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell, Column

PROGRESS = ".progress"
"""序时进度 beside a completion is no change."""
UNKNOWN_CHANGE = "变化无法计算"
UNKNOWN_RATE = "增速无法计算(基期为零、为负或缺失)"
Cells: TypeAlias = dict[Show, tuple[Column, Cell]]


def changes_text(
    metric: Column,
    columns: Sequence[Column],
    row: Sequence[Cell],
    resolved: ResolvedQuery,
    *,
    dated: bool = True,
) -> str:
    """Every comparison of one metric in one row, joined by commas.

    Not `dated` in one of many periods: the base of that row has no date of its own here.
    """
    query = resolved.query
    if not isinstance(query, MetricQuery):
        return ""
    texts = [
        _one_change(
            metric,
            comparison.base,
            columns,
            row,
            base_text(comparison.base, resolved) if dated else BASE_WORDS[comparison.base],
        )
        for comparison in query.compare
    ]
    return "".join(f",{text}" for text in texts if text)


def base_text(base: Base, resolved: ResolvedQuery) -> str:
    """The base with its date: 较上月末(2026年9月末), 同比."""
    spans = dict(resolved.bases).get(base, ())
    dates = span_text(spans[0]) if spans else ""
    if base == "range":
        return f"比{dates}" if dates else "比基期"
    if base == "mom" and spans and spans[0].is_point:
        return f"较{dates}"
    return f"{BASE_WORDS[base]}({dates})" if dates and base != "yoy" else BASE_WORDS[base]


def _one_change(
    metric: Column,
    base: Base,
    columns: Sequence[Column],
    row: Sequence[Cell],
    lead: str,
) -> str:
    cells: Cells = {
        c.show: (c, row[i])
        for i, c in enumerate(columns)
        if c.base == base and c.id.startswith(f"{metric.id}.") and not c.id.endswith(PROGRESS)
    }
    if base in ("average", "target"):
        return _against(base, cells)
    share = cells.pop("share", None)
    if share is not None and is_number(share[1]):
        moved = _moved(*share, ("上升", "下降"), UNKNOWN_CHANGE)
        own = _change(lead, cells)
        return f"{own},占比{moved}" if own else f"占比{lead}{moved}"
    return _change(lead, cells)


def _change(lead: str, cells: Cells) -> str:
    if "pp" in cells:
        return f"{lead}{_moved(*cells['pp'], ('上升', '下降'), UNKNOWN_CHANGE)}"
    if "diff" in cells:
        moved = _moved(*cells["diff"], ("增加", "减少"), UNKNOWN_CHANGE)
        return f"{lead}{moved}{_rate_in_brackets(cells)}"
    if "rate" in cells:
        return f"{lead}{_moved(*cells['rate'], ('增长', '下降'), UNKNOWN_RATE)}"
    if "value" in cells:
        column, value = cells["value"]
        return f"{lead}基期为{display_of(column, [value]).text(value)}"
    return ""


def _against(base: Base, cells: Cells) -> str:
    """Another value of the same time: 高于平均1.20亿元, 完成目标的85.00%, 缺口19.50亿元."""
    words = ("高于平均", "低于平均") if base == "average" else ("超过目标", "低于目标")
    known = "pp" if "pp" in cells else "diff"
    parts = []
    if base == "target" and "rate" in cells and is_number(cells["rate"][1]):
        column, value = cells["rate"]
        parts.append(f"完成目标的{display_of(column, [value]).text(value)}")
    if known in cells:
        missing = "没有可比的目标" if base == "target" else "平均无法计算"
        moved = _moved(*cells[known], words, missing)
        parts.append(
            {"持平": "与平均持平" if base == "average" else "与目标持平"}.get(moved, moved)
        )
    elif not parts and "value" in cells:
        column, value = cells["value"]
        name = "平均为" if base == "average" else "目标为"
        parts.append(f"{name}{display_of(column, [value]).text(value)}")
    return ",".join(parts)


def _moved(column: Column, value: Cell, words: tuple[str, str], missing: str) -> str:
    """Up or down by how much; 持平 when it is printed as zero."""
    if not is_number(value):
        return missing
    display = display_of(column, [value])
    if display.is_flat(value):
        return "持平"
    up, down = words
    word = up if display.rounded(value) > 0 else down
    return f"{word}{display.text(_magnitude(value))}"


def _rate_in_brackets(cells: Cells) -> str:
    if "rate" not in cells:
        return ""
    column, value = cells["rate"]
    if not is_number(value):
        return "(增速—)"
    display = display_of(column, [value])
    return f"({display.number(value, signed=True)}{display.unit})"


def _magnitude(value: Cell) -> Cell:
    if isinstance(value, Decimal):
        return abs(value)
    return abs(value) if isinstance(value, int | float) else value
