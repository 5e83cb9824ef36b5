"""Every deed of a question, as a stretch of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from assistant.language.deeds.deed import Deed, Found, Run, Thing
from assistant.language.deeds.holders import held_by
from assistant.language.deeds.refused import find_refused, once_held
from assistant.language.deeds.table import Deeds
from assistant.language.deeds.walks import find_walks
from assistant.language.number import ComparatorToken, NumberToken
from assistant.language.ranks import count_of
from assistant.language.time import find_times
from semantic_layer.query import NumberOp
from semantic_layer.query.predicate import RowUnit

Limits = tuple[tuple[NumberOp, int | float], ...]

COUNT = r"(?:\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
UNITS: dict[str, RowUnit] = {
    "天": "date", "日": "date", "周": "week", "月": "month", "季度": "quarter", "年": "year",
}  # fmt: skip
RUN = re.compile(
    rf"(?:连续|连着|接连|一连)(?P<n>{COUNT})个?(?P<u>天|日|周|月|季度|年)(?:里|内|以来)?"
    r"(?:[每各]个?(?:天|日|周|月|季度|年))?(?:都|均|皆)?"
)
DURATION = re.compile(
    rf"(?<![近过去前第上续\d])(?:超过|已)?(?P<d>半年|{COUNT}(?:天|日|周|个月|个季度|年))"
    r"(?:以上|以来|之内|内)?(?:都|均|一直)?"
)
OPENING = re.compile(
    r"(?:曾经|曾|已经|已)?"
    r"(?P<neg>从来没有|从来没|从没有|从没|从未|从来不|未曾|没有|没|未|无|不)?"
    r"(?P<any>过)?"
    r"(?P<pos>持有|拥有|发生过|发生|产生过|有过|有)?(?P<past>过)?(?:任何|一次|一笔)?"
    r"(?P<least>至少|最少|起码)?"
)
CLOSING = re.compile(r"(?P<past>[了过])?(?:产品|业务|记录|行为)?(?P<least>至少|最少|起码)?")
ALSO = re.compile(r"和|、|及|与|以及|(?P<or>或者|或|或是)")
ALL_OF = re.compile(r"(?:全都|都|均|皆)(?:(?P<neg>没有|没|未|不)(?:持有|拥有)?|持有|拥有|有)")
FOLLOWS = re.compile(
    r"的|[,、且并而但又也还却或和及与没未无]|同时|以及|客户|用户|储户|客群|人群|持有"
    r"|有(?!没有|没|多|几|无)"
    r"|今年|去年|前年|上个?[月季年周]|本[月季年周]|近|最近|\d"
)
ASKED_BEFORE = re.compile(
    r"(?:里面|里|当中|之中|中)(?:的?客户)?(?:有)?(?:多少|几)[户人个位名]?(?:客户)?"
    r"|(?:客户|用户|储户|人|户)(?:一共|共|里)?有(?:多少|几)[户人个位名]?(?:客户)?"
    r"|(?:多少|几)[个位名]?[^,;。的]{0,4}?(?:客户(?!经理)|用户|储户|人|(?<!客)户(?!均))"
)
NOT_AGAIN = re.compile(r"(?:没有|没|未|不)再?(?P<verb>购买|申购|认购|交易|登录|买)[了过]?")
AT_END = re.compile(r"[了过的呢吗?]*$")
"""私行客户里有多少买了基金, 有多少私行客户买了基金: who is meant stands in front."""
HOW_MANY_PEOPLE = re.compile(r"(?:多少|几)(?:人|户|[个位名](?:客户|用户|人))$")
THOSE = re.compile(r"的(?:一共|共)?(?:有)?(?:多少|几)(?:人|户|[个位名](?:客户|用户|人)|客户|用户)")
"""多少人登录手机银行, 登录手机银行的有多少人: done by those who are counted beside it."""
OF_PEOPLE = re.compile(
    r"的(?:客户|用户|储户)(?!经理)(?P<whose>的|(?=[a-z一-龥]*(?:余额|存款|贷款|aum)))?"
)
"""登录手机银行的客户, 开户的客户的存款."""
GOES_ON = re.compile(
    r"[,、]?(?:但是?|却|而且|并且|又|并|且|也|还)(?:没|未|不|有|买|做|办|又|还|是)"
    r"|[,、](?:但是?|却|可)?(?:到?现在|至今|到?目前|目前为止)?(?:还|仍|都|一直)?(?:没|未)"
)
"""今年开户又买了理财: said of somebody, without 了 or 过."""
AMONG_MEMBERS = re.compile(r"(?:里面|里|当中|之中|中).+的(?:一共|共)?有(?:多少|几)")
"""贵宾里有贷款的有多少: those who are counted have no noun of their own."""
ASKED_AMONG = re.compile(r"(?:里面|里|当中|之中|中)有?(?:多少|几)")
"""新客里有多少买了理财."""
DOUBTFUL = "“{0}”有几个口径,这里按客户自己第一次{0}理解"
RATE_OF_HOLDERS = "持有率"
MUCH = re.compile("[万亿]")
NEVER = "从"
EACH_OF = re.compile(r"(?:余额|产品|规模)?(?:都|均|皆|分别|各|各自)")
JOINS = ("和", "、", "及", "与", "或")
TIMES = ("次", "笔", "件", "回")
NOT_HELD = frozenset(
    {"没有", "没", "无", "不", "未", "从未", "从来没有", "从来没", "从没有", "从没"}
)
PARTS = ("占", "比例", "比重")
VERBS = tuple("买购申认赎首")
SUBJECTS = ("客户", "用户", "储户", "客群", "人群", "人", "户")


def find_deeds(
    text: str,
    deeds: Deeds,
    as_of: date,
    comparators: Sequence[ComparatorToken],
    numbers: Sequence[NumberToken],
) -> Iterator[Found]:
    """What is told about those who are counted; nothing where nobody is spoken of."""
    runs = [(m.start(), m.end(), _run(m)) for m in RUN.finditer(text)]
    for start, end, run in runs:
        yield Found(start, end, run)
    named = any(noun in text for noun in (*SUBJECTS, *deeds.entities))
    named = named or RATE_OF_HOLDERS in text
    if not (named or AMONG_MEMBERS.search(text) or ASKED_AMONG.search(text)):
        return
    amounts = _Amounts({c.start: c for c in comparators}, {n.start: n for n in numbers})
    for refused in find_refused(text):
        yield Found(*refused)
    for walk in find_walks(text, deeds.walks):
        yield Found(*walk)
    told: list[Found] = []
    for start in range(len(text)):
        for found in _deed(text, start, deeds, amounts):
            told.append(found)
            yield found
            yield from _after_a_run(found, runs)
            yield from _after_a_duration(text, found, as_of)
    yield from _not_again(text, told)


def splits_a_deed(start: int, text: str, deeds: Sequence[Found]) -> bool:
    """没有|贷款的客户数 is no 贷款客户数; 持有理财的客户数 alone is a figure of its own."""
    whole = [d for d in deeds if isinstance(d.meaning, Deed) and d.start <= start < d.end]
    alone = len({d.end for d in deeds}) == 1 and not any(word in text for word in PARTS)
    return any(d.start < start or not alone for d in whole)


class _Amounts(NamedTuple):
    comparators: dict[int, ComparatorToken]
    numbers: dict[int, NumberToken]


def _run(match: re.Match[str]) -> Run:
    return Run(count_of(match["n"]), UNITS[match["u"]])


def _after_a_run(found: Found, runs: Sequence[tuple[int, int, Run]]) -> Iterator[Found]:
    for start, end, run in runs:
        if end == found.start and isinstance(found.meaning, Deed):
            yield Found(start, found.end, replace(found.meaning, run=run, ever=False))


def _after_a_duration(text: str, found: Found, as_of: date) -> Iterator[Found]:
    """三个月未登录 is 近三个月未登录."""
    deed = found.meaning
    if not isinstance(deed, Deed) or deed.did or deed.is_held:
        return
    for match in DURATION.finditer(text, max(0, found.start - 9), found.start):
        if match.end() == found.start:
            times = find_times(f"近{match['d']}", as_of)
            if times and times[0].spans:
                yield Found(match.start(), found.end, replace(deed, within=times[0], ever=False))


def _deed(text: str, start: int, deeds: Deeds, amounts: _Amounts) -> Iterator[Found]:
    opening = OPENING.match(text, start)
    assert opening is not None
    if opening["neg"] and text[start - 1 : start] == "有":
        return  # 有没有贷款 asks
    yield from _held(text, start, opening, deeds, amounts)
    yield from held_by(text, start, deeds)
    yield from _both_held(text, start, deeds)
    yield from _held_to(text, start, deeds, amounts)
    yield from _done(text, start, opening, deeds, amounts)


def _held(
    text: str, start: int, opening: re.Match[str], deeds: Deeds, amounts: _Amounts
) -> Iterator[Found]:
    negative, positive = opening["neg"], opening["pos"]
    if not (negative or positive) or (negative and negative not in NOT_HELD):
        return
    if negative in ("不", "未") and positive not in ("持有", "拥有"):
        return
    listed = text.endswith("同时", 0, start)
    things, end, either = _things(text, opening.end(), deeds, listed=listed)
    limits, end = _money(amounts, end) if len(things) == 1 and not negative else ((), end)
    if not things or not _is_told_of(text, end):
        return
    if opening["any"] or opening["past"] or positive == "有过" or "曾" in opening[0]:
        yield Found(start, end, once_held(text[start:end]))
        return
    yield Found(start, end, Deed(things, did=not negative, either=either, limits=limits))


def _things(
    text: str, at: int, deeds: Deeds, *, listed: bool = False
) -> tuple[tuple[Thing, ...], int, bool]:
    """贷款和理财, 理财或基金."""
    found: list[Thing] = []
    either, end = False, at
    while (known := deeds.held_at(text, at)) is not None:
        found.append(known[0])
        end = _past_tail(text, known[1])
        joined = ALSO.match(text, end)
        if joined is None and listed and deeds.held_at(text, end):
            at = end  # 同时持有存款理财基金
            continue
        if joined is None:
            break
        if deeds.held_at(text, joined.end()):
            either = either or joined["or"] is not None
        at = joined.end()
    return tuple(found), end, either


def _both_held(text: str, start: int, deeds: Deeds) -> Iterator[Found]:
    """理财和基金都有, 理财和基金都没有: said behind what is held."""
    if deeds.held_at(text, start) is None:
        return
    things, end, either = _things(text, start, deeds)
    said = ALL_OF.match(text, end)
    if said and len(things) > 1 and not either and _is_told_of(text, said.end()):
        yield Found(start, said.end(), Deed(things, did=said["neg"] is None))


def _held_to(text: str, start: int, deeds: Deeds, amounts: _Amounts) -> Iterator[Found]:
    """存款和理财都超过10万, 理财不低于5万: how much of each is held."""
    first = deeds.held_at(text, start)
    if first is None or text.endswith(JOINS, 0, start):
        return
    things, end, either = _things(text, start, deeds)
    each = EACH_OF.match(text, end)
    single = len(things) == 1 and text[start : first[1]] in deeds.parts
    if either or (each is None and not single):
        return
    limits, end = _money(amounts, each.end() if each else end)
    if limits and _is_told_of(text, end):
        yield Found(start, end, Deed(things, limits=limits))


def _money(amounts: _Amounts, at: int) -> tuple[Limits, int]:
    """超过20万, 10万元以上: an amount, never so many times."""
    found = amounts.comparators.get(at)
    if found is None or found.range.approximate:
        return (), at
    money = found.range.unit == "元" or (found.range.unit is None and MUCH.search(found.text))
    return (found.range.limits, found.end) if money else ((), at)


def _is_told_of(text: str, end: int) -> bool:
    """Whether somebody follows of whom it is told, or stands before 里有多少."""
    if FOLLOWS.match(text, end):
        return True
    return AT_END.match(text, end) is not None and ASKED_BEFORE.search(text, 0, end) is not None


def _not_again(text: str, told: Sequence[Found]) -> Iterator[Found]:
    """去年买过理财今年没再买: the second verb is said of what the first one is."""
    for match in NOT_AGAIN.finditer(text):
        before = [
            f for f in told if f.end <= match.start() and match["verb"] in text[f.start : f.end]
        ]
        if not before or not _is_told_of(text, match.end()):
            continue
        first = max(before, key=lambda found: (found.end, -found.start)).meaning
        if isinstance(first, Deed) and first.did and not first.is_held and first.problem is None:
            yield Found(match.start(), match.end(), Deed(first.things, did=False))


def _past_tail(text: str, end: int) -> int:
    for tail in ("产品", "余额", "业务"):
        if text.startswith(tail, end):
            return end + len(tail)
    return end


def _done(
    text: str, start: int, opening: re.Match[str], deeds: Deeds, amounts: _Amounts
) -> Iterator[Found]:
    known = deeds.done_at(text, opening.end())
    if known is None or opening["pos"] in ("持有", "拥有") or opening["neg"] in ("不", "从来不"):
        return
    thing, end = known
    inside = text[opening.end() : end]
    closing = CLOSING.match(text, end)
    assert closing is not None
    end = closing.end()
    least = opening["least"] or closing["least"]
    inner = opening.end(), known[1]
    limits, end = _limits(amounts, end, at_least=least is not None)
    bought = deeds.bought_for(text, *inner)
    if bought and not limits and not least and not opening["neg"]:
        limits, end = _money(amounts, end)
        thing = bought if limits else thing
        limits = (("gt", 0), *limits) if limits and limits[0][0] in ("lt", "le") else limits
    if least and not limits:
        return
    past = any((
        opening["any"], opening["past"], closing["past"], "过" in inside, "了" in inside,
        "曾" in opening[0], (opening["pos"] or "").endswith("过"),
    ))  # fmt: skip
    negative = opening["neg"]
    told = negative or opening["pos"] or past or limits or inside.startswith(VERBS)
    told = told or any(run.end() == start for run in RUN.finditer(text))
    goes_on = not told and _goes_on(text, end, inside, deeds)
    told = told or goes_on
    told = told or HOW_MANY_PEOPLE.search(text, 0, start) or THOSE.match(text, end)
    if not told or not _is_told_of(text, end):
        return
    ever = past or (negative or "").startswith(NEVER) or negative == "未曾"
    deed = Deed((thing,), did=not negative, limits=limits, ever=bool(ever) and not limits)
    if goes_on and inside in deeds.doubtful:
        taken = DOUBTFUL.format(inside)
        alone = OF_PEOPLE.match(text, end) is not None
        deed = replace(deed, asked=f"{taken},请确认。") if alone else replace(deed, said=taken)
    yield Found(start, end, deed)


def _goes_on(text: str, end: int, done: str, deeds: Deeds) -> bool:
    """Whether what follows tells it of people; 开户的客户 alone has a governed name."""
    if done in deeds.held:
        return False
    people = OF_PEOPLE.match(text, end)
    if people is not None:
        return bool(people["whose"]) or done not in deeds.counted
    return GOES_ON.match(text, end) is not None


def _limits(amounts: _Amounts, at: int, *, at_least: bool) -> tuple[Limits, int]:
    """How often: 不少于5笔, 2次及以上, after 至少 the bare 2次."""
    comparator, number = amounts.comparators.get(at), amounts.numbers.get(at)
    exact = comparator is not None and not comparator.range.approximate
    if comparator is not None and comparator.range.unit is None and MUCH.search(comparator.text):
        return (), at  # 买理财超过20万 is money, never so many times
    if exact and comparator is not None and comparator.range.unit in (None, *TIMES):
        return comparator.range.limits, comparator.end
    if at_least and number is not None and number.unit in TIMES:
        return (("ge", number.value),), number.end
    return (), at
