"""Limits as they are said: 100万元, 2%, 3笔."""

from __future__ import annotations

NUMBER_WORDS = {
    "gt": "大于",
    "ge": "不低于",
    "lt": "小于",
    "le": "不高于",
    "eq": "等于",
    "ne": "不等于",
}


UNIT_WORDS = {"CNY": "元", "times": "倍"}


def amount_text(value: float, unit: str | None) -> str:
    """A threshold as it is said: 100万元, 2%, 3笔."""
    if unit in ("percent", "%"):
        return f"{value * 100:.10g}%"
    if unit == "permyriad":
        return f"{value * 10_000:.10g}‱"
    for scale, word in ((10**8, "亿"), (10**4, "万")):
        if abs(value) >= scale and value % (scale / 100) == 0:
            return f"{value / scale:.10g}{word}{_unit(unit)}"
    return f"{value:.15g}{_unit(unit)}"


def _unit(unit: str | None) -> str:
    return UNIT_WORDS.get(unit or "", unit or "")
