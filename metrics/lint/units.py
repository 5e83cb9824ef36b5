"""Units are part of the contract: rates are fractions, money is 元."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sqlglot import exp

from metrics.finding import Finding
from semantic_layer.model import Aggregate, Derived, Manifest, Metric, Ratio
from semantic_layer.model.expression import parse_scalar

RATES: tuple[str, ...] = ("percent", "permyriad", "permille", "bp")
PURE: tuple[str, ...] = (*RATES, "times")
"""Units of a number that counts nothing."""
_PURE = (*PURE, "CNY")
"""Units of a formula over metrics that leave no room for a factor."""
_DISPLAY_FACTORS = (100.0, 1_000.0, 10_000.0, 100_000_000.0)
_MONEY_FACTORS = (10_000.0, 100_000_000.0)
_RATE_NAME = re.compile(r"(率|占比|比例|比重)$")
_COUNT_NAMES: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile(r"(?<!账)户数$"), frozenset({"户", "人", "个"})),
    (re.compile(r"(客户|用户)数$"), frozenset({"户", "人"})),
    (re.compile(r"人数$"), frozenset({"户", "人"})),
    (re.compile(r"笔数$"), frozenset({"笔"})),
    (re.compile(r"张数$"), frozenset({"张"})),
    (re.compile(r"件数$"), frozenset({"件"})),
    (re.compile(r"次数$"), frozenset({"次", "笔"})),
)
"""户 = customers, 笔 = transactions, 张 = cards, 件 = policies: never mixed."""
_SPELLINGS: Mapping[str, str] = {
    "元": "CNY", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "%": "percent", "％": "percent",
    "百分比": "percent", "pct": "percent", "‱": "permyriad", "万分之一": "permyriad",
    "倍": "times", "万元": "CNY", "亿元": "CNY", "千元": "CNY",
}  # fmt: skip


def rate_scaled_for_display(manifest: Manifest) -> Iterator[Finding]:
    """No formula multiplies a rate or divides money for display."""
    for metric in manifest.metrics.values():
        if metric.unit in RATES or (
            metric.unit in _PURE and not isinstance(metric.definition, Aggregate)
        ):
            for factor in _factors(metric, manifest, exp.Mul, _DISPLAY_FACTORS):
                yield _multiplied(metric, factor)
        if metric.unit == "CNY":
            for factor in _factors(metric, manifest, exp.Div, _MONEY_FACTORS):
                yield Finding(
                    "M213",
                    metric.at,
                    f"指标“{metric.label}”的公式除了 {factor:.0f},金额不再是元。",
                    "金额一律以元存,请去掉除数;展示单位写在 format 的 scale 里。",
                )


def _multiplied(metric: Metric, factor: float) -> Finding:
    what = "比率" if metric.unit in RATES else "结果"
    fix = "比率按小数存(0.0123),请去掉乘数;显示成百分数由 unit 决定。"
    if metric.unit not in RATES:
        fix = "金额以元存,倍数照实存,请去掉乘数;展示单位写在 format 的 scale 里。"
    message = f"指标“{metric.label}”的公式乘了 {factor:.0f},{what}会被放大。"
    return Finding("M213", metric.at, message, fix)


def unit_unlike_name(manifest: Manifest) -> Iterator[Finding]:
    """A 率 is a fraction, a 户数 counts 户: the name and the unit tell the same."""
    for metric in manifest.metrics.values():
        wanted = _units_of_name(metric)
        if wanted and metric.unit not in wanted and "/" not in metric.unit:
            units = "、".join(sorted(wanted)) + (" 之一" if len(wanted) > 1 else "")
            message = f"指标“{metric.label}”的名字与单位 {metric.unit} 不一致。"
            yield Finding("M230", metric.at, message, f"请把 unit 写成 {units},或改名字。")


def _units_of_name(metric: Metric) -> frozenset[str]:
    if _RATE_NAME.search(metric.label):
        return frozenset({*RATES, "times"})
    for pattern, units in _COUNT_NAMES:
        if pattern.search(metric.label):
            return units
    return frozenset()


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


def _factors(
    metric: Metric, manifest: Manifest, kind: type[exp.Binary], factors: tuple[float, ...]
) -> Iterator[float]:
    """The first display factor of each formula."""
    for text in _formulas(metric):
        nodes = parse_scalar(text, manifest.parameters).find_all(kind)
        sides = (side for node in nodes for side in (node.left, node.right))
        numbers = (float(s.name) for s in sides if isinstance(s, exp.Literal) and s.is_number)
        yield from [number for number in numbers if number in factors][:1]
