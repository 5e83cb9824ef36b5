"""Every number that people see has an owner and a description worth reading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from metrics.finding import Finding
from semantic_layer.model import Location, Manifest, Metric

_PUNCTUATION = re.compile(r"[\s,。;:、,.;:()()“”]")
_EMPTY = re.compile(
    r"统计期内?|期间|期末|期内|指标|维度|人群|数据|合计|总额|总数|金额|数量|统计|就是|的|是|数|指|即"
)
"""Words that tell nothing when they stand beside the name alone."""


def missing_owner(manifest: Manifest) -> Iterator[Finding]:
    """Somebody answers for every metric, dimension and segment."""
    for metric in manifest.metrics.values():
        if not metric.owner:
            yield _nobody("指标", metric.label, metric.at)
    for dimension in manifest.dimensions.values():
        if not dimension.field.owner and dimension.field.groupable:
            yield _nobody("维度", dimension.label, dimension.field.at)
    for segment in manifest.segments.values():
        if not segment.owner:
            yield _nobody("人群", segment.label, segment.at)


def _nobody(what: str, label: str, at: Location | None) -> Finding:
    return Finding("M203", at, f"{what}“{label}”没有负责部门。", "请补上 owner: 部门名。")


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
    for what, label, synonyms, description, at in _described(manifest):
        if description and _says_nothing(description, (label, *synonyms)):
            yield Finding(
                "M205",
                at,
                f"{what}“{label}”的口径说明只是重复了名字。",
                "请写明统计什么、范围、时点或期间、不含什么。",
            )


def _described(
    manifest: Manifest,
) -> Iterator[tuple[str, str, tuple[str, ...], str, Location | None]]:
    for m in _shown(manifest):
        yield "指标", m.label, m.synonyms, m.description, m.at
    for d in manifest.dimensions.values():
        yield "维度", d.label, d.field.synonyms, d.field.description, d.field.at
    for s in manifest.segments.values():
        yield "人群", s.label, s.synonyms, s.description, s.at


def _says_nothing(description: str, names: tuple[str, ...]) -> bool:
    """Whether nothing is left once the names and empty words are taken away."""
    left = _PUNCTUATION.sub("", description)
    for name in sorted(names, key=len, reverse=True):
        left = left.replace(_PUNCTUATION.sub("", name), "")
    return not _EMPTY.sub("", left)


def _shown(manifest: Manifest) -> Iterator[Metric]:
    return (m for m in manifest.metrics.values() if not m.hidden)
