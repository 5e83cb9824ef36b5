"""Bars: upright for a few short names, lying for many or long ones."""

from __future__ import annotations

from itertools import chain

from semantic_layer.result import Suppressed
from ui.page.chart.frame import Frame, Line, Option
from ui.page.chart.looks import (
    PALE,
    TEXT_WIDTH,
    TOP,
    TOP_OF_TWO,
    UP_TO_THE_WHOLE,
    base_option,
    beside,
    grid,
    legend_on_a_phone,
    own_format,
    series_style,
    value_axis,
    with_series,
)

MAX_UPRIGHT = 12
MAX_UPRIGHT_NAME = 6
MAX_LETTERS = 48
"""As many letters of all names stand beneath upright bars."""
MAX_TIMES = 40
MAX_LABELLED = 80
LABELLED_STACK = 0.06
"""A part of a stack that is smaller than this part of the longest has no room for its number."""
LABELLED_ON_A_PHONE = 0.2
FEW_UPRIGHT = 4
"""As many stacks are broad enough for numbers on a phone."""
BELOW_ZERO = 52
"""Room between the names and the longest bar to the left, where its number stands."""
ROW_HEIGHT = 30
GROUP_HEIGHT = 12
MARGIN = 64
UPRIGHT_HEIGHT = 340


def bar_option(frame: Frame, *, timed: bool = False) -> tuple[Option, int]:
    """The option and the height it needs."""
    return _upright(frame, timed) if _is_upright(frame, timed) else _lying(frame)


def stacked_option(frame: Frame, *, timed: bool = False) -> tuple[Option, int]:
    """The same with the parts of each bar on top of each other."""
    upright = _is_upright(frame, timed)
    option, height = _upright(frame, timed) if upright else _lying(frame)
    longest = max((sum(v or 0 for v in at) for at in zip(*_values(frame), strict=True)), default=0)
    if frame.unit == "%" and round(longest) == 100:  # parts that are rounded come to 100.01 %
        option["yAxis" if upright else "xAxis"] |= UP_TO_THE_WHOLE
    labelled = len(frame.categories) * len(frame.lines) <= 2 * MAX_LABELLED
    for series, line in zip(option["series"], frame.lines, strict=True):
        series["stack"] = "whole"
        series["barMaxWidth"] = 56 if upright else 18
        series["itemStyle"] = {"borderRadius": 0}
        series["data"] = _told(series, line, LABELLED_STACK * longest if labelled else None)
    few = labelled and len(frame.categories) <= (FEW_UPRIGHT if upright else MAX_LABELLED)
    least = LABELLED_ON_A_PHONE * longest if few else None
    pairs = zip(option["series"], frame.lines, strict=True)
    narrow = [{"data": _told(series, line, least)} for series, line in pairs]
    option["media"] = with_series(option.get("media", ()), narrow)
    return option, height if upright else max(220, MARGIN + ROW_HEIGHT * len(frame.categories))


def _told(series: Option, line: Line, least: float | None) -> list[Option]:
    """The parts of one series, with a number in those that are longer; None: in none."""
    return [
        bar
        if value is None
        else {**bar, "label": {**bar["label"], "show": least is not None and value > least,
                               "position": "inside"}}
        for bar, value in zip(series["data"], line.values, strict=True)
    ]  # fmt: skip


def _values(frame: Frame) -> list[tuple[float | None, ...]]:
    return [line.values for line in frame.lines]


def _is_upright(frame: Frame, timed: bool) -> bool:
    if timed:
        return len(frame.categories) <= MAX_TIMES
    many, longest = len(frame.categories), max(map(len, frame.categories), default=0)
    few = many <= MAX_UPRIGHT and longest <= MAX_UPRIGHT_NAME
    return few and many * longest <= MAX_LETTERS


def _upright(frame: Frame, timed: bool) -> tuple[Option, int]:
    labels = _categories(frame)
    if timed:
        labels["axisLabel"] = {"hideOverlap": True}
    option = {
        **base_option(frame),
        "grid": grid() | ({"top": TOP_OF_TWO} if frame.right else {}),
        "xAxis": labels,
        "yAxis": [value_axis(frame), beside(frame)] if frame.right else value_axis(frame),
        "series": [_series(line, frame, upright=True) for line in frame.lines],
        **legend_on_a_phone(frame, TOP_OF_TWO if frame.right else TOP),
    }
    return option, UPRIGHT_HEIGHT


def _lying(frame: Frame) -> tuple[Option, int]:
    on_top = {**value_axis(frame), "position": "top"}
    both = [on_top, {**beside(frame), "position": "bottom"}] if frame.right else on_top
    option = {
        **base_option(frame),
        "grid": {**grid(right=64), "bottom": 24 if frame.right else 8},
        "xAxis": both,
        "yAxis": _names_beside(frame),
        "series": [_series(line, frame, upright=False) for line in frame.lines],
        **legend_on_a_phone(frame),
    }
    bars = sum(line.axis == "left" for line in frame.lines)
    per_row = max(ROW_HEIGHT, 8 + GROUP_HEIGHT * bars)
    return option, max(220, MARGIN + per_row * len(frame.categories))


def _names_beside(frame: Frame) -> Option:
    names = {**_categories(frame), "inverse": True}
    if any(value is not None and value < 0 for value in chain(*_values(frame))):
        names["axisLabel"] = {**names["axisLabel"], "margin": BELOW_ZERO}
    return names


def _categories(frame: Frame) -> Option:
    return {
        "type": "category",
        "data": _names(frame),
        "axisTick": {"show": False},
        "axisLabel": {"interval": 0, "width": TEXT_WIDTH, "overflow": "truncate"},
    }


def _names(frame: Frame) -> list[str]:
    """What has no bar because it is not shown is no zero."""
    hidden = frozenset.intersection(*(line.hidden for line in frame.lines))
    return [
        f"{name} {Suppressed.SMALL_GROUP}" if place in hidden else name
        for place, name in enumerate(frame.categories)
    ]


def _series(line: Line, frame: Frame, *, upright: bool) -> Option:
    if line.axis == "right":
        return _marks(line, frame, upright=upright)
    labelled = len(frame.lines) * len(frame.categories) <= MAX_LABELLED and len(frame.lines) <= 2
    return {
        "type": "bar",
        "name": line.name,
        "barMaxWidth": 36 if upright else 14,
        "barGap": "10%",
        "itemStyle": {**series_style(line.is_base), "borderRadius": 2},
        "labelLayout": {"hideOverlap": True},
        "data": [
            _bar(value, text, labelled, upright) | (PALE if number in line.small else {})
            for number, (value, text) in enumerate(zip(line.values, line.texts, strict=True))
        ],
    }


def _marks(line: Line, frame: Frame, *, upright: bool) -> Option:
    """Values in a second unit are marks: bars of two units would look comparable."""
    return {
        "type": "scatter",
        "name": line.name,
        "yAxisIndex" if upright else "xAxisIndex": 1,
        "symbol": "diamond",
        "symbolSize": 12,
        "z": 3,
        "data": [
            {"value": [n, v] if upright else [v, n]} | (PALE if n in line.small else {})
            for n, v in enumerate(line.values)
            if v is not None
        ],
        **own_format(line, frame),
    }


def _bar(value: float | None, text: str, labelled: bool, upright: bool) -> Option:
    if value is None:
        return {"value": None}
    beyond, before = ("top", "bottom") if upright else ("right", "left")
    place = beyond if value >= 0 else before
    return {"value": value, "label": {"show": labelled, "position": place, "formatter": text}}
