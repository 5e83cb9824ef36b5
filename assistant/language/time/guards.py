"""Stretches that look like time and are not: 五一路, 3个月期, 90天以上, 24小时客服."""

from __future__ import annotations

import re

_N = r"(?:\d{1,4}|[一二两三四五六七八九十半]{1,3})"
_GUARDS = re.compile(
    "|".join(
        (
            rf"{_N}(?:年|个?月|天|日|个?季度)期(?![末初间内缴交货权])",
            rf"{_N}(?:天|日|个?月|年|期)(?:以上|以下|以外|及以上|\(含\)|含以上)",
            rf"逾期{_N}(?:天|日|个?月|年|期)(?:以[上下内外])?",
            rf"{_N}[天日]通知",
            r"(?:(?:19|20)\d\d|\d0)年[前后]出生",
            rf"{_N}[天日]年化",
            r"(?:7|七)[x*×](?:24|二十四)(?:小时)?",
            rf"{_N}小时(?=客服|服务|热线|便民|自助|银行)",
            r"(?:1?3|25|37|49|61|十三|二十五)个?月(?:保费)?(?:保单)?继续率",
            r"第[一二三四五六七八九十\d]{1,3}大",
            r"双[周月]",
            "每一?个?(?:周|星期|礼拜)[一二三四五六日天]",
            r"零存整取|整存整取",
        )
    )
)


def guarded(text: str) -> tuple[tuple[int, int], ...]:
    """Places in which no time may be read."""
    return tuple(match.span() for match in _GUARDS.finditer(text))
