"""Named feasts: 今年春节, 去年国庆假期, 五一, 春节前两周, 节后第一个工作日, 开门红."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from assistant.language.time.fixed import vague
from assistant.language.time.frame import Frame
from assistant.language.time.patterns import N, one_of, small_int
from assistant.language.time.piece import Piece, of_span
from assistant.language.time.token import TimeOption
from semantic_layer.calendars.feasts import feast_day
from semantic_layer.query import Absolute, Holiday, Part, Relative

_NAMES = {
    "元旦": "元旦", "新年": "元旦", "阳历新年": "元旦", "春节": "春节", "过年": "春节",
    "农历新年": "春节", "清明": "清明", "劳动": "劳动节", "五一": "劳动节",
    "51": "劳动节", "五一劳动": "劳动节", "端午": "端午", "中秋": "中秋", "国庆": "国庆",
    "十一国庆": "国庆", "双十一": "双十一", "双11": "双十一", "双十二": "双十二",
    "双12": "双十二", "618": "618", "六一八": "618", "十一": "国庆", "黄金周": "国庆",
    "情人": "情人节", "妇女": "妇女节", "三八": "妇女节", "三八妇女": "妇女节", "女神": "妇女节",
    "315": "消费者权益日", "消费者权益日": "消费者权益日", "青年": "青年节", "儿童": "儿童节",
    "六一": "儿童节", "六一儿童": "儿童节", "教师": "教师节", "圣诞": "圣诞节",
}  # fmt: skip
_PUBLIC = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
_NUMERIC = frozenset(("十一", "51", "618", "315", "新年"))
"""A feast only with 节, 假期 or a year."""
_COMMON = frozenset("劳动 情人 妇女 三八 三八妇女 女神 青年 儿童 六一 六一儿童 教师".split())
"""A feast only with 节 or 假期."""
_NUMBER_BEFORE = frozenset("0123456789第前近.双")
_NUMBER_AFTER = frozenset("0123456789月个万亿元户笔日号人%.类")
_TAIL = (
    "(?P<tail>节?(?:[七八78]天(?:小?长假|假期)?|小长假|长假|黄金周|假期|放假|假日|休假)|节?大促|节?购物节|节)?"
    "(?P<while>期间|当天|当日|(?:的)?(?:那|这)(?:几|些)?天)?"
)
_PLACE = (
    "(?![东南西北中]?(?:路|街|大道|广场|支行|分行|网点|营业|镇|村|巷|店|桥|花园)"
    "|商城|商场|会场|专区|专场|红包|月饼)"
)
_SIDE = (
    rf"(?:节?(?:之)?(?P<side>前|后)(?:的|之)?"
    rf"(?:(?:第一|首|(?P<last>最后一))个?(?P<first>工作日|交易日)"
    rf"|(?P<n>{N})个?(?P<unit>天|日|周|星期|礼拜|工作日|交易日)))"
)
_FEAST = re.compile(rf"(?P<name>{one_of(_NAMES)}){_PLACE}{_TAIL}")
_BESIDE = re.compile(_SIDE)
_MONTH = re.compile(rf"(?P<m>{N})月份?的?")
_OPENING = re.compile(r"开门红(?:期间|季|阶段|活动期间)?")
_NEW_YEAR_DAY = re.compile(
    "(?:(?P<eve>除夕|大年三十|年三十)|(?:大年|正月)初(?P<n>[一二三四五六七八九十])"
    "|(?P<lantern>元宵节|正月十五))(?:当天|当日|那天|这天)?"
)
FEAST_STARTS = frozenset(name[0] for name in _NAMES) | frozenset("除大年正元")


def feast_words(said: str, feast: str) -> tuple[tuple[str, ...], ...]:
    """What the feast may be called in a name: the word said, then its other words.

    >>> feast_words("去年双11", "双十一")
    (('双11',), ('双十一',))
    """
    own = [word for word, name in _NAMES.items() if name == feast]
    spoken = max((word for word in own if word in said), key=len, default="")
    others = tuple(word for word in own if word != spoken and word not in _NUMERIC)
    return ((spoken,), others) if spoken else (others,)


def feasts_at(
    text: str, pos: int, years: tuple[tuple[int, Frame], ...], as_of: date
) -> Iterator[Piece]:
    """Feasts that begin here, alone or after one of the years that do."""
    if text[pos] in FEAST_STARTS:
        yield from _feast(text, pos, None, as_of)
        yield from _around_new_year(text, pos, None, as_of)
    if text[pos] == "节":
        yield from _unnamed(text, pos, as_of)
    if text[pos] == "开":
        yield from _opening_season(text, pos, Frame("year"))
    for end, frame in years:
        if frame.unit != "year" or frame.open:
            continue
        start = _within_month(text, end, frame, as_of)
        start = start + 1 if text[start : start + 1] == "的" else start
        if text[start : start + 1] == "开":
            yield from _opening_season(text, start, frame)
        elif text[start : start + 1] in FEAST_STARTS and start < len(text):
            yield from _feast(text, start, frame, as_of)
            yield from _around_new_year(text, start, frame, as_of)


def _within_month(text: str, end: int, year: Frame, as_of: date) -> int:
    """Behind 10月 in 1993年10月国庆, where that is the feast's month."""
    month = _MONTH.match(text, end)
    feast = _FEAST.match(text, month.end()) if month else None
    if month is None or feast is None:
        return end
    offset, number = _year(_NAMES[feast["name"]], year, as_of, 0)
    day = feast_day(_NAMES[feast["name"]], number or as_of.year + offset)
    return month.end() if day is not None and day.month == small_int(month["m"]) else end


