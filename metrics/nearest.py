"""Did you mean: the names most like a wrong one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, among: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The closest names, best first; empty when nothing is near.

    >>> nearest("synonym", ["synonyms", "label"])
    ('synonyms',)
    """
    return tuple(get_close_matches(name, list(among), n=count, cutoff=0.6))


def did_you_mean(name: str, among: Iterable[str]) -> str:
    """A Chinese sentence for a fix: the near names, or all when there are few.

    >>> did_you_mean("synonym", ["synonyms", "label"])
    '您是不是想写 synonyms?'
    """
    known = tuple(dict.fromkeys(among))
    near = nearest(name, known)
    if near:
        return f"您是不是想写 {'、'.join(near)}?"
    if not known:
        return "目前一个都没有定义。"
    shown = "、".join(known[:12]) + (" 等" if len(known) > 12 else "")
    return f"可用的有:{shown}。"
