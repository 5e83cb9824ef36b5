"""Places and extremes with their counts: 前十, top5, 最高的三家, 靠前的五家, 倒数第三, 第二名."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.language.tokens import Rank

COUNTS = r"\d{1,4}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]|百"
NUMERAL = rf"(?P<n>{COUNTS})"
COUNTER = r"(?:大|强|名|位|家|个|的?(?:家|个|位|名)|条|款|只)?"
PERCENT = r"(?P<p>\d{1,2}(?:\.\d+)?%|百分之[一二三四五六七八九十]{1,3})"
DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2}
EXTREMES = {
    "高": "high", "大": "high", "多": "high", "长": "high",
    "低": "low", "小": "low", "少": "low", "短": "low",
    "好": "best", "优": "best", "佳": "best", "差": "worst", "糟": "worst",
    "快": "fast", "慢": "slow",
}  # fmt: skip
PATTERNS: tuple[tuple[re.Pattern[str], str, bool], ...] = (
    (re.compile(rf"(?:排名|排)?(?:最?前|头|top ?|top-){PERCENT}"), "top", False),
    (re.compile(rf"(?:排名|排)?(?:最?后|末){PERCENT}"), "bottom", False),
    (re.compile(rf"(?:排名|排)?(?:最?前|头|top ?|top-){NUMERAL}{COUNTER}"), "top", False),
    (re.compile(rf"(?:排名|排)?(?:最?后|末尾?|倒数){NUMERAL}{COUNTER}"), "bottom", False),
    (re.compile(rf"(?:排名|排)?倒数第{NUMERAL}(?:名|位|个|家)?"), "bottom", True),
    (re.compile(rf"(?:排名|排在?|位居|位列|名列)第{NUMERAL}(?:名|位)?"), "top", True),
    (re.compile(rf"(?:排名|排在?|表现)?(?:最)?靠前的?{NUMERAL}{COUNTER}"), "best", False),
    (re.compile(rf"(?:排名|排在?|表现)?(?:最)?(?:靠后|垫底)的?{NUMERAL}{COUNTER}"), "worst", False),
    (re.compile(rf"第{NUMERAL}(?:名|位|大)"), "top", True),
    (re.compile(rf"第{NUMERAL}(?P<e>[高多长低小少短好差快慢])的?"), "extreme", True),
    (re.compile(rf"最(?P<e>[高大多长低小少短])的?前?{PERCENT}"), "extreme", False),
    (re.compile(rf"最(?P<e>[高大多长低小少短好优佳差糟快慢])的?前?{NUMERAL}(?:大|名|位|家|个|款|只)"),
     "extreme", False),
)  # fmt: skip


class Found(NamedTuple):
    """A rank at a place of the text."""

    start: int
    end: int
    rank: Rank


def find_ranks(text: str) -> Iterator[Found]:
    """Every place or extreme with a count; longer readings beside shorter ones."""
    for pattern, arg, nth in PATTERNS:
        for match in pattern.finditer(text):
            if not _runs_on(text, match.end()):
                rank = _rank(match, arg, nth=nth)
                yield Found(match.start(), match.end(), rank)
                if match.group().endswith("大"):
                    yield Found(match.start(), match.end() - 1, rank)


def _runs_on(text: str, end: int) -> bool:
    """前3个月 and 前10天 are times, 前三季度 too."""
    return text[end : end + 1] in tuple("月天日周季年旬") or text[end : end + 2] in (
        "工作", "交易", "星期", "半年",
    )  # fmt: skip


def _rank(match: re.Match[str], arg: str, *, nth: bool) -> Rank:
    groups = match.groupdict()
    if extreme := groups.get("e"):
        arg = EXTREMES[extreme]
    if percent := groups.get("p"):
        return Rank(arg, percent=_percent(percent))
    return Rank(arg, count=count_of(groups["n"]), nth=nth)


def _percent(text: str) -> int | float:
    if text.endswith("%"):
        number = float(text[:-1])
        return int(number) if number.is_integer() else number
    return count_of(text.removeprefix("百分之"))


def count_of(text: str) -> int:
    """三, 十二, 20 as a number."""
    if text.isdigit():
        return int(text)
    if text == "百":
        return 100
    if "十" in text:
        tens, _, units = text.partition("十")
        return DIGITS.get(tens, 1) * 10 + DIGITS.get(units, 0)
    return DIGITS[text]
