"""Beginnings of calendar expressions: 去年, 上个月, 昨天, 2024年, 2024-05-08, 24Q3."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from assistant.language.time.frame import Frame
from assistant.language.time.patterns import DIGITS, TO, UNIT, UNIT_WORDS, N, one_of, small_int
from assistant.language.time.relative_words import RELATIVE, is_cut_wrongly
from semantic_layer.query import Part, Relative, Unit

_SHORT_UNITS: dict[str, tuple[Unit, int]] = {
    "q": ("quarter", 1), "h": ("half", 1), "m": ("month", 0),
}  # fmt: skip
"""3q24 is one quarter, 9m24 are nine months."""


class Head(NamedTuple):
    """One way to begin, tried only where one of the characters stands."""

    starts: str
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str]], Frame | None]


def heads_at(text: str, pos: int) -> Iterator[tuple[int, Frame]]:
    """Every expression with a base of its own that begins here, and where it ends."""
    if pos and is_cut_wrongly(text[pos - 1], text[pos]):
        return
    for head in _BY_CHAR.get(text[pos], ()):
        match = head.pattern.match(text, pos)
        frame = head.build(match) if match else None
        if match and frame:
            yield match.end(), frame


def _relative(match: re.Match[str]) -> Frame:
    unit, offset = RELATIVE[match.group()]
    return Frame(unit, Relative(unit, offset))


def _t_plus(match: re.Match[str]) -> Frame:
    return Frame("day", Relative("day", int(match[1] or 0)))


def _counted(match: re.Match[str]) -> Frame:
    """往前第5个月: the canonical words for offsets without a name of their own."""
    unit = UNIT_WORDS[match["unit"]]
    sign = -1 if match["way"] == "前" else 1
    return Frame(unit, Relative(unit, sign * small_int(match["n"])))


def _year(match: re.Match[str]) -> Frame:
    word = match["y"]
    digits = word if word.isdigit() else "".join(str(DIGITS[char]) for char in word)
    year = int(digits) + (0 if len(digits) == 4 else 1900 if int(digits) >= 80 else 2000)
    return Frame("year", year, open="open" in match.groupdict() and match["open"] is not None)


def _short(match: re.Match[str]) -> Frame | None:
    """3q24, q3'24, 1h24, 9m24: as analysts write."""
    unit, single = _SHORT_UNITS[match["u"]]
    number = int(match["n"])
    part = Part(unit, number) if single else Part(unit, 1, number)
    return _year(match).inside(part)


def _year_month(match: re.Match[str]) -> Frame:
    month = int(match["m"] or match["dotted"])
    return _year(match).inside(Part("month", month))


def _year_month_day(match: re.Match[str]) -> Frame | None:
    month, day = Part("month", int(match["m"])), int(match["d"])
    return _year(match).inside(month).inside(Part("day", day)) if day else None


_Y4 = r"(?<![\d.])(?P<y>(?:19|20)\d\d)"
_Y2 = r"(?<![\d.近去满超约第前])(?P<y>[1-389]\d)"
_CN = "[零〇一二三四五六七八九]"
_M = r"(?P<m>1[0-2]|0?[1-9])"
_MM = r"(?P<m>0[1-9]|1[0-2])"
_MORE_YEARS = rf"(?:{TO}|[、和与,])(?:(?:19|20)\d\d(?:{TO}|[、和与,])){{0,12}}(?:19|20)\d\d年"
_MORE_SHORT_YEARS = r"(?:[、和与](?:1[5-9]|2\d)){1,6}年(?![期以内前后来的老多龄房\d])"
_FIRST_SO_MANY = r"前(?:\d{1,2}|[一二两三四五六七八九十]{1,2})个?[月季]"
_YY = r"(?P<y>(?:20)?[12]\d)(?![\da-z分])"
_NO_PRODUCT = "(?!日?(?:理财|赎回|到账|产品|基金|申购|结算|清算|交收|取现|交易))"
_NO_AMOUNT = r"(?![\d万亿千百元个户笔人次张件位%天]|\.\d)"
_HEADS = (
    Head("今昨前去上本当这下明后大来", re.compile(
        rf"{one_of(RELATIVE)}(?!化收益|化利率|期缴|转率|头条)(?<!季(?=节))"), _relative),
    Head("t", re.compile(
        rf"(?<![a-z])t(?:([+-]\d{{1,2}})日?|日)(?![a-z\d]){_NO_PRODUCT}"), _t_plus),
    Head("往", re.compile(rf"往(?P<way>[前后])第(?P<n>{N})(?P<unit>{UNIT})"), _counted),
    Head("12", re.compile(rf"{_Y4}(?:年度?|财年|会计年度|全年|整年)"), _year),
    Head("12", re.compile(
        rf"{_Y4}(?P<open>(?=[ -]?[qh]\d|[上下]半年|第?[1-4一二三四]季|{_MORE_YEARS}))"
        r"(?:[ -](?=[qh]))?"), _year),
    Head("一二", re.compile(rf"(?P<y>[一二]{_CN}{{3}})年度?"), _year),
    Head("九", re.compile(
        rf"(?<!{_CN})(?<![十百千第近])(?P<y>九{_CN})年度?(?![期以内前后来老多龄])"), _year),
    Head("12389", re.compile(rf"{_Y2}(?P<open>(?=[ -]?[qh]\d))[ -]?"), _year),
    Head("12", re.compile(
        rf"(?<![\d.近去满超约第前])(?P<y>1[5-9]|2\d)(?P<open>(?={_MORE_SHORT_YEARS}))"), _year),
    Head("1234", re.compile(rf"(?<![\da-z.])(?P<n>[1-4])(?P<u>q){_YY}"), _short),
    Head("12", re.compile(rf"(?<![\da-z.])(?P<n>[12])(?P<u>h){_YY}"), _short),
    Head("369", re.compile(rf"(?<![\da-z.])(?P<n>[369])(?P<u>m){_YY}"), _short),
    Head("q", re.compile(rf"(?<![\da-z])(?P<u>q)(?P<n>[1-4])(?:['’]| (?=20)){_YY}"), _short),
    Head("f", re.compile(rf"(?<![\da-z])fy ?{_YY}"), _year),
    Head("12389", re.compile(
        rf"{_Y2}年度?(?=\d|[一二三四五六七八九十]+[月季]|第|[上下]半年|[末底初]"
        rf"|{_FIRST_SO_MANY})"), _year),
    Head("12", re.compile(
        r"(?<![\d.近去满超约第前])(?P<y>1[5-9]|2\d)年(?![期以内前后来的老多龄房\d])"), _year),
    Head("89", re.compile(
        r"(?<![\d.近去满超约第前])(?P<y>[89]\d)年度?(?![期以内前后来老多龄房])"), _year),
    Head("12", re.compile(rf"{_Y4}(?P<s>[-/.]){_M}(?P=s)(?P<d>\d{{1,2}})(?!\d)[日号]?"),
         _year_month_day),
    Head("12", re.compile(
        rf"{_Y4}(?:[-/]{_M}|\.(?P<dotted>0[1-9]|1[0-2]))(?![\d.%万亿元])月?"), _year_month),
    Head("12", re.compile(rf"{_Y4}{_MM}(?P<d>[0-3]\d)(?!\d)"), _year_month_day),
    Head("12", re.compile(rf"{_Y4}{_MM}(?P<dotted>){_NO_AMOUNT}月?"), _year_month),
)  # fmt: skip
_BY_CHAR = {
    char: tuple(head for head in _HEADS if char in head.starts)
    for char in sorted({char for head in _HEADS for char in head.starts})
}
HEAD_STARTS = frozenset(_BY_CHAR)
