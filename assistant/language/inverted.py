"""Metrics said as a verb with its question: 新增了多少客户, 理财销售了多少, 流失的客户."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from assistant.language.lexicon import Lexicon
from assistant.language.tokens import AmbiguousName, MetricName, Name, NearMiss, ValueName

NOUNS = ("客户", "用户")
HOW_MANY = re.compile(
    rf"(?:了|过)?(?:里面|里|当中|中)?(?:有)?(?:多少|几)(?:(?P<money>金额|钱|元|万元|亿元)|(?P<counter>[个名位户人笔件张家次单])?(?P<noun>{'|'.join(NOUNS)})?)"
)
HOW_LONG = re.compile(
    r"(?:平均|一般|通常|大概|大约)?(?:都)?(?:需要|要|需|得|用了?|花了?)?"
    r"(?:(?:几|多少)个?天|多久|多长时间)(?:才)?(?:能|可以)?(?P<done>处理|办结|结案|审批|解决|审完|办)?(?:完|好|下来)?"
)
COMPLETED = re.compile(r"完成(?:得|的)?(?:怎么样|怎样|如何|情况如何|情况)")
DAYS = ("天数", "时效", "时长")
PROCESSED = tuple(f"处理{days}" for days in DAYS)
OF_NOUN = re.compile(rf"的(?P<noun>{'|'.join(NOUNS)})(?P<tail>数)?")
BY_COUNTER = {
    "户": ("客户数", "户数", "数"), "人": ("人数", "客户数", "数"), "名": ("客户数", "人数", "数"),
    "位": ("客户数", "人数", "数"), "笔": ("笔数",), "件": ("件数",), "张": ("张数", "量"),
    "单": ("单数", "订单数"), "次": ("次数",), "个": ("个数", "数"), "家": ("家数",),
}  # fmt: skip
PER_HEAD = re.compile(
    r"(?:平均(?=(?:持有|拥有|有)(?:多少|几))|(?:平均)?(?:每户|每个客户|每位客户|每名客户|户均|人均)(?:平均)?)"
    r"(?:持有|拥有|有)?"
    r"(?:(?:多少|几)[个种类件张]?)?(?P<noun>[一-龥]{2,4})"
)
AVERAGE_BALANCE = re.compile(r"日均余额")
AMOUNTS = ("额", "金额", "量", "余额", "数")
MONEY = ("金额", "额")
BALANCE = "余额"
LONGEST_OBJECT = 3
OBJECT_COUNTS = ("数", "量")
LISTED = re.compile(r"[,、和及与]?|以及")
LONGEST_STEM = 8
ASKED_FOR = (MetricName, AmbiguousName, NearMiss)


class Found(NamedTuple):
    """A metric at a place of the text."""

    start: int
    end: int
    names: tuple[Name, ...]


def find_inverted(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Stretches whose words, put in order, are the name of a metric."""
    before: Found | None = None
    for match in HOW_MANY.finditer(text):
        found = list(_with_object(text, match, lexicon))
        found = found or list(_before(text, match.start(), match.end(), _tails(match), lexicon))
        found = found or list(_listed(text, before, match, lexicon))
        yield from found or _balance_of(text, match, lexicon)
        before = Found(found[0].start, match.end(), found[0].names) if found else None
    for match in OF_NOUN.finditer(text):
        tails = (match["noun"] + "数", match["noun"])
        whose = not match["tail"] and _asks_of_them(text, match.end(), lexicon)
        for one in _before(text, match.start(), match.end(), tails, lexicon):
            if not (whose and any(isinstance(n, AmbiguousName) for n in one.names)):
                yield one
    for match in HOW_LONG.finditer(text):
        yield from _before(text, match.start(), match.end(), _durations(match), lexicon)
    for match in COMPLETED.finditer(text):
        yield from _before(text, match.start(), match.end(), ("完成率",), lexicon)
    for match in PER_HEAD.finditer(text):
        yield from _per_head(match, lexicon)
    for match in AVERAGE_BALANCE.finditer(text):
        yield from _average(text, match.start(), match.end(), lexicon)


def _asks_of_them(text: str, at: int, lexicon: Lexicon) -> bool:
    """开户的客户的存款 asks a figure of those who did, not how many they are."""
    at += text.startswith("的", at)
    ends = range(at + 2, min(len(text), at + LONGEST_STEM) + 1)
    return any(lexicon.metrics(text[at:end]) for end in ends)


def _listed(
    text: str, before: Found | None, match: re.Match[str], lexicon: Lexicon
) -> Iterator[Found]:
    """代发工资多少户,多少钱: the second question is of what the first one is of."""
    if before is None or not LISTED.fullmatch(text, before.end, match.start()):
        return
    asked = HOW_MANY.search(text, before.start)
    assert asked is not None
    stem = text[before.start : asked.start()].removesuffix("的")
    for tail in _tails(match):
        metrics = lexicon.metrics(stem + tail)
        if metrics and match.start() < match.end():
            yield Found(match.start(), match.end(), tuple(map(_in_short, metrics)))
            return


