"""利息, 各分行: the metrics that the rest of the question could be about."""

from __future__ import annotations

from collections.abc import Callable

from assistant.language.catalogue import Catalogue
from assistant.reading import ReadingOption
from semantic_layer.model import Metric
from semantic_layer.query import MetricQuery, MetricRef, Query

MOST = 4
MOST_TRIED = 16
Read = Callable[[str], Query | None]


def completions(text: str, catalogue: Catalogue, read: Read) -> tuple[ReadingOption, ...]:
    """The question with each metric that makes it a complete query, likeliest first."""
    found: dict[Query, ReadingOption] = {}
    for metric in _likeliest(text, catalogue)[:MOST_TRIED]:
        for changed in (f"{metric.label} {text}", f"{text}{metric.label}"):
            query = read(changed)
            if isinstance(query, MetricQuery) and _is_about(query, metric):
                found.setdefault(query, ReadingOption(metric.label, query))
                break
        if len(found) == MOST:
            break
    return tuple(found.values()) if len(found) > 1 else ()


def _is_about(query: MetricQuery, metric: Metric) -> bool:
    return query.measures == (MetricRef(metric.name),)


def _likeliest(text: str, catalogue: Catalogue) -> list[Metric]:
    """Those that share pairs of characters with the question, then the certified ones."""
    said = _pairs(text)
    metrics = [m for m in catalogue.manifest.metrics.values() if not m.hidden]
    return sorted(metrics, key=lambda m: (-len(_pairs(m.label) & said), m.status != "certified"))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
