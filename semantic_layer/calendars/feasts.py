"""Names of feasts, and the days that the law or the moon gives them."""

from __future__ import annotations

from datetime import date, timedelta

_FIRST_YEAR = 2000
_SPRING = """
0205 0124 0212 0201 0122 0209 0129 0218 0207 0126 0214 0203 0123 0210 0131 0219 0208 0128
0216 0205 0125 0212 0201 0122 0210 0129 0217 0206 0126 0213 0203 0123 0211 0131 0219 0208
0128 0215 0204 0124 0212
"""
_DRAGON_BOAT = """
0606 0625 0615 0604 0622 0611 0531 0619 0608 0528 0616 0606 0623 0612 0602 0620 0609 0530
0618 0607 0625 0614 0603 0622 0610 0531 0619 0609 0528 0616 0605 0624 0612 0601 0620 0610
0530 0618 0607 0527 0614
"""
_MID_AUTUMN = """
0912 1001 0921 0911 0928 0918 1006 0925 0914 1003 0922 0912 0930 0919 0908 0927 0915 1004
0924 0913 1001 0921 0910 0929 0917 1006 0925 0915 1003 0922 0912 1001 0919 0908 0927 0916
1004 0924 0913 1002 0920
"""


def _years(text: str) -> dict[int, tuple[int, int]]:
    return {_FIRST_YEAR + n: (int(day[:2]), int(day[2:])) for n, day in enumerate(text.split())}


_LUNAR = {"春节": _years(_SPRING), "端午": _years(_DRAGON_BOAT), "中秋": _years(_MID_AUTUMN)}
_SOLAR = {"元旦": (1, 1), "劳动节": (5, 1), "国庆": (10, 1)}
_STATUTORY = {
    "元旦": (0, 0), "春节": (-1, 2), "清明": (0, 0), "劳动节": (0, 1), "端午": (0, 0),
    "中秋": (0, 0), "国庆": (0, 2),
}  # fmt: skip
"""Days off by law around the feast's day (办法 of 2024), before any swapping of weekends."""
_FIXED = {
    "情人节": (2, 14), "妇女节": (3, 8), "消费者权益日": (3, 15), "青年节": (5, 4),
    "儿童节": (6, 1), "618": (6, 18), "教师节": (9, 10), "双十一": (11, 11), "双十二": (12, 12),
    "圣诞节": (12, 25),
}  # fmt: skip
"""Shopping days and the like: one day, never a day off."""
_ALIASES = {
    "新年": "元旦", "过年": "春节", "农历新年": "春节", "五一": "劳动节", "五一劳动": "劳动节",
    "劳动": "劳动节", "十一": "国庆", "十一国庆": "国庆", "黄金周": "国庆", "双11": "双十一",
    "双12": "双十二", "六一八": "618", "三八": "妇女节", "三八妇女": "妇女节", "妇女": "妇女节",
    "女神": "妇女节", "六一": "儿童节", "六一儿童": "儿童节", "儿童": "儿童节", "青年": "青年节",
    "教师": "教师节", "情人": "情人节", "圣诞": "圣诞节",
    "315": "消费者权益日",
}  # fmt: skip
_ENDINGS = ("黄金周", "小长假", "长假", "假期", "购物节", "大促", "节")

OFFICIAL = tuple(_STATUTORY)
"""Feasts with days off."""
FEASTS = (*OFFICIAL, *_FIXED)


def feast_name(word: str) -> str | None:
    """The canonical name of a feast: 五一假期 → 劳动节; None for an unknown word."""
    while word:
        name = _ALIASES.get(word, word)
        if name in FEASTS:
            return name
        ending = next((end for end in _ENDINGS if word.endswith(end)), "")
        if not ending:
            return None
        word = word.removesuffix(ending)
    return None


def feast_day(name: str, year: int) -> date | None:
    """The feast's own day (正月初一, 10月1日); None beyond the table of the moon."""
    if name == "清明":
        return date(year, 4, _qingming(year)) if 2000 <= year < 2100 else None
    solar = _SOLAR.get(name) or _FIXED.get(name) or _LUNAR[name].get(year)
    return date(year, *solar) if solar else None


def statutory_days(name: str, year: int) -> tuple[date, date] | None:
    """First and last day off by law; the swapped weekends around them are not known."""
    day = feast_day(name, year)
    if day is None:
        return None
    before, after = _STATUTORY.get(name, (0, 0))
    return day + timedelta(days=before), day + timedelta(days=after)


def _qingming(year: int) -> int:
    """Day in April by the usual formula for this century."""
    n = year - 2000
    return int(n * 0.2422 + 4.81) - n // 4
