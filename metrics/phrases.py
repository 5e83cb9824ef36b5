"""How people ask for a metric with a verb: 卖了多少理财 is 卖 and 理财."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

AMOUNT = (
    r"(?:一共|总共|共)?(?:有)?(?:多少|几)"
    r"(?:(?P<counter>[个名位户人笔件张家次单场起宗例台辆套份])|钱|元|万元|亿元|万|亿)?"
)
"""The question word of a phrase, with what is counted."""
DONE = r"(?:出去|出来|进来|出|掉|进|成|得|到)?(?:了|过|的)?"
"""What a verb may carry: 卖了, 卖出去了, 卖得."""
VERBS = tuple(
    (
        "卖 售 卖出 销售 代销 买 买入 购买 申购 认购 赎回 定投 开 新开 开立 发 发放 发行 下发 放 "
        "投放 放款 贷 借 借出 批 审批 赔 赔付 赔偿 理赔 报案 收 收取 交 缴 存 存入 取 取出 提取 还 "
        "偿还 归还 结清 转 转入 转出 汇 花 刷 消费 支付 付 激活 销 注销 退 退保 续 续保 签 承保 "
        "出险 投诉 点击 触达 发送 登录 打开 浏览 注册 流失 唤醒 挣 赚 亏 损失 流入 流出 成交 交易 "
        "核销 收回 催收 办 办理 拉 拉来 到期"
    ).split()
)
NO_VERBS = frozenset({"有", "是", "为", "达", "共有", "一共有"})
"""They ask for any amount and name no metric."""
_PHRASE = re.compile(rf"(?P<before>.+?)(?P<done>{DONE}){AMOUNT}的?(?P<after>.*)")


class Phrase(NamedTuple):
    """A verb with what it is done to; no noun where the verb says it all (赔了多少)."""

    verb: str
    noun: str = ""
    counter: str = ""
    """笔 in 卖了多少笔理财; empty where the amount is asked for."""


@lru_cache(maxsize=4096)
def read_phrase(text: str) -> Phrase | None:
    """The verb and the noun of a phrase; None when it is not written like one.

    >>> read_phrase("贷款投放了多少")
    Phrase(verb='投放', noun='贷款', counter='')
    >>> read_phrase("卖了多少笔理财")
    Phrase(verb='卖', noun='理财', counter='笔')
    >>> read_phrase("出了多少单")
    Phrase(verb='出', noun='', counter='单')
    """
    match = _PHRASE.fullmatch(text.replace(" ", ""))
    if match is None:
        return None
    before, after, counter = match["before"], match["after"], match["counter"] or ""
    if before in NO_VERBS:
        return None
    verb = next((v for v in _longest_first() if before.endswith(v)), "")
    if after:
        return Phrase(before, after, counter) if len(before) <= 2 or verb in ("", before) else None
    if not verb and len(before) <= 2 and match["done"].endswith("了"):
        return Phrase(before, counter=counter)
    return Phrase(verb, before.removesuffix(verb), counter) if verb else None


@lru_cache(maxsize=1)
def _longest_first() -> tuple[str, ...]:
    return tuple(sorted(VERBS, key=len, reverse=True))
