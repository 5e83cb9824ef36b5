"""A fragment completed to a sentence with the metric, and if need be the group, of the last query.

The sentence is read like any other; what it says beyond the completion is what the fragment said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from assistant.language.names_text import dimension_name, metric_name
from assistant.language.time import describe
from assistant.reading import OwnedToken, ReadingOption
from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    Arithmetic,
    Condition,
    DimensionGroup,
    Measure,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Predicate,
    Query,
)
from semantic_layer.resolved import Assumption


class Heard(NamedTuple):
    """How a sentence was read."""

    query: Query | None
    problem: Problem | None
    options: tuple[ReadingOption, ...]
    assumptions: tuple[Assumption, ...]
    tokens: tuple[OwnedToken, ...]
    confidence: float
    chart: str | None
    names_metric: bool
    """Whether any word may name a metric."""


FIRST = re.compile("[前后][0-9一二两三四五六七八九十]|倒数")
COUNTED = re.compile("[0-9一二两三四五六七八九十第前后]")
AGAINST = re.compile("[与和跟比较同]")
"""与宁波分行相差多少: what it is held against."""
APART = ("差", "高", "低", "多", "少")
DIRECTED = re.compile("[最高低多少大小好差后倒升降快慢]")
ORDERING = ("排", "从高到低", "从低到高", "由高到低", "由低到高", "升序", "降序")
Listen = Callable[[str], Heard]


class Completed(NamedTuple):
    """The sentence as read, and whether the fragment named its metric itself."""

    heard: Heard
    names_metric: bool
    extreme: bool = False
    """最低的: the end that is meant is said, not how many."""
    only_counts: bool = False
    """前五名: how many is said, not of which end."""


def narrowed(
    rest: str, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> Completed | None:
    """私行客户的 after 户均AUM: whose, not another figure; None: it cannot be said of that one."""
    return _narrowing(rest, previous, manifest, listen)


def completed(
    rest: str, previous: MetricQuery, manifest: Manifest, listen: Listen, *, narrows: bool = False
) -> Completed:
    """The first completion that can be read; the first one that asks back; else the first.

    What narrows (只看私行客户) is a condition on the metric of before wherever it can be one.
    """
    narrowed = _narrowing(rest, previous, manifest, listen) if narrows else None
    done = narrowed or _completed(rest, previous, manifest, listen)
    return done._replace(
        extreme="最" in rest and not COUNTED.search(rest), only_counts=not DIRECTED.search(rest)
    )


def _narrowing(
    rest: str, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> Completed | None:
    """A sentence about the same metric that says more than its name."""
    metric = first_metric(previous.measures[0])
    if metric is None:
        return None
    label = metric_name(metric, manifest)
    heard = listen(f"{rest}的{label}")
    if heard.options or not _keeps_metric(heard.query, previous):
        near = (dimension_name(one, manifest) for one in _near(previous, manifest))
        said = (f"{name}为{rest}的{label}" for name in near) if heard.options or heard.query else ()
        heard = next((h for h in map(listen, said) if _keeps_metric(h.query, previous)), heard)
    if heard.options:
        mine = tuple(o for o in heard.options if _keeps_metric(o.query, previous))
        return Completed(heard._replace(options=mine), names_metric=False) if mine else None
    return Completed(heard, names_metric=False) if _keeps_metric(heard.query, previous) else None


def _near(previous: MetricQuery, manifest: Manifest) -> Iterator[str]:
    """The dimensions of the groups, then the other levels of their hierarchies: 渠道, 渠道大类."""
    yield from _grouped(previous)
    for dimension in _grouped(previous):
        role, dot, name = dimension.rpartition(".")
        for hierarchy in manifest.hierarchies:
            if name in hierarchy.levels:
                yield from (f"{role}{dot}{one}" for one in hierarchy.levels if one != name)


def _keeps_metric(query: Query | None, previous: MetricQuery) -> bool:
    """Whether it asks for the first metric of before, and of some only."""
    if not isinstance(query, MetricQuery) or query.scope.where is None:
        return False
    if len(query.measures) > 1:  # 红包的费用呢 names another figure beside it
        return False
    return first_metric(query.measures[0]) == first_metric(previous.measures[0])


def _completed(rest: str, previous: MetricQuery, manifest: Manifest, listen: Listen) -> Completed:
    alone = listen(rest)
    if alone.names_metric and any(word in rest for word in ORDERING):
        ordered = _ordered(rest, previous, manifest, listen)
        if ordered is not None:
            return ordered
    if isinstance(alone.query, MetricQuery) or alone.options:
        shown = _shown_member(rest, previous, manifest, listen)
        return shown or Completed(alone, names_metric=True)
    asking: Heard | None = None
    first: Heard | None = None
    for sentence in _sentences(rest, previous, manifest):
        heard = listen(sentence)
        if isinstance(heard.query, MetricQuery):
            return Completed(heard, names_metric=_is_a_kind(heard.query, previous, manifest))
        asking = asking or (heard if heard.options else None)
        first = first or heard
    return Completed(asking or first or alone, names_metric=False)


def _shown_member(
    rest: str, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> Completed | None:
    """投诉的呢 after 各工单类别满意率: one of the rows shown, though 投诉 may name a figure."""
    metric = first_metric(previous.measures[0])
    for dimension in _grouped(previous):
        name = dimension_name(dimension, manifest)
        heard = listen(f"{metric_name(metric, manifest)},{name}为{rest}") if metric else None
        if heard is None or not _keeps_metric(heard.query, previous):
            continue
        where = heard.query.scope.where if isinstance(heard.query, MetricQuery) else None
        if isinstance(where, Condition) and (where.op, len(where.values)) == ("in", 1):
            return Completed(heard, names_metric=False)
    return None


def _is_a_kind(heard: MetricQuery, previous: MetricQuery, manifest: Manifest) -> bool:
    """线上 after 交易笔数: 线上交易笔数 is a figure of its own."""
    new, old = first_metric(heard.measures[0]), first_metric(previous.measures[0])
    if new is None or old is None or new == old:
        return False
    return metric_name(new, manifest).endswith(metric_name(old, manifest))


def _ordered(
    rest: str, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> Completed | None:
    """按贷款余额从高到低排: of the groups of the last query."""
    for group in previous.group_by:
        if isinstance(group, DimensionGroup):
            said = rest.removeprefix("按").removeprefix("照")
            heard = listen(f"各{dimension_name(group.dimension, manifest)}{said}")
            if isinstance(heard.query, MetricQuery) and heard.query.order:
                return Completed(heard, names_metric=True)
    return None


def _filtered(where: Predicate | None) -> Iterator[str]:
    """Dimensions that members are picked of."""
    for child in where.children if isinstance(where, And) else (where,):
        if isinstance(child, Condition):
            yield child.dimension


def _members(where: Predicate | None) -> Iterator[str]:
    """The one member of each dimension that the figure is of."""
    for child in where.children if isinstance(where, And) else (where,):
        if isinstance(child, Condition) and child.op == "in" and len(child.values) == 1:
            yield str(child.values[0])


def _grouped(previous: MetricQuery) -> Iterator[str]:
    """Dimensions that the figures are split by."""
    for group in previous.group_by:
        if isinstance(group, DimensionGroup):
            yield group.dimension


def _limited(where: Predicate | None) -> Iterator[str]:
    """Metrics that people are picked by: AUM超过30万的客户."""
    for child in where.children if isinstance(where, And) else (where,):
        if isinstance(child, Membership) and isinstance(child.set.where, MetricCondition):
            yield child.set.where.metric


def _sentences(rest: str, previous: MetricQuery, manifest: Manifest) -> Iterator[str]:
    metric = first_metric(previous.measures[0])
    if metric is None:
        return
    label = metric_name(metric, manifest)
    if FIRST.match(rest):  # 前三名 are those of the groups shown: at most their end is asked
        for dimension in _grouped(previous):
            yield f"各{dimension_name(dimension, manifest)}{label}{rest}"
    yield f"{rest}的{label}"
    yield f"{label} {rest}"
    yield f"{rest}{label}"
    if len(rest) == 1:  # 女的: too short to stand without those whom it tells apart
        yield f"{rest}客户的{label}"
    for group in previous.group_by:
        if isinstance(group, DimensionGroup):
            each = f"各{dimension_name(group.dimension, manifest)}"
            yield f"{each}{label}{rest}"
            yield f"{label} {rest}的{each[1:]}"
            yield f"{each}{label}前{rest}"
    if COUNTED.search(rest) is None and "最" not in rest:
        for dimension in dict.fromkeys((*_filtered(previous.scope.where), *_grouped(previous))):
            yield f"{dimension_name(dimension, manifest)}为{rest}的{label}"
    if AGAINST.match(rest):
        yield from _held_against(
            rest, label, previous, over_time=not manifest.metrics[metric].is_stock
        )
    for limited in _limited(previous.scope.where):
        yield f"{metric_name(limited, manifest)}在{rest}的客户的{label}"


def _held_against(
    rest: str, label: str, previous: MetricQuery, *, over_time: bool
) -> Iterator[str]:
    """和9月比 of October, 与宁波分行相差 of one branch: what is held against it, said before it."""
    ending = "多少" * rest.endswith(APART)
    period = previous.scope.period
    if over_time and period is not None and len(period.spans) == 1 and not period.days:
        yield f"{describe(period.spans[0])}{label}{rest}{ending}"
    for member in _members(previous.scope.where):
        yield f"{member}{label}{rest}{ending}"


def first_metric(measure: Measure) -> str | None:
    """The first governed metric within a measure."""
    if isinstance(measure, MetricRef):
        return measure.metric
    if isinstance(measure, Arithmetic):
        return first_metric(measure.left) or first_metric(measure.right)
    return None
