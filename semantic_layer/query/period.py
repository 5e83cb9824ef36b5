"""When: symbolic periods that `resolve` turns into dates.

A link, a saved question or a pin replays the symbolic form; only the resolved
query holds dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field as JsonField

from semantic_layer.query.invalid import InvalidQueryError

Unit = Literal["day", "week", "xun", "month", "quarter", "half", "year", "workday", "trading_day"]
Grain = Literal["date", "week", "xun", "month", "quarter", "half", "year"]
"""Time groups; the names are the ids of the time dimensions."""
DayFilter = Literal[
    "workday", "trading_day", "weekend", "holiday", "feast", "makeup",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
]  # fmt: skip
"""`holiday`: every day off; `feast`: those of a feast; `makeup`: weekends that are worked."""
Align = Literal["elapsed", "full", "feast"]


@dataclass(frozen=True, slots=True)
class Absolute:
    """Closed range of days the asker named: 2024年三季度, 2026-05-08."""

    start: date
    end: date
    """Last day, inclusive."""
    kind: Literal["absolute"] = field(default="absolute", kw_only=True)

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InvalidQueryError(f"时间段的结束日 {self.end} 早于开始日 {self.start}")


@dataclass(frozen=True, slots=True)
class Part:
    """Sub-units of a larger unit: 三季度, 中旬, 前10天, 最后两个月."""

    unit: Unit
    index: int
    """1-based; negative counts from the end (-1 = the last)."""
    count: int = 1
    """How many sub-units, going forward from `index`."""

    def __post_init__(self) -> None:
        if self.index == 0 or self.count < 1:
            raise InvalidQueryError("时间的组成部分从 1 数起,个数至少为 1")


@dataclass(frozen=True, slots=True)
class Relative:
    """Calendar units counted from today: 上个月, 近三个月, 今年以来, 去年三季度."""

    unit: Unit
    offset: int = 0
    """0 is the unit that contains the anchor, -1 the one before."""
    span: int = 1
    """How many units, the last one being the one at `offset`."""
    within: tuple[Part, ...] = ()
    """去年10月中旬 = year -1 within month 10 within xun 2."""
    to_date: bool = False
    """Ends at the anchor instead of the unit's last day: 年初至今."""
    anchor: Literal["as_of", "data"] = "as_of"
    """`data`: rolling windows end at min(today, data date): 近7天."""
    kind: Literal["relative"] = field(default="relative", kw_only=True)

    def __post_init__(self) -> None:
        if self.span < 1:
            raise InvalidQueryError("时间跨度至少为 1 个单位")


@dataclass(frozen=True, slots=True)
class Holiday:
    """A named feast by its official days off: 今年春节, 去年国庆, 节前一周."""

    name: str
    """元旦 | 春节 | 清明 | 劳动节 | 端午 | 中秋 | 国庆 | 双十一 | 618 | 双十二 …"""
    offset: int = 0
    """Years from the anchor's year; ignored when `year` is given."""
    year: int | None = None
    side: Literal["during", "before", "after"] = "during"
    days: int = 0
    """Length of the window before or after the feast."""
    day_unit: Literal["day", "workday", "trading_day"] = "day"
    kind: Literal["holiday"] = field(default="holiday", kw_only=True)

    def __post_init__(self) -> None:
        if (self.side == "during") != (self.days == 0):
            raise InvalidQueryError("节前、节后需要天数,节日当期不需要")


@dataclass(frozen=True, slots=True)
class Between:
    """From the first day of one span to the last day of another: 从年初到上月末."""

    start: Span
    end: Span | None = None
    """None: up to the data date (自3月以来)."""
    kind: Literal["between"] = field(default="between", kw_only=True)


@dataclass(frozen=True, slots=True)
class Edge:
    """A point in time: 上月末 (`end`), 年初 (`opening` = the day before it starts)."""

    of: Span
    side: Literal["opening", "end"] = "end"
    kind: Literal["edge"] = field(default="edge", kw_only=True)


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest data there is: the last snapshot, or the last complete `unit`."""

    unit: Unit | None = None
    kind: Literal["latest"] = field(default="latest", kw_only=True)


@dataclass(frozen=True, slots=True)
class Everything:
    """From the first to the last row: 历年, 有数据以来."""

    kind: Literal["everything"] = field(default="everything", kw_only=True)


@dataclass(frozen=True, slots=True)
class Shifted:
    """Another span moved as a whole: 去年同期."""

    of: Span
    unit: Unit
    offset: int
    align: Align = "elapsed"
    kind: Literal["shifted"] = field(default="shifted", kw_only=True)


Span: TypeAlias = Annotated[
    Absolute | Relative | Holiday | Between | Edge | Latest | Everything | Shifted,
    JsonField(discriminator="kind"),
]


@dataclass(frozen=True, slots=True)
class Period:
    """One span, or several side by side (今年春节和去年春节), with day filter and role."""

    spans: tuple[Span, ...]
    days: DayFilter | None = None
    """Only 工作日, 周末, 法定节假日, 周一 … count."""
    role: str | None = None
    """Time role (申请日, 放款日); None: the metric's own time field."""
    kind: Literal["period"] = field(default="period", kw_only=True)

    def __post_init__(self) -> None:
        if not self.spans:
            raise InvalidQueryError("时间范围至少要有一段")
