"""Metrics: one governed number each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from semantic_layer.model.governance import Location

Agg = Literal["sum", "count", "distinct", "avg", "median", "quantile", "min", "max"]
IncompletePeriod = Literal["same_elapsed", "last_complete", "refuse"]
DefaultPeriod = Literal["latest", "year_to_date", "last_complete_month"]
Status = Literal["draft", "in_review", "certified", "deprecated"]


@dataclass(frozen=True, slots=True)
class SemiAdditive:
    """A stock: adds up over everything but time, where a period takes one snapshot."""

    over: str
    """The snapshot's time field."""
    take: Literal["last", "first"] = "last"
    period_end: Literal["strict", "last_known"] = "strict"


@dataclass(frozen=True, slots=True)
class AverageOver:
    """A day-weighted average: Σ(expr × days) ÷ calendar days of the period."""

    days: str
    """Field with the number of days that the row's average stands for."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A number straight from the rows of one dataset."""

    dataset: str
    agg: Agg
    expr: str | None = None
    """Scalar SQL over the dataset's fields; None only for count."""
    filter: str | None = None
    """Scalar SQL; may use fields reached through joins as `role.field`."""
    time: str | None = None
    """Time field; None: the dataset's."""
    semi_additive: SemiAdditive | None = None
    average_over: AverageOver | None = None
    then_avg: Literal["date", "trading_day"] | None = None
    """Mean over calendar days of the daily value: 日均活跃客户数."""
    quantile: float | None = None
    snapshot: Literal["latest"] | None = None
    """Read from the last snapshot at or before the period's start (到期金额)."""
    future: bool = False
    """Periods after the data date are allowed (到期金额)."""
    flow: bool = False
    """Says of a metric on a snapshot table that its periods add up or are recounted."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Numerator over denominator, each an expression over metrics; recomputed everywhere."""

    of: str
    to: str


@dataclass(frozen=True, slots=True)
class Derived:
    """An expression over metrics of the same groups: new - closed."""

    expr: str


Definition: TypeAlias = Aggregate | Ratio | Derived


@dataclass(frozen=True, slots=True)
class Format:
    """How a value is shown; never scales the value itself."""

    style: Literal["currency", "number", "percent", "permyriad", "times", "days", "score"]
    scale: str | None = None
    """万元 | 亿元 …; None: by size."""
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class MetricChange:
    """A version of the meaning."""

    version: int
    date: str
    note: str
    effective_from: str | None = None
    restates: bool = False
    was: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Certification:
    """Who approved the definition, and when."""

    by: str
    date: str
    hash: str | None = None
    """Fingerprint of the meaning at that time; another one resets the status."""


@dataclass(frozen=True, slots=True)
class TieOut:
    """External figures that the metric was reconciled with."""

    file: str
    source: str


@dataclass(frozen=True, slots=True)
class Instead:
    """What to ask for in place of an unclear dimension."""

    by: str
    """The dimension to take: `level_before`, `reg_channel.channel`."""
    metric: str | None = None
    """Another metric to ask for by it; None: the same one."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A dimension that says something else beside this metric than its name does alone."""

    by: str
    instead: tuple[Instead, ...]
    note: str = ""
    """What it would say: 客户等级是升降之后的等级."""
    only_filter: bool = False
    """Clear as a group, unclear as a condition."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One governed number with its meaning, owner and habits."""

    name: str
    label: str
    definition: Definition
    unit: str
    """CNY | percent | permyriad | times | 户 | 笔 | 张 | 件 | 天 …"""
    also: tuple[Aggregate, ...] = ()
    """The same number from other tables (a day table); taken, in order, when `definition`
    does not serve the grain or the dimensions asked."""
    synonyms: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    """How people ask for it with a verb: 卖了多少理财, 赔了多少."""
    description: str = ""
    owner: str = ""
    status: Status = "draft"
    version: int = 1
    changes: tuple[MetricChange, ...] = ()
    format: Format | None = None
    direction: Literal["up_is_good", "down_is_good", "neutral"] = "neutral"
    native: Literal["month", "quarter", "year"] | None = None
    """Defined at that grain; longer periods show the units and their last one."""
    incomplete_period: IncompletePeriod | None = None
    """None: same_elapsed for flows on day data, last_complete for stocks."""
    default_period: DefaultPeriod | None = None
    """None: latest for stocks, year_to_date for flows, last_complete_month for native."""
    certified: Certification | None = None
    tie_out: TieOut | None = None
    divisors: tuple[tuple[str, str], ...] = ()
    """What its 户均 (`customer`) or 笔均 (`txn`) divides by, when not the usual count."""
    unclear: tuple[Unclear, ...] = ()
    """Dimensions that are asked back about: 升级率 by 客户等级, before or after?"""
    domain: str = ""
    hidden: bool = False
    """A helper part: usable in formulas, not offered in suggestions."""
    at: Location | None = None

    @property
    def is_stock(self) -> bool:
        """A value at a point in time."""
        return isinstance(self.definition, Aggregate) and (
            self.definition.semi_additive is not None
        )
