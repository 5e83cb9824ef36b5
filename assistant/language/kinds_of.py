"""货币基金保有量, 私募基金销售额: a member in place of what the metric's name begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.language.inverted import Found
from assistant.language.lexicon import Lexicon
from assistant.language.tokens import ValueName

SHORTEST = 2


def find_kinds_of(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """The rest of the metric's name behind such a member; both share the name of a kind."""
    known = list(lexicon.find(text))
    members = [k for k in known if any(isinstance(n, ValueName) for n in k.names)]
    for member in members:
        for metric in known:
            if not member.start < metric.start <= member.end - SHORTEST < metric.end - SHORTEST:
                continue
            names = lexicon.metrics(text[metric.start : metric.end])
            shared = lexicon.names.get(text[metric.start : member.end], ())
            if names and _is_kind(shared):
                said = tuple(replace(name, via="short") for name in names)
                yield Found(member.end, metric.end, said)


def _is_kind(names: Sequence[object]) -> bool:
    """基金, 存款: they are members too."""
    return any(isinstance(name, ValueName) for name in names)


def find_in_place(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """私募基金销售额: a member stands where 产品销售额 has the name of its dimension."""
    for known in lexicon.find(text):
        for name in known.names:
            rests = lexicon.in_place.get(name.dimension) if isinstance(name, ValueName) else None
            for rest, metrics in (rests or {}).items():
                if text.startswith(rest, known.end):
                    said = tuple(replace(metric, via="short") for metric in metrics)
                    yield Found(known.end, known.end + len(rest), said)
