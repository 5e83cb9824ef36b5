"""Shared looks: quiet axes, one unit; the palette itself stands in the theme."""

from __future__ import annotations

from ui.page.chart.frame import Frame, Option, value_format

BASE_COLOUR = "#97A3B0"
"""The comparison base: present, but not competing."""
QUIET = "#8C96A1"
TEXT_WIDTH = 120


def base_option(frame: Frame) -> Option:
    """Everything but axes and series."""
    return {
        "animation": False,
        "title": unit_title(frame),
        "legend": legend(frame),
        "tooltip": {
            "trigger": "axis",
            "axisPointer": {"type": "shadow"},
            "valueFormatter": value_format(frame),
            "confine": True,
        },
        "grid": {
            "left": 8,
            "right": 24,
            "top": 36,
            "bottom": 8,
            "containLabel": True,
        },
    }


def unit_title(frame: Frame) -> Option:
    """The one unit of the axis, in the corner."""
    text = f"单位:{frame.unit}" if frame.unit else ""
    style = {"fontSize": 12, "fontWeight": "normal", "color": QUIET}
    return {"text": text, "textStyle": style, "left": 0, "top": 0}


def legend(frame: Frame) -> Option:
    """Shown only when there is something to tell apart."""
    return {"show": len(frame.lines) > 1, "type": "scroll", "top": 0, "right": 8, "left": 90}


def value_axis(frame: Frame, *, from_zero: bool = True) -> Option:
    """The axis of numbers."""
    return {
        "type": "value",
        "scale": not from_zero,
        "splitNumber": 4,
        "minInterval": 1 if frame.decimals == 0 else 0,
    }


def series_style(is_base: bool) -> Option:
    """The theme's colour for a metric, a quiet one for its base."""
    return {"color": BASE_COLOUR} if is_base else {}
