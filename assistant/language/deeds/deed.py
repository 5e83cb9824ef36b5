"""A deed: who belongs to a set because of what he holds, did or did not do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from assistant.language.time import TimeToken
from semantic_layer.problem import Problem
from semantic_layer.query import NumberOp, Step
from semantic_layer.query.predicate import RowUnit

How = Literal["held", "rows", "amount", "event"]
"""held: a balance above zero · rows: counted rows of a metric · amount: a sum above zero ·
event: a governed event."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is held or done, and how the definitions tell who does."""

    ref: str
    how: How


@dataclass(frozen=True, slots=True)
class Run:
    """连续3个月: several periods in a row."""

    count: int
    unit: RowUnit


@dataclass(frozen=True, slots=True)
class Walk:
    """开户后30天内没有购买: how far somebody gets along steps."""

    steps: tuple[Step, ...]
    reached: int
    missed: int
    window_days: int | None = None
    said: str = ""
    """What the words leave open, and how it was taken."""


@dataclass(frozen=True, slots=True)
class Deed:
    """没有贷款, 买过理财或基金, 连续3个月没有交易, 交易不少于5笔."""

    things: tuple[Thing, ...]
    did: bool = True
    either: bool = False
    """Whether one of several things is enough."""
    limits: tuple[tuple[NumberOp, int | float], ...] = ()
    """How often."""
    ever: bool = False
    """At any time, by the words: 从未, 买过."""
    run: Run | None = None
    within: TimeToken | None = None
    """三个月未登录 tells its time without 近."""
    said: str = ""
    """What the words leave open, and how it was taken."""
    asked: str = ""
    """The same, where the asker must say so."""
    walk: Walk | None = None
    """One thing is done, and another one not after it."""
    problem: Problem | None = None
    """Recognised, and why it cannot be told."""

    @property
    def is_held(self) -> bool:
        """Whether it is a state at a point in time."""
        return self.walk is None and all(thing.how == "held" for thing in self.things)


class Found(NamedTuple):
    """A deed, or a run of periods, at a place of the text."""

    start: int
    end: int
    meaning: Deed | Run
