"""An answer's chart spec as an ECharts option."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from assistant.answer import Answer
from ui.page.chart.bars import bar_option
from ui.page.chart.frame import Frame, Option, frame_of
from ui.page.chart.lines import line_option
from ui.page.chart.pie import pie_option


class ChartView(NamedTuple):
    """What `st.echarts_chart` is given."""

    option: Option
    height: int
    alt: str
    """The same for people who cannot see it."""


Drawing = Callable[[Frame], tuple[Option, int]]
DRAWINGS: Mapping[str, Drawing] = {
    "bar": bar_option,
    "grouped_bar": bar_option,
    "line": line_option,
    "pie": pie_option,
}


def chart_view(answer: Answer) -> ChartView | None:
    """The chart; None when the answer is a number, a mere table or has nothing to draw."""
    spec = answer.chart
    if spec is None or spec.type not in DRAWINGS or not answer.rows or not spec.series:
        return None
    frame = frame_of(answer, spec)
    if not any(v is not None for line in frame.lines for v in line.values):
        return None
    option, height = DRAWINGS[spec.type](frame)
    return ChartView(option, height, answer.headline or spec.series[0].name)
