"""`MetricQuery`: metrics by groups in a scope, compared, ordered and limited."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from pydantic import Field as JsonField

from semantic_layer.query.invalid import InvalidQueryError
from semantic_layer.query.period import Align, Grain, Period, Span
from semantic_layer.query.predicate import Base, NumberOp, Predicate, Set, Show

Per = Literal["day", "trading_day", "month", "quarter", "year", "customer", "holder", "txn"]
"""日均 · 交易日均 · 月均 · 季均 · 年均 · 户均 · 持有户均 · 笔均."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What every query shares: when, and which rows. Never who asks."""

    period: Period | None = None
    """None: the metric's default period, shown as an assumption."""
    where: Predicate | None = None


@dataclass(frozen=True, slots=True)
class MetricRef:
    """A governed metric, optionally with a modifier: 日均, 户均, 最大."""

    metric: str
    per: Per | None = None
    stat: Literal["max", "min", "median", "mean"] | None = None
    """Over the values per `stat_over` (峰值 = max over days)."""
    stat_over: Grain | None = None
    kind: Literal["metric"] = field(default="metric", kw_only=True)


@dataclass(frozen=True, slots=True)
class Number:
    """A constant inside a metric expression."""

    value: int | float
    kind: Literal["number"] = field(default="number", kw_only=True)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """An ad-hoc expression over governed metrics: (存款-贷款)/存款."""

    op: Literal["+", "-", "*", "/"]
    left: Measure
    right: Measure
    label: str | None = None
    kind: Literal["arithmetic"] = field(default="arithmetic", kw_only=True)


