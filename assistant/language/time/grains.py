"""Wishes for time buckets (按月, 每天, 各季度) and kinds of days (工作日, 周末)."""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.language.time.patterns import one_of
from assistant.language.time.token import GrainToken
from semantic_layer.problem import Problem
from semantic_layer.query import DayFilter, Grain

_GRAINS: dict[str, Grain] = {
    "天": "date", "日": "date", "自然日": "date", "周": "week", "星期": "week", "礼拜": "week",
    "旬": "xun", "月": "month", "月份": "month", "自然月": "month", "月度": "month",
    "季": "quarter", "季度": "quarter", "半年": "half", "半年度": "half", "年": "year",
    "年度": "year", "年份": "year", "日期": "date",
}  # fmt: skip
_DAYS: dict[str, DayFilter] = {
    "工作日": "workday", "交易日": "trading_day", "周末": "weekend", "双休日": "weekend",
    "节假日": "holiday", "休息日": "holiday", "假日": "holiday", "非工作日": "holiday",
    "法定节假日": "feast", "法定假日": "feast", "法定假期": "feast", "法定节日": "feast",
    "调休上班日": "makeup", "调休工作日": "makeup", "补班日": "makeup", "调班日": "makeup",
}  # fmt: skip
"""休息日 are all days off; 法定节假日 only those of a feast; 补班日 weekends that are worked."""
_WEEKDAY = r"(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![次均活般到至~-])"
_WEEKDAYS: dict[str, DayFilter] = {
    "一": "monday", "二": "tuesday", "三": "wednesday", "四": "thursday", "五": "friday",
    "六": "saturday", "日": "sunday", "天": "sunday",
}  # fmt: skip
_SHOWN: dict[DayFilter, Grain] = {"weekend": "week"}
"""每个周末 is one figure for both of its days."""
_UNIT = rf"(?P<unit>{one_of(_GRAINS)})"
_DAY_KIND = rf"(?P<days>{one_of(_DAYS)})"
_EACH_WORD = "每逢|每一个?|每个?|各个?|逐个?"
_EACH = rf"(?:{_EACH_WORD})(?:{_DAY_KIND}|{_WEEKDAY}|{_UNIT}(?:[年月]?[末底]|年终)?)"
_BY = (
    rf"(?:按照?|(?<!部)分|以(?=.{{1,3}}(?:为单位|为粒度|粒度|维度)))(?:每个?|各个?|逐)?"
    rf"(?P<by>{one_of(_GRAINS)})(?:为单位|为粒度|粒度|维度)?"
)
_NOT_AFTER = r"(?![均活供薪租卡龄费期嫂饼线付息数几节化])(?!报(?![案损销警名废]))(?!末?日均)"
_TAIL = re.compile(rf"的?(?:{_EACH}|{_BY}){_NOT_AFTER}")
_DAYS_TAIL = re.compile(
    rf"(?:里的?|内的?|中的?|的|所有)?(?:(?P<each>{_EACH_WORD})|所有)?{_DAY_KIND}(?:期间)?(?![均期历])"
    rf"|(?=[每各的里内中所]).{{0,2}}?(?P<each_one>{_EACH_WORD}|所有)?{_WEEKDAY}"
)
_DAYS_ALONE = re.compile(rf"(?:所有|只看)?{_DAY_KIND}(?:期间)?(?![均期历])")
_GRAIN = re.compile(rf"(?:{_EACH}|{_BY}){_NOT_AFTER}")
_ADJECTIVES: dict[str, Grain] = {
    "月度": "month", "季度": "quarter", "年度": "year", "逐日": "date", "逐月": "month",
    "日度": "date", "周度": "week", "历年": "year", "历月": "month",
}  # fmt: skip
_ADJECTIVE = re.compile(
    rf"(?<![0-9一二三四五六七八九十两本上下当首末各每个按分去前今明半整全这]){one_of(_ADJECTIVES)}(?![奖初末底中内累]|报(?![案损销警名废]))"
)
_HOURLY = re.compile("(?:按|分|每|每个|各个|逐)小时|分时段?|各时段|每个?时段")


def grain_after(text: str, pos: int) -> tuple[int, Grain] | None:
    """Buckets named right after a time: 过去12个月每月."""
    match = _TAIL.match(text, pos)
    if not match or match["days"] or match["weekday"]:
        return None
    return match.end(), _GRAINS[match["unit"] or match["by"]]


def days_alone(text: str, pos: int) -> tuple[int, DayFilter] | None:
    """A kind of days without a time before it: 工作日的交易笔数."""
    match = _DAYS_ALONE.match(text, pos)
    return (match.end(), _DAYS[match["days"]]) if match else None


class KindOfDays(NamedTuple):
    """A kind of days that was named up to `end`."""

    end: int
    days: DayFilter
    grain: Grain | None
    """Whether each of them is shown: 每个工作日."""


def days_after(text: str, pos: int) -> KindOfDays | None:
    """The kind of days named right after a time: 上月工作日."""
    match = _DAYS_TAIL.match(text, pos)
    if match is None:
        return None
    days = _kind(match)
    each = match["each"] or (match["each_one"] not in (None, "所有"))
    return KindOfDays(match.end(), days, _SHOWN.get(days, "date") if each else None)


def _kind(match: re.Match[str]) -> DayFilter:
    return _DAYS[match["days"]] if match["days"] else _WEEKDAYS[match["weekday"]]


def kind_of_days(text: str) -> str:
    """The word for a kind of days that a text ends with: 节假日 in 今年各节假日."""
    return max((word for word in _DAYS if text.endswith(word)), key=len, default="")


def find_grains(text: str) -> tuple[GrainToken, ...]:
    """Wishes for time buckets: 按月, 逐月, 每天, 各季度, 历年.

    >>> [(t.text, t.grain) for t in find_grains("各分行各季度存款余额")]
    [('各季度', 'quarter')]
    """
    tokens = [_grain_token(match) for match in _GRAIN.finditer(text)]
    tokens += [
        GrainToken(m.start(), m.end(), m.group(), _ADJECTIVES[m.group()])
        for m in _ADJECTIVE.finditer(text)
    ]
    tokens += [_hourly(match) for match in _HOURLY.finditer(text)]
    found = {(token.start, token.end): token for token in tokens}
    return tuple(found[place] for place in sorted(found, key=lambda at: (at[0], -at[1])))


def _grain_token(match: re.Match[str]) -> GrainToken:
    if match["days"] or match["weekday"]:
        days = _kind(match)
        return GrainToken(*match.span(), match.group(), _SHOWN.get(days, "date"), days)
    return GrainToken(*match.span(), match.group(), _GRAINS[match["unit"] or match["by"]])


def _hourly(match: re.Match[str]) -> GrainToken:
    word = match.group()
    problem = Problem(
        "grain_not_available", f"数据只到天,不能“{word}”展示,请改为按天。", "group_by", word
    )
    return GrainToken(*match.span(), word, None, problem=problem)
