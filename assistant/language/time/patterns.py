"""Building blocks of the time patterns: small numbers, range signs, unit words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from semantic_layer.query import Unit

CN = "[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
N = rf"(?:\d{{1,3}}|{CN})"
"""A small counting number."""
TO = r"(?:起?至|起?到|~|--?|—{1,2}|–)"
"""Between the ends of a range."""
AND = r"(?:、|和|与|及|,|以及)"
DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLAIN_UNITS: dict[str, Unit] = {
    "天": "day", "日": "day", "自然日": "day", "周": "week", "星期": "week", "礼拜": "week",
    "旬": "xun", "月": "month", "月份": "month", "自然月": "month", "整月": "month",
    "完整月": "month", "季": "quarter", "季度": "quarter", "完整季度": "quarter",
    "半年": "half", "年": "year", "年度": "year", "自然年": "year", "工作日": "workday",
    "交易日": "trading_day",
}  # fmt: skip
UNIT_WORDS = _PLAIN_UNITS | {f"个{word}": unit for word, unit in _PLAIN_UNITS.items()}
WEEKDAYS = {char: n for n, char in enumerate("一二三四五六日", 1)} | {"天": 7}
WEEKDAYS |= {str(n): n for n in range(1, 8)}


def one_of(words: Iterable[str]) -> str:
    """A pattern that takes the longest of the words.

    >>> one_of(["月", "月份"])
    '(?:月份|月)'
    """
    return f"(?:{'|'.join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))})"


UNIT = one_of(UNIT_WORDS)


def small_int(word: str) -> int:
    """A counting number up to 999 in digits or characters.

    >>> [small_int(w) for w in ("12", "十二", "二十", "三十一", "两")]
    [12, 12, 20, 31, 2]
    """
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return int("".join(str(DIGITS[char]) for char in word))
    return _digit(tens, 1) * 10 + _digit(ones, 0)


def _digit(char: str, otherwise: int) -> int:
    return DIGITS.get(char, otherwise)