def _balance_of(text: str, match: re.Match[str], lexicon: Lexicon) -> Iterator[Found]:
    """定期有多少: of a member that a balance ends like, 定期存款 and 存款余额, the balance."""
    doubts = tuple(n for n in lexicon.names.get(BALANCE, ()) if isinstance(n, AmbiguousName))
    asks = match["counter"] or match["noun"]
    for length in range(min(LONGEST_STEM, match.start()), 1, -1) if doubts and not asks else ():
        stem = text[match.start() - length : match.start()]
        names = lexicon.names.get(stem, ())
        if names and all(isinstance(n, ValueName) for n in names):
            called = (stem, *(str(n.value) for n in names if isinstance(n, ValueName)))
            if any(lexicon.metrics(w[at:] + BALANCE) for w in called for at in range(1, len(w))):
                yield Found(match.start(), match.end(), doubts)
            return


def _with_object(text: str, match: re.Match[str], lexicon: Lexicon) -> Iterator[Found]:
    """激活了多少张卡 is 激活卡数: the object stands behind its counter."""
    for length in range(LONGEST_OBJECT, 0, -1) if match["counter"] else ():
        thing = text[match.end() : match.end() + length]
        if len(thing) == length:
            tails = tuple(thing + count for count in OBJECT_COUNTS)
            found = list(_before(text, match.start(), match.end() + length, tails, lexicon))
            if found:
                yield from found
                return


def _per_head(match: re.Match[str], lexicon: Lexicon) -> Iterator[Found]:
    """每户有几个产品 is 户均产品数."""
    for length in range(len(match["noun"]), 1, -1):
        noun = match["noun"][:length].removesuffix("数")
        metrics = lexicon.metrics(f"户均{noun}数")
        if metrics:
            end = match.start("noun") + length
            yield Found(match.start(), end, tuple(replace(n, via="short") for n in metrics))
            return


def _average(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Found]:
    """存款日均余额 is 日均存款."""
    for length in range(min(LONGEST_STEM, start), 1, -1):
        stem = text[start - length : start]
        for name in (f"日均{stem}", f"日均{stem}余额", f"{stem}日均"):
            metrics = [n for n in lexicon.names.get(name, ()) if isinstance(n, MetricName)]
            if metrics:
                yield Found(start - length, end, tuple(replace(n, via="short") for n in metrics))
                return


def _durations(match: re.Match[str]) -> tuple[str, ...]:
    """理赔多久 is 理赔天数; 投诉几天处理完 is 投诉处理天数."""
    done = match["done"]
    return (*(f"{done}{days}" for days in DAYS), *DAYS) if done else (*DAYS, *PROCESSED)


def _tails(match: re.Match[str]) -> tuple[str, ...]:
    if match["money"]:
        return MONEY
    if noun := match["noun"]:
        return (f"{noun}数", noun)
    return BY_COUNTER[match["counter"]] if match["counter"] else AMOUNTS


def _before(
    text: str, start: int, end: int, tails: tuple[str, ...], lexicon: Lexicon
) -> Iterator[Found]:
    """The longest stem before the place that asks for a metric with one of the tails.

    可疑交易有多少笔 keeps the doubt about 可疑交易笔数, and is no 交易笔数. 赎回了多少基金 is
    the phrase of a metric that says of what.
    """
    for length in range(min(LONGEST_STEM, start), 1, -1):
        stem = text[start - length : start]
        if any(noun and text.startswith(noun, end) for noun in lexicon.spoken.get(stem, ())):
            return
        if tails == AMOUNTS and lexicon.metrics(stem):
            return  # 首购客户数有多少: the name is whole without 量
        if tails == AMOUNTS and _is_doubtful(stem, lexicon):
            return  # 新开户多少: of customers or of accounts
        for tail in tails:
            names = lexicon.names.get(stem.removesuffix("的") + tail, ())
            asked = tuple(_in_short(n) for n in names if isinstance(n, ASKED_FOR))
            if stem in lexicon.spoken and all(isinstance(n, NearMiss) for n in asked):
                continue  # 消费贷投放了多少: the verb knows better of what
            if asked:
                yield Found(start - length, end, asked)
                return


def _is_doubtful(stem: str, lexicon: Lexicon) -> bool:
    named = f"{stem}{AMOUNTS[-1]}"
    both = (*lexicon.names.get(stem, ()), *lexicon.names.get(named, ()))
    return any(isinstance(n, AmbiguousName) for n in both[:1]) and bool(lexicon.metrics(named))


def _in_short(name: Name) -> Name:
    return replace(name, via="short") if isinstance(name, MetricName) else name
