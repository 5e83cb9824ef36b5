"""Words we do not know: what they may be meant for, by sound and by shape."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.language.lexicon import Lexicon
from assistant.language.number import ComparatorToken, NumberToken
from assistant.language.scan import Edge
from assistant.language.slips import is_slip, undoubled
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
SHORT = 2
LEAST_ALIKE_SHORT = 50.0
SLIP_SCORE, COVERED_SCORE = 100.0, 200.0
"""What takes in more of the unknown goes first, and then a slip of the pen, the longest first."""
AS_LIKELY = 2
"""How much less alike a second name may be to be offered beside the first."""
RATES = ("率", "占比", "比例")
CLINGING = frozenset({"place", "copula", "stress", "particle", "thing"})
SHAPES = (TimeToken, GrainToken, ComparatorToken, NumberToken, Rank)


class Guess(NamedTuple):
    """A known word in place of an unknown one."""

    start: int
    end: int
    said: str
    word: str
    score: float
    slip: bool = False
    """One slip of the pen away, or said alike."""


def repair_edges(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> tuple[Edge, ...]:
    """Names said like a stretch around a gap, or written there with a character twice."""
    edges = []
    for start, end in _windows(text, tokens):
        said = text[start:end]
        found = _repaired(said, "pinyin", lexicon.sounding_like(said), start, tokens, lexicon)
        twice = (word for word in undoubled(said) if word in lexicon.names)
        found = found or _repaired(said, "fuzzy", twice, start, tokens, lexicon)
        if found:
            score = SOUND_WEIGHT * (end - start) ** LENGTH_POWER
            edges.append(Edge(Token(start, end, said, found), score))
    return tuple(edges)


def _repaired(
    said: str, via: Via, words: Iterable[str], start: int, tokens: Sequence[Token],
    lexicon: Lexicon,
) -> tuple[Name, ...]:  # fmt: skip
    """What the words name; several words leave the choice to the asker."""
    fitting = (
        w
        for w in words
        if w != said and _keeps_the_known(said, w, start, tokens)
        and (len(w) > SHORT or said.isascii() or not _is_member(w, lexicon))
        and (len(w) > SHORT or said.isascii() or set(w) & set(said))
    )  # fmt: skip
    return tuple(dict.fromkeys(_by(n, via) for word in fitting for n in lexicon.names[word]))


def guesses(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> tuple[Guess, ...]:
    """Known words that look like the first gap with its neighbours, best first."""
    best: dict[str, Guess] = {}
    unknown = {at for token in tokens if token.is_gap for at in range(token.start, token.end)}
    unsaid = [token.text for token in tokens if token.is_gap]
    long_enough = 0
    for start, end in _windows(text, tokens):
        said, covered = text[start:end], len(unknown.intersection(range(start, end)))
        if len(said) < SHORT or len(said) < long_enough:
            continue
        heard = lexicon.sounding_like(said)
        seen = {near.word: near.score for near in lexicon.looking_like(said, least=_least(said))}
        for word in {**seen, **dict.fromkeys(heard)}:
            slip = word in heard or is_slip(said, word)
            if (word in said or not _shares(unsaid, word)) and not slip:
                continue
            short = word not in heard and (
                _too_short(said, word, slip, lexicon) or _begins_otherwise(said, word, lexicon)
            )
            if short or not _keeps_the_known(said, word, start, tokens) or _drops_rate(said, word):
                continue
            score = SLIP_SCORE + len(said) if slip else seen[word]
            guess = Guess(start, end, said, word, score + COVERED_SCORE * covered, slip)
            if word not in best or best[word].score < guess.score:
                best[word] = guess
            if slip and covered == len(unknown):
                long_enough = max(long_enough, len(said) - AS_LIKELY)
    return tuple(sorted(best.values(), key=lambda g: (-g.score, g.word)))


def _shares(unknown: Sequence[str], word: str) -> bool:
    """Two characters side by side: 付息率 is not 赔付率, though both have 付 and 率."""
    pairs = {gap[at : at + 2] for gap in unknown for at in range(max(1, len(gap) - 1))}
    return any(pair in word for pair in pairs)


def _least(said: str) -> float:
    return LEAST_ALIKE if len(said) > SHORT else LEAST_ALIKE_SHORT


def _too_short(said: str, word: str, slip: bool, lexicon: Lexicon) -> bool:
    """Two characters with a wrong one are half the word: 性另 may be 性别, 星座 is no 星级."""
    if len(word) > SHORT:
        return False
    return (
        not slip
        or said[0] != word[0]
        or not any(
            isinstance(name, DimensionName) and name.via == "name" for name in lexicon.names[word]
        )
    )


def _drops_rate(said: str, word: str) -> bool:
    """投诉率 is not 投诉量, 投保申请转化率 not 投保申请件数."""
    return said.endswith(RATES) and not word.endswith(RATES)


def _begins_otherwise(said: str, word: str, lexicon: Lexicon) -> bool:
    """存贷比 is not 拨贷比: 存 begins names of its own, so nobody slipped; 夏购率 is 复购率."""
    if not len(said) == len(word) <= SHORT + 1 or said[0] == word[0]:
        return False
    at = bisect_left(lexicon.patterns, said[0])
    following = itertools.takewhile(lambda w: w[0] == said[0], lexicon.patterns[at:])
    return any(lexicon.metrics(name) for name in following)


def _is_member(word: str, lexicon: Lexicon) -> bool:
    """流客 may be meant for the member 留客, and for much else: that is asked."""
    return all(isinstance(name, ValueName) for name in lexicon.names[word])


def _keeps_the_known(said: str, word: str, start: int, tokens: Sequence[Token]) -> bool:
    """A time, a condition or a member inside must stand unchanged in the word, and in its place.

    消费笔|数 is not cut: what is counted stays whole.
    """
    for token in tokens:
        first, last = max(start, token.start), min(start + len(said), token.end)
        if token.word("head") == "笔" and token.start < last == start + len(said) < token.end:
            return False
        if token.start < first < token.end and any(
            isinstance(name, MetricName) for name in token.names
        ):
            return False
        if first < last and _is_understood(token):
            known = said[first - start : last - start]
            behind = start + len(said) - last
            if not word.startswith(known, first - start) and not word[
                : len(word) - behind
            ].endswith(known):
                return False
    return True


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
    if any(token.word(role) for role in ("per", "per_person", "share")):
        return True
    if len(token.text) >= SHORT and any(isinstance(n, MetricName) for n in token.names):
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
    yield from sorted(found, key=lambda span: (span[0] - span[1], span))


def _by(name: Name, via: Via) -> Name:
    if isinstance(name, MetricName | DimensionName | ValueName | SegmentName):
        return replace(name, via=via)
    return name
