"""Values beside each other and beside the names of their dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.language.number import NumberToken
from assistant.language.tokens import DimensionName, MetricName, Name, Token, ValueName, plain
from semantic_layer.model import Manifest

MEMBER_UNITS = frozenset({"家", "个", "位", "名", "种", "款", "只"})
OF_ONE_KIND = ("exclude", "which", "contrast", "each_own", "compare_extreme")
"""With these words the values are members of the dimension named: 除了北京,各分行."""


def runs_of_one_dimension(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """北京和上海分行: a dimension beside one value of a run says it for all."""
    found = list(tokens)
    for run in value_runs(tokens):
        if _are_metrics(tokens, run):
            for at in run:
                found[at] = _as_metric(found[at])
            continue
        shared = _shared(tokens, run)
        for at in run:
            beside = _dimensions(beside_its_dimension(at, tokens, tokens[at].names))
            shared = shared & beside or shared
        for at in run:
            names = tuple(
                n for n in found[at].names if isinstance(n, ValueName) and n.dimension in shared
            )
            others = tuple(m for m in found[at].meanings if not isinstance(m, Name))
            found[at] = replace(found[at], meanings=(*names, *others))
    return tuple(found)


def _are_metrics(tokens: Sequence[Token], run: Sequence[int]) -> bool:
    """AUM、存款、贷款: names of metrics as well, joined to one or with no other to narrow."""
    if not all(_metrics(tokens[at]) for at in run):
        return False
    others = [at for at, token in enumerate(tokens) if _metrics(token) and at not in run]
    joined = any(_is_joined(tokens, *sorted((at, end)))
                 for at in others for end in (run[0], run[-1])
                 if abs(at - end) > 1 and not _dimensions(tokens[at].names))  # fmt: skip
    return joined or not others


def _metrics(token: Token) -> list[MetricName]:
    return [name for name in token.names if isinstance(name, MetricName)]


def _as_metric(token: Token) -> Token:
    others = tuple(m for m in token.meanings if not isinstance(m, Name))
    return replace(token, meanings=(*_metrics(token)[:1], *others))


def value_runs(tokens: Sequence[Token]) -> list[list[int]]:
    """Places of joined values that share a dimension: 北京、上海和深圳."""
    runs: list[list[int]] = []
    for at, token in enumerate(tokens):
        here = _dimensions(token.names)
        if not here:
            continue
        last = runs[-1] if runs else []
        if last and _is_joined(tokens, last[-1], at) and here & _shared(tokens, last):
            last.append(at)
        else:
            runs.append([at])
    return [run for run in runs if len(run) > 1]


def beside_its_dimension(
    at: int, tokens: Sequence[Token], names: tuple[Name, ...]
) -> tuple[Name, ...]:
    """宁波渠道: the dimension beside a value says which of several it belongs to."""
    beside = {
        plain(name.dimension)
        for near in (*_neighbours(at, tokens), *_behind_their_number(at, tokens))
        if 0 <= near < len(tokens)
        for name in tokens[near].names
        if isinstance(name, DimensionName)
    }
    if any(token.word(role) for token in tokens for role in OF_ONE_KIND):
        beside |= {
            plain(n.dimension) for t in tokens for n in t.names if isinstance(n, DimensionName)
        }
    fitting = tuple(n for n in names if isinstance(n, ValueName) and n.dimension in beside)
    return fitting or names


def member_of_the_named(
    at: int, tokens: Sequence[Token], manifest: Manifest
) -> tuple[ValueName, ...]:
    """上月末客户等级为金卡: a member of the dimension before 为; 金卡 alone names another."""
    if at < 2 or tokens[at - 1].word("equals") is None:
        return ()
    named = [n.dimension for n in tokens[at - 2].names if isinstance(n, DimensionName)]
    known = {name.dimension for name in tokens[at].names if isinstance(name, ValueName)}
    found = []
    for written in named:
        field = manifest.dimensions[plain(written)].field
        for value in field.values:
            words = (value.label or str(value.value), *value.synonyms)
            if field.name not in known and known and tokens[at].text in words:
                found.append(ValueName(field.name, value.value))
    return tuple(found)


def _neighbours(at: int, tokens: Sequence[Token]) -> list[int]:
    """渠道为手机银行, 手机银行渠道, 北京和上海的分行."""
    after_of = at + 1 < len(tokens) and tokens[at + 1].word("of") is not None
    return [at - 2, at - 1, at + 1, *((at + 2,) if after_of else ())]


def _behind_their_number(at: int, tokens: Sequence[Token]) -> list[int]:
    """银川、固原两家分行: how many were named stands between."""
    counted = at + 2 < len(tokens) and any(
        isinstance(m, NumberToken) and m.unit in MEMBER_UNITS for m in tokens[at + 1].meanings
    )
    return [at + 2] if counted else []


def _shared(tokens: Sequence[Token], run: Sequence[int]) -> set[str]:
    return set.intersection(*(_dimensions(tokens[at].names) for at in run))


def _is_joined(tokens: Sequence[Token], left: int, right: int) -> bool:
    between = tokens[left + 1 : right]
    return len(between) <= 2 and all(_joins(token) for token in between)


def _joins(token: Token) -> bool:
    return any(token.word(role) for role in ("conj", "against", "break"))


def _dimensions(names: Sequence[Name]) -> set[str]:
    return {name.dimension for name in names if isinstance(name, ValueName)}
