"""What comes back from the engine, with labels, units and formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Literal, TypeAlias

from semantic_layer.model.metric import Format
from semantic_layer.query.predicate import Base, Show


class Suppressed(Enum):
    """A value about so few people that it is not shown; JSON: null."""

    SMALL_GROUP = "***"

    def __str__(self) -> str:
        return self.value


Cell: TypeAlias = bool | int | float | str | Decimal | date | datetime | Suppressed | None


@dataclass(frozen=True, slots=True)
class Column:
    """A result column. Rows carry base values: 元, fractions; `format` never scales."""

    id: str
    """`branch`, `month`, `deposit`, `deposit.yoy.rate`, `deposit.share`."""
    name: str
    """Chinese heading."""
    kind: Literal["dimension", "time", "metric", "comparison"]
    unit: str | None = None
    format: Format | None = None
    metric: str | None = None
    """Metric id behind a metric or comparison column."""
    show: Show = "value"
    base: Base | None = None
    direction: Literal["up_is_good", "down_is_good", "neutral"] = "neutral"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must know: incomplete_period, truncated, future_rows …"""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ResultSet:
    """Rows in final order, with totals beside them."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: Mapping[str, Cell] = field(default_factory=dict)
    """Column id → value recomputed from the base for the whole."""
    others: Mapping[str, Cell] = field(default_factory=dict)
    """Column id → value of 其他, when a limit asked for it."""
    subtotals: tuple[tuple[Cell, ...], ...] = ()
    """Rows aligned with `columns`, recomputed from the base; 小计, or 其他 of a group with its
    own first ones, stands after the groups kept."""
    total_rows: int = 0
    """Number of groups before the limit."""
    placed_rows: int | None = None
    """Number of groups that take a place; None: all of them."""
    small: frozenset[tuple[int, str]] = frozenset()
    """(row, column id) of rates over too few cases: shown, but never the highest or lowest."""
    truncated: bool = False
    warnings: tuple[Notice, ...] = ()
