"""In which order the groups stand, and how many of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from assistant.explore.choice import Choice, Section
from assistant.explore.comparing import base_name
from assistant.explore.trial import Trial
from assistant.language.names_text import measure_name
from semantic_layer.query import (
    Change,
    ColumnRef,
    DimensionGroup,
    Limit,
    Measure,
    MetricQuery,
    MetricRef,
    Order,
)

SIZES = (5, 10, 20)
RATES = ("percent", "permyriad")


class Sortable(NamedTuple):
    """A column that the rows may be sorted by."""

    name: str
    column: ColumnRef


def order_sections(query: MetricQuery, trial: Trial) -> Iterator[Section]:
    """排序 and 取几个; nothing for a single number."""
    if not query.group_by:
        return
    yield Section("排序", tuple(_orders(query, trial)))
    if any(isinstance(group, DimensionGroup) for group in query.group_by):
        yield Section("取几个", tuple(_sizes(query, trial)))


def sortables(query: MetricQuery, trial: Trial) -> Iterator[Sortable]:
    """The figures, then what each comparison adds to them."""
    resolved = trial.resolved(query) if query.compare else None
    for at, measure in enumerate(query.measures):
        name = measure_name(measure, trial.manifest)
        yield Sortable(name, ColumnRef(at))
        for comparison in query.compare:
            rate = _is_rate(measure, trial)
            word = f"{base_name(comparison.base, resolved)}{'变化' if rate else '增速'}"
            shown = f"{name}{word}" if len(query.measures) > 1 else word
            yield Sortable(shown, ColumnRef(at, "pp" if rate else "rate", comparison.base))


def _is_rate(measure: Measure, trial: Trial) -> bool:
    metric = trial.manifest.metrics.get(getattr(measure, "metric", ""))
    return metric is not None and metric.unit in RATES


def _orders(query: MetricQuery, trial: Trial) -> Iterator[Choice]:
    for name, column in sortables(query, trial):
        for descending, word in ((True, "从高到低"), (False, "从低到高")):
            order = Order(column, descending)
            yield from trial.offer(
                f"{name}{word}", Change("set", "order", order), step=f"按{name}{word}"
            )
    yield from _by_quality(query, trial)
    if query.order and query.limit is None:
        yield from trial.offer("默认顺序", Change("clear", "order"))


def _by_quality(query: MetricQuery, trial: Trial) -> Iterator[Choice]:
    """Only where good is not simply high."""
    first = query.measures[0]
    metric = trial.manifest.metrics.get(first.metric) if isinstance(first, MetricRef) else None
    if metric is None or metric.direction != "down_is_good":
        return
    for best_first, word in ((True, "由好到差"), (False, "由差到好")):
        order = Order(ColumnRef(0), best_first, quality=True)
        yield from trial.offer(word, Change("set", "order", order), step=f"按{word}排")


def _sizes(query: MetricQuery, trial: Trial) -> Iterator[Choice]:
    order = query.order[0] if query.order else Order(ColumnRef(0))
    first = () if query.order else (Change("set", "order", order),)
    for size in SIZES:
        yield from trial.offer(f"前{size}名", *first, Change("set", "limit", Limit(size)))
    rest = Change("set", "limit", Limit(5, others=True))
    yield from trial.offer("前5名,其余归“其他”", *first, rest, step="前5名和其他")
    yield from _last(query, trial)
    if query.limit is not None:
        yield from trial.offer("全部列出", Change("clear", "limit"))


def _last(query: MetricQuery, trial: Trial) -> Iterator[Choice]:
    """The other end, when nothing is sorted yet."""
    if not query.order:
        upward = Change("set", "order", Order(ColumnRef(0), descending=False))
        yield from trial.offer("后5名", upward, Change("set", "limit", Limit(5)))
