"""Ratios of like and like: one scope above and below, and windows only at their own grain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from metrics.finding import Finding
from metrics.lint.ranges import Allowed, allowed_by
from metrics.lint.units import PURE
from semantic_layer.model import Aggregate, Manifest, Metric, Ratio
from semantic_layer.model.expression import metric_names, parse_scalar

WINDOW = re.compile(
    r"(近|前|过去|连续|滚动)[\d一二两三四五六九十]+个?月|[\d一二两三四五六九十]+个月(前|窗口|内)"
)
"""Words by which a description says that a number looks back over months."""


def window_ratio_without_native(manifest: Manifest) -> Iterator[Finding]:
    """A ratio of counts over a window holds at one grain; pooled over a year it means nothing."""
    for metric, ratio in _ratios(manifest):
        if metric.native is not None:
            continue
        parts = [manifest.metrics[n] for n in (*metric_names(ratio.of), *metric_names(ratio.to))]
        windowed = next((p for p in parts if _counts_a_window(manifest, p)), None)
        said = WINDOW.search(metric.description)
        if windowed is None and not (said and any(_is_monthly(manifest, p) for p in parts)):
            continue
        because = f"“{windowed.label}”" if windowed else f"说明里的“{said.group()}”" if said else ""
        yield Finding(
            "M227",
            metric.at,
            f"比率“{metric.label}”用到按月才有定义的窗口数({because}),没有写明粒度。",
            "请补上 native: month;更长的期间会逐月列出,不合并成一个数。",
        )


def _counts_a_window(manifest: Manifest, part: Metric) -> bool:
    """People counted once a month: their months neither add up nor pool."""
    if part.native is not None:
        return True
    definition = part.definition
    return (
        isinstance(definition, Aggregate)
        and definition.agg == "distinct"
        and definition.flow
        and manifest.datasets[definition.dataset].grain == "month"
    )


def _is_monthly(manifest: Manifest, part: Metric) -> bool:
    definition = part.definition
    return isinstance(definition, Aggregate) and (
        manifest.datasets[definition.dataset].grain == "month" and not part.is_stock
    )


def ratio_over_another_scope(manifest: Manifest) -> Iterator[Finding]:
    """What is above the line is taken from what is below it, or says so."""
    for metric, ratio in _ratios(manifest):
        above, below = _aggregate(manifest, ratio.of), _aggregate(manifest, ratio.to)
        if above is None or below is None or above.dataset != below.dataset:
            continue
        column = _wider_above(manifest, above, below)
        if column:
            yield Finding(
                "M228",
                metric.at,
                f"比率“{metric.label}”的分子与分母在 {column} 上的范围不同,分子不在分母之内。",
                "请让分子与分母用同一范围的条件;确是两个范围之比,就在分子指标上写明另一个取值。",
            )


def _wider_above(manifest: Manifest, above: Aggregate, below: Aggregate) -> str:
    """The column on which the numerator lets in rows that the denominator leaves out."""
    over, under = _scope(manifest, above), _scope(manifest, below)
    is_mean = above.agg == "sum" and below.agg in ("distinct", "count")
    for column, allowed in under.items():
        if column not in over:
            if is_mean:
                return column
        elif not over[column].within(allowed) and over[column].overlaps(allowed):
            return column
    return ""


def _scope(manifest: Manifest, aggregate: Aggregate) -> dict[str, Allowed]:
    if aggregate.filter is None:
        return {}
    tree = parse_scalar(aggregate.filter, manifest.parameters)
    parts = tree.flatten() if isinstance(tree, exp.And) else (tree,)
    found = (allowed_by(part) for part in parts)
    return {column: allowed for column, allowed in found if allowed is not None}


def unit_of_like_and_like(manifest: Manifest) -> Iterator[Finding]:
    """元 over 元 is a rate or a multiple, never 元."""
    for metric, ratio in _ratios(manifest):
        sides = [parse_scalar(text) for text in (ratio.of, ratio.to)]
        if any(side.find(exp.Mul, exp.Div) for side in sides):
            continue
        units = {manifest.metrics[n].unit for t in (ratio.of, ratio.to) for n in metric_names(t)}
        if units == {metric.unit} and metric.unit not in PURE:
            yield Finding(
                "M236",
                metric.at,
                f"比率“{metric.label}”的分子与分母都以 {metric.unit} 计,单位却还是 {metric.unit}。",
                "请把 unit 写成 percent(百分数)、times(倍)等。",
            )


def twin_with_other_direction(manifest: Manifest) -> Iterator[Finding]:
    """Two metrics with one formula are good or bad together."""
    certified = {
        _formula(ratio): metric
        for metric, ratio in _ratios(manifest)
        if metric.certified is not None and metric.direction is not None
    }
    for metric, ratio in _ratios(manifest):
        twin = certified.get(_formula(ratio))
        if twin is None or metric.direction in (None, twin.direction) or twin is metric:
            continue
        yield Finding(
            "M237",
            metric.at,
            f"比率“{metric.label}”与已认证的“{twin.label}”公式相同,好坏方向却相反。",
            "请改正 direction,或把叫法并到已认证的指标里,不另立一个。",
        )


def _formula(ratio: Ratio) -> tuple[str, str]:
    """Both sides without spaces and needless brackets."""
    above, below = (parse_scalar(text).unnest().sql() for text in (ratio.of, ratio.to))
    return above, below


def _ratios(manifest: Manifest) -> Iterator[tuple[Metric, Ratio]]:
    for metric in manifest.metrics.values():
        if isinstance(metric.definition, Ratio):
            yield metric, metric.definition


def _aggregate(manifest: Manifest, formula: str) -> Aggregate | None:
    """The rows behind a side that is one metric and nothing else."""
    metric = manifest.metrics.get(formula.strip())
    definition = metric.definition if metric else None
    return definition if isinstance(definition, Aggregate) else None
