"""Bars: upright for a few short names, lying for many or long ones."""

from __future__ import annotations

from ui.page.chart.frame import Frame, Line, Option
from ui.page.chart.looks import TEXT_WIDTH, base_option, series_style, value_axis

MAX_UPRIGHT = 8
MAX_UPRIGHT_NAME = 6
MAX_LABELLED = 80
ROW_HEIGHT = 30
GROUP_HEIGHT = 12
MARGIN = 64
PALE: Option = {"itemStyle": {"opacity": 0.35}}
"""A rate over few cases does not stand out as the highest."""


def bar_option(frame: Frame) -> tuple[Option, int]:
    """The option and the height it needs."""
    return _upright(frame) if _is_upright(frame) else _lying(frame)


def _is_upright(frame: Frame) -> bool:
    short = all(len(c) <= MAX_UPRIGHT_NAME for c in frame.categories)
    return len(frame.categories) <= MAX_UPRIGHT and short


def _upright(frame: Frame) -> tuple[Option, int]:
    option = {
        **base_option(frame),
        "xAxis": _categories(frame),
        "yAxis": value_axis(frame),
        "series": [_series(line, frame, upright=True) for line in frame.lines],
    }
    return option, 340


def _lying(frame: Frame) -> tuple[Option, int]:
    base = base_option(frame)
    option = {
        **base,
        "grid": {**base["grid"], "right": 64},
        "xAxis": {**value_axis(frame), "position": "top"},
        "yAxis": {**_categories(frame), "inverse": True},
        "series": [_series(line, frame, upright=False) for line in frame.lines],
    }
    per_row = max(ROW_HEIGHT, 8 + GROUP_HEIGHT * len(frame.lines))
    return option, max(220, MARGIN + per_row * len(frame.categories))


def _categories(frame: Frame) -> Option:
    return {
        "type": "category",
        "data": list(frame.categories),
        "axisTick": {"show": False},
        "axisLabel": {"interval": 0, "width": TEXT_WIDTH, "overflow": "truncate"},
    }


def _series(line: Line, frame: Frame, *, upright: bool) -> Option:
    labelled = len(frame.lines) * len(frame.categories) <= MAX_LABELLED and len(frame.lines) <= 2
    return {
        "type": "bar",
        "name": line.name,
        "barMaxWidth": 36 if upright else 14,
        "barGap": "10%",
        "itemStyle": {**series_style(line.is_base), "borderRadius": 2},
        "data": [
            _bar(value, text, labelled, upright) | (PALE if number in line.small else {})
            for number, (value, text) in enumerate(zip(line.values, line.texts, strict=True))
        ],
    }


def _bar(value: float | None, text: str, labelled: bool, upright: bool) -> Option:
    if value is None:
        return {"value": None}
    beyond, before = ("top", "bottom") if upright else ("right", "left")
    place = beyond if value >= 0 else before
    return {"value": value, "label": {"show": labelled, "position": place, "formatter": text}}
