"""A ring for few parts of one whole."""

from __future__ import annotations

from assistant.answer import Answer
from assistant.explain import ChartSpec
from assistant.explain.numbers import is_number
from ui.page.chart.frame import Frame, Option, axis_display
from ui.page.chart.looks import base_option, on_a_phone

HEIGHT = 320
SMALL: Option = {
    "radius": ["26%", "42%"],
    "label": {"fontSize": 10, "bleedMargin": 0},
    "labelLine": {"length": 6, "length2": 4},
}


def pie_option(frame: Frame, rest: tuple[float, str] | None = None) -> tuple[Option, int]:
    """The option and the height it needs; 其他 is a part like the others."""
    line = frame.lines[0]
    base = base_option(frame)
    parts = [
        _part(name, value, f"{text}{frame.unit}")
        for name, value, text in zip(frame.categories, line.values, line.texts, strict=True)
        if value is not None and value >= 0
    ]
    if rest is not None:
        parts.append(_part("其他", rest[0], f"{rest[1]}{frame.unit}"))
    option = {
        "animation": base["animation"],
        "tooltip": {
            "trigger": "item",
            "valueFormatter": base["tooltip"]["valueFormatter"],
            "confine": True,
        },
        "legend": {"show": False},
        "series": [
            {
                "type": "pie",
                "name": line.name,
                "radius": ["42%", "68%"],
                "itemStyle": {"borderWidth": 2, "borderColor": "transparent"},
                "startAngle": 90,
                "minShowLabelAngle": 0,
                "data": parts,
            }
        ],
        **on_a_phone(SMALL),
    }
    return option, HEIGHT


def rest_of(answer: Answer, spec: ChartSpec) -> tuple[float, str] | None:
    """What the parts not listed come to."""
    value = (answer.others or {}).get(spec.series[0].column)
    if value is None or not is_number(value):
        return None
    display = axis_display(answer, spec)
    return float(display.rounded(value)), display.number(value)


def _part(name: str, value: float, text: str) -> Option:
    label = {"formatter": f"{{b}}  {text}"}
    return {"name": name, "value": value, "label": label}
