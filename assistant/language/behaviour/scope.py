"""When, for whom and by what: the rest of the question, read like that of any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Literal

from assistant.language.assemble.bands import bands
from assistant.language.assemble.build import where_of
from assistant.language.assemble.closed import closed
from assistant.language.assemble.excluding import excluding
from assistant.language.assemble.filters import filters
from assistant.language.assemble.grouping import grouping
from assistant.language.assemble.leftovers import leftovers
from assistant.language.assemble.members import members
from assistant.language.assemble.numbers import numbers
from assistant.language.assemble.own_scope import own_scope
from assistant.language.assemble.sets import entity_sets
from assistant.language.assemble.sketch import Owner, Sketch
from assistant.language.assemble.spans import days_of
from assistant.language.assemble.texts import texts
from assistant.language.assemble.times import times
from assistant.language.behaviour.plan import BehaviourQuery, Shape
from assistant.language.catalogue import Catalogue
from assistant.language.number import ComparatorToken
from assistant.language.tokens import Rank, Token
from semantic_layer.problem import Problem
from semantic_layer.query import (
    DimensionGroup,
    Grain,
    Group,
    PathQuery,
    Period,
    Relative,
    RetentionQuery,
    Scope,
    Span,
    TimeGroup,
)

RULES: tuple[Callable[[Sketch], None], ...] = (
    texts, own_scope, bands, entity_sets, numbers, excluding, filters, grouping, times, members,
    closed,
)  # fmt: skip
COHORTS: dict[Grain, Literal["day", "week", "month"]] = {
    "date": "day", "week": "week", "month": "month",
}  # fmt: skip
COMPARED = ("base", "against", "contrast", "delta", "compare_extreme")
MOST_ONWARD = 12


def sketch_of(
    tokens: tuple[Token, ...], owners: Mapping[int, Owner], catalogue: Catalogue, as_of: date,
    *, scoped: bool,
) -> Sketch:  # fmt: skip
    """The slots that the words left over by the behaviour fill."""
    sketch = Sketch(tokens, catalogue, as_of, scoped)
    sketch.owners.update(owners)
    for rule in RULES:
        rule(sketch)
    for at in sketch.indices("contrast"):
        if sketch.groups and at == len(tokens) - 1:
            sketch.own(at, "group_by", "并列")
    if sketch.having:
        sketch.fault("unsupported", "行为分析的结果不能再按数值筛选。", "筛选")
    return sketch


def problems_of(sketch: Sketch) -> tuple[Problem, ...]:
    """What nobody owns; a comparison is named as such."""
    left = leftovers(sketch)
    compared = [at for role in COMPARED for at in sketch.indices(role)]
    if compared and left:
        text = sketch.label(compared[0])
        message = f"行为分析还不能与另一期比(“{text}”),可以把几段时间并列,例如“9月和10月”。"
        return (Problem("unsupported", message, subject=text), *left)
    judged = [at for at in range(len(sketch.tokens)) if _judges(sketch, at)]
    if judged and left:
        text = sketch.label(judged[0])
        message = f"行为分析的结果还不能再排名或筛选(“{text}”),可以问“各…的”,再从表里看。"
        return (Problem("unsupported", message, subject=text), *left)
    return left


def _judges(sketch: Sketch, at: int) -> bool:
    """最高的分行, 前三名, 超过10%: what would be asked of the result."""
    if any(sketch.word(at, role) for role in ("extreme", "sort")):
        return True
    return sketch.find(at, Rank) is not None or sketch.find(at, ComparatorToken) is not None


def in_scope(shape: Shape, sketch: Sketch) -> BehaviourQuery:
    """The query with its period, conditions and groups."""
    query = shape.query
    groups = tuple(grouped.group for grouped in sketch.groups)
    by_time = any(isinstance(g, TimeGroup) for g in groups)
    is_by_cohort = isinstance(query, RetentionQuery)
    period = shape.period or _period(sketch, needed=by_time and not is_by_cohort)
    scope = Scope(period, where_of(sketch))
    if isinstance(query, PathQuery):
        if groups:
            sketch.fault("unsupported", "路径不能再分组,请分别筛选来问。", "路径分析")
        return replace(query, scope=scope)
    if isinstance(query, RetentionQuery):
        return _by_cohort(shape, query, scope, groups, sketch)
    return replace(query, scope=scope, group_by=tuple(_by_their_path(groups, sketch)))


def _by_cohort(
    shape: Shape, query: RetentionQuery, scope: Scope, groups: tuple[Group, ...], sketch: Sketch
) -> RetentionQuery:
    """按月 asks for monthly cohorts, which are not groups."""
    kept = tuple(g for g in _by_their_path(groups, sketch) if not isinstance(g, TimeGroup))
    for group in groups:
        if isinstance(group, TimeGroup):
            unit = COHORTS.get(group.grain)
            if unit is None:
                sketch.fault("unsupported", "留存只能按日、周、月分群。", "留存")
            else:
                query = replace(query, cohort_unit=unit)
    if shape.onward:
        query = replace(query, periods=_onward(query.periods, scope.period, sketch))
    return replace(query, scope=scope, group_by=kept)


def _onward(usual: tuple[int, ...], period: Period | None, sketch: Sketch) -> tuple[int, ...]:
    """Every month after the first cohort's that has begun, a year at most."""
    days = days_of(period.spans[0], sketch.as_of) if period else None
    if days is None:
        return usual
    today = sketch.as_of
    months = (today.year - days.start.year) * 12 + today.month - days.start.month
    return tuple(range(1, min(max(months, 1), MOST_ONWARD) + 1))


def _by_their_path(groups: tuple[Group, ...], sketch: Sketch) -> Iterator[Group]:
    for group in groups:
        if isinstance(group, DimensionGroup):
            yield replace(group, dimension=sketch.paths.get(group.dimension, group.dimension))
        else:
            yield group


def _period(sketch: Sketch, *, needed: bool) -> Period | None:
    spans: list[Span] = []
    for _, time in sketch.times:
        if time.kind == "point" and not time.options:
            message = f"行为要看一段时间,“{time.text}”是一个时点,请写明从哪天到哪天。"
            sketch.fault("ambiguous_time", message, time.text)
        elif time.kind == "point":
            sketch.assume("period", f"“{time.text}”按{time.options[0].label}")
            spans += time.options[0].spans
        else:
            spans += time.spans or ()
    days = {time.days for _, time in sketch.times if time.days}
    if len(days) > 1:
        sketch.fault("unsupported", "几类日子请分开问。", "日期类型对比")
    if not spans and not days and not needed:
        return None
    if not spans:
        sketch.assume("period", "没有说时间,按本年累计")
        spans = [Relative("year", to_date=True, anchor="data")]
    return Period(tuple(spans), next(iter(days), None))
