"""Phrases are written as people say them, and each asks for one metric."""

from __future__ import annotations

from collections.abc import Iterator

from metrics.finding import Finding
from metrics.phrases import Phrase, read_phrase
from semantic_layer.model import Manifest, Metric


def phrase_unlike_speech(manifest: Manifest) -> Iterator[Finding]:
    """A phrase has a verb and 多少, or nobody will ever be understood by it."""
    for metric in manifest.metrics.values():
        for text in metric.phrases:
            if read_phrase(text) is None:
                yield Finding(
                    "M233",
                    metric.at,
                    f"指标“{metric.label}”的问法“{text}”读不懂。",
                    "请写成“动词+了多少+宾语”,例如 卖了多少理财;没有宾语就写 赔了多少。",
                )


def phrase_of_two_metrics(manifest: Manifest) -> Iterator[Finding]:
    """The same verb on the same thing, counted in the same unit, asks for one metric."""
    first: dict[tuple[Phrase, str], Metric] = {}
    for metric in manifest.metrics.values():
        for phrase in dict.fromkeys(map(read_phrase, metric.phrases)):
            if phrase is None:
                continue
            other = first.setdefault((phrase._replace(counter=""), metric.unit), metric)
            if other is not metric:
                said = f"{phrase.verb}了多少{phrase.noun}"
                yield Finding(
                    "M206",
                    metric.at,
                    f"“{said}”同时是指标“{other.label}”({other.at})和“{metric.label}”的问法。",
                    "请只留在一处,或把宾语写得更清楚。",
                )
