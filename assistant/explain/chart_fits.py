"""Which chart types can tell a result, and why the others cannot: one small rule per type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from assistant.explain.chart_subject import QUARTILES, Subject, are_parts, subject_of
from assistant.explain.numbers import is_number
from semantic_layer.result import Column

if TYPE_CHECKING:
    from assistant.answer import Answer

STEP = "step"
MAX_BARS = 60
MAX_GROUPED = 120
MAX_SLICES = 6
MAX_COLOURS = 8
MAX_ACROSS = 40
MAX_DOWN = 60
MAX_POINTS = 500
TYPE_NAMES: Mapping[str, str] = {
    "number": "数字",
    "line": "折线图",
    "bar": "柱状图",
    "grouped_bar": "分组柱状图",
    "stacked_bar": "堆积柱状图",
    "pie": "饼图",
    "heatmap": "热力图",
    "funnel": "漏斗图",
    "sankey": "桑基图",
    "box": "箱线图",
    "scatter": "散点图",
    "table": "表格",
}
"""Every chart type with what it is called; the order in which a switch offers them."""
Reason = Callable[[Subject], str | None]


def why_not(kind: str, about: Subject) -> str | None:
    """Why a chart type cannot show the rows, as half a sentence; None when it can."""
    return FITS[kind](about)


def fitting_types(answer: Answer) -> tuple[str, ...]:
    """Every type that an answer can be drawn as, the one it has included; nothing for a list."""
    if answer.chart is None or not answer.rows:
        return ()
    about = subject_of(answer)
    return tuple(kind for kind in TYPE_NAMES if why_not(kind, about) is None)


def whole_groups(about: Subject) -> tuple[Column, ...]:
    """The groups in the order (along, beside): time, steps or the longer one first."""
    if len(about.groups) != 2:
        return about.groups
    first, second = about.groups
    if (
        second.id == STEP
        or second.kind == "time"
        or (first.kind != "time" and about.members(second) > MAX_COLOURS >= about.members(first))
    ):
        return second, first
    return first, second


def matrix_groups(about: Subject) -> tuple[Column, Column]:
    """The groups of a heat map in the order (across, down): of many names each needs a line."""
    across, down = whole_groups(about)
    runs = across.id == STEP or across.kind == "time"
    longer = about.members(across) > about.members(down)
    return (down, across) if longer and not runs else (across, down)


def _number(about: Subject) -> str | None:
    alone = not about.groups and len(about.rows) == 1
    return None if alone else f"数字卡只显示一个数,这里有{len(about.rows):,}行"


def _line(about: Subject) -> str | None:
    if about.kind in ("path_query", "funnel_query") or not about.times:
        return "折线图要沿时间画,这里没有按时间分组"
    if about.members(about.times[0]) < 2:
        return "折线图至少要有两个时间点,这里只有一个"
    return _few_colours("折线图", about)


def _few_colours(name: str, about: Subject) -> str | None:
    if len(about.groups) > 2:
        return f"{name}最多按两项分组,这里有{len(about.groups)}项"
    if len(about.groups) == 2 and (lines := about.members(whole_groups(about)[1])) > MAX_COLOURS:
        return f"{name}最多分{MAX_COLOURS}种颜色才看得清,这里有{lines}种"
    return None


def _bar(about: Subject) -> str | None:
    if len(about.groups) != 1:
        return f"柱状图按一项分组,这里有{len(about.groups)}项"
    many = len(about.rows) > MAX_BARS
    return f"柱状图最多画{MAX_BARS}根柱子,这里有{len(about.rows):,}行" if many else None


def _grouped(name: str, about: Subject) -> str | None:
    if len(about.groups) != 2:
        return f"{name}要按两项分组,这里只有{len(about.groups)}项"
    if len(about.rows) > MAX_GROUPED:
        return f"{name}最多画{MAX_GROUPED}根柱子,这里有{len(about.rows):,}行"
    return _few_colours(name, about)


def _grouped_bar(about: Subject) -> str | None:
    return _grouped("分组柱状图", about)


def _stacked_bar(about: Subject) -> str | None:
    if problem := _grouped("堆积柱状图", about):
        return problem
    lead = about.metrics[0] if about.metrics else None
    rows = about.rows
    if about.times:
        index = about.at(about.times[0])
        last = max(str(row[index]) for row in rows)
        rows = tuple(row for row in rows if str(row[index]) == last)
    if lead and (are_parts(about, lead, about.rows) or are_parts(about, lead, rows)):
        return None
    return "堆积柱状图的各段要合起来等于合计,这里不是(有负数、比率、重复计数或不显示的数)"


def _pie(about: Subject) -> str | None:
    if len(about.groups) != 1 or about.times:
        return "饼图要按一项(不是时间)分组"
    parts = len(about.rows) + bool(about.others)
    if not 2 <= parts <= MAX_SLICES:
        return f"饼图适合2到{MAX_SLICES}个部分,这里有{parts:,}个"
    lead = pie_column(about)
    whole = about.total_rows == len(about.rows) or bool(about.others)
    if lead and whole and are_parts(about, lead, about.rows):
        return None
    return "饼图的各部分要合起来等于合计,这里不是(有负数、比率、重复计数或不全)"


def pie_column(about: Subject) -> Column | None:
    """The share where it was asked for, else the metric."""
    shares = [c for c in about.values if c.show == "share" and c.base is None]
    return next(iter((*shares, *about.metrics)), None)


def _heatmap(about: Subject) -> str | None:
    if about.kind == "retention_query" and len(about.values) > 1:
        fits = 1 <= len(about.groups) <= 2 and len(about.rows) <= MAX_DOWN
        return None if fits else f"热力图最多{MAX_DOWN}行,这里有{len(about.rows):,}行"
    if len(about.groups) != 2:
        return f"热力图要按两项分组,这里有{len(about.groups)}项"
    sizes = sorted(map(about.members, about.groups))
    fits = sizes[0] <= MAX_ACROSS and sizes[1] <= MAX_DOWN
    return None if fits else f"热力图最多{MAX_DOWN}行{MAX_ACROSS}列,这里太多"


def _funnel(about: Subject) -> str | None:
    if about.kind != "funnel_query" or len(about.groups) != 1:
        return "漏斗图用于一条有先后步骤的转化路径,这里不是"
    steps = about.named("entities")
    if steps is None or not all(map(is_number, about.cells(steps))):
        return "漏斗里有不显示的人数,画不成漏斗图"
    return None


def _sankey(about: Subject) -> str | None:
    return None if about.kind == "path_query" else "桑基图用于行为路径,这里不是"


def _box(about: Subject) -> str | None:
    if any(about.named(name) is None for name in QUARTILES):
        return "箱线图要有中位数和四分位数,这里没有"
    fits = len(about.groups) <= 1 and len(about.rows) <= MAX_BARS
    return None if fits else f"箱线图最多按一项分组、{MAX_BARS}个箱子"


def _scatter(about: Subject) -> str | None:
    if len(about.metrics) < 2 or about.kind != "metric_query":
        return "散点图要有两个指标,这里只有一个"
    if len(about.groups) != 1 or about.times:
        return "散点图要按一项(不是时间)分组,一个点是一个成员"
    fits = 3 <= len(about.rows) <= MAX_POINTS
    return None if fits else f"散点图适合3到{MAX_POINTS}个点,这里有{len(about.rows):,}个"


def _table(about: Subject) -> str | None:
    return None


FITS: Mapping[str, Reason] = {
    "number": _number,
    "line": _line,
    "bar": _bar,
    "grouped_bar": _grouped_bar,
    "stacked_bar": _stacked_bar,
    "pie": _pie,
    "heatmap": _heatmap,
    "funnel": _funnel,
    "sankey": _sankey,
    "box": _box,
    "scatter": _scatter,
    "table": _table,
}
