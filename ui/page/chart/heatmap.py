"""A heat map: cohorts by period, branches by month. Numbers stand in the fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from assistant.answer import Answer
from assistant.explain import ChartSpec
from assistant.explain.numbers import is_number
from semantic_layer.result import Suppressed
from ui.page.chart.frame import Option, Rows, Scale, axis_display, frame_of, number_format
from ui.page.chart.looks import QUIET, grid, on_a_phone, text_width, tip, unit_title
from ui.page.table import is_numeric, member_label

MAX_LABELLED = 400
ROW_HEIGHT = 26
MARGIN = 84
FEW_ACROSS = 14
NAME_WIDTH = 150
FEW_ON_A_PHONE, ROOM_ACROSS = 5, 220
LETTERS_ON_A_PHONE = 32
"""Of all the numbers side by side; without them the colours and a tap tell."""
ORANGE, BLUE = "rgba(214,120,30,{:.2f})", "rgba(47,114,176,{:.2f})"
STRENGTHS = tuple(0.05 + 0.15 * step for step in range(6))
"""See-through, so that the text of a light and of a dark page is readable upon them."""
ABOVE = tuple(map(BLUE.format, STRENGTHS))
BELOW = tuple(map(ORANGE.format, STRENGTHS[:0:-1]))
"""In steps: straight from orange to blue would be grey halfway."""


CENTRED: Option = {
    "position": ["50%", "50%"],
    "align": "center",
    "verticalAlign": "middle",
    "textBorderColor": "transparent",
}
"""Not "inside", where the colour of the text would follow a see-through field's."""


HIDDEN = "灰色***:人数过少,不显示"
GREY = "rgba(128,136,146,0.22)"


class Field(NamedTuple):
    """One number at its place."""

    across: int
    down: int
    value: float | None
    """None: there is one, but it is not shown."""
    text: str
    row: int | None


class Matrix(NamedTuple):
    """What stands across, what stands down, and the fields that have a number."""

    across: tuple[str, ...]
    down: tuple[str, ...]
    fields: tuple[Field, ...]
    only: str = ""
    """Of several figures the one that is drawn."""

    @property
    def hides(self) -> bool:
        """Whether a number is not shown."""
        return any(field.value is None for field in self.fields)


def heatmap_option(answer: Answer, spec: ChartSpec) -> tuple[Option, int, tuple[Rows, ...]]:
    """The option, the height it needs and the rows behind its fields."""
    matrix = _crossed(answer, spec) if spec.x else _periods(answer, spec)
    scale = Scale(spec.unit, axis_display(answer, spec).decimals)
    option = {
        "animation": False,
        "title": unit_title(
            "  ".join((spec.unit, *([HIDDEN] if matrix.hides else []))), matrix.only
        ),
        "tooltip": {"confine": True, "valueFormatter": number_format(scale)},
        "grid": {**grid(), "top": 44, "bottom": 8 if _is_labelled(matrix) else 36},
        "xAxis": {**_axis(matrix.across, interval=_every(matrix.across)), "position": "top"},
        "yAxis": {**_axis(matrix.down), "inverse": True},
        "visualMap": _colours(matrix, scale),
        "series": [_series(matrix, spec)],
        **_narrow(matrix),
    }
    height = MARGIN + ROW_HEIGHT * max(4, len(matrix.down))
    return option, height, (tuple(field.row for field in matrix.fields),)


def _crossed(answer: Answer, spec: ChartSpec) -> Matrix:
    """One group across, the other down."""
    frame = frame_of(answer, spec)
    fields = (
        Field(across, down, value, text, row)
        for down, line in enumerate(frame.lines)
        for across, (value, text, row) in enumerate(
            zip(line.values, line.texts, line.rows, strict=True)
        )
        if value is not None or across in line.hidden
    )
    down = tuple(line.name for line in frame.lines)
    return Matrix(frame.categories, down, tuple(fields), frame.only)


