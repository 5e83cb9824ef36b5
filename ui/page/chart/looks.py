"""Shared looks: quiet axes, one unit; the palette itself stands in the theme."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ui.page.chart.frame import Frame, Line, Option, Scale, number_format, value_format

BASE_COLOUR = "#97A3B0"
"""The comparison base: present, but not competing."""
QUIET = "#8C96A1"
TEXT_WIDTH = 120
TOP, TOP_OF_TWO = 40, 58
"""Beneath the legend, and the unit of a second axis beneath that."""
PHONE = 480
ROOM_ON_A_PHONE = 290
LEGEND_LINE = 22
MOST_LEGEND_LINES = 3
"""A longer legend is paged rather than taking the room of the chart."""
TITLE_GAP = 24
LEAST_LEFT = 110
"""Where a legend begins beside a short unit."""
PALE: Option = {"itemStyle": {"opacity": 0.35}}
"""A rate over few cases does not stand out as the highest."""
UP_TO_THE_WHOLE: Option = {"max": 100, "interval": 20}
"""Left to itself an axis of parts would go on to 120 %."""
SYMBOLS = ("circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle",
           "emptyDiamond")  # fmt: skip
"""Lines differ by their marks as well as by colour."""


def base_option(frame: Frame) -> Option:
    """Everything but axes and series."""
    return {
        "animation": False,
        "title": unit_title(frame.unit, _what(frame)),
        "legend": legend(frame),
        "tooltip": {
            "trigger": "axis",
            "axisPointer": {"type": "shadow"},
            "valueFormatter": value_format(frame),
            "confine": True,
        },
        "grid": grid(),
    }


def grid(right: int = 24, left: int = 8) -> Option:
    """The room of the axes; labels are inside of it."""
    return {"left": left, "right": right, "top": TOP, "bottom": 8, "containLabel": True}


def _what(frame: Frame) -> str:
    """Bars of a change say so, and one of several figures: the sentence above tells them all."""
    if frame.only:
        return frame.only
    alone = frame.lines[0] if len(frame.lines) == 1 else None
    return alone.name if alone and alone.is_change else ""


def unit_title(unit: str, what: str = "") -> Option:
    """The one unit of the axis, in the corner."""
    text = "  ".join(filter(None, (what, f"单位:{unit}" if unit else "")))
    style = {"fontSize": 12, "fontWeight": "normal", "color": QUIET}
    return {"text": text, "textStyle": style, "left": 0, "top": 0}


def legend(frame: Frame) -> Option:
    """Shown only when there is something to tell apart; beside the unit and what is drawn."""
    title = unit_title(frame.unit, _what(frame))["text"]
    left = max(LEAST_LEFT, TITLE_GAP + text_width(title))
    return {
        "show": len(frame.lines) > 1,
        "type": "scroll",
        "top": 0,
        "right": 8,
        "left": left,
        "padding": [1, 0],
    }


def legend_on_a_phone(frame: Frame, top: int = TOP) -> Option:
    """The legend beneath the unit, in as many lines as its names need."""
    if len(frame.lines) < 2:
        return {}
    needed = _legend_lines([line.name for line in frame.lines])
    is_paged = needed > MOST_LEGEND_LINES
    placed = {
        **legend(frame),
        "type": "scroll" if is_paged else "plain",
        "left": 0,
        "right": 0,
        "top": LEGEND_LINE,
        "itemGap": 10,
        "textStyle": {"width": ROOM_ON_A_PHONE - 40, "overflow": "truncate"},
    }
    room = {"top": top + LEGEND_LINE * (1 if is_paged else needed)}
    query = {"maxWidth": PHONE}
    return {"media": [{"query": query, "option": {"legend": placed, "grid": room}}]}


def _legend_lines(names: Sequence[str]) -> int:
    """How many lines the names take side by side, each behind its mark."""
    lines, used = 1, 0
    for name in names:
        width = 40 + text_width(name)
        if used and used + width > ROOM_ON_A_PHONE:
            lines, used = lines + 1, 0
        used += width
    return lines


def text_width(text: str) -> int:
    """About how many pixels a text of 12 pixels takes."""
    return sum(7 if letter.isascii() else 12 for letter in text)


def value_axis(frame: Frame, *, from_zero: bool = True) -> Option:
    """The axis of numbers."""
    axis = scale_axis(Scale(frame.unit, frame.decimals), from_zero=from_zero)
    known = [v for line in frame.lines if line.axis == "left" for v in line.values if v is not None]
    whole = frame.unit == "%" and known and min(known) >= 0 and 99 < max(known) <= 100
    return axis | UP_TO_THE_WHOLE if from_zero and whole else axis


def scale_axis(scale: Scale, *, from_zero: bool = True) -> Option:
    """An axis of numbers in one unit."""
    return {
        "type": "value",
        "scale": not from_zero,
        "splitNumber": 4,
        "minInterval": 1 if scale.decimals == 0 else 0,
    }


def beside(frame: Frame, *, from_zero: bool = True) -> Option:
    """The axis of the second unit: its name stands at it, its lines would cross the first's."""
    assert frame.right is not None
    return {
        **scale_axis(frame.right, from_zero=from_zero),
        "name": f"单位:{frame.right.unit}",
        "nameTextStyle": {"color": QUIET, "fontSize": 12},
        "nameGap": 12,
        "splitLine": {"show": False},
        "alignTicks": True,
    }


def series_style(is_base: bool) -> Option:
    """The theme's colour for a metric, a quiet one for its base."""
    return {"color": BASE_COLOUR} if is_base else {}


def own_format(line: Line, frame: Frame) -> Option:
    """A series in the second unit says so in its tooltip."""
    if line.axis == "left" or frame.right is None:
        return {}
    return {"tooltip": {"valueFormatter": number_format(frame.right)}}


def on_a_phone(series: Option, **around: Option) -> Option:
    """What the one series does differently where there is little room."""
    return {"media": [{"query": {"maxWidth": PHONE}, "option": {"series": [series], **around}}]}


def with_series(media: Sequence[Option], series: Sequence[Option]) -> list[Option]:
    """The same for every series of a chart that may have a legend on a phone already."""
    held = media[0]["option"] if media else {}
    option = {**held, "series": list(series)}
    return [{"query": {"maxWidth": PHONE}, "option": option}]


def tip(title: str, *lines: tuple[str, str]) -> Option:
    """A tooltip of our own words; texts from data are never HTML or placeholders."""
    told = "<br>".join(f"{_plain(name)}&emsp;<b>{_plain(text)}</b>" for name, text in lines)
    return {"formatter": f"{_plain(title)}<br>{told}"}


def _plain(text: str) -> str:
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")
