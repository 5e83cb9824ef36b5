"""手机银行9月的月活: a member and a metric that are together one declared name, said in two pieces.

A stretch of text is owned once: what is a part of the metric's name is no filter beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.language.lexicon import Lexicon
from assistant.language.time import GrainToken, TimeToken
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    MetricName,
    NearMiss,
    Token,
    ValueName,
)
from assistant.language.words import Word
from semantic_layer.resolved import Assumption

BETWEEN = frozenset({"of", "filler", "group", "each_own"})
BOUND = frozenset({"conj", "exclude", "only", "break", "text", "equals", "contrast"})
"""Beside such a word a member stands for itself."""
PART = Word("filler", "part of a name")


class Whole(NamedTuple):
    """The tokens with the name put together, and what was taken for granted."""

    tokens: tuple[Token, ...]
    assumptions: tuple[Assumption, ...] = ()


def one_name(tokens: Sequence[Token], lexicon: Lexicon) -> Whole:
    """The tokens; a name in two pieces is the metric's, if all metrics asked for are called so."""
    asked = [at for at, token in enumerate(tokens) if _asks_metric(token)]
    if not asked:
        return Whole(tuple(tokens))
    for first in range(asked[-1]):
        following = [at for at in asked if at != first]
        if not _is_bare_member(tokens, first) or _metric_behind(tokens, first) != following[0]:
            continue
        named = [lexicon.metrics(tokens[first].text + tokens[at].text) for at in following]
        if all(len(names) == 1 for names in named):
            return _joined(tokens, first, following, [names[0] for names in named])
    return Whole(tuple(tokens))


def _joined(
    tokens: Sequence[Token], first: int, following: Sequence[int], names: Sequence[MetricName]
) -> Whole:
    found, said = list(tokens), []
    found[first] = replace(found[first], meanings=(PART,))
    for at, name in zip(following, names, strict=True):
        others = tuple(m for m in found[at].meanings if isinstance(m, Word))
        found[at] = replace(found[at], meanings=(name, *others))
        head, tail = tokens[first].text, tokens[at].text
        text = f"“{head}…{tail}”按指标名“{head}{tail}”理解,没有另加筛选"
        said.append(Assumption("measures", text))
    return Whole(tuple(found), tuple(said))


def _asks_metric(token: Token) -> bool:
    return any(isinstance(n, MetricName | AmbiguousName | NearMiss) for n in token.names)


def _is_bare_member(tokens: Sequence[Token], at: int) -> bool:
    """A member that no word beside it makes a condition of its own."""
    mine = {name.dimension for name in tokens[at].names if isinstance(name, ValueName)}
    if not mine or at + 1 >= len(tokens):
        return False
    before = tokens[at - 1] if at else None
    behind = tokens[at + 1]
    if any(token.word(role) for token in (before, behind) if token for role in BOUND):
        return False
    beside = {
        n.dimension
        for token in (before, behind)
        if token
        for n in token.names
        if isinstance(n, DimensionName)
    }
    return not mine & {dimension.rpartition(".")[2] for dimension in beside}


def _metric_behind(tokens: Sequence[Token], first: int) -> int | None:
    """The metric that follows after nothing but times and groups."""
    for at in range(first + 1, len(tokens)):
        token = tokens[at]
        if _asks_metric(token):
            return at if at > first + 1 else None
        is_time = any(isinstance(m, TimeToken | GrainToken) for m in token.meanings)
        is_group = any(isinstance(n, DimensionName) for n in token.names)
        if not (is_time or is_group or any(token.word(role) for role in BETWEEN)):
            return None
    return None