Measure: TypeAlias = Annotated[MetricRef | Arithmetic | Number, JsonField(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class DimensionGroup:
    """By a dimension or hierarchy level: 各分行. `role.dimension` names a join role."""

    dimension: str
    kind: Literal["dimension"] = field(default="dimension", kw_only=True)


@dataclass(frozen=True, slots=True)
class TimeGroup:
    """By a time grain: 按月."""

    grain: Grain
    kind: Literal["time"] = field(default="time", kw_only=True)


@dataclass(frozen=True, slots=True)
class BucketGroup:
    """Entities put into bands by a metric or numeric attribute: 0-5万、5-20万."""

    of: str
    """Metric or numeric dimension."""
    entity: str
    edges: tuple[int | float, ...] = ()
    """Inner edges, left-closed bands."""
    width: int | float | None = None
    """Equal width instead of edges: 按10万一档."""
    count: int | None = None
    """Quantile groups instead: 四分位 = 4."""
    kind: Literal["bucket"] = field(default="bucket", kw_only=True)


@dataclass(frozen=True, slots=True)
class SetGroup:
    """Sets side by side: 基金沉睡客户对比活跃基民."""

    sets: tuple[Set, ...]
    rest: bool = False
    """Also a group with everybody else."""
    kind: Literal["sets"] = field(default="sets", kw_only=True)


Group: TypeAlias = Annotated[
    DimensionGroup | TimeGroup | BucketGroup | SetGroup, JsonField(discriminator="kind")
]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Against another period or value: 同比, 环比, 较年初, 较上月末, 比8月, 目标."""

    base: Base
    show: tuple[Show, ...] = ("value", "diff", "rate")
    align: Align | None = None
    """None: by the metric's `incomplete_period`."""
    span: Span | None = None
    """Only for base `range`: the named period."""
    kind: Literal["comparison"] = field(default="comparison", kw_only=True)

    def __post_init__(self) -> None:
        if (self.base == "range") != (self.span is not None):
            raise InvalidQueryError("与指定期间比较时要给出期间,其他比较不要给")
        if not self.show:
            raise InvalidQueryError("比较至少要显示一项:差额、增速或基期值")


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A column of the result: a measure, one of its comparisons, its share, or a group."""

    measure: int | None = None
    """Index into `measures`; the first one when nothing is said."""
    show: Show = "value"
    base: Base | None = None
    """Which comparison, when `show` is a comparison value."""
    group: int | None = None
    """Index into `group_by`."""
    kind: Literal["column"] = field(default="column", kw_only=True)

    def __post_init__(self) -> None:
        if self.measure is None and self.group is None:
            object.__setattr__(self, "measure", 0)
        if self.measure is not None and self.group is not None:
            raise InvalidQueryError("列要么指指标,要么指分组")


@dataclass(frozen=True, slots=True)
class Having:
    """A condition on a group shown: 不良率高于2%的分行, 同比增长超过15%的支行."""

    column: ColumnRef
    op: NumberOp
    value: int | float | Literal["average"]
    """`average`: the whole's own value (高于全行平均)."""
    kind: Literal["having"] = field(default="having", kw_only=True)


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by a column. `quality` sorts by the metric's good direction (最好, 垫底)."""

    column: ColumnRef
    descending: bool = True
    quality: bool = False
    """True: `descending` means best first."""
    kind: Literal["order"] = field(default="order", kw_only=True)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many groups: 前十, 前10%, 第二名, 每个分行前三; with ties."""

    count: int | None = None
    percent: int | float | None = None
    offset: int = 0
    """第二名 = count 1, offset 1."""
    partition_by: tuple[int, ...] = ()
    """Indices into `group_by`: 每个分行前三的支行."""
    others: bool = False
    """The rest as one row 其他."""
    kind: Literal["limit"] = field(default="limit", kw_only=True)

    def __post_init__(self) -> None:
        if (self.count is None) == (self.percent is None):
            raise InvalidQueryError("条数要么给个数,要么给百分比")
        if (self.count or 1) < 1 or self.offset < 0:
            raise InvalidQueryError("条数至少为 1,名次从 1 数起")


@dataclass(frozen=True, slots=True)
class Focus:
    """One member among all: 上海排第几 (rank over all, no filtering)."""

    dimension: str
    value: str
    kind: Literal["focus"] = field(default="focus", kw_only=True)


@dataclass(frozen=True, slots=True)
class Share:
    """Share of a whole: of the total shown, of the parent level, or without a filter."""

    of: Literal["total", "parent", "unfiltered"] = "total"
    dimension: str | None = None
    """`parent`: the level; `unfiltered`: the dimension whose filter is taken off."""
    entity: str | None = None
    """`unfiltered`: the kind of thing whose sets are taken off; a set with a label stays."""
    kind: Literal["share"] = field(default="share", kw_only=True)

    def __post_init__(self) -> None:
        if self.entity is not None and (self.of != "unfiltered" or self.dimension is not None):
            raise InvalidQueryError("占比的分母要么去掉一个维度的条件,要么去掉人群条件")


@dataclass(frozen=True, slots=True)
class Cumulative:
    """Running total that restarts with the year (or never)."""

    reset: Literal["month", "quarter", "year", "never"] = "year"
    kind: Literal["cumulative"] = field(default="cumulative", kw_only=True)


@dataclass(frozen=True, slots=True)
class Rolling:
    """Value over the last n units at each point: 滚动30天活跃."""

    unit: Literal["day", "week", "month", "quarter", "trading_day"]
    count: int
    kind: Literal["rolling"] = field(default="rolling", kw_only=True)


Window: TypeAlias = Annotated[Cumulative | Rolling, JsonField(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class MetricQuery:
    """Metrics by groups. Metrics, groups and order keep the asker's order."""

    measures: tuple[Measure, ...]
    group_by: tuple[Group, ...] = ()
    scope: Scope = Scope()
    having: tuple[Having, ...] = ()
    """All must hold."""
    compare: tuple[Comparison, ...] = ()
    order: tuple[Order, ...] = ()
    limit: Limit | None = None
    focus: Focus | None = None
    share: Share | None = None
    window: Window | None = None
    totals: bool = True
    """合计 beside the groups, recomputed from the base."""
    subtotals: tuple[int, ...] = ()
    """Indices into `group_by` that get 小计."""
    v: Literal[1] = field(default=1, kw_only=True)
    kind: Literal["metric_query"] = field(default="metric_query", kw_only=True)

    def __post_init__(self) -> None:
        if not self.measures:
            raise InvalidQueryError("查询里至少要有一个指标")
        for order in self.order:
            self._check_column(order.column)
        for having in self.having:
            self._check_column(having.column)
        if self.limit and any(i >= len(self.group_by) for i in self.limit.partition_by):
            raise InvalidQueryError("分区取前几的维度不在分组里")

    def _check_column(self, column: ColumnRef) -> None:
        if column.measure is not None and not 0 <= column.measure < len(self.measures):
            raise InvalidQueryError("排序或筛选所指的指标不在查询里")
        if column.group is not None and not 0 <= column.group < len(self.group_by):
            raise InvalidQueryError("排序所指的分组不在查询里")
        bases = {c.base for c in self.compare}
        if column.base is not None and column.base not in bases:
            raise InvalidQueryError("排序或筛选所指的比较不在查询里")
