"""Which rows, which entities: boolean trees over dimensions, metrics, events and sets.

One union serves the `where` of every query and the inside of a `Set`. Leaves about an
entity (metric, change, event) have a meaning only inside a Set; `resolve` says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from pydantic import Field as JsonField

from semantic_layer.query.invalid import InvalidQueryError
from semantic_layer.query.period import Period, Span

Value: TypeAlias = bool | int | float | str
"""Dates are ISO strings; `resolve` binds a value by the field's type."""
DimensionOp = Literal[
    "in", "not_in", "contains", "not_contains", "prefix", "suffix",
    "is_null", "not_null", "gt", "ge", "lt", "le",
]  # fmt: skip
RowUnit = Literal["date", "week", "month", "quarter", "year"]
NumberOp = Literal["gt", "ge", "lt", "le", "eq", "ne"]
Base = Literal["yoy", "mom", "opening", "ytd_open", "previous", "average", "target", "range"]
"""同比 · 环比 · 期初 · 较年初 · 上期(same length) · 平均 · 目标 · a named range."""
Show = Literal["value", "diff", "rate", "pp", "rank", "share"]
"""Base value · 差额 · 增速 · 百分点 · 名次变化 · 占比."""


def canonical_number(value: int | float) -> int | float:
    """The same number in one spelling: 3.0 is 3."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def canonical_values(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Values as a sorted set without repetition; true is not 1."""
    plain = [v if isinstance(v, bool | str) else canonical_number(v) for v in values]
    distinct = {(type(v).__name__, v): v for v in plain}
    return tuple(distinct[key] for key in sorted(distinct, key=lambda k: (k[0] == "str", *k)))


@dataclass(frozen=True, slots=True)
class Condition:
    """A dimension (or attribute) compared with values: 分行 in (北京分行, 上海分行)."""

    dimension: str
    op: DimensionOp
    values: tuple[Value, ...] = ()
    kind: Literal["condition"] = field(default="condition", kw_only=True)

    def __post_init__(self) -> None:
        needs_none = self.op in ("is_null", "not_null")
        if needs_none == bool(self.values):
            raise InvalidQueryError(f"条件“{self.dimension} {self.op}”的取值个数不对")
        if self.op in ("gt", "ge", "lt", "le") and len(self.values) != 1:
            raise InvalidQueryError(f"条件“{self.dimension} {self.op}”只能有一个取值")
        object.__setattr__(self, "values", canonical_values(self.values))


@dataclass(frozen=True, slots=True)
class MetricCondition:
    """A metric per entity compared with a number: AUM超过100万的客户."""

    metric: str
    op: NumberOp
    value: int | float
    period: Period | None = None
    per: str | None = None
    """月均, 日均 …: see `Per` in metric_query."""
    in_a_row: int | None = None
    """连续3个月: it holds in each of the last n complete `row_unit` periods."""
    row_unit: RowUnit = "month"
    kind: Literal["metric_condition"] = field(default="metric_condition", kw_only=True)

    def __post_init__(self) -> None:
        if self.in_a_row is not None and self.in_a_row < 2:
            raise InvalidQueryError("连续期数至少为 2")
        object.__setattr__(self, "value", canonical_number(self.value))


