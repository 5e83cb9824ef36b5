"""放款额 said apart: 放了多少款. Verbs that hold their object, out of the names of flows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from assistant.language.normalise import normalise_name
from semantic_layer.model import Manifest, Metric

OBJECTS = frozenset("款卡账贷单券保薪息税证")
"""What stands behind a verb of one character and is done with it."""
COUNTS = ("笔数", "次数", "件数", "张数", "数", "量")
AMOUNTS = ("金额", "额", "")
COUNTED = frozenset("笔次件张户人")


class Apart(NamedTuple):
    """A verb, its object, and the metric that both ask for together."""

    verb: str
    noun: str
    counter: str
    metric: str


def said_apart(manifest: Manifest) -> Iterator[Apart]:
    """Every such verb; names that govern a doubt stay whole."""
    doubtful = {normalise_name(word) for word in manifest.ambiguous}
    for metric in manifest.metrics.values():
        if metric.is_stock or metric.hidden:
            continue
        for word in map(normalise_name, (metric.label, *metric.synonyms)):
            if (stem := _stem(word, metric)) and not doubtful & {stem, word}:
                yield Apart(stem[0], stem[1], _counter(metric), metric.name)


def _stem(word: str, metric: Metric) -> str:
    """放款 of 放款笔数; nothing where more than the verb and its object is said."""
    endings = AMOUNTS if metric.unit == "CNY" else COUNTS if metric.unit in COUNTED else ()
    for ending in endings:
        stem = word.removesuffix(ending)
        if word.endswith(ending) and len(stem) == 2 and stem[1] in OBJECTS:
            return stem
    return ""


def _counter(metric: Metric) -> str:
    return "" if metric.unit == "CNY" else metric.unit or ""
