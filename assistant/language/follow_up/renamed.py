"""换成基金 after 理财销售额: the metric whose name differs in just those words."""

from __future__ import annotations

from assistant.language.follow_up.complete import first_metric
from semantic_layer.model import Manifest, Metric
from semantic_layer.query import MetricQuery, MetricRef

FEWEST_KEPT = 2
"""As many characters of the old name stay, or nothing tells that it is the same kind of figure."""


def renamed(rest: str, previous: MetricQuery, manifest: Manifest) -> str | None:
    """The one other metric that is called so: 理财销售额 → 基金销售额, 交易笔数 → 交易金额."""
    name = first_metric(previous.measures[0])
    if name is None or len(previous.measures) > 1 or len(rest) < FEWEST_KEPT:
        return None
    if not isinstance(previous.measures[0], MetricRef) or name not in manifest.metrics:
        return None
    found: dict[str, None] = {}
    for old in _names(manifest.metrics[name]):
        wanted = set(_exchanged(old, rest))
        for other in manifest.metrics.values():
            if other.name != name and not other.hidden and wanted & set(_names(other)):
                found[other.name] = None
        if found:
            break
    return next(iter(found)) if len(found) == 1 else None


def _names(metric: Metric) -> tuple[str, ...]:
    return (metric.label, *metric.synonyms)


def _exchanged(old: str, rest: str) -> list[str]:
    """The old name with its beginning or its end exchanged."""
    cuts = range(FEWEST_KEPT, len(old) - 1)
    return [rest + old[cut:] for cut in cuts] + [old[:cut] + rest for cut in cuts]
