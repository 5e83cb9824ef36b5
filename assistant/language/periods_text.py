"""Dates as a bank writes them: 2026年10月, 2026年1—10月, 2026年11月1—19日, 2026年10月末."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from semantic_layer.query import DayFilter
from semantic_layer.resolve.labels import key_label
from semantic_layer.resolved import ResolvedSpan

_QUARTERS = "一二三四"
DAY_WORDS: Mapping[DayFilter, str] = {
    "workday": "工作日", "trading_day": "交易日", "weekend": "周末", "holiday": "节假日",
    "feast": "法定假期", "makeup": "调休上班日", "monday": "周一", "tuesday": "周二",
    "wednesday": "周三", "thursday": "周四", "friday": "周五", "saturday": "周六",
    "sunday": "周日",
}  # fmt: skip
OFF_DAYS = "法定节假日和双休日"
"""What 节假日 takes in: every day off, not only the feasts."""


def span_text(span: ResolvedSpan) -> str:
    """A resolved span in words; a stock's snapshot as a point in time."""
    if span.is_point:
        return point_text(span.end)
    return range_text(span.start, span.end)


def point_text(day: date) -> str:
    """2026年10月末, or 2026年11月19日 within a month."""
    if is_month_end(day):
        return f"{day.year}年末" if day.month == 12 else f"{day.year}年{day.month}月末"
    return day_text(day)


def day_text(day: date) -> str:
    """2026年11月19日."""
    return f"{day.year}年{day.month}月{day.day}日"


def range_text(start: date, end: date) -> str:
    """A range of days in the shortest usual form."""
    if start == end:
        return day_text(start)
    if start.day == 1 and is_month_end(end):
        return _months(start, end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.year}年{start.month}月{start.day}—{end.day}日"
    if start.year == end.year:
        return f"{day_text(start)}—{end.month}月{end.day}日"
    return f"{day_text(start)}—{day_text(end)}"


def is_month_end(day: date) -> bool:
    """The last day of its month."""
    return day.day == monthrange(day.year, day.month)[1]


def _months(start: date, end: date) -> str:
    if start.year != end.year:
        return f"{start.year}年{start.month}月—{end.year}年{end.month}月"
    year, first, last = start.year, start.month, end.month
    if first == last:
        return f"{year}年{first}月"
    if (first, last) == (1, 12):
        return f"{year}年"
    if last - first == 2 and last % 3 == 0:
        return f"{year}年{_QUARTERS[last // 3 - 1]}季度"
    if (first, last) == (7, 12):
        return f"{year}年下半年"
    return f"{year}年{first}—{last}月"


def bucket_text(value: object, grain: str) -> str:
    """The label of a time group; a date is the first day of its bucket.

    >>> bucket_text("2026-10", "month"), bucket_text("2026-Q3", "quarter")
    ('2026年10月', '2026年三季度')
    """
    if value is None:
        return "未知"
    if isinstance(value, date):
        return _first_day_text(value, grain)
    return key_label(str(value))


def _first_day_text(value: date, grain: str) -> str:
    texts = {
        "year": f"{value.year}年",
        "half": f"{value.year}年{'上' if value.month <= 6 else '下'}半年",
        "quarter": f"{value.year}年{_QUARTERS[(value.month - 1) // 3]}季度",
        "month": f"{value.year}年{value.month}月",
        "xun": f"{value.year}年{value.month}月{'上中下'[min((value.day - 1) // 10, 2)]}旬",
        "week": f"{day_text(value)}起一周",
    }
    return texts.get(grain, day_text(value))
