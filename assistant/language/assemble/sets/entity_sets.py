"""The rule: conditions before a noun become a set that filters what is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from assistant.language.assemble.sets.changes import changes
from assistant.language.assemble.sets.core import Core
from assistant.language.assemble.sets.counted_members import counted_members
from assistant.language.assemble.sets.happened import happened
from assistant.language.assemble.sets.heads import (
    INSIDE,
    Head,
    branches_before,
    head_after,
    head_asked,
    head_before,
    names_people,
)
from assistant.language.assemble.sets.joined import joined, negated
from assistant.language.assemble.sets.limits import limits
from assistant.language.assemble.sets.own_times import own_times
from assistant.language.assemble.sets.products_held import products_held
from assistant.language.assemble.sets.tops import tops
from assistant.language.assemble.sketch import SOFT, Sketch
from assistant.language.number import ComparatorToken
from assistant.language.predicate_text import predicate_text
from assistant.language.time import GrainToken, TimeToken
from assistant.language.tokens import MetricName
from semantic_layer.query import DimensionGroup, Membership, MetricRef, Not, Predicate, Set
from semantic_layer.resolve.conditions import parts_of

Judged = Literal["as_of", "period_end"]
FINDERS: tuple[Callable[[Sketch, int], Core | None], ...] = (
    happened, changes, limits, tops, counted_members,
)  # fmt: skip
FIGURES = frozenset({"held", "flow", "row", "change", "top"})


def entity_sets(sketch: Sketch) -> None:
    """Who is meant, where the question tells it by what they have, do or did not do."""
    products_held(sketch)
    cores = _cores(sketch)
    _each_alike(sketch, cores)
    if not cores:
        return
    if any(core.kind == "refused" for core in cores):
        _own(sketch, [core for core in cores if core.kind == "refused"])
        return
    head = _head(sketch, cores)
    if head is None or (head.dimension and not _is_of_dimension(sketch, cores, head)):
        return
    if not _is_asked(sketch, cores, head):
        return
    if not head.dimension:
        _no_list(sketch, head)
    timed = own_times(sketch, cores, head)
    parts = [
        negated(sketch, core, core.make(period))
        for core, period in zip(cores, timed.periods, strict=True)
    ]
    judged: Judged = "period_end" if timed.at_period_end else "as_of"
    whole = _among(sketch, cores, head)
    if whole:
        chosen = [(c, p) for c, p in zip(cores, parts, strict=True) if c in whole]
        where = joined(sketch, whole, [part for _, part in chosen], head.at)
        label = predicate_text(Membership(Set(head.entity, where)), sketch.catalogue.manifest)
        sketch.where.append(Membership(Set(head.entity, where, label, judged)))
    rest = [(c, p) for c, p in zip(cores, parts, strict=True) if c not in whole]
    where = joined(sketch, [core for core, _ in rest], [part for _, part in rest], head.at)
    _only(sketch, cores, parts)
    _own(sketch, cores)
    sketch.where.append(Membership(Set(head.entity, where, judged=judged)))
    _own_steps(sketch)
    if head.dimension:
        _show_members(sketch, cores, head)
    elif head.counts:
        _count(sketch, head)


def _among(sketch: Sketch, cores: list[Core], head: Head) -> list[Core]:
    """有贷款的客户里买过理财的占多少: the conditions of those who are the whole."""
    if not sketch.has("share"):
        return []
    between = range(cores[0].last + 1, cores[-1].first)
    inside = [at for at in between if sketch.label(at) in INSIDE and names_people(sketch, at - 1)]
    if inside:
        return [core for core in cores if core.last < inside[-1]]
    verb = next((at for at in between if sketch.args[at].get("share") == "verb"), None)
    if verb is not None and any(names_people(sketch, at) for at in range(between[0], verb)):
        return [core for core in cores if core.first > verb]
    if head.at in between:
        sketch.fault("unsupported", "暂不支持一部分客户里的占比,请分开问。", "分子分母范围不同")
    return []


def _cores(sketch: Sketch) -> list[Core]:
    found: list[Core] = []
    at = 0
    while at < len(sketch.tokens):
        core = next((c for finder in FINDERS if (c := finder(sketch, at))), None)
        if core is not None:
            found.append(core)
            at = core.last
        at += 1
    return found


def _each_alike(sketch: Sketch, cores: list[Core]) -> None:
    """每月…都大于: never a list of the months in which it holds."""
    rows = {at for core in cores if core.kind == "row" for at in core.places}
    for at in sketch.indices("throughout"):
        limited = sketch.find(at + 1, ComparatorToken) is not None
        timed = any(_is_each(sketch, i) for i in range(at))
        if limited and timed and at not in rows:
            sketch.fault(
                "ambiguous_phrase", "“每…都”要每一期都满足,请写成“连续3个月…的客户数”。",
                sketch.label(at), "where",
            )  # fmt: skip


def _is_each(sketch: Sketch, at: int) -> bool:
    time = sketch.find(at, TimeToken)
    return (time is not None and time.grain is not None) or bool(sketch.find(at, GrainToken))


def _head(sketch: Sketch, cores: list[Core]) -> Head | None:
    if cores[-1].members:
        entities = list(sketch.catalogue.entities.values())
        return Head(cores[-1].last, entities[0]) if entities else None
    if any(core.kind == "row" for core in cores):
        asked = branches_before(sketch, cores[0].first)
        if asked is not None:
            return asked
    behind = head_after(sketch, cores[-1].last)
    before = head_before(sketch, cores[-1].first)
    if behind and before and behind.counts and sketch.metric(before.at):
        return before  # 新增客户中有交易的有多少户
    return behind or before or head_asked(sketch, cores[0].first, cores[-1].last)


def _is_of_dimension(sketch: Sketch, cores: list[Core], head: Head) -> bool:
    """AUM最高的5个分行的不良率: a figure of those branches is asked for."""
    if any(core.kind not in FIGURES or core.members for core in cores):
        sketch.fault(
            "unsupported", f"暂不支持按客户的行为筛选{sketch.label(head.at)},请按指标筛选。",
            "机构的行为条件",
        )  # fmt: skip
        return False
    if any(core.kind == "row" for core in cores):
        return True
    listed = "break" in sketch.args[min(head.at + 1, len(sketch.tokens) - 1)]
    return _has_figure(sketch, head) and (not listed or sketch.has("two_steps"))


def _has_figure(sketch: Sketch, head: Head) -> bool:
    return any(sketch.find(i, MetricName) for i in range(head.at + 1, len(sketch.tokens)))


def _is_asked(sketch: Sketch, cores: list[Core], head: Head) -> bool:
    """AUM前10%的客户 alone would list people: the ranking says so."""
    if head.dimension or not all(core.kind == "top" for core in cores):
        return True
    asks = any("ask" in args or "share" in args for args in sketch.args)
    return asks or _has_figure(sketch, head) or sketch.find(head.at, MetricName) is not None


def _no_list(sketch: Sketch, head: Head) -> None:
    """没有理财的客户有谁: people are counted, not listed."""
    for at in range(head.at + 1, len(sketch.tokens)):
        asks = sketch.word(at, "which")
        following = sketch.after(at)
        if asks and (sketch.dimension(following) is None):
            noun = sketch.label(head.at)
            sketch.fault(
                "individual_data", f"不提供{noun}的明细名单,可以看人数、分布和汇总。", noun
            )


def _only(sketch: Sketch, cores: list[Core], parts: list[Predicate]) -> None:
    """只有存款没有理财: what else they must not have is told behind."""
    before = sketch.before(cores[0].first)
    lacks = any(isinstance(part, Not) for p in parts[1:] for part in parts_of(p))
    if sketch.word(before, "only") == "just" and lacks:
        sketch.own(before, "where", "且没有后面的")


def _own(sketch: Sketch, cores: list[Core]) -> None:
    for core in cores:
        sketch.told.update(core.places)
        for at in core.places:
            sketch.own(at, "where", core.label)


def _own_steps(sketch: Sketch) -> None:
    """先找…,再看…: two steps in one query."""
    for at in sketch.indices("two_steps"):
        sketch.own(at, "where", "先圈定再看")
        if sketch.word(at, "two_steps") == "those" and sketch.word(at - 1, "conj"):
            sketch.own(at - 1, "where")  # 存款前三的支行和它们的AUM


def _show_members(sketch: Sketch, cores: list[Core], head: Head) -> None:
    """Each of the branches is a row; without another figure the one they were chosen by."""
    sketch.own(head.at, "group_by", f"按{sketch.catalogue.dimension_label(head.entity)}")
    before = sketch.before(head.at, SOFT)
    if sketch.word(before, "group") or sketch.word(before, "which"):
        sketch.own(before, "group_by")
    sketch.add_group(head.at, DimensionGroup(head.entity))
    if _has_figure(sketch, head):
        return
    row = next(core for core in cores if core.kind == "row")
    at = next(
        i for i in row.places if any(isinstance(n, MetricName) for n in sketch.tokens[i].names)
    )
    name = next(n for n in sketch.tokens[at].names if isinstance(n, MetricName))
    sketch.measures.append((at, MetricRef(name.metric)))
    if row.time is not None:
        sketch.times.append((row.first, replace(row.time, grain=None)))


def _count(sketch: Sketch, head: Head) -> None:
    """没有交易的有多少户: the number of the entities."""
    label = next(k for k, entity in sketch.catalogue.entities.items() if entity == head.entity)
    names = sketch.catalogue.lexicon.names.get(f"{label}数", ())
    metric = next((n.metric for n in names if isinstance(n, MetricName)), None)
    if metric is not None and not _has_figure(sketch, head):
        sketch.measures.append((-1, MetricRef(metric)))
