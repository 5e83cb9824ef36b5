"""按月, 今年, 同比: a word of grammar stays one, even where something is called like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.language.time import GrainToken, TimeToken
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    MetricName,
    Name,
    Token,
    ValueName,
    plain,
)
from assistant.language.words import Word

SHAPING = frozenset({
    "base", "per", "delta", "trend", "sort", "extreme", "cumulative", "total", "group", "which",
    "conj", "of", "against", "exclude", "scope", "only", "ask",
})  # fmt: skip


ASKS_FOR_MEMBERS = ("group", "extreme", "which")


def grammar_first(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Tokens that are grammar lose their names, unless their dimension claims them."""
    return tuple(
        _without_names(token)
        if _is_grammar(token) and not _is_claimed(at, token, tokens)
        else _without_grammar(token)
        if _is_grammar(token)
        else token
        for at, token in enumerate(tokens)
    )


def _is_grammar(token: Token) -> bool:
    return bool(token.names) and any(_shapes(meaning) for meaning in token.meanings)


def _shapes(meaning: object) -> bool:
    if isinstance(meaning, Word):
        return meaning.role in SHAPING
    return isinstance(meaning, GrainToken | TimeToken)


def _is_claimed(at: int, token: Token, tokens: Sequence[Token]) -> bool:
    """对账频率为按月: the value's own dimension stands before it, and is no group.

    按节假日, 最高的节假日 ask for the dimension of that name, not for the days of that kind.
    """
    if token.word("ask") and any(isinstance(n, MetricName | AmbiguousName) for n in token.names):
        return True  # 代发工资多少户,多少钱: what the second one asks for was found
    before = at - 1
    asks = before >= 0 and any(tokens[before].word(role) for role in ASKS_FOR_MEMBERS)
    if asks and _dimensions(token):
        return any(isinstance(m, TimeToken) and m.days for m in token.meanings)
    while before >= 0 and tokens[before].word("equals"):
        before -= 1
    is_said = before < at - 1
    if before < 0 or not any(name in _claims(token) for name in _dimensions(tokens[before])):
        return False
    return is_said or before == 0 or not tokens[before - 1].word("group")


def _claims(token: Token) -> set[str]:
    return {name.dimension for name in token.names if isinstance(name, ValueName)}


def _dimensions(token: Token) -> set[str]:
    return {plain(name.dimension) for name in token.names if isinstance(name, DimensionName)}


def _without_names(token: Token) -> Token:
    return replace(token, meanings=tuple(m for m in token.meanings if not isinstance(m, Name)))


def _without_grammar(token: Token) -> Token:
    return replace(token, meanings=tuple(m for m in token.meanings if isinstance(m, Name)))
