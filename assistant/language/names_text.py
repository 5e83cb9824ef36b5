"""Chinese names of the parts of a query, from the definitions."""

from __future__ import annotations

from semantic_layer.model import Manifest
from semantic_layer.query import Arithmetic, Base, Grain, Measure, MetricRef, Number

GRAIN_WORDS: dict[Grain, str] = {
    "date": "日",
    "week": "周",
    "xun": "旬",
    "month": "月",
    "quarter": "季度",
    "half": "半年",
    "year": "年",
}
PER_WORDS = {
    "day": "日均",
    "trading_day": "交易日均",
    "month": "月均",
    "quarter": "季均",
    "year": "年均",
    "customer": "户均",
    "holder": "持有户均",
    "txn": "笔均",
}
STAT_WORDS = {"max": "最大", "min": "最小", "median": "中位数", "mean": "平均"}
BASE_WORDS: dict[Base, str] = {
    "yoy": "同比",
    "mom": "环比",
    "opening": "较期初",
    "ytd_open": "较年初",
    "previous": "较上期",
    "average": "与平均比",
    "target": "与目标比",
    "range": "与指定期间比",
}
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def metric_name(name: str, manifest: Manifest) -> str:
    """The metric's label; its id when it is not governed."""
    metric = manifest.metrics.get(name)
    return metric.label if metric else name


def measure_name(measure: Measure, manifest: Manifest) -> str:
    """A measure as people write it: 户均存款余额, (存款余额 − 贷款余额) ÷ 存款余额."""
    if isinstance(measure, Number):
        return f"{measure.value:,}"
    if isinstance(measure, Arithmetic):
        if measure.label:
            return measure.label
        return " ".join(
            [
                _operand(measure.left, manifest),
                _SIGNS[measure.op],
                _operand(measure.right, manifest),
            ]
        )
    return _metric_ref(measure, manifest)


def dimension_name(name: str, manifest: Manifest) -> str:
    """The dimension's label, with its role in front: 交易机构的分行."""
    role, _, plain = name.rpartition(".")
    dimension = manifest.dimensions.get(plain)
    label = dimension.label if dimension else plain
    return f"{_role_label(role, manifest)}{label}" if role else label


def _role_label(role: str, manifest: Manifest) -> str:
    for dataset in manifest.datasets.values():
        join = dataset.join(role)
        if join is not None and join.label:
            return f"{join.label}的"
    return f"{role}."


def _operand(measure: Measure, manifest: Manifest) -> str:
    name = measure_name(measure, manifest)
    return f"({name})" if isinstance(measure, Arithmetic) and not measure.label else name


def _metric_ref(measure: MetricRef, manifest: Manifest) -> str:
    label = metric_name(measure.metric, manifest)
    stat = ""
    if measure.stat:
        over = f"每{GRAIN_WORDS[measure.stat_over]}" if measure.stat_over else ""
        stat = f"({over}{STAT_WORDS[measure.stat]})"
    return f"{PER_WORDS[measure.per] if measure.per else ''}{label}{stat}"
