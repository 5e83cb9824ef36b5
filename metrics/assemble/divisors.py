"""What 户均 and 笔均 divide by."""

from __future__ import annotations

from collections.abc import Mapping

from metrics.assemble.source import Source
from metrics.finding import Findings
from metrics.nearest import did_you_mean
from semantic_layer.model import Location, Metric


def build_divisors(
    sources: tuple[Source, ...], metrics: Mapping[str, Metric], findings: Findings
) -> dict[str, str]:
    """The divisors of the whole project; findings name those that are no metrics."""
    found: dict[str, str] = {}
    for source in sources:
        if source.entries.per is None:
            continue
        at = source.place("per").location
        name = source.entries.per.customer
        _check(name, "户均的分母", at, metrics, findings)
        if found.setdefault("customer", name) != name:
            findings.add("M101", at, "per 里的 customer 写了两次。", "整个项目只写一次。")
    for metric in metrics.values():
        for _, name in metric.divisors:
            _check(name, f"指标“{metric.label}”的 per ", metric.at, metrics, findings)
    return found


def _check(
    name: str,
    owner: str,
    at: Location | None,
    metrics: Mapping[str, Metric],
    findings: Findings,
) -> None:
    if name not in metrics:
        text = f"{owner}引用的指标 {name} 不存在。"
        findings.add("M104", at, text, did_you_mean(name, metrics))
