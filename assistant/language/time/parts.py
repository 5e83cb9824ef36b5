"""Units named inside a larger one: 三季度, 10月, 中旬, 8号, 周五, 前10天, 最后两个月."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from assistant.language.time.frame import SIZES, Frame
from assistant.language.time.patterns import AND, CN, TO, UNIT, UNIT_WORDS, WEEKDAYS, N, small_int
from assistant.language.time.relative_words import is_cut_wrongly
from semantic_layer.query import Part, Unit

_N = rf"(?:\d{{1,3}}|{CN.replace('两', '')})"
_COUNT = rf"(?P<n>{N})"
_MORE = rf"(?:{TO}|{AND})第?"
_WEEK = "(?:周|星期|礼拜)"
_X = "[一二三四五六日天1-7]"
_NUMERALS = frozenset("一二三四五六七八九十0123456789")
_LOOSE = frozenset(["", *",、和与从到至自在截止?;:。"])
"""A lone 8号 is a day only here; 稳健1号 and 3号线 are names."""
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})(?!\d)")
_NOT_BEFORE_A_NUMBER = _NUMERALS | frozenset(".每近第前后过个满超半几")


class Inner(NamedTuple):
    """One way to name a part: where it may lie, and its unsaid parent when it stands alone."""

    starts: str
    parents: tuple[Unit, ...]
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str]], Part | None]
    alone: Unit | None = None


def grow(text: str, end: int, frame: Frame) -> Iterator[tuple[int, Frame]]:
    """The frame itself, then with every part that follows it: 去年 → 去年10月 → 去年10月中旬."""
    yield end, frame
    start = end + 1 if text[end : end + 1] == "的" else end
    several = bool(frame.parts) and frame.parts[-1].count > 1
    if start < len(text) and (not several or text[start] in _ORDINALS):
        for after, part, is_open in _parts_at(text, start, frame.unit):
            yield from grow(text, after, frame.inside(part, is_open=is_open))


def bare_at(text: str, pos: int, *, inner: bool = False) -> Iterator[tuple[int, Frame]]:
    """Parts whose larger unit is not said: 三季度, 10月, 周五; inside a range also 05-08."""
    before = text[pos - 1] if pos else ""
    if not inner and (_is_cut(before, text[pos]) or is_cut_wrongly(before, text[pos])):
        return
    for way in _BY_CHAR.get(text[pos], ()):
        match = way.pattern.match(text, pos) if way.alone else None
        part = way.build(match) if match else None
        if match and part and way.alone and (inner or way.alone != "month" or before in _LOOSE):
            yield match.end(), Frame(way.alone).inside(part, is_open=_is_open(match))
            break
    if inner and (match := _MONTH_DAY.match(text, pos)):
        month, day = int(match[1]), int(match[2])
        if month and day:
            yield match.end(), Frame("year").inside(Part("month", month)).inside(Part("day", day))


def _is_cut(before: str, char: str) -> bool:
    if char.isascii() and char.isalpha():
        return before.isascii() and before.isalnum()
    return char in _NUMERALS and before in _NOT_BEFORE_A_NUMBER


def _parts_at(text: str, pos: int, unit: Unit) -> Iterator[tuple[int, Part, bool]]:
    for inner in _BY_CHAR.get(text[pos], ()):
        match = inner.pattern.match(text, pos) if unit in inner.parents else None
        part = inner.build(match) if match else None
        if match and part and SIZES[part.unit] < SIZES[unit]:
            yield match.end(), part, _is_open(match)
            return


def _is_open(match: re.Match[str]) -> bool:
    return match.groupdict().get("open") is not None


def _half(match: re.Match[str]) -> Part:
    return Part("half", 1 if match.group()[0] in "上前" or match.group() == "h1" else 2)


def _first_month(_: re.Match[str]) -> Part:
    return Part("month", 1)


def _last_quarter(_: re.Match[str]) -> Part:
    return Part("quarter", 4)


def _numbered(unit: Unit) -> Callable[[re.Match[str]], Part | None]:
    def build(match: re.Match[str]) -> Part | None:
        number = small_int(match["n"])
        return Part(unit, number) if number else None

    return build


def _xun(match: re.Match[str]) -> Part:
    said = match.group().removesuffix("旬")
    return Part("xun", "上中下".index(said[0]) + 1, len(said))


def _weekday(match: re.Match[str]) -> Part | None:
    first = WEEKDAYS[match["a"]]
    last = WEEKDAYS[match["b"]] if match["b"] else first
    return Part("day", first, last - first + 1) if last >= first else None


def _weekend(_: re.Match[str]) -> Part:
    return Part("day", 6, 2)


def _front(match: re.Match[str]) -> Part | None:
    count = small_int(match["n"])
    return Part(UNIT_WORDS[match["unit"]], 1, count) if count else None


def _back(match: re.Match[str]) -> Part | None:
    count = small_int(match["n"])
    return Part(UNIT_WORDS[match["unit"]], -count, count) if count else None


def _from_back(match: re.Match[str]) -> Part | None:
    number = small_int(match["n"])
    return Part(UNIT_WORDS[match["unit"]], -number) if number else None


def _nth(match: re.Match[str]) -> Part | None:
    number = small_int(match["n"]) if match["n"] else 1
    return Part(UNIT_WORDS[match["unit"]], number) if number else None


_ORDINALS = frozenset("第首最后末倒前头")
"""前11个月30日 names no day; 前三季度最后一个月 does."""
_ANY: tuple[Unit, ...] = ("year", "half", "quarter", "month", "xun", "week")
_DIGITS = "0123456789一二三四五六七八九十"
_BEFORE_YUAN = "0-9零一二两三四五六七八九十百千万亿多余几个美日欧港状单公"
"""100万元月均: 元 belongs to the amount."""
_PLACES = "(?:花(?:园|苑|小区|支行)|[街路](?:支行|网点|营业|分理))"
_NEXT_MONTHS = "|".join(
    f"(?<={a}){b}月" for a, b in zip("一二三四五六七八", "二三四五六七八九", strict=True)
)
_CN_DIGITS = "一二三四五六七八九"
_SO_MANY = "这?[两三四五六七八九]个月"
_SO_MANY_QUARTERS = rf"(?<=[{_CN_DIGITS}\d])这?[两三四]个季度"
_MONTHS = rf"(?:月|(?<=[{_CN_DIGITS}十\d]){_SO_MANY})"
"""8、9、10三个月: the unit comes with the number of them."""
_YEAR: tuple[Unit, ...] = ("year",)
_AFTER_X = (
    r"(?![个级类维共直些样定起般方季年%万千百亿家种]"
    r"|成(?![交本功])|手(?![机续])|[笔户人次](?!均)|大(?!额))"
)
"""上周五笔 counts, 上周五笔均 does not; 五成 is a half, 上周五成交 a day."""
_INNERS = (
    Inner("上下前后", _YEAR, re.compile("[上下前后]半年(?:度(?!报)|(?!度?报))"), _half,
          "year"),
    Inner("h", _YEAR, re.compile(r"h[12](?![\da-z])"), _half, "year"),
    Inner("q", _YEAR, re.compile(r"q(?P<n>[1-9])(?:季度|季(?!节))?(?![\da-z])"),
          _numbered("quarter"), "year"),
    Inner(_DIGITS + "第", _YEAR, re.compile(
        rf"第?(?P<n>{_N})(?:季度|季(?![节军稻]|报(?![案损销警名废]))"
        rf"|(?P<open>(?=[二三四]{{1,2}}季度|(?:{_MORE}{_N}){{0,12}}{_MORE}{_N}(?:个?季度|{_SO_MANY_QUARTERS})"
        rf"|(?<=[、和与及][{_CN_DIGITS}\d]){_SO_MANY_QUARTERS})))"),
        _numbered("quarter"), "year"),
    Inner("第", _YEAR, re.compile(rf"第(?P<n>{_N})个季度"), _numbered("quarter"), "year"),
    Inner("首", _YEAR, re.compile(r"首(?P<n>)(?P<unit>季度?)(?!节)"), _nth, "year"),
    Inner("末", _YEAR, re.compile("末季(?:度|(?!节))"), _last_quarter),
    Inner("前头", _YEAR, re.compile(rf"[前头]{_COUNT}(?P<unit>个?季度|季(?!节)|月(?!活|均))"),
          _front, "year"),
    Inner("元", _YEAR, re.compile(rf"(?<![{_BEFORE_YUAN}])元月份?(?![活均供息])"), _first_month,
          "year"),
    Inner(_DIGITS, _YEAR, re.compile(
        rf"(?P<n>{_N})(?:月份?(?!期(?![末初间内缴交货权])|{_PLACES})"
        rf"|(?P<open>(?={_NEXT_MONTHS}|(?:{_MORE}{_N}){{0,12}}{_MORE}{_N}{_MONTHS}"
        rf"|(?<=[、和与及][{_CN_DIGITS}十\d]){_SO_MANY}|(?<=[、和与及]1[0-2]){_SO_MANY})))"),
        _numbered("month"), "year"),
    Inner("上中下", ("month",), re.compile("(?:上中下|上中|中下|[上中下])旬"), _xun, "month"),
    Inner(_DIGITS, ("month",), re.compile(
        rf"(?P<n>{_N})(?:日(?!均|三餐|游)|号(?![线楼柜店窗院基产])"
        rf"|(?P<open>(?=(?:{_MORE}{_N}){{0,12}}{_MORE}{_N}[日号])))"), _numbered("day"), "month"),
    Inner("周星礼", ("week",), re.compile(
        rf"{_WEEK}(?P<a>{_X})(?![均活终福])(?:{TO}(?P<b>{_X}){_AFTER_X})?(?![次均活])"), _weekday,
        "week"),
    Inner("周星礼末", ("week",), re.compile(f"{_WEEK}?末"), _weekend),
    Inner("一二三四五六日天", ("week",), re.compile(
        rf"(?P<a>{_X}){_AFTER_X}(?![均活月])(?:{TO}{_WEEK}?(?P<b>{_X}){_AFTER_X})?"), _weekday),
    Inner("第", ("year", "half", "quarter", "month"), re.compile(
        rf"第(?P<n>{_N})个?{_WEEK}(?!期)"), _numbered("week"), "year"),
    Inner("前头", _ANY, re.compile(rf"[前头]{_COUNT}(?P<unit>{UNIT})"), _front),
    Inner("倒", _ANY, re.compile(rf"倒数第(?P<n>{_N})(?P<unit>{UNIT})"), _from_back),
    Inner("最后末", _ANY, re.compile(rf"(?:最后|后|末){_COUNT}(?P<unit>{UNIT})"), _back),
    Inner("第", _ANY, re.compile(rf"第(?P<n>{_N})(?P<unit>{UNIT})"), _nth),
    Inner("首", _ANY, re.compile(rf"首(?P<n>)(?P<unit>{UNIT})"), _nth),
)  # fmt: skip
_BY_CHAR = {
    char: tuple(inner for inner in _INNERS if char in inner.starts)
    for char in sorted({char for inner in _INNERS for char in inner.starts})
}
PART_STARTS = frozenset(char for inner in _INNERS if inner.alone for char in inner.starts)
