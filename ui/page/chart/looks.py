"""Shared looks: colours that colour-blind readers tell apart, quiet axes."""

from __future__ import annotations

from ui.page.chart.frame import Frame, Option, value_format

PALETTE = (
    "#2F72B0",
    "#E08A1E",
    "#2A9D83",
    "#B9578E",
    "#7FB2DD",
    "#C2501F",
    "#8A7FC7",
    "#8C96A1",
)
BASE_COLOUR = "#A9B4C0"
"""The comparison base: present, but not competing."""
TEXT_WIDTH = 120


def base_option(frame: Frame) -> Option:
    """Everything but axes and series."""
    return {
        "color": list(PALETTE),
        "animationDuration": 250,
        "animationDurationUpdate": 0,
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
            "top": 44 if len(frame.lines) > 1 else 30,
            "bottom": 8,
            "containLabel": True,
        },
    }


def legend(frame: Frame) -> Option:
    """Shown only when there is something to tell apart."""
    return {"show": len(frame.lines) > 1, "type": "scroll", "top": 0, "right": 8, "left": "15%"}


def value_axis(frame: Frame, *, from_zero: bool = True) -> Option:
    """The axis of numbers, its unit at the end."""
    return {
        "type": "value",
        "name": frame.unit and f"单位:{frame.unit}",
        "scale": not from_zero,
        "splitNumber": 4,
        "minInterval": 1 if frame.decimals == 0 else 0,
    }


def colour(line_index: int, is_base: bool) -> str:
    """A series' colour by its place."""
    return BASE_COLOUR if is_base else PALETTE[line_index % len(PALETTE)]
