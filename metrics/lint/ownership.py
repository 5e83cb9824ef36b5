"""Every number that people see has an owner and a description worth reading."""

from __future__ import annotations

from collections.abc import Iterator

from metrics.finding import Finding
from semantic_layer.model import Manifest, Metric


def missing_owner(manifest: Manifest) -> Iterator[Finding]:
    """Somebody answers for every metric."""
    for metric in manifest.metrics.values():
        if not metric.owner:
            yield Finding(
                "M203", metric.at, f"指标“{metric.label}”没有负责部门。", "请补上 owner: 部门名。"
            )


def missing_description(manifest: Manifest) -> Iterator[Finding]:
    """The card of a metric says what is counted."""
    for metric in _shown(manifest):
        if not metric.description:
            yield Finding(
                "M204",
                metric.at,
                f"指标“{metric.label}”没有口径说明。",
                "请补上 description:统计什么、范围、时点或期间、不含什么。",
            )


def description_repeats_label(manifest: Manifest) -> Iterator[Finding]:
    """A description says more than the name."""
    for metric in _shown(manifest):
        said = metric.description.rstrip("。.").strip()
        if said and said in (metric.label, *metric.synonyms):
            yield Finding(
                "M205",
                metric.at,
                f"指标“{metric.label}”的口径说明只是重复了名字。",
                "请写明统计什么、范围、时点或期间、不含什么。",
            )


def _shown(manifest: Manifest) -> Iterator[Metric]:
    return (m for m in manifest.metrics.values() if not m.hidden)
