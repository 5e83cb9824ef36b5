"""Words we do not know: what they may be meant for, by sound and by shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.language.lexicon import Lexicon
from assistant.language.number import ComparatorToken, NumberToken
from assistant.language.scan import Edge
from assistant.language.time import GrainToken, TimeToken
from assistant.language.tokens import (
    DimensionName,
    MetricName,
    Name,
    Rank,
    SegmentName,
    Token,
    ValueName,
    Via,
)

SOUND_WEIGHT = 3.0
LENGTH_POWER = 1.35
LONGEST = 14
LEAST_ALIKE = 58.0
CLINGING = frozenset({"place", "copula", "stress", "particle", "thing"})
SHAPES = (TimeToken, GrainToken, ComparatorToken, NumberToken, Rank)


class Guess(NamedTuple):
    """A known word in place of an unknown one."""

    start: int
    end: int
    said: str
    word: str
    score: float


def sound_edges(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> tuple[Edge, ...]:
    """Known words that sound like a stretch around a gap: 存款余鄂, cunkuan余额."""
    edges = []
    for start, end in _windows(text, tokens):
        said = text[start:end]
        for word in lexicon.sounding_like(said):
            if word == said:
                continue
            names = tuple(_by(name, "pinyin") for name in lexicon.names[word])
            score = SOUND_WEIGHT * (end - start) ** LENGTH_POWER
            edges.append(Edge(Token(start, end, said, names), score))
            break
    return tuple(edges)


def guesses(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> tuple[Guess, ...]:
    """Known words that look like the first gap with its neighbours, best first."""
    best: dict[str, Guess] = {}
    unknown = {char for token in tokens if token.is_gap for char in token.text}
    for start, end in _windows(text, tokens):
        said = text[start:end]
        if len(said) < 2:
            continue
        for near in lexicon.looking_like(said, least=LEAST_ALIKE):
            if near.word in said or not unknown & set(near.word):
                continue
            guess = Guess(start, end, said, near.word, near.score)
            if near.word not in best or best[near.word].score < near.score:
                best[near.word] = guess
    return tuple(sorted(best.values(), key=lambda g: (-g.score, g.word)))


def unknown_stretch(tokens: Sequence[Token]) -> tuple[int, int]:
    """Token positions of the first gap with the low-value words that cling to it."""
    at = next(i for i, token in enumerate(tokens) if token.is_gap)
    first = last = at
    while first > 0 and _clings(tokens[first - 1]):
        first -= 1
    if first == 1 and tokens[0].word("conj") and len(tokens[0].text) == 1:
        first = 0
    while last + 1 < len(tokens) and (tokens[last + 1].is_gap or _clings(tokens[last + 1])):
        last += 1
    while last > at and not tokens[last].is_gap and tokens[last].word("of"):
        last -= 1
    return first, last + 1


def _clings(token: Token) -> bool:
    """A short word beside a gap is rather a part of the unknown name: 到 in 到期."""
    return len(token.text) == 1 and not token.names and token.word("filler") in CLINGING


def _is_understood(token: Token) -> bool:
    """A guess may not swallow a time, a condition or a member."""
    if any(isinstance(meaning, SHAPES) for meaning in token.meanings):
        return True
    return bool(token.names) and all(isinstance(name, ValueName) for name in token.names)


def _windows(text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Stretches that hold a gap and up to two neighbours on each side, longest first."""
    found: dict[tuple[int, int], None] = {}
    for at, token in enumerate(tokens):
        if not token.is_gap:
            continue
        lefts = [tokens[i].start for i in range(max(0, at - 2), at + 1)]
        rights = [tokens[i].end for i in range(at, min(len(tokens), at + 3))]
        for start in lefts:
            for end in rights:
                if end - start <= LONGEST:
                    found[(start, end)] = None
        for end in range(token.start + 2, min(len(text), token.start + 8) + 1):
            found[(token.start, end)] = None
        for start in range(max(0, token.end - 8), token.end - 1):
            found[(start, token.end)] = None
    kept = [(token.start, token.end) for token in tokens if _is_understood(token)]
    free = (w for w in found if all(end <= w[0] or w[1] <= start for start, end in kept))
    yield from sorted(free, key=lambda span: (span[0] - span[1], span))


def _by(name: Name, via: Via) -> Name:
    if isinstance(name, MetricName | DimensionName | ValueName | SegmentName):
        return replace(name, via=via)
    return name
