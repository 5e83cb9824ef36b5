"""Time groups as a bank writes them: 2026年1月, 2026年一季度, 2026年11月13日."""

from __future__ import annotations

import re

from semantic_layer.result import Cell

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_HALF = re.compile(r"(\d{4})-H([12])")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_TEN_DAYS = re.compile(r"(\d{4})-(\d{2})-(.旬)")
_QUARTERS = "一二三四"


def time_label(cell: Cell) -> str:
    """The label of one time group; what is written otherwise stays as it is.

    >>> time_label("2026-01"), time_label("2026-Q3"), time_label("2026-11-03")
    ('2026年1月', '2026年三季度', '2026年11月3日')
    >>> time_label("2026-W39"), time_label("2026-H1"), time_label("2026-10-上旬")
    ('2026年第39周', '2026年上半年', '2026年10月上旬')
    >>> time_label(None), time_label("第47周"), time_label("2026")
    ('未知', '第47周', '2026年')
    """
    text = "" if cell is None else str(cell)
    if match := _MONTH.fullmatch(text):
        return f"{match[1]}年{int(match[2])}月"
    if match := _DAY.fullmatch(text):
        return f"{match[1]}年{int(match[2])}月{int(match[3])}日"
    if match := _QUARTER.fullmatch(text):
        return f"{match[1]}年{_QUARTERS[int(match[2]) - 1]}季度"
    if match := _HALF.fullmatch(text):
        return f"{match[1]}年{'上下'[int(match[2]) - 1]}半年"
    if match := _WEEK.fullmatch(text):
        return f"{match[1]}年第{int(match[2])}周"
    if match := _TEN_DAYS.fullmatch(text):
        return f"{match[1]}年{int(match[2])}月{match[3]}"
    if re.fullmatch(r"\d{4}", text):
        return f"{text}年"
    return text or "未知"
