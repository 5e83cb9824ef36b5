"""工单类别为投诉, 投诉的满意度: members that only their table's own words bring to mind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from assistant.language.lexicon import Lexicon
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    Meaning,
    MetricName,
    ValueName,
    plain,
)

IS = re.compile("为|是|=|等于|属于")
Place = tuple[int, int]


def find_own_members(
    text: str, lexicon: Lexicon, found: Mapping[Place, Mapping[Meaning, None]]
) -> Iterator[tuple[Place, ValueName]]:
    """Such members behind 为 and the name of their dimension, or right before their figure."""
    said = [word for word in lexicon.own_members if word in text]
    if not said:
        return
    named = {end: dims for (_, end), known in found.items() if (dims := _dimensions(known))}
    asked = {start: metrics for (start, _), known in found.items() if (metrics := _metrics(known))}
    for word in said:
        for match in re.finditer(re.escape(word), text):
            start, end = match.span()
            of = text.startswith("的", end)
            dimensions = _named_before(text, start, named)
            for member in lexicon.own_members[word]:
                behind = asked.get(end + of, frozenset())
                if member.value.dimension in dimensions or member.metrics & behind:
                    yield (start, end), member.value


def _named_before(text: str, start: int, named: Mapping[int, frozenset[str]]) -> frozenset[str]:
    """The dimension whose name and 为 end where the member begins."""
    for match in IS.finditer(text, max(0, start - 2), start):
        if match.end() == start:
            return named.get(match.start(), frozenset())
    return frozenset()


def _dimensions(known: Mapping[Meaning, None]) -> frozenset[str]:
    return frozenset(plain(m.dimension) for m in known if isinstance(m, DimensionName))


def _metrics(known: Mapping[Meaning, None]) -> frozenset[str]:
    metrics = {m.metric for m in known if isinstance(m, MetricName)}
    return frozenset(metrics | {m.word for m in known if isinstance(m, AmbiguousName)})
