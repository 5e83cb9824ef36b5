"""A ring for few parts of one whole."""

from __future__ import annotations

from ui.page.chart.frame import Frame, Option
from ui.page.chart.looks import base_option

HEIGHT = 320


def pie_option(frame: Frame) -> tuple[Option, int]:
    """The option and the height it needs."""
    line = frame.lines[0]
    base = base_option(frame)
    parts = [
        {"name": name, "value": value, "label": {"formatter": f"{{b}}  {text}{frame.unit}"}}
        for name, value, text in zip(frame.categories, line.values, line.texts, strict=True)
        if value is not None and value >= 0
    ]
    option = {
        "animation": base["animation"],
        "tooltip": {"trigger": "item", "valueFormatter": base["tooltip"]["valueFormatter"]},
        "legend": {"show": False},
        "series": [
            {
                "type": "pie",
                "name": line.name,
                "radius": ["42%", "68%"],
                "itemStyle": {"borderWidth": 2, "borderColor": "transparent"},
                "startAngle": 90,
                "data": parts,
            }
        ],
    }
    return option, HEIGHT
