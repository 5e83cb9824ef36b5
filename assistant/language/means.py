"""平均AUM: the averages that may be meant, each as a complete query."""

from __future__ import annotations

from assistant.language.catalogue import Catalogue
from assistant.language.completions import Read
from assistant.language.words import closed_words
from assistant.reading import ReadingOption
from semantic_layer.problem import Problem
from semantic_layer.query import MetricQuery, MetricRef, Query

MEANS = ("户均", "日均", "笔均", "月均")
MOST = 4


def means(text: str, word: str, catalogue: Catalogue, read: Read) -> tuple[ReadingOption, ...]:
    """The question with each word that says over what is averaged."""
    found: dict[Query, ReadingOption] = {}
    for mean in MEANS:
        query = read(text.replace(word, mean, 1))
        if isinstance(query, MetricQuery) and len(query.measures) == 1:
            found.setdefault(query, ReadingOption(_label(query, mean, catalogue), query))
    return tuple(found.values())[:MOST]


def is_mean(problem: Problem) -> bool:
    """Whether all that is unclear is over what is averaged."""
    said = closed_words().get(problem.subject, ())
    return problem.code == "vague_term" and any(word.role == "mean" for word in said)


def _label(query: MetricQuery, mean: str, catalogue: Catalogue) -> str:
    measure = query.measures[0]
    if not isinstance(measure, MetricRef):
        return mean
    label = catalogue.metric(measure.metric).label
    return f"{mean}{label}" if measure.per or measure.stat else label
