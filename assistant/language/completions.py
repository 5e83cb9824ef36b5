"""利息, 各分行: the metrics that the rest of the question could be about."""

from __future__ import annotations

from collections.abc import Callable

from assistant.language.catalogue import Catalogue
from assistant.language.central import central_metrics
from assistant.reading import ReadingOption
from semantic_layer.model import Metric
from semantic_layer.query import MetricQuery, MetricRef, Query

MOST = 4
MOST_TRIED = 16
NEW = "新增"
BALANCE = "余额"
"""The governed word whose candidates are the balances that may have grown."""
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


def newly(text: str, said: str, catalogue: Catalogue, read: Read) -> tuple[ReadingOption, ...]:
    """上个月新增了多少 with each metric of what is new, then with the growth of balances."""
    metrics = sorted(
        (m for m in catalogue.manifest.metrics.values() if not m.hidden),
        key=lambda m: m.status != "certified",
    )
    flows = [m for m in metrics if m.label.startswith(NEW) and not catalogue.is_stock(m.name)]
    named = [(m.label, f"{m.label}是多少") for m in flows if m.direction == "up_is_good"]
    balances = catalogue.manifest.ambiguous.get(BALANCE)
    grown = [
        (f"{NEW}{metric.label}", f"{metric.label}{NEW}多少")
        for name in (balances.candidates if balances else ())
        if (metric := catalogue.manifest.metrics.get(name)) is not None
    ]
    found: dict[Query, ReadingOption] = {}
    for label, words in (*named[: MOST // 2], *grown):
        query = read(text.replace(said, words, 1))
        if query is not None:
            found.setdefault(query, ReadingOption(label, query))
        if len(found) == MOST:
            break
    return tuple(found.values())


def _is_about(query: MetricQuery, metric: Metric) -> bool:
    return query.measures == (MetricRef(metric.name),)


def _likeliest(text: str, catalogue: Catalogue) -> list[Metric]:
    """Those that share pairs of characters with the question, then the certified ones."""
    said = _pairs(text)
    metrics = central_metrics(catalogue.manifest)
    return sorted(metrics, key=lambda m: (-len(_pairs(m.label) & said), m.status != "certified"))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