@dataclass(frozen=True, slots=True)
class ChangeCondition:
    """The change of a metric per entity: 存款下降超过20%的客户."""

    metric: str
    base: Base
    show: Show
    op: NumberOp
    value: int | float
    period: Period | None = None
    span: Span | None = None
    """Only for base `range`: the named period."""
    kind: Literal["change_condition"] = field(default="change_condition", kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", canonical_number(self.value))


@dataclass(frozen=True, slots=True)
class EventCondition:
    """What an entity did or did not do: 三个月未登录, 至少交易3次, 连续3个月有交易."""

    event: str
    """A governed event, or a metric whose rows are the events."""
    did: bool = True
    at_least: int = 1
    within: Period | None = None
    """None: ever."""
    in_a_row: int | None = None
    """The last n complete `row_unit` periods of `within` (None: of the judged period) each
    hold `at_least` events; with `did` false none of them does."""
    row_unit: RowUnit = "month"
    where: Predicate | None = None
    after: str | None = None
    """Counted from the first time of another event: 注册后7天内没有绑卡."""
    after_days: int | None = None
    """How many days from then on, that day included as day 0."""
    kind: Literal["event_condition"] = field(default="event_condition", kw_only=True)

    def __post_init__(self) -> None:
        if self.at_least < 1 or (self.in_a_row is not None and self.in_a_row < 2):
            raise InvalidQueryError("次数至少为 1,连续期数至少为 2")


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a behaviour query, optionally narrowed."""

    event: str
    where: Predicate | None = None


@dataclass(frozen=True, slots=True)
class FunnelCondition:
    """How far an entity gets along ordered steps: 注册后没有绑卡, 填了资料没有注册成功."""

    steps: tuple[Step, ...]
    reached: int = 1
    """The step that is reached, counted from 1."""
    missed: int | None = None
    """The later step that is not; None: how it goes on does not matter."""
    period: Period | None = None
    """When it may begin; None: ever."""
    window_days: int | None = None
    """Within how many days from the beginning; None: until the last day with data."""
    kind: Literal["funnel"] = field(default="funnel", kw_only=True)

    def __post_init__(self) -> None:
        if len(self.steps) < 2:
            raise InvalidQueryError("漏斗至少要有两步")
        if self.window_days is not None and self.window_days < 1:
            raise InvalidQueryError("漏斗的窗口期至少为 1 天")
        if not 1 <= self.reached <= len(self.steps):
            raise InvalidQueryError("走到的一步从 1 数起,不多于总步数")
        if self.missed is not None and not self.reached < self.missed <= len(self.steps):
            raise InvalidQueryError("没有走到的一步要在走到的一步之后")


@dataclass(frozen=True, slots=True)
class SegmentCondition:
    """Membership in a governed segment: 基金沉睡客户."""

    segment: str
    kind: Literal["segment"] = field(default="segment", kw_only=True)


@dataclass(frozen=True, slots=True)
class Membership:
    """Membership in another set."""

    set: Set
    kind: Literal["member"] = field(default="member", kw_only=True)


@dataclass(frozen=True, slots=True)
class TopMembership:
    """The first n (or n percent) entities by a metric: 前10%的客户, AUM最高的5个分行."""

    metric: str
    count: int | None = None
    percent: int | float | None = None
    descending: bool = True
    period: Period | None = None
    kind: Literal["top"] = field(default="top", kw_only=True)

    def __post_init__(self) -> None:
        if (self.count is None) == (self.percent is None):
            raise InvalidQueryError("前几名要么给个数,要么给百分比")
        if self.percent is not None:
            object.__setattr__(self, "percent", canonical_number(self.percent))


@dataclass(frozen=True, slots=True)
class And:
    """All hold. Children are kept in canonical order."""

    children: tuple[Predicate, ...]
    kind: Literal["and"] = field(default="and", kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "children", _canonical_children(self))


@dataclass(frozen=True, slots=True)
class Or:
    """At least one holds. Children are kept in canonical order."""

    children: tuple[Predicate, ...]
    kind: Literal["or"] = field(default="or", kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "children", _canonical_children(self))


@dataclass(frozen=True, slots=True)
class Not:
    """The child does not hold; a missing value counts as not holding the child."""

    child: Predicate
    kind: Literal["not"] = field(default="not", kw_only=True)


@dataclass(frozen=True, slots=True)
class Set:
    """Entities of one kind that fulfil a predicate: AUM超过100万且从未买过基金的客户."""

    entity: str
    where: Predicate
    label: str | None = None
    judged: Literal["as_of", "period_end"] = "as_of"
    """From which day relative periods inside are counted: today, or the last day asked."""
    kind: Literal["set"] = field(default="set", kw_only=True)


Predicate: TypeAlias = Annotated[
    Condition
    | MetricCondition
    | ChangeCondition
    | EventCondition
    | FunnelCondition
    | SegmentCondition
    | Membership
    | TopMembership
    | And
    | Or
    | Not,
    JsonField(discriminator="kind"),
]


def _canonical_children(node: And | Or) -> tuple[Predicate, ...]:
    """Sorted and distinct; a child of the same kind gives its own children."""
    flat: list[Predicate] = []
    for child in node.children:
        flat += child.children if isinstance(child, type(node)) else (child,)
    if not flat:
        raise InvalidQueryError("“且”“或”至少要有一个条件")
    return tuple(sorted(set(flat), key=repr))
