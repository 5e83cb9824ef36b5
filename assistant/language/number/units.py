"""Units behind a number: those that scale it, and those that say what is counted."""

from __future__ import annotations

from decimal import Decimal

from assistant.language.number.patterns import one_of

RATIO_UNITS = {
    "%": ("%", Decimal("0.01")), "‰": ("‰", Decimal("0.001")), "‱": ("‱", Decimal("0.0001")),
    "个百分点": ("pp", Decimal("0.01")), "百分点": ("pp", Decimal("0.01")),
    "个点": ("pp", Decimal("0.01")), "pp": ("pp", Decimal("0.01")),
    "pct": ("pp", Decimal("0.01")), "成": ("成", Decimal("0.1")), "bp": ("bp", Decimal("0.0001")),
    "bps": ("bp", Decimal("0.0001")), "个bp": ("bp", Decimal("0.0001")),
    "个bps": ("bp", Decimal("0.0001")), "基点": ("bp", Decimal("0.0001")),
    "个基点": ("bp", Decimal("0.0001")),
}  # fmt: skip
"""Word → unit and its size."""
_SAME_WORD = """
户 人 笔 次 张 件 家 只 支 岁 天 周 年 种 款 项 位 名 条 单 份 股 分 台 套 倍 通 期 级
个月 个季度 个工作日 个交易日 小时 分钟 秒 人次 户次 周岁 期次 档 宗 部 例 辆
"""
COUNT_UNITS = {word: word for word in _SAME_WORD.split()} | {
    "元": "元", "元钱": "元", "元人民币": "元", "块": "元", "块钱": "元", "人民币": "元",
    "rmb": "元", "cny": "元", "美元": "美元", "美金": "美元", "港元": "港元", "港币": "港元",
    "欧元": "欧元", "日元": "日元", "英镑": "英镑", "个": "个", "个人": "人", "个客户": "户",
    "日": "天", "个小时": "小时", "周岁": "岁", "个年度": "年", "个周": "周", "个星期": "周",
    "个自然日": "天", "个自然月": "个月",
}  # fmt: skip
TIME_UNITS = frozenset({"天", "周", "年", "个月", "个季度", "个工作日", "个交易日", "小时"})
RATIO = one_of(RATIO_UNITS)
_NOT_COUNTED = (
    r"分[行支公理部析布组类层销享红数]|支[行付出取]|[户人笔件]均|人[数员行]|人民(?!币)|单[位笔价一]|部[门分]|股[票份东]"
    r"|期[末初间限权货缴]|条线|级[别支分机行网]|家庭|周[期转]|只[看要有含算]|份额|次[月日数]|项目|款项|名[称下单字]|位于"
    r"|天通知|年(?:期|末|初|底|度)|户[数籍]|笔数|件数|单数|种类|款式|倍数|岁末"
)
COUNT = rf"(?!{_NOT_COUNTED}){one_of(COUNT_UNITS)}"
