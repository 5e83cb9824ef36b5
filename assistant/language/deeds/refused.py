"""Deeds that are recognised and cannot be told: what was once so, and the first time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.deeds.deed import Deed
from semantic_layer.problem import Problem

PATTERNS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"(?:首次|第一次|初次)(?:购买|买|申购|认购|办理|持有)[^的,且客户数]{2,6}(?=的|客户)"),
        "某种产品的首次购买",
        "要看以前有没有买过这种产品,暂不支持;可以问首购客户数,或“买过…的客户数”。",
    ),
    (
        re.compile(
            r"(?:同时|既)(?:使用|用|通过|在)[^的,且]{1,10}(?:和|与|及|、|又)[^的,且]{2,10}(?=的|客户)"
            r"|(?:和|与|及|、)[^的,且]{2,8}?(?:都|均|全)"
            r"(?:有|用|使用|在用|在使用|办|交易|登录|买|购买|做|发生|活跃)[^的,且]{0,6}(?=的|客户)"
        ),
        "同时使用几个渠道或终端",
        "要两边都满足,暂不支持这样写;可以写成“有…也有…的客户”,或分别问。",
    ),
    (
        re.compile(
            r"(?:从|由)[^的从由,]{1,6}?(?:降级|降到|降至|降为|掉到|升级|升到|升至|升为|变成|变为|转为)"
            r"[^的,]{0,6}?(?=的|客户)"
        ),
        "按上一期的等级筛选",
        "说的是变动前的等级;请写成“上月末客户等级为…的降级(升级)客户数”。",
    ),
)  # fmt: skip


def find_refused(text: str) -> Iterator[tuple[int, int, Deed]]:
    """Stretches that must not be read as anything else."""
    for pattern, capability, why in PATTERNS:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), _refused(match.group(), capability, why)


def once_held(said: str) -> Deed:
    """有过贷款: a balance that once was there."""
    why = "说的是以前任何时候有过余额,暂不支持;可以写明时点,例如“上年末有…的客户”。"
    return _refused(said, "曾经持有", why)


def _refused(said: str, capability: str, why: str) -> Deed:
    return Deed((), problem=Problem("unsupported", f"“{said}”{why}", subject=capability))
