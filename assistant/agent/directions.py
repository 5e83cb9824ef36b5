"""Words that say which way a number went."""

from __future__ import annotations

RISES = ("增加", "增长", "上升", "上涨", "提高", "升", "涨")
FALLS = ("减少", "下降", "下跌", "下滑", "回落", "降低", "降", "跌")
