"""差多少, 哪个高, 这两家的贷款余额: the last two questions held against each other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from assistant.language.assemble.spans import days_of
from assistant.language.follow_up.complete import Listen
from assistant.language.follow_up.merge import conditions
from assistant.language.follow_up.outcome import SILENT, FollowUp, answered, refused
from assistant.language.names_text import dimension_name, measure_name
from assistant.language.time import describe
from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    ColumnRef,
    Comparison,
    Condition,
    DimensionGroup,
    MetricQuery,
    Order,
    Period,
    Predicate,
    Shifted,
    Span,
)
from semantic_layer.resolved import Assumption

_BOTH = (
    "(?:那么?)?(?:(?:它们|他们|二者|两者|这|那)?(?:两|2)?(?:个|者|家|段|期|次|边|样|种|年|个?月|类)?"
    "(?:分行|支行|渠道|时间|期间|之间|数)?)?"
)
_TAIL = "(?:呢|呀|啊|了)?"
GAP = re.compile(
    f"{_BOTH}(?:之间)?(?:的)?(?:相?差(?:了|距)?(?:是|有)?(?:多少|多大|几个点)?|差距|差异|差额"
    "|(?:比一?比|比一?下|比较|对比)(?:一下|看看|看)?|放(?:在)?一起(?:比|看)(?:看|一下|比)?"
    f"|并排(?:看|列出)|变化(?:了)?多少|变化多大|[多少高低]了?多少){_TAIL}"
)
GROWTH = re.compile(f"(?:那么?)?(?:增长|增加|涨|上升|提高|减少|下降|降|跌)了?多少{_TAIL}")
"""Over time only: of two members it is asked of the last one."""
RATE = re.compile(
    f"(?:那么?)?(?:增幅|涨幅|降幅|跌幅|增速|增长率|增长幅度|变化率|变化幅度)(?:是|有)?(?:多少|多大)?{_TAIL}"
)
BESIDE = re.compile(f"{_BOTH}(?:比一?[比下]|比较|对比|放(?:在)?一起|并排).{{0,4}}")
MORE = re.compile(
    f"{_BOTH}(?:里面?|中|当中)?(?:哪(?:一)?(?:个|家|边|段|年|月|期)|谁)(?:的)?(?:更|比较)?"
    f"(?P<way>高|多|大|低|少|小|好|差)(?:一些|一点)?{_TAIL}"
)
TOGETHER = re.compile(
    f"{_BOTH}(?:加起来|加在一起|合在一起|合起来|合计|一共|总共|合并)(?:是|有)?(?:多少)?{_TAIL}"
)
OF_TWO = re.compile(
    "(?:那么?)?这?(?:两|2)(?:个|家|边|类|种)(?:分行|支行|渠道|产品)?的?(?P<what>.{2,}?)"
    "(?:分别|各)?(?:是|有)?(?:多少)?$"
)
UNCLEAR = "是哪一期与哪一期比不清楚,请写明,例如“10月比9月”。"
LOW = frozenset("低少小")


class _Pair(NamedTuple):
    """What alone tells the last two questions apart."""

    dimension: str
    members: tuple[str, ...]
    rest: tuple[Predicate, ...]


class Turns(NamedTuple):
    """The last two answered questions and what is needed to read a third."""

    previous: MetricQuery
    earlier: MetricQuery
    manifest: Manifest
    listen: Listen
    as_of: date


def of_the_last_two(text: str, turns: Turns) -> FollowUp | None:
    """Both side by side; None: the text is about something else, or more than one thing differs."""
    previous, earlier, manifest = turns.previous, turns.earlier, turns.manifest
    if BESIDE.fullmatch(text) and (both := _figures(previous, earlier, manifest)) is not None:
        return both
    if GROWTH.fullmatch(text) or RATE.fullmatch(text):
        return _times(turns)
    if GAP.fullmatch(text):
        return _times(turns) or _members(previous, earlier, manifest)
    if match := MORE.fullmatch(text):
        over_time = _times(turns)
        return over_time or _members(previous, earlier, manifest, match["way"])
    if TOGETHER.fullmatch(text):
        return _members(previous, earlier, manifest, together=True)
    if match := OF_TWO.fullmatch(text):
        return _other_figure(match["what"], turns)
    return None


def _figures(previous: MetricQuery, earlier: MetricQuery, manifest: Manifest) -> FollowUp | None:
    """存款余额, 贷款余额呢, 放一起看: both columns."""
    shaped = previous.compare or previous.share or previous.order or previous.limit
    if shaped or replace(earlier, measures=previous.measures) != previous:
        return None
    new = tuple(m for m in previous.measures if m not in earlier.measures)
    if not new:
        return None
    changed = replace(previous, measures=(*earlier.measures, *new))
    return answered(SILENT, changed, previous, manifest)


def _pair(previous: MetricQuery, earlier: MetricQuery) -> _Pair | None:
    """宁波分行 and then 杭州分行, all else alike."""
    if previous.group_by or replace(previous, scope=earlier.scope) != earlier:
        return None
    if previous.scope.period != earlier.scope.period:
        return None
    new, old = conditions(previous.scope.where), conditions(earlier.scope.where)
    one = [c for c in new if c not in old]
    other = [c for c in old if c not in new]
    if len(one) != 1 or len(other) != 1:
        return None
    left, right = other[0], one[0]
    if not isinstance(left, Condition) or not isinstance(right, Condition):
        return None
    if left.dimension != right.dimension or left.op != "in" or right.op != "in":
        return None
    members = tuple(dict.fromkeys(str(v) for v in (*left.values, *right.values)))
    if len(members) != len(left.values) + len(right.values):
        return None
    return _Pair(left.dimension, members, tuple(c for c in new if c in old))


def _members(
    previous: MetricQuery, earlier: MetricQuery, manifest: Manifest, way: str = "",
    *, together: bool = False,
) -> FollowUp | None:  # fmt: skip
    pair = _pair(previous, earlier)
    if pair is None or previous.compare or previous.share or previous.focus:
        return None
    both = Condition(pair.dimension, "in", pair.members)
    where = And((*pair.rest, both)) if pair.rest else both
    changed = replace(previous, scope=replace(previous.scope, where=where))
    if not together:
        changed = replace(changed, group_by=(DimensionGroup(pair.dimension),))
    if way:
        quality = way in "好差"
        order = Order(ColumnRef(0), descending=way not in LOW and way != "差", quality=quality)
        changed = replace(changed, order=(order,))
    names = "、".join(pair.members)
    return _told(changed, previous, manifest, f"{dimension_name(pair.dimension, manifest)}{names}")


def _other_figure(what: str, turns: Turns) -> FollowUp | None:
    """这两家的贷款余额分别是多少: another figure of both members."""
    heard = turns.listen(what)
    both = _members(turns.previous, turns.earlier, turns.manifest)
    if both is None or not isinstance(both.query, MetricQuery):
        return None
    query = heard.query
    if not isinstance(query, MetricQuery) or query.scope.where or query.group_by or query.compare:
        return None
    period = query.scope.period or both.query.scope.period
    scope = replace(both.query.scope, period=period)
    changed = replace(both.query, measures=query.measures, scope=scope)
    return answered(heard, changed, turns.previous, turns.manifest)


def _times(turns: Turns) -> FollowUp | None:
    """今年 and then 去年, all else alike: the later one against the earlier one."""
    previous, earlier, manifest = turns.previous, turns.earlier, turns.manifest
    now, then = previous.scope.period, earlier.scope.period
    same = replace(earlier, scope=replace(earlier.scope, period=now)) == previous
    if not same or now == then or previous.compare or previous.window:
        return None
    if any(p is not None and (p.days or len(p.spans) > 1) for p in (now, then)):
        return None
    if now and then and (moved := _a_year_before(now.spans[0], then.spans[0])) is not None:
        changed = replace(previous, scope=replace(previous.scope, period=Period((moved,))))
        years = replace(changed, compare=(Comparison("yoy"),))
        return _told(years, previous, manifest, "与去年同期比")
    late, early = _in_order(now, then, turns.as_of)
    if early is not None:
        label, base = measure_name(previous.measures[0], manifest), describe(early.spans[0])
        said = describe(late.spans[0]) if late else ""
        query = turns.listen(f"{said}{label}与{base}相比").query
        if isinstance(query, MetricQuery) and query.compare and query.scope.where is None:
            scope = replace(previous.scope, period=late or query.scope.period)
            changed = replace(previous, scope=scope, compare=query.compare)
            return _told(changed, previous, manifest, base)
    return refused(SILENT, Problem("ambiguous_time", UNCLEAR, "scope.period"))


def _in_order(
    one: Period | None, other: Period | None, as_of: date
) -> tuple[Period | None, Period | None]:
    """The later and the earlier one; nothing said is the newest; (…, None): not to be told."""
    if one is None or other is None:
        return None, one or other
    days = [days_of(period.spans[0], as_of) for period in (one, other)]
    if days[0] is None or days[1] is None or days[0].end == days[1].end:
        return one, None
    return (one, other) if days[0].end > days[1].end else (other, one)


def _a_year_before(one: Span, other: Span) -> Span | None:
    """上个月 and 去年同期呢: the one of which the other is the like period of the year before."""
    for now, then in ((one, other), (other, one)):
        if isinstance(then, Shifted) and (then.unit, then.offset) == ("year", -1):
            return now if then.of == now else None
    return None


def _told(changed: MetricQuery, previous: MetricQuery, manifest: Manifest, other: str) -> FollowUp:
    """The changed query, and that the question before the last one is held beside it."""
    said = Assumption("inherited", f"最近两问放在一起看:{other}")
    done = answered(SILENT, changed, previous, manifest)
    return done._replace(assumptions=(*done.assumptions, said))
