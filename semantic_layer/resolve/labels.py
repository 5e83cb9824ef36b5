"""Dates in the words of a Chinese bank: 2026年10月末, 2026年1—10月, 11月1—19日."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from semantic_layer.resolve.units import Days, is_month_end, natural_unit, whole_months

QUARTERS = "一二三四"


def day_label(day: date) -> str:
    """2026年11月19日."""
    return f"{day.year}年{day.month}月{day.day}日"


def point_label(day: date) -> str:
    """A snapshot: 2026年10月末, or the day."""
    return f"{day.year}年{day.month}月末" if is_month_end(day) else day_label(day)


@lru_cache(maxsize=65536)
def range_label(days: Days) -> str:
    """A range, as short as it can be said without doubt."""
    named = _named_unit(days)
    if named:
        return named
    start, end = days
    if whole_months(start, end):
        if start.year == end.year:
            return f"{start.year}年{start.month}—{end.month}月"
        return f"{start.year}年{start.month}月—{end.year}年{end.month}月"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.year}年{start.month}月{start.day}—{end.day}日"
    if start.year == end.year:
        return f"{day_label(start)}—{end.month}月{end.day}日"
    return f"{day_label(start)}—{day_label(end)}"


def key_label(key: str) -> str:
    """The key of a bucket in a result (2026-10, 2026-Q3, 2026-H1, 2026-10-19) in words."""
    year, *rest = key.split("-")
    if not year.isdigit():
        return key
    if not rest:
        return f"{year}年"
    part = rest[0]
    if part[0] == "Q":
        return f"{year}年{QUARTERS[int(part[1]) - 1]}季度"
    if part[0] == "H":
        return f"{year}年{'上' if part[1] == '1' else '下'}半年"
    if part.isdigit() and len(rest) == 1:
        return f"{year}年{int(part)}月"
    if part.isdigit() and rest[1].isdigit():
        return f"{year}年{int(part)}月{int(rest[1])}日"
    return f"{year}年{int(part)}月{rest[1]}" if part.isdigit() else key


def _named_unit(days: Days) -> str | None:
    start = days.start
    match natural_unit(*days):
        case "year":
            return f"{start.year}年"
        case "half":
            return f"{start.year}年{'上' if start.month == 1 else '下'}半年"
        case "quarter":
            return f"{start.year}年{QUARTERS[start.month // 3]}季度"
        case "month":
            return f"{start.year}年{start.month}月"
        case "day":
            return day_label(start)
    return None
