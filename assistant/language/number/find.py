"""Every number of a question with its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from assistant.language.number.numerals import RUN, numeral, plain
from assistant.language.number.token import NumberToken
from assistant.language.number.units import COUNT, COUNT_UNITS, RATIO, RATIO_UNITS, TIME_UNITS


@dataclass(frozen=True, slots=True)
class Amount:
    """A number before it is told from its neighbours."""

    start: int
    end: int
    value: Decimal
    unit: str | None = None
    approximate: bool = False
    scales: tuple[Decimal, ...] = ()
    """What its 百万, 万 or % may multiply a number before it by: 2到3百万, 五十到一百万."""


def find_numbers(text: str) -> tuple[NumberToken, ...]:
    """All numbers, longest reading at each place.

    >>> [(t.text, t.value, t.unit) for t in find_numbers("余额三万五以上,不良率20bp")]
    [('三万五', 35000, None), ('20bp', 0.002, 'bp')]
    """
    return tuple(to_token(amount, text) for amount in amounts(text))


def to_token(amount: Amount, text: str) -> NumberToken:
    """The number with its place in the question."""
    return NumberToken(
        amount.start, amount.end, text[amount.start : amount.end], plain(amount.value),
        amount.unit, amount.approximate,
    )  # fmt: skip


def amounts(text: str) -> Iterator[Amount]:
    """Numbers from left to right, none inside another."""
    pos = 0
    while pos < len(text):
        amount = amount_at(text, pos)
        if amount is None:
            pos += 1
            continue
        yield amount
        pos = amount.end


def amount_at(text: str, pos: int, *, lone: bool = False) -> Amount | None:
    """The number that begins here; `lone`: a single 二 counts too."""
    if pos >= len(text) or text[pos] not in STARTS:
        return None
    amount = _amount_at(text, pos)
    return None if amount and not lone and _is_bare_character(text, pos, amount) else amount


@lru_cache(maxsize=1024)
def _amount_at(text: str, pos: int) -> Amount | None:
    """Numbers and comparisons ask for the same places again."""
    if _is_inside_word(text, pos):
        return None
    return (
        _fraction(text, pos)
        or _half(text, pos)
        or _about_a_fraction(text, pos)
        or _vague(text, pos)
        or _one_or_next(text, pos)
        or _counted(text, pos)
    )


_OF = re.compile(rf"(百|千|万)分之({RUN})|({RUN})分之({RUN})")
_OF_SIZE = {"百": ("%", 100), "千": ("‰", 1000), "万": ("‱", 10000)}
_HALF = re.compile("一半|半数")
_ABOUT_WORDS = "大约|大概|约|将近|接近|差不多|近"
_ABOUT = f"(?P<about>{_ABOUT_WORDS})?"
_ABOUT_ALONE = re.compile(_ABOUT_WORDS)
_SIGN = r"(?P<sign>负|-)?"
_MORE = r"(?P<more>几|多|余|来(?![自源电访])|好几)?"
_NUMBER = re.compile(rf"{_ABOUT}{_SIGN}(?P<run>{RUN}){_MORE}(?P<scale>[万亿]+)?")
_RATIO = re.compile(RATIO)
_COUNT = re.compile(COUNT)
_AFTER_ABOUT = re.compile("左右|上下|出头|的样子|(?<=[%成])[多余]")
_SCALED = re.compile("[百千万亿wk]+$")
_LARGE = re.compile("[万亿wk]+$")
_IN_DATE = re.compile(r"(?:19|20)\d\d[-/.](?:\d{1,2}[-/.])?$")
_DATE = re.compile(
    r"(?:19|20)\d\d(?:年|[-/.]\d{1,2}[-/.]\d{1,2}|[-/]\d{1,2}(?!\d))|\d{1,2}月|[一二三四五六七八九十]{1,2}月(?!龄)"
    r"|(?:[1-4一二三四])季度|(?:[12]\d|3[01]|\d|[一二三四五六七八九十]{1,3})号(?![线楼])"
)
STARTS = frozenset("0123456789零一二两三四五六七八九十百千万亿半五对大约将接差近上数几成负-")
_BORN = re.compile("[6-9]0后|[7-9]5后|0[05]后|1[05]后(?=客|用|人|$)")
"""90后 is a generation."""
_TERM = re.compile("(?:年|个?月|[天日]|个?季度)期(?![末初间限内缴交货权])")
"""5年期 is a name, no number of years."""
_SINGLE = frozenset("零〇一二两三四五六七八九十百千万亿")
_RANK = frozenset("前后第")
_NAME_BEFORE = re.compile("[a-z]{3,}$")
"""AUM100万以上: a number may touch a name of three letters; q3 and m001 are one word."""


def _is_inside_word(text: str, pos: int) -> bool:
    before = text[pos - 1] if pos else ""
    if not before:
        return False
    if text[pos] in _SINGLE and before in _SINGLE:
        return True
    if (text[pos] + before).isascii() and (before.isalnum() or before in "._"):
        return not (text[pos].isdigit() and _NAME_BEFORE.search(text, 0, pos))
    if text[pos] == "-":
        return before.isdigit() or before in "月日年号"
    return _IN_DATE.search(text, max(pos - 8, 0), pos) is not None


def _fraction(text: str, pos: int) -> Amount | None:
    match = _OF.match(text, pos)
    if not match:
        return None
    if match[1]:
        unit, size = _OF_SIZE[match[1]]
        top = numeral(match[2])
        return None if top is None else Amount(pos, match.end(), top / size, unit)
    bottom, top = numeral(match[3]), numeral(match[4])
    if not bottom or top is None:
        return None
    return Amount(pos, match.end(), top / bottom, "分数")


def _half(text: str, pos: int) -> Amount | None:
    match = _HALF.match(text, pos)
    if not match:
        return None
    return Amount(pos, match.end(), Decimal("0.5"), "分数")


def _about_a_fraction(text: str, pos: int) -> Amount | None:
    """近一半, 约三分之一."""
    match = _ABOUT_ALONE.match(text, pos)
    found = match and (_fraction(text, match.end()) or _half(text, match.end()))
    return replace(found, start=pos, approximate=True) if found else None


_FEW = re.compile(
    r"(?:(?P<lead>好几|几|数|上|近|约|成)(?P<scale>[十百千万亿]+)|(?P<tens>[一二三四五六七八九]?十|\d+)几(?P<big>[万亿]*))"
)


_ONE_OR_NEXT = re.compile(
    "(?P<first>[一二两三四五六七八九])[二两三四五六七八九](?P<scale>[十百千万亿]+|(?=[户人笔次张件家个天种成]))"
)


def _one_or_next(text: str, pos: int) -> Amount | None:
    """五六万, 两三家, 三五户: somewhere between two numbers."""
    match = _ONE_OR_NEXT.match(text, pos)
    if not match or text[match.end() : match.end() + 1] in _SINGLE:
        return None
    value = numeral(match["first"] + match["scale"])
    if value is None:
        return None
    return _with_unit(text, Amount(pos, match.end(), value, approximate=True))


def _vague(text: str, pos: int) -> Amount | None:
    """几百, 数十万, 上千, 十几: a magnitude, not a number."""
    match = _FEW.match(text, pos)
    if not match or (match["lead"] and text[match.end() : match.end() + 1] in _SINGLE):
        return None
    value = numeral(match["scale"] or match["tens"] + match["big"])
    if value is None:
        return None
    return _with_unit(text, Amount(pos, match.end(), value, approximate=True))


def _counted(text: str, pos: int) -> Amount | None:
    match = _NUMBER.match(text, pos)
    if not match or _DATE.match(text, match.start("run")) or _is_day(text, match):
        return None
    if _TERM.match(text, match.end("run")) or _BORN.match(text, match.start("run")):
        return None
    value = None if match["run"] == "万一" else numeral(match["run"])
    if value is None:
        return None
    amount = Amount(pos, match.end("run"), value)
    if match["more"] or match["scale"]:
        if not match["more"]:
            return None
        scale = numeral(match["scale"]) if match["scale"] else Decimal(1)
        amount = replace(amount, end=match.end(), value=value * (scale or 1), approximate=True)
    amount = replace(amount, scales=_scales(match["run"]))
    if match["sign"]:
        amount = replace(amount, value=-amount.value)
    amount = _with_unit(text, amount)
    if match["about"]:
        if amount.unit in TIME_UNITS:
            return None
        amount = replace(amount, approximate=True)
    return amount


def _is_day(text: str, match: re.Match[str]) -> bool:
    """8日 in 5月8日 is no duration."""
    after = text[match.end("run") : match.end("run") + 1]
    return text.endswith("月", 0, match.start()) and bool(after) and after in "日号"


def _scales(run: str) -> tuple[Decimal, ...]:
    found = [_SCALED.search(run), _LARGE.search(run)]
    words = dict.fromkeys(m.group() for m in found if m and m.start())
    return tuple(numeral(word) or Decimal(1) for word in words)


def _with_unit(text: str, amount: Amount) -> Amount:
    if match := _RATIO.match(text, amount.end):
        unit, size = RATIO_UNITS[match.group()]
        value = amount.value * size
        end, value = _and_a_half(text, match.end(), value, unit)
        amount = replace(amount, end=end, value=value, unit=unit, scales=(size,))
    elif match := _COUNT.match(text, amount.end):
        amount = replace(amount, end=match.end(), unit=COUNT_UNITS[match.group()])
    if match := _AFTER_ABOUT.match(text, amount.end):
        amount = replace(amount, end=match.end(), approximate=True)
    return amount


def _and_a_half(text: str, end: int, value: Decimal, unit: str) -> tuple[int, Decimal]:
    """三成五 = 35 %."""
    following = text[end : end + 1]
    if unit == "成" and following and following in "一二三四五六七八九半":
        tail = Decimal(5) if following == "半" else numeral(following)
        return end + 1, value + (tail or Decimal(0)) / 100
    return end, value


def _is_bare_character(text: str, pos: int, amount: Amount) -> bool:
    """A lone 一 or 万 is mostly part of a word."""
    word = text[pos : amount.end]
    before = text[pos - 1] if pos else ""
    return len(word) == 1 and word in _SINGLE and before not in _RANK
