"""转账笔数: a member of another table's attribute, and the members it was meant for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from assistant.language.catalogue import Catalogue
from assistant.language.tokens import Token, ValueName, plain
from assistant.reading import ReadingOption
from semantic_layer.problem import Problem
from semantic_layer.query import Query

MOST = 4
MOST_TRIED = 8
Read = Callable[[str], Query | None]


class Other(NamedTuple):
    """What is wrong with the member, and the likely members as complete queries."""

    problem: Problem
    options: tuple[ReadingOption, ...] = ()


def other_members(
    text: str, tokens: Sequence[Token], problem: Problem, catalogue: Catalogue, read: Read
) -> Other | None:
    """Members whose names hold the word and by which the metric can be seen."""
    said = _said(tokens, problem.subject)
    if said is None:
        return None
    token, value = said
    label = catalogue.dimension_label(value.dimension)
    options = tuple(_options(text, token, value, catalogue, read))[:MOST]
    if not options:
        message = f"“{token.text}”在这里是{label}的取值。{problem.message}"
        return Other(Problem(problem.code, message, problem.at, problem.subject))
    names = "、".join(option.label for option in options)
    message = f"“{token.text}”是{label}的取值,这个指标不能按{label}看;相近的有:{names}。请确认。"
    return Other(Problem("unknown_value", message, subject=token.text), options)


def _said(tokens: Sequence[Token], dimension: str) -> tuple[Token, ValueName] | None:
    """The member that cannot be looked at, unless its own dimension was named with it."""
    if any(getattr(n, "dimension", "") and not isinstance(n, ValueName)
           and plain(getattr(n, "dimension", "")) == plain(dimension)
           for t in tokens for n in t.names):  # fmt: skip
        return None
    return next(
        (
            (token, name)
            for token in tokens
            for name in token.names
            if isinstance(name, ValueName) and plain(name.dimension) == plain(dimension)
        ),
        None,
    )


def _options(
    text: str, token: Token, value: ValueName, catalogue: Catalogue, read: Read
) -> list[ReadingOption]:
    found: dict[Query, ReadingOption] = {}
    for word, name in _near(token.text, value, catalogue)[:MOST_TRIED]:
        query = read(text[: token.start] + word + text[token.end :])
        if query is not None and query not in found:
            label = catalogue.dimension_label(name.dimension)
            choice = f"{name.dimension}={name.value}"
            shown = f"{label}为{catalogue.value_label(name)}"
            found[query] = ReadingOption(shown, query, word=token.text, choice=choice)
    return list(found.values())


def _near(said: str, value: ValueName, catalogue: Catalogue) -> list[tuple[str, ValueName]]:
    """Names that begin with the word, the shortest first."""
    found = [
        (word, name)
        for word, names in catalogue.lexicon.names.items()
        if word.startswith(said) and len(word) > len(said)
        for name in names
        if isinstance(name, ValueName) and plain(name.dimension) != plain(value.dimension)
    ]
    return sorted(found, key=lambda pair: (len(pair[0]), pair[0]))
