"""A list of customers: which columns, in which order, how many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from assistant.explore.choice import Chip, Choice, Section
from assistant.explore.groups import dimension_order
from assistant.explore.metrics import related_metrics
from assistant.explore.trial import Trial, actual
from assistant.language.lists_text import entity_unit, list_order_text
from assistant.language.names_text import dimension_name, measure_name
from semantic_layer.model import Manifest, Metric
from semantic_layer.query import ColumnRef, EntityQuery, MetricRef, Order

SIZES = (10, 20, 50, 100)
MOST_COLUMNS = 8
"""A wider list is for a file, not for a page."""
MOST_OFFERED = 24


class Column(NamedTuple):
    """One column of a list, and how an order points at it."""

    name: str
    ref: ColumnRef


def list_chips(query: EntityQuery, manifest: Manifest) -> Iterator[Chip]:
    """列, 排序, 取几个."""
    yield Chip("columns", "列", "、".join(column.name for column in _columns(query, manifest)))
    yield Chip("order", "排序", list_order_text(query, manifest))
    unit = entity_unit(query.set.entity, manifest)
    yield Chip("limit", "取几个", f"前{query.limit}{unit}" if query.limit else "全部")


def column_sections(query: EntityQuery, trial: Trial) -> Iterator[Section]:
    """Columns to add and to take away."""
    if len(query.attributes) + len(query.measures) < MOST_COLUMNS:
        yield Section("加上字段", actual(_more_attributes(query, trial)))
        yield Section("加上指标", actual(_more_measures(query, trial)))
    yield Section("去掉", tuple(_fewer(query, trial)))


def list_order_sections(query: EntityQuery, trial: Trial) -> Iterator[Section]:
    """By every column, both ways; what is masked cannot be sorted by."""
    yield Section("排序", tuple(_orders(query, trial)))


def size_sections(query: EntityQuery, trial: Trial) -> Iterator[Section]:
    """How many of them are listed."""
    unit = entity_unit(query.set.entity, trial.manifest)
    sizes = tuple(
        choice
        for size in SIZES
        for choice in trial.offer_query(f"前{size}{unit}", replace(query, limit=size))
    )
    whole = trial.offer_query("全部列出", replace(query, limit=None))
    yield Section("取几个", (*sizes, *whole))


def _columns(query: EntityQuery, manifest: Manifest) -> tuple[Column, ...]:
    """Fields, then figures, as they stand."""
    fields = (
        Column(dimension_name(name, manifest), ColumnRef(group=at))
        for at, name in enumerate(query.attributes)
    )
    figures = (
        Column(measure_name(measure, manifest), ColumnRef(at))
        for at, measure in enumerate(query.measures)
    )
    return (*fields, *figures)


def _more_attributes(query: EntityQuery, trial: Trial) -> Iterator[Choice]:
    for name in dimension_order(trial.manifest):
        if name not in query.attributes:
            label = dimension_name(name, trial.manifest)
            wider = replace(query, attributes=(*query.attributes, name))
            yield from trial.offer_query(label, wider, f"加上{label}")


def _more_measures(query: EntityQuery, trial: Trial) -> Iterator[Choice]:
    """Those of the domains that the list is about come first."""
    found = 0
    for metric in _candidates(query, trial):
        ref = MetricRef(metric.name)
        if ref not in query.measures and found < MOST_OFFERED:
            wider = replace(query, measures=(*query.measures, ref))
            for choice in trial.offer_query(metric.label, wider, f"加上{metric.label}"):
                found += 1
                yield choice


def _candidates(query: EntityQuery, trial: Trial) -> Iterator[Metric]:
    """A count of customers would be 1 for each of them."""
    manifest, resolved = trial.manifest, trial.resolved(query)
    about = map(MetricRef, resolved.metrics if resolved else ())
    near = related_metrics(tuple(dict.fromkeys((*query.measures, *about))), manifest)
    shown = (m for m in manifest.metrics.values() if not m.hidden and m.status != "deprecated")
    counted = entity_unit(query.set.entity, manifest)
    return (metric for metric in dict.fromkeys((*near, *shown)) if metric.unit != counted)


def _fewer(query: EntityQuery, trial: Trial) -> Iterator[Choice]:
    for name, ref in _columns(query, trial.manifest):
        yield from trial.offer_query(name, without(query, ref), f"去掉{name}")


def without(query: EntityQuery, gone: ColumnRef) -> EntityQuery:
    """The list with a column less; orders keep pointing at what they meant."""
    order = tuple(moved for o in query.order if (moved := _moved(o, gone)) is not None)
    if gone.group is not None:
        fields = query.attributes[: gone.group] + query.attributes[gone.group + 1 :]
        return replace(query, attributes=fields, order=order)
    at = gone.measure or 0
    return replace(query, measures=query.measures[:at] + query.measures[at + 1 :], order=order)


def _moved(order: Order, gone: ColumnRef) -> Order | None:
    """The same order where the column has gone; None: it ordered by that one."""
    ref = order.column
    if ref == gone:
        return None
    if gone.group is not None and ref.group is not None and ref.group > gone.group:
        return replace(order, column=replace(ref, group=ref.group - 1))
    if gone.group is None and ref.group is None and (ref.measure or 0) > (gone.measure or 0):
        return replace(order, column=replace(ref, measure=(ref.measure or 0) - 1))
    return order


def _orders(query: EntityQuery, trial: Trial) -> Iterator[Choice]:
    for name, ref in _columns(query, trial.manifest):
        for descending, word in ((True, "从高到低"), (False, "从低到高")):
            ordered = replace(query, order=(Order(ref, descending),))
            yield from trial.offer_query(f"{name}{word}", ordered, f"按{name}{word}")
    if query.order:
        yield from trial.offer_query("默认顺序", replace(query, order=()))
