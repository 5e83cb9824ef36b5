"""What the result columns are called and how their values are to be read."""

from __future__ import annotations

from semantic_layer.compile.derived import progress_name
from semantic_layer.compile.groups import GroupColumn
from semantic_layer.model import Format
from semantic_layer.plan.nodes import Compared, PlannedMeasure
from semantic_layer.query import Base, Show
from semantic_layer.result import Column

TIME_NAMES = {
    "date": "日期", "week": "周", "xun": "旬", "month": "月份", "quarter": "季度",
    "half": "半年", "year": "年份", "period": "期间",
}  # fmt: skip
BASE_NAMES: dict[Base, tuple[str, str]] = {
    "yoy": ("去年同期", "同比"),
    "mom": ("上期", "环比"),
    "opening": ("期初", "较期初"),
    "ytd_open": ("年初", "较年初"),
    "previous": ("上期", "较上期"),
    "range": ("对比期", "较对比期"),
    "average": ("平均", "较平均"),
    "target": ("目标", "较目标"),
}
SHOW_NAMES: dict[Show, str] = {
    "diff": "增减额",
    "rate": "增速",
    "pp": "变化",
    "rank": "名次变化",
    "share": "占比变化",
}
PERCENT = Format("percent", None, 2)


def group_column(group: GroupColumn) -> Column:
    """A dimension."""
    return Column(group.name, group.label, "dimension")


def time_column(name: str) -> Column:
    """A time grain, or the spans side by side."""
    return Column(name, TIME_NAMES[name], "time")


def measure_column(measure: PlannedMeasure) -> Column:
    """The value itself."""
    metric = measure.metric
    return Column(
        measure.column,
        measure.label,
        "metric",
        measure.unit,
        metric.format if metric else None,
        metric.name if metric else None,
        direction=metric.direction if metric else "neutral",
    )


def share_column(measure: PlannedMeasure) -> Column:
    """占比."""
    return _beside(measure, f"{measure.column}.share", f"{measure.label}占比", "share", PERCENT)


def rank_column(measure: PlannedMeasure) -> Column:
    """名次 among all members."""
    return _beside(measure, f"{measure.column}.rank", f"{measure.label}排名", "rank", None)


def compared_column(measure: PlannedMeasure, compared: Compared, show: Show) -> Column:
    """A figure of a comparison."""
    name = _compared_name(measure, compared, show)
    metric = measure.metric
    unit, form = measure.unit, metric.format if metric else None
    if show == "pp" and unit == "permyriad":
        form = None
    elif show in {"rate", "pp", "share"}:
        unit, form = "percent", PERCENT
    elif show == "rank":
        unit, form = "位", None
    return Column(
        f"{measure.column}.{compared.base}.{show}",
        name,
        "comparison",
        unit,
        form,
        metric.name if metric else None,
        show,
        compared.base,
        metric.direction if metric else "neutral",
    )


def _compared_name(measure: PlannedMeasure, compared: Compared, show: Show) -> str:
    when, against = BASE_NAMES[compared.base]
    if compared.base == "target":
        names: dict[Show, str] = {"value": f"{measure.label}目标", "rate": f"{measure.label}完成率"}
        return names.get(show, "较目标差额" if show == "diff" else "距目标")
    if compared.base == "average" and compared.formula is not None:
        when, against = "整体", "较整体"
    if compared.base == "average" and show in ("diff", "rate"):
        return f"{against}{'差额' if show == 'diff' else '高低幅度'}"
    return f"{when}{measure.label}" if show == "value" else f"{against}{SHOW_NAMES[show]}"


def progress_column(measure: PlannedMeasure, compared: Compared) -> Column:
    """序时进度 beside the completion of a target for the year."""
    return Column(
        progress_name(measure, compared), "序时进度", "comparison", "percent", PERCENT,
        measure.metric.name if measure.metric else None, "value", compared.base,
    )  # fmt: skip


def _beside(
    measure: PlannedMeasure, column: str, name: str, show: Show, form: Format | None
) -> Column:
    metric = measure.metric
    unit = "percent" if show == "share" else "位"
    direction = metric.direction if metric else "neutral"
    source = metric.name if metric else None
    return Column(column, name, "comparison", unit, form, source, show, None, direction)
