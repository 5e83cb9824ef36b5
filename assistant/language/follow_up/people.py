"""这些客户的存款余额 after 10月新增客户数: another figure of those who were counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from assistant.language.follow_up.complete import Heard
from assistant.language.follow_up.merge import conditions
from assistant.language.follow_up.outcome import FollowUp, answered
from assistant.language.names_text import measure_name
from assistant.language.time import describe
from assistant.reading import ReadingOption
from semantic_layer.model import Aggregate, Dataset, Manifest, Metric
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    Latest,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Period,
    Predicate,
    Relative,
    Scope,
    Set,
)
from semantic_layer.resolve.defaults import metric_default

POINTS = re.compile(
    "^(?:那么?|再看看?|看看)?(?:"
    "(?:这|那|上面这|上面那)(?:些|[0-9一二两三四五六七八九十百千]+[个位户名])"
    "(?P<who>新?客户|新客|用户|储户|投保人|代理人|客群|人群|人)|(?P<they>[他她]们))"
    "的?(?P<what>.{2,})$"
)
WHICH_TIME = "“{label}”看哪个时候的?请选择。"
USUAL: Mapping[str, Period | None] = {
    "latest": None, "year_to_date": Period((Relative("year", to_date=True),)),
    "last_complete_month": Period((Latest("month"),)),
}  # fmt: skip


class Counted(NamedTuple):
    """Those whom the last query counted, and in which period."""

    members: Predicate
    period: Period | None
    is_stock: bool


def points_at_people(text: str) -> str | None:
    """What is asked of them: 这些客户的存款余额 → 存款余额."""
    match = POINTS.match(text)
    return match["what"] if match else None


def of_those_counted(heard: Heard, previous: MetricQuery, manifest: Manifest) -> FollowUp | None:
    """The figure asked for, of them alone; None: it was not people that were counted."""
    asked = heard.query
    counted = _counted(previous, manifest)
    if counted is None or not isinstance(asked, MetricQuery):
        return None
    kept = (*conditions(previous.scope.where), counted.members)
    where = (*conditions(asked.scope.where), *kept)
    changed = replace(
        asked,
        group_by=asked.group_by or previous.group_by,
        scope=Scope(asked.scope.period, where[0] if len(where) == 1 else And(where)),
    )
    if asked.scope.period is not None or previous.scope.period is None:
        return answered(heard, changed, previous, manifest)
    scope = replace(changed.scope, period=previous.scope.period)
    then = replace(changed, scope=scope)
    if counted.is_stock:
        return answered(heard, then, previous, manifest)
    words = "、".join(describe(span) for span in previous.scope.period.spans)
    options = (ReadingOption(words, then), ReadingOption("最新(没有说时间时的期间)", changed))
    label = measure_name(asked.measures[0], manifest)
    doubt = Problem("ambiguous_time", WHICH_TIME.format(label=label), "scope.period")
    return FollowUp(heard, problem=doubt, options=options)


def _counted(previous: MetricQuery, manifest: Manifest) -> Counted | None:
    """One number of people, by nothing but who they are."""
    only = previous.measures[0]
    shaped = previous.compare or previous.share or previous.window or previous.having
    cut = shaped or previous.limit or previous.focus
    if cut or len(previous.measures) > 1 or not isinstance(only, MetricRef) or only.per:
        return None
    metric = manifest.metrics.get(only.metric)
    entity = _entity_of(metric, manifest) if metric and only.stat is None else None
    if metric is None or entity is None:
        return None
    by_row = _is_of_one(metric, entity, manifest)
    if not by_row and not all(isinstance(c, Membership) for c in conditions(previous.scope.where)):
        return None
    period = previous.scope.period or USUAL[metric_default(metric, manifest)]
    counts = MetricCondition(metric.name, "ge", 1, period)
    return Counted(Membership(Set(str(entity.entity), counts)), period, metric.is_stock)


def _entity_of(metric: Metric, manifest: Manifest) -> Dataset | None:
    """The table of those whom the metric counts once each."""
    definition = metric.definition
    if not isinstance(definition, Aggregate):
        return None
    for dataset in manifest.datasets.values():
        if not dataset.entity or len(dataset.key) != 1:
            continue
        named = re.search(rf"\b{re.escape(dataset.key[0])}\b", definition.expr or "")
        if definition.agg == "distinct" and named:
            return dataset
        if definition.agg == "count" and definition.dataset == dataset.name:
            return dataset
    return None


def _is_of_one(metric: Metric, entity: Dataset, manifest: Manifest) -> bool:
    """Whether a row of the metric's table is of one of them: what it is split by describes him."""
    definition = metric.definition
    assert isinstance(definition, Aggregate)
    table = manifest.datasets[definition.dataset]
    return set(table.key) - {table.time or ""} == set(entity.key)
