"""What `resolve` hands to the compiler: names bound, periods made dates, paths chosen.

Only a resolved query is hashed for cache and audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from semantic_layer.model import Metric
from semantic_layer.query import Base, FunnelCondition, Grain, MetricQuery, Predicate, Query


@dataclass(frozen=True, slots=True)
class ResolvedSpan:
    """A symbolic span as dates."""

    start: date
    end: date
    """Last day, inclusive, after clipping to the data date."""
    role: str = "current"
    """`current`, or `yoy` / `mom` / `ytd_open` / `range` … for a comparison's base."""
    complete: bool = True
    """False: clipped by the data date."""
    natural_end: date | None = None
    """Last day before clipping."""
    label: str = ""
    """2026年10月 · 截至2026年10月31日 · 2026年11月1—19日."""
    is_point: bool = False
    """A stock's snapshot date rather than a range."""
    unit: str = "day"
    """Calendar unit of one step back: 环比."""
    count: int = 1
    """How many such units the span has."""
    opened: date | None = None
    """For a point: first day of the period that it closes (期初 lies before it)."""

    @property
    def first_day(self) -> date:
        """First day of the whole period, also for a point."""
        return self.opened or self.start


@dataclass(frozen=True, slots=True)
class Assumption:
    """A slot the asker left open, and how it was filled."""

    slot: str
    text: str


@dataclass(frozen=True, slots=True)
class PathChoice:
    """The joins that lead from a dataset to a dimension's carrier."""

    dataset: str
    dimension: str
    """As written in the query (maybe `role.dimension`)."""
    joins: tuple[str, ...]
    """Join roles in order; empty: the dataset has the field itself."""
    carrier: str
    field: str


@dataclass(frozen=True, slots=True)
class RowFilter:
    """A row policy bound to a dataset: an OR over roles of ANDs over dimensions."""

    dataset: str
    alternatives: tuple[tuple[tuple[PathChoice, tuple[str, ...]], ...], ...]


@dataclass(frozen=True, slots=True)
class ResolvedLeaf:
    """A condition on a metric inside a set, as a query by entity of its own."""

    entity: str
    leaf: Predicate
    query: ResolvedQuery
    inherits: bool = False
    """Judged over the period of the rows it filters, also at a comparison's base."""
    judged: str = "as_of"
    """`period_end`: its own relative period ends with the last day of those rows."""
    counted: Metric | None = None
    """Stands for the rows of a governed event."""
    anchor: ResolvedQuery | None = None
    """The first day by entity from which days are counted; None: they are not."""
    first: Metric | None = None
    """That first day as a metric."""


@dataclass(frozen=True, slots=True)
class ListedAttribute:
    """A column of a list that is not a figure."""

    dimension: str
    masked: bool = False


@dataclass(frozen=True, slots=True)
class ResolvedListing:
    """What a list of entities shows."""

    dataset: str
    """The table with one row per entity."""
    attributes: tuple[ListedAttribute, ...] = ()
    figures: ResolvedQuery | None = None
    """The measures by entity; None: there are none."""


@dataclass(frozen=True, slots=True)
class ResolvedStep:
    """An event of a behaviour query with everything that makes a row such an event."""

    event: str
    label: str
    dataset: str
    at: str
    """Field with its moment."""
    value: str | int | float | bool | None = None
    """The value of the dataset's event field; None: the event has no such value."""
    filter: str | None = None
    """Scalar SQL of the definition."""
    where: Predicate | None = None
    """The asker's condition on this step, bound."""


@dataclass(frozen=True, slots=True)
class ResolvedBehaviour:
    """Who did what: the steps of a funnel, start and end, an anchor."""

    steps: tuple[ResolvedStep, ...]
    actor: str
    actor_label: str
    actor_unit: str
    observed: date
    """Last day for which every event table has data."""
    by_time: bool = False
    """Moments are compared to the second; False: by day, because one step knows no more."""
    where: Predicate | None = None
    """The condition on the first event's row, bound."""
    chosen: FunnelCondition | None = None
    """Those who got that far are wanted, not how many they are; None: a query of its own."""


@dataclass(frozen=True, slots=True)
class ResolvedGrouping:
    """What puts entities into bands: a metric by entity, or a number of their own."""

    position: int
    """Index into `group_by`."""
    query: ResolvedQuery | None
    attribute: PathChoice | None


@dataclass(frozen=True, slots=True)
class ResolvedQuery:
    """A query that can be compiled as it stands."""

    query: Query
    """Canonical, with defaults filled in."""
    spans: tuple[ResolvedSpan, ...]
    """Current spans in the order asked."""
    bases: tuple[tuple[Base, tuple[ResolvedSpan, ...]], ...] = ()
    """Per comparison the base spans, one per current span."""
    grain: Grain | None = None
    where: Predicate | None = None
    """Values bound to what is stored."""
    metrics: tuple[str, ...] = ()
    """Every metric used, parts of ratios included, asked ones first."""
    sources: tuple[tuple[str, int], ...] = ()
    """(metric, n): read from the n-th table of its `also` (counted from 1)."""
    datasets: tuple[str, ...] = ()
    paths: tuple[PathChoice, ...] = ()
    spines: tuple[str, ...] = ()
    """Dimensions of `group_by` whose members appear even without rows."""
    row_filters: tuple[RowFilter, ...] = ()
    masked: tuple[str, ...] = ()
    leaves: tuple[ResolvedLeaf, ...] = ()
    """Metrics inside the sets of the filter."""
    groupings: tuple[ResolvedGrouping, ...] = ()
    """By what the entities in bands are measured."""
    people: tuple[tuple[str, str], ...] = ()
    """(dataset, entity) whose members are counted, so that small groups stay hidden."""
    counts_rows: bool = False
    """Counts the rows behind the metric: how often somebody did it."""
    listing: ResolvedListing | None = None
    """The columns of a list of entities; None: other queries."""
    behaviour: ResolvedBehaviour | None = None
    """What a funnel, retention, path or interval is computed from; None: other queries."""
    scope_text: str = ""
    """全行, or 仅银川分行: the asker's rights as a sentence."""
    data_dates: tuple[tuple[str, date], ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    """(code, Chinese sentence)."""
    manifest_hash: str = ""
    as_of: date | None = None


def metric_query(resolved: ResolvedQuery) -> MetricQuery:
    """The query, which is one over metrics."""
    assert isinstance(resolved.query, MetricQuery)
    return resolved.query


Outcome: TypeAlias = Literal["answer", "info", "clarification", "refusal", "error"]
