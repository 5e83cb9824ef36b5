"""A certificate covers one meaning: versions, fingerprints and parts agree."""

from __future__ import annotations

from collections.abc import Iterator

from metrics.content_hash import meaning_hash
from metrics.finding import Finding
from metrics.references import parts_of
from semantic_layer.model import Manifest, Metric


def version_without_change(manifest: Manifest) -> Iterator[Finding]:
    """Every version after the first says what changed, and none is from the future."""
    for metric in manifest.metrics.values():
        noted = {c.version for c in metric.changes}
        newest = max(noted, default=1)
        if newest > metric.version:
            yield Finding(
                "M215",
                metric.at,
                f"指标“{metric.label}”是第 {metric.version} 版,变更记录却写到第 {newest} 版。",
                f"请写 version: {newest}。",
            )
        elif metric.version > 1 and metric.version not in noted:
            yield Finding(
                "M215",
                metric.at,
                f"指标“{metric.label}”是第 {metric.version} 版,却没有这一版的变更记录。",
                f"请在 changes 里补上 {{v: {metric.version}, date: …, note: 改了什么}}。",
            )


def certification_is_loose(manifest: Manifest) -> Iterator[Finding]:
    """A certified metric says who certified what; another meaning falls back to review."""
    for metric in manifest.metrics.values():
        if metric.certified is None:
            if metric.status == "certified":
                yield _unsigned(metric)
            continue
        due = meaning_hash(metric, manifest.parameters)
        if metric.certified.hash is None:
            yield Finding(
                "M217",
                metric.at,
                f"指标“{metric.label}”的认证没有锁住口径,改了也不会发现。",
                f"请在 certified 里补上 hash: {due}。",
            )
        elif metric.certified.hash != due:
            yield Finding(
                "M218",
                metric.at,
                f"指标“{metric.label}”在认证之后改过口径,状态退回“审核中”。",
                f"复核后把 certified 的 hash 改成 {due},并更新 date 与 version。",
            )


def _unsigned(metric: Metric) -> Finding:
    return Finding(
        "M216",
        metric.at,
        f"指标“{metric.label}”写着已认证,却没有认证人和日期。",
        "请补上 certified: {by: 认证人, date: 2026-09-01},或把 status 改成 in_review。",
    )


def certified_on_uncertified(manifest: Manifest) -> Iterator[Finding]:
    """A certified number is made of certified parts."""
    for metric in manifest.metrics.values():
        if metric.status != "certified":
            continue
        for part in _parts(manifest, metric):
            if part.status in ("draft", "in_review"):
                yield Finding(
                    "M219",
                    metric.at,
                    f"已认证的指标“{metric.label}”引用了未认证的“{part.label}”。",
                    "请先认证被引用的指标。",
                )


def deprecated_in_use(manifest: Manifest) -> Iterator[Finding]:
    """Nothing living is built on a deprecated metric."""
    for metric in manifest.metrics.values():
        if metric.status == "deprecated":
            continue
        for part in _parts(manifest, metric):
            if part.status == "deprecated":
                yield Finding(
                    "M220",
                    metric.at,
                    f"指标“{metric.label}”引用了已停用的“{part.label}”。",
                    "请改用现行指标。",
                )


def _parts(manifest: Manifest, metric: Metric) -> Iterator[Metric]:
    return (manifest.metrics[name] for name in dict.fromkeys(parts_of(metric)))
