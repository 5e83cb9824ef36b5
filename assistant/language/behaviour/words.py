"""Words of sequence: what is asked of events, and how they are tied together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from assistant.language.time.patterns import N, small_int
from assistant.language.tokens import BehaviourWord

CUES: dict[str, str] = {
    "funnel": r"转化漏斗(?:图|分析)?|漏斗(?:图|分析)?",
    "every": r"[各每](?:一?个?)(?:步骤|步|环节|阶段|节点)(?:之间)?|逐步|分步"
             r"|哪一?(?:步|个环节|个步骤)",
    "rate": r"转化率|转化情况|转化比例|转化|完成率",
    "share": r"的?(?:比例|占比|比率|比重)|占多少|占几成|占百分之几",
    "dropped": r"流失(?:率|人数|了?多少[人户个]?|情况|最多|最大|最严重)?",
    "count": r"人数|户数|[各还]?[有剩]?下?多少[人户位]|有多少客户",
    "back": r"(?:还|再|又|仍|会再|还会)会?(?:来|回来|活跃|登录)[过了]?|回访率?|回来",
    "retention": r"留存(?:率|情况|表现)?",
    "kept": r"留存(?:人数|户数|客户数?|用户数?)|留存了?多少[人户]?|留下来?多少[人户]?",
    "curve": r"留存率?(?:曲线|矩阵|表|走势|热力图)|同期群(?:分析)?",
    "path": r"(?:主要)?(?:用户|客户)?的?(?:行为|转化|浏览|访问|操作|使用)?路径(?:分析|图)?|动线",
    "walked": r"(?:都|主要)?走[了过]?(?:哪些|什么|怎样的|哪几条)",
    "gap": r"(?:平均)?(?:要|需要|需|花|用|隔|相隔|间隔|相距)?[了的]?"
           r"(?:多久|多长时间|多少天|几天|多少分钟|多少小时)"
           r"|时间间隔|间隔(?:时间|天数|时长)?|天数|时间(?=的?(?:分布|中位|四分|平均))",
    "lasting": r"用时|耗时|时长|花的时间",
    "mean": r"平均(?:值|数)?|均值",
    "median": r"中位(?:数|值)",
    "quartiles": r"四分位(?:数|点|距)?|p25和p75",
    "spread": r"分布(?:情况|图)?",
    "first": r"首次|第一次|首笔|首单|初次",
    "again": r"再次|重复|再|又",
    "from": r"从|自从?",
    "to": r"再?到达?|至|→|-+>|=>|再到|然后|接着",
    "out": r"出发|开始|起步|为起点",
    "before": r"之前|以前|前",
    "after": r"之后|以后|后",
    "common": r"(?:最|比较|较|经)?(?:常见|常走|主要|热门|高频)的?|走?最多的|走得最多的?",
    "onward": r"(?:之后|以后|后续|往后)的?(?:每个?月|各个?月|逐月)",
}  # fmt: skip
UNMISTAKABLE = re.compile(
    r"漏斗|转化|流失|留存|同期群|路径|动线|多久|多长时间|多少天|几天|间隔|时间|时长|用时|耗时|天数"
    r"|率|比例|占|还来|再来|回访|步|环节"
)
"""Without any of them a question asks for no behaviour."""
OPENING = re.compile(r"(?i)打开|登录|启动|进入app|访问|到访|到店|签到")
"""How events are called by which somebody shows up."""
TOP = re.compile(
    rf"(?:最常见的|top|前|头|最多的)?(?P<n>{N})(?:条|大)(?:最常见的)?|(?:top|前)(?P<m>{N})"
)
LENGTH = re.compile(rf"(?:最多|不超过|长度为?|最长|限)?(?P<n>{N})(?:步|站|个节点|跳)(?:以内)?")


class Said(NamedTuple):
    """A word at a place of the text."""

    start: int
    end: int
    word: BehaviourWord


def find_words(text: str) -> Iterator[Said]:
    """Every word that asks for or ties events, and how many paths of what length."""
    for role, pattern in _compiled():
        for match in pattern.finditer(text):
            yield Said(match.start(), match.end(), BehaviourWord(role))
    for match in TOP.finditer(text):
        count = small_int(match["n"] or match["m"])
        yield Said(match.start(), match.end(), BehaviourWord("top", (count,)))
    for match in LENGTH.finditer(text):
        yield Said(match.start(), match.end(), BehaviourWord("length", (small_int(match["n"]),)))


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((role, re.compile(pattern)) for role, pattern in CUES.items())
