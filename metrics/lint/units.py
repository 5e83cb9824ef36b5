"""Units are part of the contract: rates are fractions, money is 元."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlglot import exp

from metrics.finding import Finding
from semantic_layer.model import Aggregate, Derived, Manifest, Metric, Ratio
from semantic_layer.model.expression import parse_scalar

RATES: tuple[str, ...] = ("percent", "permyriad", "permille", "bp")
_DISPLAY_FACTORS = (100.0, 1_000.0, 10_000.0)
_SPELLINGS: Mapping[str, str] = {
    "元": "CNY", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "%": "percent", "％": "percent",
    "百分比": "percent", "pct": "percent", "‱": "permyriad", "万分之一": "permyriad",
    "倍": "times", "万元": "CNY", "亿元": "CNY", "千元": "CNY",
}  # fmt: skip


def rate_scaled_for_display(manifest: Manifest) -> Iterator[Finding]:
    """No formula of a rate multiplies for display."""
    for metric in manifest.metrics.values():
        if metric.unit not in RATES:
            continue
        for text in _formulas(metric):
            factor = _display_factor(text, manifest)
            if factor is not None:
                yield Finding(
                    "M213",
                    metric.at,
                    f"指标“{metric.label}”的公式乘了 {factor:g},比率会被放大。",
                    "比率按小数存(0.0123),请去掉乘数;显示成百分数由 unit 决定。",
                )


def unit_by_another_name(manifest: Manifest) -> Iterator[Finding]:
    """Money is CNY in 元 and rates are percent, whatever the screen shows."""
    for metric in manifest.metrics.values():
        meant = _SPELLINGS.get(metric.unit.casefold())
        if meant is not None and metric.unit != meant:
            scaled = metric.unit in ("万元", "亿元", "千元")
            more = ";数值必须以元计,展示单位写在 format 的 scale 里" if scaled else ""
            yield Finding(
                "M214",
                metric.at,
                f"指标“{metric.label}”的单位写成了 {metric.unit}。",
                f"请写 unit: {meant}{more}。",
            )


def _formulas(metric: Metric) -> Iterator[str]:
    match metric.definition:
        case Ratio(of, to):
            yield from (of, to)
        case Derived(expr):
            yield expr
        case Aggregate(expr=str(expr)):
            yield expr


def _display_factor(text: str, manifest: Manifest) -> float | None:
    for product in parse_scalar(text, manifest.parameters).find_all(exp.Mul):
        for side in (product.left, product.right):
            if isinstance(side, exp.Literal) and float(side.name) in _DISPLAY_FACTORS:
                return float(side.name)
    return None
