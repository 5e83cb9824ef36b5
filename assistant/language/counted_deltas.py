"""Changes asked for with a counter: 增加了多少张, 多了几件, 减少多少户."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from assistant.language.words import Word, closed_words

KINDS = ("diff", "all")
HOW_MANY = "多少"
COUNTER = r"(?:[户人位名笔件张次单家条个](?!百分)|天|万?亿?元|钱)"


class Found(NamedTuple):
    """A change at a place of the text."""

    start: int
    end: int
    meanings: tuple[Word, ...]


def find_counted_deltas(text: str) -> Iterator[Found]:
    """Every word of change whose question word carries a counter."""
    stems, pattern = _stems()
    for match in pattern.finditer(text):
        yield Found(match.start(), match.end(), (stems[match["stem"]],))


@cache
def _stems() -> tuple[dict[str, Word], re.Pattern[str]]:
    """增加了 from 增加了多少, each with what it shows."""
    stems = {
        text.removesuffix(HOW_MANY): word
        for text, words in closed_words().items()
        for word in words
        if word.role == "delta" and word.arg in KINDS and text.endswith(HOW_MANY)
    }
    longest_first = sorted(stems, key=len, reverse=True)
    said = "|".join(re.escape(stem) for stem in longest_first)
    return stems, re.compile(rf"(?P<stem>{said})(?:{HOW_MANY}|几){COUNTER}")
