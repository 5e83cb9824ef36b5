"""Quartiles as boxes: the middle half, the median in it, the mean as a diamond."""

from __future__ import annotations

from assistant.answer import Answer
from assistant.explain import ChartSpec
from ui.page.chart.bars import MARGIN, ROW_HEIGHT
from ui.page.chart.frame import Frame, Option, Rows, frame_of, value_format
from ui.page.chart.looks import base_option, grid, tip, value_axis

QUARTILES = 3
FIRST, MEDIAN, THIRD = range(QUARTILES)


def box_option(answer: Answer, spec: ChartSpec) -> tuple[Option, int, tuple[Rows, ...]]:
    """The option, the height it needs and the rows behind its boxes."""
    frame = frame_of(answer, spec)
    known = [n for n in range(len(frame.categories)) if _is_known(frame, n)]
    option = {
        **base_option(frame),
        "legend": {"show": False},
        "tooltip": {"trigger": "item", "confine": True, "valueFormatter": value_format(frame)},
        "grid": grid(),
        "xAxis": {**value_axis(frame), "position": "top"},
        "yAxis": {
            "type": "category",
            "data": list(frame.categories),
            "inverse": True,
            "axisTick": {"show": False},
            "axisLabel": {"interval": 0, "width": 120, "overflow": "truncate"},
        },
        "series": [_boxes(frame), *_means(frame, known)],
    }
    height = max(220, MARGIN + ROW_HEIGHT * len(frame.categories))
    return option, height, tuple(line.rows for line in frame.lines[:1])


def _is_known(frame: Frame, place: int) -> bool:
    return all(line.values[place] is not None for line in frame.lines[:QUARTILES])


def _boxes(frame: Frame) -> Option:
    """Without whiskers: the smallest and the largest are not known."""
    boxes: list[Option | str] = []
    for place, name in enumerate(frame.categories):
        if not _is_known(frame, place):
            boxes.append("-")
            continue
        low, middle, high = (line.values[place] for line in frame.lines[:QUARTILES])
        told = ((line.name, line.texts[place] + frame.unit) for line in frame.lines)
        boxes.append({"value": [low, low, middle, high, high], "tooltip": tip(name, *told)})
    return {
        "type": "boxplot",
        "name": frame.lines[MEDIAN].name,
        "layout": "vertical",
        "boxWidth": [6, 16],
        "itemStyle": {"borderWidth": 1.5, "color": "rgba(47,114,176,0.18)"},
        "data": boxes,
    }


def _means(frame: Frame, known: list[int]) -> list[Option]:
    if len(frame.lines) <= QUARTILES:
        return []
    mean = frame.lines[QUARTILES]
    points = [[mean.values[n], n] for n in known if mean.values[n] is not None]
    return [
        {"type": "scatter", "name": mean.name, "symbol": "diamond", "symbolSize": 9, "z": 3,
         "data": points},
    ]  # fmt: skip
