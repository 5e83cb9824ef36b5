"""What the words around say without being read: the other way round, one level down, 全行呢."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.language.follow_up.complete import Listen, completed
from assistant.language.follow_up.cues import Act, Cue
from assistant.language.follow_up.merge import conditions
from assistant.language.follow_up.outcome import SILENT, FollowUp, answered, refused
from assistant.language.names_text import measure_name
from assistant.language.ranks import find_ranks
from assistant.language.time import find_grains
from assistant.language.tokens import plain
from assistant.language.words import closed_words
from semantic_layer.model import Manifest, Ratio
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    ColumnRef,
    Condition,
    Cumulative,
    DimensionGroup,
    Group,
    InvalidQueryError,
    Limit,
    Measure,
    MetricQuery,
    MetricRef,
    Order,
    Predicate,
    Share,
    TimeGroup,
)
from semantic_layer.resolved import Assumption

WHOLE = frozenset({"全行", "全公司", "整体", "总体", "全部", "合计", "所有"})
PLACES = frozenset({"全行", "全公司"})
KINDS_OF_PLACES = ("机构", "组织", "地区", "区域", "门店", "网点", "营业部")
TOGETHER = frozenset({"一共", "总共", "总计", "合计", "加起来", "加在一起", "合在一起"})
FILTER_WORDS = ("条件", "限制", "筛选", "限定")
CHART_WORDS = frozenset({"图", "图表", "画图", "图形"})
FROM_JANUARY = "累计从每年1月1日起算"
NARROWS = frozenset({"only", "narrow", "drop"})
SPLIT = frozenset({"分组", "拆分", "细分", "分类", "分项"})
BARE_SHARE = re.compile("占比|比重|占多少|占比(?:是|有)?多少")
"""After 手机银行交易金额 it is theirs of all."""
OF_ALL = re.compile(
    r"占(?:了|到)?(?:全部|全行|总体|整体|所有|总的?)的?"
    r"(?:多少|几成|百分之几|多大比例|比例|比重|比)?(?:是多少)?"
)


def by_its_shape(
    cue: Cue, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> FollowUp | None:
    """What the words around say without being read: the other way round, one level down, 全行呢."""
    if cue.act == "reverse" and not cue.rest:
        return answered(SILENT, _reversed(previous), previous, manifest)
    if cue.act in ("drill", "up") and not cue.rest:
        return _next_level(cue.act, previous, manifest)
    if cue.act == "drop":
        if (left := _left_out(cue.rest, previous, manifest)) is not None:
            return left
    elif cue.act == "only" and (one := _only_measure(cue.rest, previous, manifest)) is not None:
        alone = replace(previous, measures=(one,), order=(), having=(), limit=None)
        return answered(SILENT, alone, previous, manifest)
    elif (fewer := _first_ones(cue.rest, previous)) is not None:
        return answered(SILENT, fewer, previous, manifest)
    if cue.act not in NARROWS:
        for shape in (_other_chart, _running, _all_together, _of_all):
            if (shaped := shape(cue.rest, previous, manifest)) is not None:
                return shaped
    if cue.rest in WHOLE and cue.act in ("said", "show", "only"):
        return _of_everything(previous, manifest, cue.rest)
    if cue.act == "every" or (cue.act == "drop" and cue.rest.endswith(FILTER_WORDS)):
        return _without_filter(cue.rest, previous, manifest, listen)
    return None


def _all_together(rest: str, previous: MetricQuery, manifest: Manifest) -> FollowUp | None:
    """一共多少 after 各分行: one figure for all that was shown."""
    cut = previous.limit or previous.having or previous.compare or previous.share
    if rest not in TOGETHER or not previous.group_by or cut or previous.focus:
        return None
    changed = replace(previous, group_by=(), order=(), window=None)
    return answered(SILENT, changed, previous, manifest)


def _left_out(rest: str, previous: MetricQuery, manifest: Manifest) -> FollowUp | None:
    """不要图, 不要分组, 不要理财的了, 不分月: what is named so goes."""
    if rest in CHART_WORDS:
        return answered(SILENT._replace(chart="table"), previous, previous, manifest)
    if rest in SPLIT:
        return _unsplit(previous, manifest)
    if (one := _only_measure(rest, previous, manifest)) is not None:
        kept = tuple(measure for measure in previous.measures if measure != one)
        changed = replace(previous, measures=kept, order=(), having=(), limit=None)
        return answered(SILENT, changed, previous, manifest)
    if (whole := _without_grain(rest, previous)) is not None:
        return answered(SILENT, whole, previous, manifest)
    return None


def _unsplit(previous: MetricQuery, manifest: Manifest) -> FollowUp:
    """不要分组了: the conditions stay, what was split becomes one figure."""
    if not previous.group_by:
        return refused(SILENT, Problem("nothing_to_change", "上一问没有分组。"))
    bare = replace(previous, share=None, focus=None, window=None, having=())
    return answered(SILENT, _without_ranks(bare, ()), previous, manifest)


def _without_ranks(previous: MetricQuery, groups: tuple[Group, ...]) -> MetricQuery:
    """With those groups left; where none is, nothing can be ranked."""
    if groups:
        return replace(previous, group_by=groups)
    return replace(previous, group_by=(), order=(), limit=None)


def _other_chart(rest: str, previous: MetricQuery, manifest: Manifest) -> FollowUp | None:
    """画成折线图: another form for the same rows; a line needs a time to run along."""
    kind = next((w.arg for w in closed_words().get(rest, ()) if w.role == "chart"), None)
    timed = any(isinstance(group, TimeGroup) for group in previous.group_by)
    if kind is None or (kind == "line" and not timed):
        return None
    return answered(SILENT._replace(chart=kind), previous, previous, manifest)


def _running(rest: str, previous: MetricQuery, manifest: Manifest) -> FollowUp | None:
    """累计呢 after 各月…: what has come together by each month of the year."""
    timed = any(isinstance(group, TimeGroup) for group in previous.group_by)
    words = closed_words().get(rest.removesuffix("的"), ())
    if not timed or previous.window or not any(word.role == "cumulative" for word in words):
        return None
    try:
        changed = replace(previous, window=Cumulative(), order=(), limit=None)
    except InvalidQueryError:
        return None
    said = SILENT._replace(assumptions=(Assumption("window", FROM_JANUARY),))
    return answered(said, changed, previous, manifest)


def _first_ones(rest: str, previous: MetricQuery) -> MetricQuery | None:
    """前3个, 后三名: of what is sorted already."""
    rank = next((f.rank for f in find_ranks(rest) if f.start == 0 and f.end == len(rest)), None)
    if rank is None or rank.count is None or rank.nth or not previous.order:
        return None
    first, *others = previous.order
    if rank.arg == "bottom" and first.descending:
        order = (replace(first, descending=False), *others)
    elif rank.arg == "top":
        order = previous.order
    else:
        return None
    limit = replace(previous.limit or Limit(rank.count), count=rank.count, percent=None, offset=0)
    return replace(previous, order=order, limit=limit)


def _without_grain(rest: str, previous: MetricQuery) -> MetricQuery | None:
    """不分月: the whole period in one."""
    said = {found.grain for found in find_grains(f"按{rest.removesuffix('份')}")}
    kept = tuple(g for g in previous.group_by if not (isinstance(g, TimeGroup) and g.grain in said))
    if kept == previous.group_by:
        return None
    try:
        return _without_ranks(previous, kept)
    except InvalidQueryError:
        return None


def _only_measure(rest: str, previous: MetricQuery, manifest: Manifest) -> Measure | None:
    """不要理财的了: the only one of several metrics that is called so."""
    if len(previous.measures) < 2:
        return None
    called = [m for m in previous.measures if rest.lower() in measure_name(m, manifest).lower()]
    return called[0] if len(called) == 1 else None


def _of_everything(previous: MetricQuery, manifest: Manifest, said: str = "") -> FollowUp:
    """全部呢: the same without its filters; 全行呢: of the women asked about everywhere."""
    if previous.scope.where is None and previous.focus is None:
        return refused(SILENT, Problem("nothing_to_change", "上一问没有筛选,已经是全部。"))
    told = conditions(previous.scope.where)
    places = [c for c in told if said in PLACES and _is_a_place(c, manifest)]
    kept = [c for c in told if c not in places] if places else []
    where = And(tuple(kept)) if len(kept) > 1 else next(iter(kept), None)
    scope = replace(previous.scope, where=where)
    return answered(SILENT, replace(previous, scope=scope, focus=None), previous, manifest)


def _is_a_place(condition: Predicate, manifest: Manifest) -> bool:
    """分行为银川分行: where, not who."""
    if not isinstance(condition, Condition):
        return False
    name = plain(condition.dimension)
    return any(
        name in hierarchy.levels and hierarchy.label.endswith(KINDS_OF_PLACES)
        for hierarchy in manifest.hierarchies
    )  # fmt: skip


def _without_filter(
    rest: str, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> FollowUp:
    """去掉分行条件: the filters on that dimension; 去掉筛选: all."""
    named = rest.rstrip("".join(FILTER_WORDS)).removesuffix("的")
    if not named:
        return _of_everything(previous, manifest)
    done = completed(f"各{named}", previous, manifest, listen)
    groups = done.heard.query.group_by if isinstance(done.heard.query, MetricQuery) else ()
    said = {plain(g.dimension) for g in groups if isinstance(g, DimensionGroup)}
    kept = [c for c in conditions(previous.scope.where) if not _is_on(c, said)]
    if len(kept) == len(conditions(previous.scope.where)):
        return refused(SILENT, Problem("nothing_to_change", f"上一问没有“{named}”这个条件。"))
    where = And(tuple(kept)) if len(kept) > 1 else next(iter(kept), None)
    changed = replace(previous, scope=replace(previous.scope, where=where))
    return answered(SILENT, changed, previous, manifest)


def _is_on(condition: Predicate, dimensions: set[str]) -> bool:
    return isinstance(condition, Condition) and plain(condition.dimension) in dimensions


def _reversed(previous: MetricQuery) -> MetricQuery:
    """The same columns the other way round; without an order, the smallest first."""
    orders = previous.order or (Order(ColumnRef(0), descending=True),)
    return replace(previous, order=tuple(replace(o, descending=not o.descending) for o in orders))


def _next_level(act: Act, previous: MetricQuery, manifest: Manifest) -> FollowUp:
    """One level down or up in the hierarchy of the group."""
    step = 1 if act == "drill" else -1
    for group in previous.group_by:
        if not isinstance(group, DimensionGroup):
            continue
        role, dot, name = group.dimension.rpartition(".")
        for hierarchy in manifest.hierarchies:
            if name not in hierarchy.levels:
                continue
            place = hierarchy.levels.index(name) + step
            if 0 <= place < len(hierarchy.levels):
                other = DimensionGroup(f"{role}{dot}{hierarchy.levels[place]}")
                groups = tuple(other if g == group else g for g in previous.group_by)
                changed = replace(previous, group_by=groups, order=(), limit=None)
                return answered(SILENT, changed, previous, manifest)
    grouped = [g for g in previous.group_by if isinstance(g, DimensionGroup)]
    where = "、".join(plain_label(g.dimension, manifest) for g in grouped)
    message = f"“{where}”没有再{'下' if step > 0 else '上'}一级" if where else "上一问没有分组"
    return refused(SILENT, Problem("nothing_to_change", f"{message},请写明要看哪一层。"))


def plain_label(dimension: str, manifest: Manifest) -> str:
    """The dimension's own label."""
    return manifest.dimensions[plain(dimension)].label


