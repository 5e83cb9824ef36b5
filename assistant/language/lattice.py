"""The best ways to cut a text into known tokens and gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assistant.language.scan import Edge
from assistant.language.tokens import (
    AmbiguousName,
    Meaning,
    MetricName,
    NearMiss,
    Rank,
    SensitiveName,
    Token,
)
from assistant.language.words import Word

GAP_COST = 3.0
"""Per character that nothing is known about."""

SCORE_KEPT = 0.6
"""A cut below this part of the best cut's score is not looked at."""
MOST_TAKEN_APART = 4
LIGHT = frozenset({
    "filler", "of", "break", "conj", "equals", "prep", "ask", "noun", "head", "scope", "total",
    "group", "after",
})  # fmt: skip
"""Roles of words that may turn out to be a part of something else."""


class Cut(NamedTuple):
    """One way to cut the whole text."""

    score: float
    tokens: tuple[Token, ...]


class _Path(NamedTuple):
    score: float
    edges: tuple[Edge | None, ...]
    """None stands for one unknown character."""


def best_cuts(text: str, edges: Sequence[Edge], most: int = 3) -> tuple[Cut, ...]:
    """The `most` highest-scoring cuts, best first; ties prefer longer tokens first."""
    ending: dict[int, list[Edge]] = {}
    for edge in edges:
        ending.setdefault(edge.token.end, []).append(edge)
    paths: list[list[_Path]] = [[_Path(0.0, ())]]
    for at in range(1, len(text) + 1):
        reached = [_Path(p.score - GAP_COST, (*p.edges, None)) for p in paths[at - 1]]
        for edge in ending.get(at, ()):
            reached += [
                _Path(p.score + edge.score, (*p.edges, edge)) for p in paths[edge.token.start]
            ]
        reached.sort(key=lambda path: (-path.score, len(path.edges)))
        paths.append(reached[:most])
    return tuple(Cut(path.score, _tokens(text, path)) for path in paths[-1])


def cuts_without_a_metric(text: str, edges: Sequence[Edge], best: Cut) -> tuple[Cut, ...]:
    """私行客户|AUM → 私行|客户|AUM: each metric name of the best cut taken away in turn."""
    metrics = [t for t in best.tokens if any(isinstance(n, MetricName) for n in t.names)]
    governed = any(isinstance(n, AmbiguousName) for t in best.tokens for n in t.names)
    if len(metrics) + governed < 2:
        return ()
    return tuple(
        best_cuts(text, [e for e in edges if not _same_place(e, token)], most=1)[0]
        for token in metrics[:MOST_TAKEN_APART]
        if len(token.text) > 2
    )


def _same_place(edge: Edge, token: Token) -> bool:
    return (edge.token.start, edge.token.end) == (token.start, token.end)


def faithful_cuts(cuts: Sequence[Cut]) -> tuple[Cut, ...]:
    """The best cut, and others that take no weighty word of it to pieces."""
    best = cuts[0]
    others = (c for c in cuts[1:] if c.score >= best.score * SCORE_KEPT)
    return (best, *(cut for cut in others if _keeps(best.tokens, cut.tokens)))


def _keeps(best: Sequence[Token], other: Sequence[Token]) -> bool:
    """为什么 may not become 为 and 什么; 余额 may become a part of 存款余额."""
    if any(_is_vaguer(token, other) for token in best):
        return False
    spans = [(token.start, token.end) for token in other if not token.is_gap]
    return all(
        any(start <= token.start and token.end <= end for start, end in spans)
        for token in best
        if any(_is_weighty(meaning) for meaning in token.meanings)
    )


def _is_vaguer(token: Token, other: Sequence[Token]) -> bool:
    """存款余额 may not become 存款 and 余额: the name says more than its ambiguous part."""
    return any(isinstance(name, MetricName) for name in token.names) and any(
        token.start <= part.start and part.end <= token.end and part.text != token.text
        for part in other
        if any(isinstance(name, AmbiguousName | NearMiss) for name in part.names)
    )


def _is_weighty(meaning: Meaning) -> bool:
    if isinstance(meaning, Word):
        return meaning.role not in LIGHT
    return isinstance(meaning, AmbiguousName | NearMiss | SensitiveName | Rank)


def _tokens(text: str, path: _Path) -> tuple[Token, ...]:
    """The path's tokens, with unknown characters joined into gaps."""
    tokens: list[Token] = []
    at = 0
    for edge in path.edges:
        if edge is not None:
            tokens.append(edge.token)
            at = edge.token.end
            continue
        if tokens and tokens[-1].is_gap:
            last = tokens.pop()
            tokens.append(Token(last.start, at + 1, text[last.start : at + 1]))
        else:
            tokens.append(Token(at, at + 1, text[at]))
        at += 1
    return tuple(tokens)
