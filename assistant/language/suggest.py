"""The nearest questions that can be answered, from the catalogue at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from assistant.language.catalogue import Catalogue
from assistant.language.central import central_metrics
from assistant.language.tokens import DimensionName, MetricName, NearMiss, Token

MOST = 3
MOST_TRIED = 4


def suggestions(
    tokens: Sequence[Token],
    catalogue: Catalogue,
    is_answered: Callable[[str], bool],
    capability: str = "",
) -> tuple[str, ...]:
    """Up to three questions that are read and answered, nearest first.

    For a capability that is missing, first what people ask in its place.
    """
    found: list[str] = []
    texts = (*_instead(tokens, catalogue, capability), *_texts(tokens, catalogue))
    for tried, text in enumerate(dict.fromkeys(texts)):
        if len(found) >= MOST or tried >= MOST_TRIED:
            break
        if is_answered(text):
            found.append(text)
    return tuple(found)


def _texts(tokens: Sequence[Token], catalogue: Catalogue) -> Iterator[str]:
    metrics = list(_metrics(tokens)) or list(_near(tokens, catalogue)) or list(_usual(catalogue))
    dimensions = [n.dimension for t in tokens for n in t.names if isinstance(n, DimensionName)]
    spines = catalogue.spines
    for metric in metrics:
        label = catalogue.metric(metric).label
        for dimension in dimensions[:1]:
            yield f"各{_dimension_label(dimension, catalogue)}{label}是多少"
        yield f"{label}是多少"
        for dimension in spines[:1]:
            yield f"各{_dimension_label(dimension, catalogue)}{label}是多少"


def _instead(tokens: Sequence[Token], catalogue: Catalogue, capability: str) -> Iterator[str]:
    spines = [_dimension_label(name, catalogue) for name in catalogue.spines]
    for metric in list(_metrics(tokens))[:1]:
        for template in _nearest().get(capability, ()):
            label = catalogue.metric(metric).label
            yield template.format(metric=label, spine=next(iter(spines), "机构"))


@cache
def _nearest() -> Mapping[str, tuple[str, ...]]:
    path = Path(__file__).parent / "words" / "nearest.yaml"
    table: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {capability: tuple(texts) for capability, texts in table.items()}


def _metrics(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        for name in token.names:
            if isinstance(name, MetricName):
                yield name.metric
            elif isinstance(name, NearMiss):
                yield from name.metrics


def _near(tokens: Sequence[Token], catalogue: Catalogue) -> Iterator[str]:
    """Metrics whose names share characters with the unknown words."""
    text = "".join(token.text for token in tokens if token.is_gap or token.names)
    for near in catalogue.lexicon.looking_like(text, least=30.0):
        for name in catalogue.lexicon.names.get(near.word, ()):
            if isinstance(name, MetricName) and not catalogue.metric(name.metric).hidden:
                yield name.metric


def _usual(catalogue: Catalogue) -> Iterator[str]:
    yield from (metric.name for metric in central_metrics(catalogue.manifest)[:3])


def _dimension_label(name: str, catalogue: Catalogue) -> str:
    return catalogue.manifest.dimensions[name.rpartition(".")[2]].label
