"""The relational plan: frozen nodes between a resolved query and its SQL tree.

What every question makes several of is a named tuple, which is made in a fifth of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from semantic_layer.model import Metric
from semantic_layer.query import Base, Grain, MetricQuery, Predicate, Show
from semantic_layer.resolve.frames import Key
from semantic_layer.resolve.stats import Stat
from semantic_layer.resolved import ResolvedGrouping
from semantic_layer.result import Cell

Keying: TypeAlias = Literal["one", "bucket", "case", "windows", "cumulative"]
"""How rows find their key: one window for all keys; each window inside its own calendar
bucket; disjoint windows told apart by CASE; overlapping windows joined; buckets summed up."""


class Window(NamedTuple):
    """The days that count for one key."""

    key: Key
    start: date
    end: date
    divisor: int | None = None
    """Calendar units that an average divides by."""


class Part(NamedTuple):
    """An aggregate computed in a branch."""

    column: str
    metric: Metric
    counts_people: bool = False
    """How many people or rows are behind the values, never averaged."""
    above_zero: str | None = None
    """Only rows for which this is positive count: who holds."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Members that are listed already; what remains is 其他."""

    dimensions: tuple[str, ...]
    """As the query that listed them writes them."""
    members: tuple[tuple[Cell, ...], ...]
    """Shown values, one tuple per member."""
    query: MetricQuery
    """The query that listed them."""
    groupings: tuple[ResolvedGrouping, ...] = ()
    """Its bands."""
    keys: tuple[Key, ...] = ()
    """The period of each member; empty: no period tells the members apart."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """The highest, lowest or middle of the values per unit."""

    column: str
    formula: Formula
    """Over the parts of the branch, unit by unit."""
    zero: bool
    """A unit without rows counts 0."""


class Branch(NamedTuple):
    """One scan of one table, aggregated to the asked grain before anything is joined."""

    name: str
    dataset: str
    role: str
    """`current`, a comparison base, `whole` (without dimensions) …"""
    time: str | None
    """Time field; None: the rows have no time."""
    windows: tuple[Window, ...]
    """Empty: no period limits the rows."""
    keying: Keying
    bucket: Grain | None
    """Keys are first days of such buckets; None: of one period."""
    groups: tuple[str, ...]
    """Dimensions as written in the query."""
    where: Predicate | None
    parts: tuple[Part, ...]
    per: str | None = None
    """Mean over calendar units: first aggregated per unit."""
    stat: Stat | None = None
    """Taken over the values per unit, instead of their mean."""
    statistics: tuple[Statistic, ...] = ()
    days: tuple[date, ...] | None = None
    """Only these days count (交易日, 工作日)."""
    snapshot: tuple[date, date] | None = None
    """The snapshot from which rows with another time field are read."""
    last_known: bool = False
    """Each row key counts with its last row in the window."""
    keeps_empty: bool = False
    """A group with a snapshot but no matching rows counts 0 (else it is missing)."""
    lists_counted: bool = False
    """A group whose snapshot has only rows that the metrics' own filters drop counts 0, but
    is not listed on their account."""
    drops_uncounted: bool = False
    """Such a group is not there at all: no other branch lists groups."""
    left_out: LeftOut | None = None
    comment: str = ""


class PartRef(NamedTuple):
    """A part's value in a measure formula."""

    branch: str
    column: str
    zero: bool
    """No rows mean 0."""
    keys: tuple[Key, ...] | None = None
    """The keys for which there is a value at all; None: all."""


@dataclass(frozen=True, slots=True)
class Calculation:
    """A formula: an operation on parts, numbers and other formulas."""

    op: Literal["+", "-", "*", "/", "formula"]
    operands: tuple[Formula, ...]
    text: str = ""
    """For `formula`: scalar SQL whose names are `names`."""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """A number in a formula; None: no value."""

    value: int | float | None


Formula: TypeAlias = PartRef | Calculation | Constant


NO_FORMULA: tuple[None, tuple[str, ...]] = (None, ())
"""No whole is needed."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure at a comparison's base and the figures shown for it."""

    base: Base
    column: str
    """Column of the base value."""
    formula: Formula | None
    """None: the mean over the members shown."""
    shows: tuple[Show, ...]
    progress: tuple[int, int] | None = None
    """Days passed and days of the year that a target is for: 序时进度."""
    whole: Formula | None = None
    """The whole at the base, for the change of a share; None: the sum of its members."""


@dataclass(frozen=True, slots=True)
class PlannedMeasure:
    """A column of the result with everything derived from it."""

    column: str
    label: str
    formula: Formula
    metric: Metric | None
    """The governed metric; None for an ad-hoc expression."""
    unit: str | None
    compared: tuple[Compared, ...] = ()
    whole: Formula | None = None
    """The value of the whole, for shares and averages; None: the sum of its members."""
    adds_up: bool = False
    """Values of members add up to the whole (or nearly: distinct counts)."""
    is_quotient: bool = False
    """Something was divided: values are compared by their leading digits."""
    cases: Formula | None = None
    """How many cases a rate is taken over; None: it is no rate over a count."""
    whole_groups: tuple[str, ...] = ()
    """Groups for which the whole is kept apart (parent levels)."""


class Slot(NamedTuple):
    """A time bucket or span of the result."""

    key: Key
    label: str


@dataclass(frozen=True, slots=True)
class Spine:
    """Members of dimensions from the table that carries them, in combinations that exist."""

    dimensions: tuple[str, ...]
    dataset: str
    fields: tuple[str, ...]
    joins: tuple[str, ...]
    """How the facts reach it; conditions below the same joins apply to it."""
    where: Predicate | None = None


class Plan(NamedTuple):
    """Branches, how they come together, and what is computed from them."""

    groups: tuple[str, ...]
    bucket: Grain | None
    time_column: str | None
    """Result column of the time key: month, period …"""
    slots: tuple[Slot, ...]
    """Keys listed even without rows; empty: only those with rows."""
    branches: tuple[Branch, ...]
    measures: tuple[PlannedMeasure, ...]
    spines: tuple[Spine, ...] = ()
    people: tuple[PartRef, ...] = ()
    """Numbers of people behind the values; a group with too few shows nothing."""
