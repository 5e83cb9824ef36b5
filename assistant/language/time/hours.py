"""Times of day, which no daily table can answer: 昨晚8点, 今天上午."""

from __future__ import annotations

import re

from assistant.language.time.piece import Piece
from semantic_layer.problem import Problem

_DAY = "(?:今天|今日|昨天|昨日|前天|大前天|当天|当日|今|昨|当)"
_PART = "(?:凌晨|清晨|早上|早晨|上午|中午|午间|下午|傍晚|晚上|夜里|夜间|晚间|深夜|晚|早)"
_CLOCK = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点钟?(?:半|\d{1,2}分?)?|时(?!间|长)|:\d\d)"
_TIME = re.compile(
    rf"{_DAY}{_PART}(?:{_CLOCK})?(?:(?:到|至|-|~){_CLOCK})?|{_PART}{_CLOCK}|{_DAY}{_CLOCK}"
)
HOUR_STARTS = frozenset("今昨前大当凌清早上中午下傍晚夜深")


def hours_at(text: str, pos: int) -> Piece | None:
    """A time of day that begins here, as something that cannot be answered."""
    match = _TIME.match(text, pos) if text[pos] in HOUR_STARTS else None
    return no_hours(match.end(), match.group()) if match else None


def no_hours(end: int, text: str) -> Piece:
    """Data goes down to days only."""
    message = f"数据只到天,不能按“{text}”查询,请改问某一天。"
    problem = Problem("grain_not_available", message, "scope.period", text)
    return Piece(end, "invalid", problem=problem)
