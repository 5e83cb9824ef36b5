"""The nearest questions that can be answered, from the catalogue at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assistant.language.catalogue import Catalogue
from assistant.language.tokens import DimensionName, MetricName, NearMiss, Token

MOST = 3
MOST_TRIED = 4


def suggestions(
    tokens: Sequence[Token], catalogue: Catalogue, is_answered: Callable[[str], bool]
) -> tuple[str, ...]:
    """Up to three questions that are read and answered, nearest first."""
    found: list[str] = []
    for tried, text in enumerate(dict.fromkeys(_texts(tokens, catalogue))):
        if len(found) >= MOST or tried >= MOST_TRIED:
            break
        if is_answered(text):
            found.append(text)
    return tuple(found)


def _texts(tokens: Sequence[Token], catalogue: Catalogue) -> Iterator[str]:
    metrics = list(_metrics(tokens)) or list(_near(tokens, catalogue)) or list(_usual(catalogue))
    dimensions = [n.dimension for t in tokens for n in t.names if isinstance(n, DimensionName)]
    spines = [d.name for d in catalogue.manifest.dimensions.values() if d.field.spine]
    for metric in metrics:
        label = catalogue.metric(metric).label
        for dimension in dimensions[:1]:
            yield f"各{_dimension_label(dimension, catalogue)}{label}是多少"
        yield f"{label}是多少"
        for dimension in spines[:1]:
            yield f"各{_dimension_label(dimension, catalogue)}{label}是多少"


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
    metrics = [m for m in catalogue.manifest.metrics.values() if not m.hidden]
    yield from (m.name for m in sorted(metrics, key=lambda m: m.status != "certified")[:3])


def _dimension_label(name: str, catalogue: Catalogue) -> str:
    return catalogue.manifest.dimensions[name.rpartition(".")[2]].label
