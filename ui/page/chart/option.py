"""An answer's chart spec as an ECharts option."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from assistant.answer import Answer
from assistant.explain import ChartSpec
from ui.page.chart.bars import bar_option, stacked_option
from ui.page.chart.box import box_option
from ui.page.chart.frame import Frame, Line, Option, Rows, frame_of
from ui.page.chart.funnel import funnel_option
from ui.page.chart.heatmap import heatmap_option
from ui.page.chart.lines import line_option
from ui.page.chart.pie import pie_option, rest_of
from ui.page.chart.sankey import sankey_option
from ui.page.chart.scatter import scatter_option


class ChartView(NamedTuple):
    """What `st.echarts_chart` is given."""

    option: Option
    height: int
    alt: str
    """The same for people who cannot see it."""
    rows: tuple[Rows, ...] = ()
    """Per series the row of the answer behind each datum: what a click on it means."""


Drawn = tuple[Option, int, tuple[Rows, ...]]
Drawing = Callable[[Answer, ChartSpec], Drawn]


def chart_view(answer: Answer) -> ChartView | None:
    """The chart; None when the answer is a number, a mere table or has nothing to draw."""
    spec = answer.chart
    if spec is None or spec.type not in DRAWINGS or not answer.rows or not spec.series:
        return None
    frame = frame_of(answer, spec)
    if not any(v is not None for line in frame.lines for v in line.values):
        return None
    option, height, rows = DRAWINGS[spec.type](answer, spec)
    return ChartView(option, height, answer.headline or spec.series[0].name, rows)


def _bars(answer: Answer, spec: ChartSpec) -> Drawn:
    frame = frame_of(answer, spec)
    rows = (_known(line) if line.axis == "right" else line.rows for line in frame.lines)
    return (*bar_option(frame, timed=_is_timed(answer, spec)), tuple(rows))


def _stacked(answer: Answer, spec: ChartSpec) -> Drawn:
    frame = frame_of(answer, spec)
    return (*stacked_option(frame, timed=_is_timed(answer, spec)), _rows(frame))


def _lines(answer: Answer, spec: ChartSpec) -> Drawn:
    frame = frame_of(answer, spec)
    return (*line_option(frame), _rows(frame))


def _pie(answer: Answer, spec: ChartSpec) -> Drawn:
    frame = frame_of(answer, spec)
    return (*pie_option(frame, rest_of(answer, spec)), tuple(map(_known, frame.lines)))


def _rows(frame: Frame) -> tuple[Rows, ...]:
    return tuple(line.rows for line in frame.lines)


def _known(line: Line) -> Rows:
    """Where a series leaves out what has no value."""
    return tuple(
        row for row, value in zip(line.rows, line.values, strict=True) if value is not None
    )


def _is_timed(answer: Answer, spec: ChartSpec) -> bool:
    return any(c.id == spec.x and c.kind == "time" for c in answer.columns)


DRAWINGS: Mapping[str, Drawing] = {
    "bar": _bars,
    "grouped_bar": _bars,
    "stacked_bar": _stacked,
    "line": _lines,
    "pie": _pie,
    "heatmap": heatmap_option,
    "funnel": funnel_option,
    "sankey": sankey_option,
    "box": box_option,
    "scatter": scatter_option,
}
