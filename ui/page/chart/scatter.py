"""Two metrics of each member as one point."""

from __future__ import annotations

from assistant.answer import Answer
from assistant.explain import ChartSpec
from ui.page.chart.frame import Frame, Line, Option, Rows, frame_of
from ui.page.chart.looks import QUIET, grid, scale_axis, tip

MAX_NAMED = 40
HEIGHT = 420


def scatter_option(answer: Answer, spec: ChartSpec) -> tuple[Option, int, tuple[Rows, ...]]:
    """The option, the height it needs and the rows behind its points."""
    frame = frame_of(answer, spec)
    across, up = frame.lines
    places = [
        n
        for n in range(len(frame.categories))
        if across.values[n] is not None and up.values[n] is not None
    ]
    option = {
        "animation": False,
        "legend": {"show": False},
        "tooltip": {"trigger": "item", "confine": True},
        "grid": {**grid(right=40), "bottom": 28},
        "xAxis": {**_axis(across, frame), "nameLocation": "middle", "nameGap": 30},
        "yAxis": {**_axis(up, frame), "nameTextStyle": {"align": "left", "color": QUIET}},
        "series": [
            {
                "type": "scatter",
                "name": up.name,
                "symbolSize": 10,
                "data": [_point(frame, n) for n in places],
                "label": {"show": len(places) <= MAX_NAMED, "position": "right"},
                "labelLayout": {"hideOverlap": True},
            }
        ],
    }
    return option, HEIGHT, (tuple(across.rows[n] for n in places),)


def _axis(line: Line, frame: Frame) -> Option:
    unit = frame.scale(line).unit
    known = [v for v in line.values if v is not None]
    flat = bool(known) and min(known) > 0.5 * max(known) > 0
    return {
        **scale_axis(frame.scale(line), from_zero=not flat),
        "name": f"{line.name}({unit})" if unit else line.name,
        "nameTextStyle": {"color": QUIET},
    }


def _point(frame: Frame, place: int) -> Option:
    name = frame.categories[place]
    told = ((line.name, line.texts[place] + frame.scale(line).unit) for line in frame.lines)
    return {
        "name": name,
        "value": [line.values[place] for line in frame.lines],
        "label": {"formatter": "{b}"},
        "tooltip": tip(name, *told),
    }
