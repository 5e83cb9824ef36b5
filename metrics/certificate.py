"""What a certificate is worth today: a metric changed since then is in review again."""

from __future__ import annotations

from dataclasses import replace

from metrics.content_hash import manifest_hash, meaning_hash
from semantic_layer.model import Manifest, Metric, Parameter


def in_force(manifest: Manifest) -> Manifest:
    """The manifest with outdated certificates taken back, and its hash."""
    metrics = {
        name: _as_certified(metric, dict(manifest.parameters))
        for name, metric in manifest.metrics.items()
    }
    kept = replace(manifest, metrics=metrics)
    return replace(kept, hash=manifest_hash(kept))


def _as_certified(metric: Metric, parameters: dict[str, Parameter]) -> Metric:
    if metric.status != "certified" or metric.certified is None:
        return metric
    signed = metric.certified.hash
    if signed is None or signed == meaning_hash(metric, parameters):
        return metric
    return replace(metric, status="in_review")
