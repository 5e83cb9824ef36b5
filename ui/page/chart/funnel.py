"""A funnel: how many are left after each step, and how many of the step before."""

from __future__ import annotations

from assistant.answer import Answer
from assistant.explain import ChartSpec, display_of
from assistant.explain.numbers import is_number
from ui.page.chart.frame import Frame, Option, Rows, frame_of, value_format
from ui.page.chart.looks import on_a_phone, unit_title

STEP_HEIGHT = 64
TOP = 32
BLUE = "rgba(47,114,176,%s)"
LIGHTEST = 0.4
UNSEEN: Option = {
    "name": "",
    "label": {"show": False},
    "labelLine": {"show": False},
    "itemStyle": {"opacity": 0},
    "tooltip": {"show": False},
}
"""Beneath the picture; the last step would run to a point without one to follow."""
FROM_BEFORE = "step_conversion"
FROM_START = "conversion"


def funnel_option(answer: Answer, spec: ChartSpec) -> tuple[Option, int, tuple[Rows, ...]]:
    """The option, the height it needs and the rows behind its steps."""
    frame = frame_of(answer, spec)
    line = frame.lines[0]
    option = {
        "animation": False,
        "title": unit_title(frame.unit),
        "tooltip": {"trigger": "item", "valueFormatter": value_format(frame), "confine": True},
        "legend": {"show": False},
        "series": [_series(answer, frame)],
        **on_a_phone({"left": 0, "width": "44%", "label": {"fontSize": 10, "lineHeight": 14}}),
    }
    return option, TOP + STEP_HEIGHT * len(frame.categories), (line.rows,)


def _series(answer: Answer, frame: Frame) -> Option:
    line, steps = frame.lines[0], _steps(answer, frame)
    return {
        "type": "funnel",
        "name": line.name,
        "sort": "none",
        "gap": 3,
        "left": "4%",
        "width": "56%",
        "top": TOP,
        "height": STEP_HEIGHT * (len(frame.categories) + 1),
        "min": 0,
        "minSize": "0%",
        "label": {"position": "right", "lineHeight": 18},
        "labelLine": {"show": True, "length": 16},
        "data": [*steps, {**steps[-1], **UNSEEN}],
    }


def _steps(answer: Answer, frame: Frame) -> list[Option]:
    line = frame.lines[0]
    pale = LIGHTEST ** (1 / max(1, len(frame.categories) - 1))
    told = zip(frame.categories, line.values, line.texts, line.rows, strict=True)
    return [
        {
            "name": name,
            "value": value,
            "label": {"formatter": _label(f"{text}{frame.unit}", answer, row)},
            "itemStyle": {"color": BLUE % round(pale**place, 3), "borderWidth": 0},
        }
        for place, (name, value, text, row) in enumerate(told)
    ]


def _label(text: str, answer: Answer, row: int | None) -> str:
    """2. 填写资料  44人 / 较上一步70.97% · 总转化70.97%."""
    told = [
        f"{word}{rate}"
        for word, column in (("较上一步", FROM_BEFORE), ("总转化", FROM_START))
        if row and (rate := _rate(answer, column, row))
    ]
    rates = "\n" + " · ".join(told) if told else ""
    return f"{{b}}  {text}{rates}"


def _rate(answer: Answer, name: str, row: int) -> str:
    found = ((c, i) for i, c in enumerate(answer.columns) if c.id == name)
    column, index = next(found, (None, 0))
    value = answer.rows[row][index]
    return display_of(column, [value]).text(value) if column and is_number(value) else ""
