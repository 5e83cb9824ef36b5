"""Lines over time: gaps stay gaps, the comparison base is dashed."""

from __future__ import annotations

from collections.abc import Sequence

from ui.page.chart.frame import Frame, Line, Option
from ui.page.chart.looks import (
    PALE,
    SYMBOLS,
    TOP,
    TOP_OF_TWO,
    base_option,
    beside,
    grid,
    legend_on_a_phone,
    own_format,
    series_style,
    text_width,
    value_axis,
)

MAX_MARKED = 36
HEIGHT = 380
LEAST_NUMBERS = 16
LAST_LABEL = 40
"""Room for the half of the last label that stands beyond the last point."""


def line_option(frame: Frame) -> tuple[Option, int]:
    """The option and the height it needs."""
    base = base_option(frame)
    left = value_axis(frame, from_zero=_keeps_zero(frame, "left"))
    room = grid(right=LAST_LABEL, left=_left(frame))
    right = frame.right and beside(frame, from_zero=_keeps_zero(frame, "right"))
    option = {
        **base,
        "grid": {**room, "top": TOP_OF_TWO if frame.right else TOP},
        "tooltip": {**base["tooltip"], "axisPointer": {"type": "line"}},
        "xAxis": {
            "type": "category",
            "data": list(frame.categories),
            "boundaryGap": len(frame.categories) == 1,
            "axisTick": {"show": False},
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": [left, right] if right else left,
        "series": [_series(line, SYMBOLS[n % 8], frame) for n, line in enumerate(frame.lines)],
        **legend_on_a_phone(frame, TOP_OF_TWO if right else TOP),
    }
    return option, HEIGHT


def _left(frame: Frame) -> int:
    """The half of the first label that stands before the first point, beyond the numbers' room."""
    first = text_width(frame.categories[0]) if frame.categories else 0
    return max(8, first // 2 - LEAST_NUMBERS)


def _series(line: Line, symbol: str, frame: Frame) -> Option:
    style = series_style(line.is_base)
    dashes = "dashed" if line.is_base else "dotted" if line.axis == "right" else "solid"
    return {
        "type": "line",
        "name": line.name,
        "data": [{"value": v} | PALE if n in line.small else v for n, v in enumerate(line.values)],
        "connectNulls": False,
        "symbol": symbol,
        "symbolSize": 6,
        "showSymbol": _needs_marks(line.values),
        "lineStyle": {**style, "width": 2, "type": dashes},
        "itemStyle": style,
        **({"yAxisIndex": 1} if line.axis == "right" else {}),
        **own_format(line, frame),
    }


def _needs_marks(values: Sequence[float | None]) -> bool:
    """Few points are marked; so is a point alone between two gaps, which draws no line."""
    padded = (None, *values, None)
    alone = any(
        padded[i] is not None and padded[i - 1] is None and padded[i + 1] is None
        for i in range(1, len(padded) - 1)
    )
    return alone or len(values) <= MAX_MARKED


def _keeps_zero(frame: Frame, axis: str) -> bool:
    """Zero stays in sight unless the line would be pressed flat against the top."""
    lines = [line for line in frame.lines if line.axis == axis]
    known = [v for line in lines for v in line.values if v is not None]
    if not known or min(known) <= 0:
        return True
    return min(known) < 0.5 * max(known)