def _periods(answer: Answer, spec: ChartSpec) -> Matrix:
    """Each row is a cohort, each column a period after its start."""
    groups = [(column, i) for i, column in enumerate(answer.columns) if not is_numeric(column)]
    down = (" ".join(member_label(row[i], column) for column, i in groups) for row in answer.rows)
    return Matrix(
        tuple(series.name for series in spec.series), tuple(down), tuple(_cohorts(answer, spec))
    )


def _cohorts(answer: Answer, spec: ChartSpec) -> Iterator[Field]:
    display = axis_display(answer, spec)
    ids = [column.id for column in answer.columns]
    for down, row in enumerate(answer.rows):
        for across, series in enumerate(spec.series):
            cell = row[ids.index(series.column)]
            if is_number(cell) or isinstance(cell, Suppressed):
                value = float(display.rounded(cell)) if is_number(cell) else None
                yield Field(across, down, value, display.number(cell), down)


def _every(names: tuple[str, ...]) -> int | str:
    """Few names are all shown as long as they do not run into each other."""
    return 0 if len(names) <= FEW_ACROSS else "auto"


def _axis(names: tuple[str, ...], interval: int | str = "auto") -> Option:
    return {
        "type": "category",
        "data": list(names),
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "splitLine": {"show": False},
        "axisLabel": {
            "width": NAME_WIDTH,
            "overflow": "truncate",
            "fontSize": 11,
            "interval": interval,
            "hideOverlap": True,
        },
    }


def _is_labelled(matrix: Matrix) -> bool:
    """More numbers than that would be too small to read."""
    return len(matrix.fields) <= MAX_LABELLED


def _is_crowded(matrix: Matrix) -> bool:
    """Whether the numbers of a line would run into each other on a phone."""
    longest = max((len(field.text) for field in matrix.fields), default=0)
    return longest * len(matrix.across) > LETTERS_ON_A_PHONE


def _narrow(matrix: Matrix) -> Option:
    """On a phone numbers give way to colours, and few long names across take several lines."""
    series: Option = {"label": {"show": False}} if _is_crowded(matrix) else {}
    around: Option = {}
    width = ROOM_ACROSS // max(1, len(matrix.across))
    is_long = any(text_width(name) > width for name in matrix.across)
    if is_long and len(matrix.across) <= FEW_ON_A_PHONE:
        label = {"width": width, "overflow": "break", "interval": 0, "hideOverlap": False}
        around = {"xAxis": {"axisLabel": label}}
    return on_a_phone(series, **around) if series or around else {}


def _colours(matrix: Matrix, scale: Scale) -> Option:
    """Pale to strong; orange below zero, where both are told apart by every eye."""
    values = [field.value for field in matrix.fields if field.value is not None] or [0.0]
    low, high = min(0.0, *values), max(values)
    furthest = max(abs(low), abs(high)) or 1.0
    return {
        "type": "continuous",
        "show": not _is_labelled(matrix),
        "min": -furthest if low < 0 else min(values),
        "max": furthest if low < 0 or high == min(values) else high,
        "inRange": {"color": [*(BELOW if low < 0 else ()), *ABOVE]},
        "orient": "horizontal",
        "right": 8,
        "bottom": 0,
        "itemWidth": 12,
        "itemHeight": 120,
        "precision": scale.decimals,
        "calculable": False,
        "text": ["高", "低"],
    }


def _series(matrix: Matrix, spec: ChartSpec) -> Option:
    return {
        "type": "heatmap",
        "name": spec.series[0].name if spec.x else "",
        "data": [_datum(field, matrix) for field in matrix.fields],
        "label": {"show": _is_labelled(matrix), **CENTRED},
        "itemStyle": {"borderWidth": 1, "borderColor": "transparent"},
    }


def _datum(field: Field, matrix: Matrix) -> Option:
    """A number in the colour of its size; what is not shown is grey, not empty."""
    place = [field.across, field.down]
    if field.value is not None:
        return {"value": [*place, field.value], "label": {"formatter": field.text}}
    names = f"{matrix.down[field.down]} {matrix.across[field.across]}"
    return {
        "value": [*place, 0],
        "visualMap": False,
        "itemStyle": {"color": GREY},
        "label": {"formatter": field.text, "color": QUIET},
        "tooltip": tip(names, (field.text, "人数过少,不显示")),
    }