def _governed_share(previous: MetricQuery, manifest: Manifest) -> MetricQuery | None:
    """占比 after 睡眠客户数 is the one governed share of which that is the part."""
    only = previous.measures[0]
    shaped = previous.compare or previous.share or previous.order or previous.having
    if len(previous.measures) > 1 or shaped or previous.group_by or previous.scope.where:
        return None
    if not isinstance(only, MetricRef) or only != MetricRef(only.metric):
        return None
    shares = [
        m.name
        for m in manifest.metrics.values()
        if not m.hidden and isinstance(m.definition, Ratio) and m.label.endswith("占比")
        and m.definition.of == only.metric
    ]  # fmt: skip
    return replace(previous, measures=(MetricRef(shares[0]),)) if len(shares) == 1 else None


def _of_all(rest: str, previous: MetricQuery, manifest: Manifest) -> FollowUp | None:
    """占全部的多少 after 手机银行交易金额: of the same figure without that filter."""
    if BARE_SHARE.fullmatch(rest) and (rate := _governed_share(previous, manifest)) is not None:
        return answered(SILENT, rate, previous, manifest)
    filtered = not previous.group_by and previous.share is None and previous.compare == ()
    told = conditions(previous.scope.where)
    bare = BARE_SHARE.fullmatch(rest) and filtered and len(told) == 1
    if not (OF_ALL.fullmatch(rest) or (bare and isinstance(told[0], Condition))):
        return None
    if previous.share is not None:
        return refused(SILENT, Problem("nothing_to_change", "上一问已经给出占比。"))
    names = {c.dimension for c in conditions(previous.scope.where) if isinstance(c, Condition)}
    groups = [group for group in previous.group_by if isinstance(group, DimensionGroup)]
    alone = len(names) == len(conditions(previous.scope.where)) == 1
    share = Share("total") if groups else Share("unfiltered", names.pop()) if alone else None
    if share is None or previous.compare:
        unclear = "求谁占什么的比例不清楚,请写完整,例如“各分行占比”。"
        return refused(SILENT, Problem("ambiguous_phrase", unclear, subject=rest))
    return answered(SILENT, replace(previous, share=share), previous, manifest)
