"""Time buckets that are asked for or ranked: 哪天, 哪个月, 最大的三天."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.language.ranks import COUNTS, EXTREMES, count_of
from assistant.language.time import GrainToken
from assistant.language.tokens import Meaning, Rank
from assistant.language.words import Word
from semantic_layer.query import Grain

UNITS: dict[str, Grain] = {
    "天": "date", "日": "date", "日期": "date", "周": "week", "星期": "week", "旬": "xun",
    "月": "month", "月份": "month", "季度": "quarter", "季": "quarter", "半年": "half",
    "年": "year", "年份": "year", "年度": "year",
}  # fmt: skip
UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
WHICH = re.compile(rf"(?:是|在)?哪(?P<several>几|些)?(?:一?个|一)?(?P<unit>{UNIT})(?![活均])")
LISTED = re.compile(r"(?<=的)(?P<unit>月份|季度|年份|日期)(?=$|有哪|是哪|都有)")
RANKED = re.compile(
    rf"最(?P<e>[{''.join(EXTREMES)}])的?(?:前|那|是)?(?P<n>{COUNTS})?个?(?P<unit>{UNIT})(?![活均末初底])"
)

STATS = ("峰值", "谷值", "最大值", "最小值", "最高值", "最低值", "中位数")
OF_EACH = re.compile(
    r"(?<![0-9一二三四五六七八九十每各本上当近个单末半工易作假节])单?(?P<unit>日|月)(?![均活末初度底终内中期报])"
)
"""日交易金额的峰值, 月交易笔数的中位数."""
SINGLE = re.compile(
    rf"单个?(?P<unit>日|天|周|月|季度?)的?最(?P<e>[{''.join(EXTREMES)}])(?:值|的)?(?!的?[一二两三\d])"
)
"""单日最高交易额: the day that has most, and how much."""


class Found(NamedTuple):
    """A bucket at a place of the text."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]


def find_which_times(text: str) -> Iterator[Found]:
    """Buckets that a question word or a superlative asks for."""
    for match in WHICH.finditer(text):
        word = Word("which", "list" if match["several"] else "one")
        yield Found(match.start(), match.end(), (_grain(match), word))
    for match in LISTED.finditer(text):
        yield Found(match.start(), match.end(), (_grain(match),))
    for match in RANKED.finditer(text):
        rank = Rank(EXTREMES[match["e"]], count=count_of(match["n"] or "一"))
        yield Found(match.start(), match.end(), (rank, _grain(match)))
    for match in OF_EACH.finditer(text) if any(word in text for word in STATS) else ():
        yield Found(match.start(), match.end(), (_grain(match),))
    for match in SINGLE.finditer(text):
        rank = Rank(EXTREMES[match["e"]], count=1)
        yield Found(match.start(), match.end(), (rank, _grain(match)))


def _grain(match: re.Match[str]) -> GrainToken:
    return GrainToken(match.start(), match.end(), match.group(), UNITS[match["unit"]])
