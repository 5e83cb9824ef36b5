"""Queries over what customers did: lists, funnels, retention, paths, intervals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from semantic_layer.query.invalid import InvalidQueryError
from semantic_layer.query.metric_query import Group, Measure, Order, Scope
from semantic_layer.query.predicate import Set, Step


@dataclass(frozen=True, slots=True)
class EntityQuery:
    """A list of the entities of a set with chosen attributes and metrics."""

    set: Set
    attributes: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    scope: Scope = Scope()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    v: Literal[1] = field(default=1, kw_only=True)
    kind: Literal["entity_query"] = field(default="entity_query", kw_only=True)


@dataclass(frozen=True, slots=True)
class FunnelQuery:
    """Ordered steps within a window: 注册漏斗每步转化率."""

    steps: tuple[Step, ...]
    window_days: int = 30
    show: tuple[Literal["entities", "conversion", "median_time", "dropped"], ...] = (
        "entities",
        "conversion",
    )
    group_by: tuple[Group, ...] = ()
    scope: Scope = Scope()
    entity: str | None = field(default=None, kw_only=True)
    """Who acts: customer, visitor …; None: the first that all events share."""
    v: Literal[1] = field(default=1, kw_only=True)
    kind: Literal["funnel_query"] = field(default="funnel_query", kw_only=True)

    def __post_init__(self) -> None:
        if len(self.steps) < 2:
            raise InvalidQueryError("漏斗至少要有两步")
        if self.window_days < 1:
            raise InvalidQueryError("漏斗的窗口期至少为 1 天")


@dataclass(frozen=True, slots=True)
class RetentionQuery:
    """Who comes back: start event, return event, N-day or N-month matrix."""

    start: Step
    comeback: Step
    unit: Literal["day", "week", "month"] = "month"
    periods: tuple[int, ...] = (1,)
    cohort_unit: Literal["day", "week", "month"] = "month"
    group_by: tuple[Group, ...] = ()
    scope: Scope = Scope()
    entity: str | None = field(default=None, kw_only=True)
    """Who acts: customer, visitor …; None: the first that all events share."""
    v: Literal[1] = field(default=1, kw_only=True)
    kind: Literal["retention_query"] = field(default="retention_query", kw_only=True)


@dataclass(frozen=True, slots=True)
class PathQuery:
    """Most frequent sequences from or to an event, within sessions."""

    anchor: Step
    direction: Literal["from", "to"] = "from"
    length: int = 5
    top: int = 5
    scope: Scope = Scope()
    v: Literal[1] = field(default=1, kw_only=True)
    kind: Literal["path_query"] = field(default="path_query", kw_only=True)


@dataclass(frozen=True, slots=True)
class IntervalQuery:
    """Time between two events: mean, quartiles, distribution."""

    start: Step
    end: Step
    show: tuple[Literal["mean", "median", "quartiles", "distribution"], ...] = (
        "mean",
        "median",
        "quartiles",
    )
    window_days: int | None = None
    group_by: tuple[Group, ...] = ()
    scope: Scope = Scope()
    entity: str | None = field(default=None, kw_only=True)
    """Who acts: customer, visitor …; None: the first that all events share."""
    v: Literal[1] = field(default=1, kw_only=True)
    kind: Literal["interval_query"] = field(default="interval_query", kw_only=True)
