"""What a stretch of the question says about time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from semantic_layer.problem import Problem
from semantic_layer.query import DayFilter, Grain, Span

TimeKind: TypeAlias = Literal[
    "period", "point", "to_date", "rolling", "same_period", "days", "vague", "invalid"
]


@dataclass(frozen=True, slots=True)
class TimeOption:
    """One way to understand a doubtful expression."""

    label: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TimeToken:
    """A time expression, still symbolic: 上个月, 截至10月底, 近7天, 去年同期."""

    start: int
    end: int
    text: str
    kind: TimeKind
    spans: tuple[Span, ...] | None = None
    """Several stand side by side (今年和去年); None for `days`, `vague` and `invalid`."""
    grain: Grain | None = None
    """Buckets asked for in the same breath: 过去12个月每月."""
    days: DayFilter | None = None
    """Only these days count: 上月工作日."""
    note: str | None = None
    """An assumption the asker should see."""
    problem: Problem | None = None
    options: tuple[TimeOption, ...] = ()
    """Ways out of a `vague` expression, or other readings of a clear one."""
    moved: bool = False
    """12月 in November is last year's, unless the metric looks ahead."""


@dataclass(frozen=True, slots=True)
class GrainToken:
    """A wish for time buckets: 按月, 每天, 各季度."""

    start: int
    end: int
    text: str
    grain: Grain | None
    days: DayFilter | None = None
    problem: Problem | None = None
