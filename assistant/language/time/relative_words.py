"""Words for calendar units counted from the day of asking: 上个月, 去年, 昨天."""

from __future__ import annotations

from itertools import product

from semantic_layer.query import Unit

_LEADS = {
    "本": 0, "这": 0, "这个": 0, "这一": 0, "这一个": 0, "当": 0, "上": -1, "上个": -1,
    "上一": -1, "上一个": -1, "前一": -1, "前一个": -1, "上上": -2, "上上个": -2, "上上上": -3,
    "上上上个": -3, "下": 1, "下个": 1, "下一": 1, "下一个": 1, "下下": 2, "下下个": 2,
}  # fmt: skip
_UNITS: dict[str, Unit] = {
    "周": "week", "星期": "week", "礼拜": "week", "月": "month", "月份": "month",
    "自然月": "month", "整月": "month", "完整月": "month", "季": "quarter", "季度": "quarter",
    "完整季度": "quarter", "年": "year", "年度": "year", "财年": "year", "会计年度": "year",
    "自然年": "year", "交易日": "trading_day", "工作日": "workday", "旬": "xun",
}  # fmt: skip
_YEARS = {
    "今年": 0, "今年度": 0, "去年": -1, "去年度": -1, "前年": -2, "前年度": -2, "大前年": -3,
    "明年": 1, "明年度": 1, "来年": 1, "后年": 2,
}  # fmt: skip
_DAYS = {
    "今天": 0, "今日": 0, "当天": 0, "当日": 0, "本日": 0, "昨天": -1, "昨日": -1, "上日": -1,
    "今儿": 0, "昨儿": -1, "前儿": -2, "今儿个": 0, "昨儿个": -1, "前儿个": -2,
    "上一日": -1, "上一天": -1, "前一日": -1, "前一天": -1, "前天": -2, "前日": -2, "大前天": -3,
    "明天": 1, "明日": 1, "下一日": 1, "下一天": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
_PARTS_OF_A_MONTH = ("上旬", "下旬")
RELATIVE: dict[str, tuple[Unit, int]] = {
    **{
        lead + unit: (_UNITS[unit], _LEADS[lead])
        for lead, unit in product(_LEADS, _UNITS)
        if lead + unit not in _PARTS_OF_A_MONTH
    },
    **{word: ("year", offset) for word, offset in _YEARS.items()},
    **{word: ("day", offset) for word, offset in _DAYS.items()},
    "上个半年": ("half", -1), "本半年": ("half", 0), "这半年": ("half", 0), "下个半年": ("half", 1),
    "这旬": ("xun", 0),
}  # fmt: skip
"""Word → unit and offset."""
_NOT_AFTER = {
    "上": "线网掌以之", "本": "成资版样基", "前": "目当以之日提", "去": "过除扣减失",
    "下": "名线地以旗之底", "后": "以之售", "当": "适应恰相", "明": "说声证",
}  # fmt: skip
"""Characters before which the word is cut wrongly: 线上|月活, 目前|年化, 除去|年费."""


def is_cut_wrongly(before: str, char: str) -> bool:
    """Whether the character belongs to the word before it."""
    return bool(before) and before in _NOT_AFTER.get(char, "")