def _feast(text: str, pos: int, year: Frame | None, as_of: date) -> Iterator[Piece]:
    match = _FEAST.match(text, pos)
    if match is None or _is_other_word(text, match, year):
        return
    name = _NAMES[match["name"]]
    note = "“黄金周”按国庆假期理解" if match["name"] == "黄金周" else None
    end = match.end()
    if (match["while"] or "").endswith(("几天", "些天")) and name not in _PUBLIC:
        end = match.start("while")
    beside = _beside_at(text, end)
    if beside:
        yield _beside(name, year, beside, as_of)
    if match["while"] in ("当天", "当日") and name in _PUBLIC:
        yield from _on_the_day(name, year, end, as_of)
    else:
        yield of_span(end, _during(name, year, as_of), note=note)


def _on_the_day(name: str, year: Frame | None, end: int, as_of: date) -> Iterator[Piece]:
    """春节当天 is one day, not the days off around it."""
    offset, absolute = _year(name, year, as_of, 0)
    day = feast_day(name, absolute or as_of.year + offset)
    if day is not None:
        yield of_span(end, Absolute(day, day))


def _around_new_year(text: str, pos: int, year: Frame | None, as_of: date) -> Iterator[Piece]:
    """除夕, 大年初一, 元宵节: days counted from the first day of the lunar year."""
    match = _NEW_YEAR_DAY.match(text, pos)
    if match is None:
        return
    later = -1 if match["eve"] else 14 if match["lantern"] else small_int(match["n"]) - 1
    offset, absolute = _year("春节", year, as_of, -later)
    first = feast_day("春节", absolute or as_of.year + offset)
    if first is not None:
        day = first + timedelta(days=later)
        yield of_span(match.end(), Absolute(day, day))


def _is_other_word(text: str, match: re.Match[str], year: Frame | None) -> bool:
    word = match["name"]
    before = text[match.start() - 1] if match.start() else ""
    after = text[match.end() : match.end() + 1]
    if word in _COMMON:
        return not match["tail"]
    if word not in _NUMERIC:
        return False
    if before in _NUMBER_BEFORE or after in _NUMBER_AFTER:
        return True
    return year is None and not match["tail"] and not match["while"]


def _during(name: str, year: Frame | None, as_of: date) -> Holiday:
    offset, absolute = _year(name, year, as_of, 0)
    return Holiday(name, offset, absolute)


def _beside_at(text: str, pos: int) -> re.Match[str] | None:
    """春节前最后一个工作日; nothing comes last after a feast."""
    match = _BESIDE.match(text, pos)
    return None if match and match["last"] and match["side"] == "后" else match


def _beside(name: str, year: Frame | None, match: re.Match[str], as_of: date) -> Piece:
    side: Literal["before", "after"] = "before" if match["side"] == "前" else "after"
    unit = match["unit"] or match["first"]
    weeks = 7 if unit in ("周", "星期", "礼拜") else 1
    count = (small_int(match["n"]) if match["n"] else 1) * weeks
    offset, absolute = _year(name, year, as_of, count if side == "before" else 0)
    day_unit: Literal["day", "workday", "trading_day"] = (
        "workday" if unit == "工作日" else "trading_day" if unit == "交易日" else "day"
    )
    return of_span(match.end(), Holiday(name, offset, absolute, side, max(count, 1), day_unit))


def _year(name: str, year: Frame | None, as_of: date, lead: int) -> tuple[int, int | None]:
    """Offset or number of the year; unsaid: the last one whose feast has begun."""
    if year is not None and isinstance(year.base, int):
        return 0, year.base
    if year is not None and isinstance(year.base, Relative):
        return year.base.offset, None
    day = feast_day(name, as_of.year)
    begun = day is None or day - timedelta(days=lead) <= as_of
    return (0 if begun else -1), None


def _unnamed(text: str, pos: int, as_of: date) -> Iterator[Piece]:
    """节后第一个工作日: which feast is the asker's to say."""
    match = _beside_at(text, pos)
    if not match:
        return
    days = [
        (day, name)
        for name in _PUBLIC
        for year in (as_of.year - 1, as_of.year)
        if (day := feast_day(name, year)) and day <= as_of
    ]
    options = tuple(
        TimeOption(
            f"{day.year}年{name}{match.group()}",
            _beside(name, Frame("year", day.year), match, as_of).spans,
        )
        for day, name in sorted(days, reverse=True)[:3]
    )
    yield replace(vague(match.group(), *options), end=match.end())


def _opening_season(text: str, pos: int, year: Frame) -> Iterator[Piece]:
    match = _OPENING.match(text, pos)
    if match:
        frame = year.inside(Part("quarter", 1))
        yield Piece(match.end(), frame=frame, note="“开门红”按1—3月理解")
