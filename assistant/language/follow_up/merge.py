"""What a completed fragment says, put into the last query as a patch."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

from assistant.language.follow_up.cues import Act
from assistant.language.tokens import plain
from semantic_layer.model import Manifest
from semantic_layer.query import (
    And,
    Change,
    Condition,
    DimensionGroup,
    Edge,
    Focus,
    Group,
    Latest,
    Limit,
    Measure,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Patch,
    Period,
    Predicate,
    Relative,
    Shifted,
    TimeGroup,
)

PER_GRAIN = {"day": "date", "month": "month", "quarter": "quarter", "year": "year"}
YEAR_TO_DATE = Relative("year", to_date=True)


class Merge(NamedTuple):
    """The patch, or why there is nothing to change."""

    patch: Patch | None
    reason: str = ""


class _Said(NamedTuple):
    """The slots that the fragment filled, without what its completion brought."""

    query: MetricQuery
    groups: tuple[Group, ...]
    where: tuple[Predicate, ...]
    names_metric: bool


def merge(
    previous: MetricQuery,
    heard: MetricQuery,
    act: Act,
    manifest: Manifest,
    *,
    names_metric: bool,
    extreme: bool = False,
) -> Merge:
    """Changes of the last query, slot by slot."""
    if extreme and heard.limit is not None:
        heard = replace(heard, limit=_like_before(previous, heard.limit))
    kept = previous.group_by
    groups = tuple(group for group in heard.group_by if group not in kept or act == "drop")
    if act == "drop" and heard.limit is not None:
        groups = ()
    said = _Said(heard, groups, conditions(heard.scope.where), names_metric)
    if act == "drop":
        return _dropped(previous, said)
    if act in ("add", "pool"):
        return _added(previous, said, beside=act == "add")
    return _changed(previous, said, act, manifest)


def _changed(previous: MetricQuery, said: _Said, act: Act, manifest: Manifest) -> Merge:
    changes: list[Change] = []
    if _only_orders(previous, said):
        return _merge(_others(previous, _on_its_measure(previous, said.query)))
    if said.names_metric:
        changes += _measures(previous, said.query)
    else:
        changes += _averaged(previous, said.query)
    changes += _groups(previous, said, act)
    if reason := _unclear_period(previous, said):
        return Merge(None, reason)
    if said.query.scope.period is not None:
        changes.append(Change("set", "period", _period(previous, said.query.scope.period)))
    elif _too_short(previous, said.groups):
        changes.append(Change("clear", "period"))
    for condition in said.where:
        changes += _narrowed(previous, condition, act, manifest)
    changes += _others(previous, said.query)
    return _merge(changes)


def _only_orders(previous: MetricQuery, said: _Said) -> bool:
    """按贷款余额排: the metric named is one of those shown."""
    heard = said.query
    shown = len(heard.measures) == 1 and heard.measures[0] in previous.measures
    ordered = bool(heard.order) and heard.scope.where is None and heard.scope.period is None
    return said.names_metric and shown and ordered and not said.groups


def _on_its_measure(previous: MetricQuery, heard: MetricQuery) -> MetricQuery:
    """The order by the column that the metric has in the last query."""
    at = previous.measures.index(heard.measures[0])
    orders = tuple(
        replace(order, column=replace(order.column, measure=at))
        if order.column.group is None
        else order
        for order in heard.order
    )
    measures = (*previous.measures[: at + 1],)
    return replace(heard, measures=measures, order=orders)


def _merge(changes: list[Change], reason: str = "这句追问没有要改的内容") -> Merge:
    return Merge(Patch(tuple(changes))) if changes else Merge(None, reason)


def _measures(previous: MetricQuery, heard: MetricQuery) -> list[Change]:
    """The new metrics in place of the old ones; what was said of a column goes with it."""
    ranking = _ranking(previous)
    measures = (*heard.measures, *(m for m in ranking if m not in heard.measures))
    first, *more = measures
    cleared = [Change("clear", "having")] if previous.having else []
    named = [Change("set", "measures", first), *(Change("add", "measures", m) for m in more)]
    if not ranking:
        return [*cleared, *_first_column_only(previous), *named]
    ordered = []
    for place, order in enumerate(previous.order):
        at = measures.index(previous.measures[order.column.measure or 0])
        moved = replace(order, column=replace(order.column, measure=at))
        ordered.append(Change(_set_or_add(place), "order", moved))
    return [*cleared, Change("clear", "order"), *named, *ordered]


def _ranking(previous: MetricQuery) -> tuple[Measure, ...]:
    """它们的客户数, and then 户均存款呢: of the same first ones, so what ranks them stays."""
    places = {order.column.measure or 0 for order in previous.order}
    if previous.limit is None or 0 in places:
        return ()
    return tuple(previous.measures[place] for place in sorted(places))


def _averaged(previous: MetricQuery, heard: MetricQuery) -> list[Change]:
    """日均呢: the first metric, read another way; 平均每月 after 各月 is one figure for all."""
    old, new = previous.measures[0], heard.measures[0]
    if not isinstance(old, MetricRef) or not isinstance(new, MetricRef):
        return []
    if old.metric != new.metric or old == new or not (new.per or new.stat):
        return []
    each = [g for g in previous.group_by if isinstance(g, TimeGroup)]
    one = [Change("drop", "group_by", g) for g in each if PER_GRAIN.get(new.per or "") == g.grain]
    if one and previous.window:
        one.append(Change("clear", "window"))
    return [Change("replace", "measures", new, old), *one]


def _first_column_only(previous: MetricQuery) -> list[Change]:
    """Orders by a second metric have nothing left to stand on."""
    gone = [o for o in previous.order if (o.column.measure or 0) > 0]
    return [Change("drop", "order", order) for order in gone]


def _unclear_period(previous: MetricQuery, said: _Said) -> str:
    fixed = any(comparison.base == "range" for comparison in previous.compare)
    if fixed and said.query.scope.period is not None and not said.query.compare:
        return "上一问是与指定期间比较,换了期间之后与哪一期比不清楚,请写完整"
    return ""


def _groups(previous: MetricQuery, said: _Said, act: Act) -> list[Change]:
    """A new grain takes the place of the old one; 再按 adds, otherwise groups are exchanged."""
    changes: list[Change] = []
    for group in said.groups:
        if not (said.where or said.query.compare or said.query.focus):
            changes += _of_all_its_members(previous, group)
        old = next((g for g in previous.group_by if type(g) is type(group)), None)
        if old is None or act in ("further", "add"):
            changes.append(Change("add", "group_by", group))
        else:
            changes.append(Change("replace", "group_by", group, old))
    if changes and previous.order and not said.query.order:
        changes += _without_cut(previous)
    return changes


def _of_all_its_members(previous: MetricQuery, group: Group) -> list[Change]:
    """各大区都列出来 after 华东: not of 华东 alone."""
    return [
        Change("drop", "where", c)
        for c in conditions(previous.scope.where)
        if isinstance(c, Condition) and c.op == "in" and len(c.values) == 1
        and _is_by(group, c.dimension)
    ]  # fmt: skip


def _without_cut(previous: MetricQuery) -> list[Change]:
    cut = [Change("clear", "order"), Change("clear", "limit")]
    return cut if previous.limit else []


def _period(previous: MetricQuery, said: Period) -> Period:
    """去年同期 alone is that of the period asked before, 工作日 alone those within it."""
    before, span = previous.scope.period, said.spans[0]
    if before is not None and said.days and said.spans == (YEAR_TO_DATE,):
        return replace(before, days=said.days)
    if before is None or not isinstance(span, Shifted) or span.of != YEAR_TO_DATE:
        return said
    moved = tuple(replace(span, of=one) for one in before.spans)
    return replace(before, spans=moved)


GRAIN_RANK = ("date", "week", "xun", "month", "quarter", "half", "year")


def _too_short(previous: MetricQuery, groups: tuple[Group, ...]) -> bool:
    """按月看 after one month: the period asked for holds a single bucket."""
    grain = next((g.grain for g in groups if isinstance(g, TimeGroup)), None)
    period = previous.scope.period
    if grain is None or period is None or len(period.spans) > 1:
        return False
    span = period.spans[0]
    of = span.of if isinstance(span, Edge) else span
    if isinstance(of, Latest):
        return of.unit is None or _holds_one(of.unit, grain)
    if not isinstance(of, Relative) or of.span > 1:
        return False
    if of.within and of.within[-1].count > 1:
        return False
    return _holds_one(of.within[-1].unit if of.within else of.unit, grain)


def _holds_one(unit: str, grain: str) -> bool:
    return unit in GRAIN_RANK and GRAIN_RANK.index(unit) <= GRAIN_RANK.index(grain)


def _narrowed(
    previous: MetricQuery, condition: Predicate, act: Act, manifest: Manifest
) -> list[Change]:
    if isinstance(condition, Membership) and act != "narrow":
        return _other_set(previous, condition)
    if not isinstance(condition, Condition):
        return [Change("add", "where", condition)]
    if act == "narrow":
        return _further(previous, condition)
    related = _same_axis(condition.dimension, manifest)
    old = [
        c
        for c in conditions(previous.scope.where)
        if isinstance(c, Condition) and plain(c.dimension) in related
    ]
    member = _one_member(condition)
    grouped = next((g for g in previous.group_by if _is_by(g, condition.dimension)), None)
    mine = {plain(condition.dimension)}
    if grouped is not None and member is not None and _needs_all(previous):
        changes = [Change("drop", "where", c) for c in old if plain(c.dimension) in mine]
        changes.append(Change("set", "focus", Focus(condition.dimension, member)))
        return [*changes, Change("clear", "limit")] if previous.limit else changes
    changes = [Change("drop", "where", c) for c in old]
    changes.append(Change("add", "where", condition))
    if grouped is not None and member is not None and act != "only":
        changes.append(Change("drop", "group_by", grouped))
        changes += _without_ranking(previous)
    return changes


def _further(previous: MetricQuery, condition: Condition) -> list[Change]:
    """其中私行呢 after 只看贵宾: nobody is both, so the one takes the place of the other."""
    apart = [
        c
        for c in conditions(previous.scope.where)
        if isinstance(c, Condition)
        and (c.op, condition.op, c.dimension) == ("in", "in", condition.dimension)
        and not set(c.values) & set(condition.values)
    ]
    return [*(Change("drop", "where", c) for c in apart), Change("add", "where", condition)]


def _other_set(previous: MetricQuery, said: Membership) -> list[Change]:
    """50万以上的呢 takes the place of AUM超过30万的客户."""
    old = [
        known
        for known in conditions(previous.scope.where)
        if isinstance(known, Membership) and _limits_same(known, said)
    ]
    return [*(Change("drop", "where", known) for known in old), Change("add", "where", said)]


def _limits_same(one: Membership, other: Membership) -> bool:
    left, right = one.set.where, other.set.where
    both = isinstance(left, MetricCondition) and isinstance(right, MetricCondition)
    return both and getattr(left, "metric", None) == getattr(right, "metric", None)


def _needs_all(previous: MetricQuery) -> bool:
    """A share or a rank of one member is nothing without the others."""
    average = any(comparison.base == "average" for comparison in previous.compare)
    return previous.share is not None or previous.focus is not None or average


def _without_ranking(previous: MetricQuery) -> list[Change]:
    """What only makes sense over several groups."""
    changes = []
    if len(previous.group_by) == 1:
        changes = [Change("clear", "order")] if previous.order else []
        changes += [Change("clear", "limit")] if previous.limit else []
        changes += [Change("clear", "having")] if previous.having else []
    elif previous.limit and previous.limit.partition_by:
        changes = [Change("clear", "limit")]
    return changes


def _others(previous: MetricQuery, heard: MetricQuery) -> list[Change]:
    changes: list[Change] = []
    for place, comparison in enumerate(heard.compare):
        changes.append(Change(_set_or_add(place), "compare", comparison))
    orders = tuple(o for o in heard.order if o not in previous.order)
    for place, order in enumerate(orders):
        changes.append(Change(_set_or_add(place), "order", order))
    for place, having in enumerate(heard.having):
        changes.append(Change(_set_or_add(place), "having", having))
    if heard.limit is not None:
        limit = replace(heard.limit, partition_by=())
        changes.append(Change("set", "limit", limit))
    if heard.share is not None:
        changes.append(Change("set", "share", heard.share))
    if heard.focus is not None:
        changes.append(Change("set", "focus", heard.focus))
    if heard.window is not None:
        changes.append(Change("set", "window", heard.window))
    return changes


def _like_before(previous: MetricQuery, limit: Limit) -> Limit:
    """最低的呢 after 最高的五家: as many from the other end."""
    before = previous.limit
    alone = limit.count == 1 and not limit.offset
    if alone and before is not None and (before.count or 0) > 1 and not before.offset:
        return replace(before, partition_by=())
    return limit


def _set_or_add(place: int) -> Literal["set", "add"]:
    return "add" if place else "set"


def _dropped(previous: MetricQuery, said: _Said) -> Merge:
    changes: list[Change] = []
    for condition in said.where:
        changes += _without(previous, condition)
    changes += [Change("drop", "group_by", g) for g in said.groups if g in previous.group_by]
    if not changes:
        changes += _both_alike(previous, said)
    bases = {comparison.base for comparison in said.query.compare}
    changes += [Change("drop", "compare", c) for c in previous.compare if c.base in bases]
    if said.names_metric and len(previous.measures) > 1:
        gone = [m for m in said.query.measures if m in previous.measures]
        changes += [Change("drop", "measures", measure) for measure in gone]
    if said.query.order and previous.order:
        changes.append(Change("clear", "order"))
    if said.query.limit and previous.limit:
        changes.append(Change("clear", "limit"))
    if said.query.share and previous.share:
        changes.append(Change("clear", "share"))
    return _merge(changes, "上一问里没有要去掉的内容")


def _both_alike(previous: MetricQuery, said: _Said) -> list[Change]:
    """不分男女 after 其中女性呢: without the filter on 性别."""
    return [
        Change("drop", "where", condition)
        for group in said.groups
        for condition in conditions(previous.scope.where)
        if isinstance(condition, Condition) and _is_by(group, condition.dimension)
    ]


def _without(previous: MetricQuery, condition: Predicate) -> list[Change]:
    """The filter that held the members, without them; else a filter that excludes them."""
    if not isinstance(condition, Condition) or condition.op != "in":
        return [_dropped_or_excluded(previous, condition)]
    gone = set(condition.values)
    held = [
        c
        for c in conditions(previous.scope.where)
        if isinstance(c, Condition) and c.op == "in" and c.dimension == condition.dimension
    ]
    if not held:
        excluded = Condition(condition.dimension, "not_in", condition.values)
        return [Change("add", "where", excluded)]
    rest = tuple(value for value in held[0].values if value not in gone)
    changes = [Change("drop", "where", held[0])]
    if rest:
        changes.append(Change("add", "where", Condition(condition.dimension, "in", rest)))
    if len(rest) == 1:
        alone = [g for g in previous.group_by if _is_by(g, condition.dimension)]
        changes += [Change("drop", "group_by", group) for group in alone]
    return changes


def _dropped_or_excluded(previous: MetricQuery, condition: Predicate) -> Change:
    """剔除睡眠客户: what was asked for only is left out now; else those are excluded."""
    known = conditions(previous.scope.where)
    if condition in known or isinstance(condition, Not):
        return Change("drop", "where", condition)
    return Change("add", "where", Not(condition))


def _added(previous: MetricQuery, said: _Said, *, beside: bool) -> Merge:
    """小微的也算上 widens the filter; 加上小微 shows both beside each other."""
    changes: list[Change] = []
    if said.names_metric:
        new = [m for m in said.query.measures if m not in previous.measures]
        changes += [Change("add", "measures", measure) for measure in new]
    changes += _groups(previous, said, "add") if beside else []
    if beside and said.query.scope.period is None and _too_short(previous, said.groups):
        changes.append(Change("clear", "period"))
    changes += [
        Change("add", "compare", c) for c in said.query.compare if c not in previous.compare
    ]
    for condition in said.where:
        widened = _widened(previous, condition, beside=beside)
        if widened is None:
            return Merge(None, "上一问没有限定这些取值,已经包含在内;只想看它们请说“只看…”")
        changes += widened
    if said.query.share is not None:
        changes.append(Change("set", "share", said.query.share))
    return _merge(changes, "要加上的已经在上一问里")


def _widened(previous: MetricQuery, condition: Predicate, *, beside: bool) -> list[Change] | None:
    if not isinstance(condition, Condition) or condition.op != "in":
        return None
    for known in conditions(previous.scope.where):
        if not isinstance(known, Condition) or known.dimension != condition.dimension:
            continue
        if known.op == "in":
            both = Condition(known.dimension, "in", (*known.values, *condition.values))
            side_by_side = not beside or any(_is_by(g, known.dimension) for g in previous.group_by)
            grouped = [] if side_by_side else [DimensionGroup(known.dimension)]
            listed = [Change("add", "group_by", group) for group in grouped]
            return [Change("set", "where", both), *listed]
        if known.op == "not_in":
            return _readmitted(known, condition)
    return None


def _readmitted(known: Condition, condition: Condition) -> list[Change]:
    """加上信用卡 after it was left out."""
    rest = tuple(value for value in known.values if value not in condition.values)
    changes = [Change("drop", "where", known)]
    if rest:
        changes.append(Change("add", "where", Condition(known.dimension, "not_in", rest)))
    return changes


def conditions(where: Predicate | None) -> tuple[Predicate, ...]:
    """What must hold together."""
    if where is None:
        return ()
    return where.children if isinstance(where, And) else (where,)


def _one_member(condition: Condition) -> str | None:
    one = condition.op == "in" and len(condition.values) == 1
    return condition.values[0] if one and isinstance(condition.values[0], str) else None


def _is_by(group: Group, dimension: str) -> bool:
    return isinstance(group, DimensionGroup) and plain(group.dimension) == plain(dimension)


def _same_axis(dimension: str, manifest: Manifest) -> frozenset[str]:
    """The dimension and the levels of its hierarchies: 西夏支行 takes the place of 银川分行."""
    name = plain(dimension)
    levels = (set(h.levels) for h in manifest.hierarchies if name in h.levels)
    return frozenset({name}.union(*levels))
