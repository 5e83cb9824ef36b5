"""Which metrics a business is first asked about: those that others are made of or set against."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from semantic_layer.model import Manifest, Metric
from semantic_layer.resolve.closure import metric_closure


@lru_cache(maxsize=8)
def central_metrics(manifest: Manifest) -> tuple[Metric, ...]:
    """Visible metrics, the certified and most used ones first: 客户数, 存款余额, 贷款余额."""
    visible = [metric for metric in manifest.metrics.values() if not metric.hidden]
    made_of = (set(metric_closure(manifest, metric.name)) for metric in visible)
    used = Counter(part for parts in made_of for part in parts)
    return tuple(sorted(visible, key=lambda m: (m.status != "certified", -used[m.name])))
