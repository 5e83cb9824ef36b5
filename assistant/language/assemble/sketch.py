"""The half-read question: which token went into which slot so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from assistant.language.catalogue import Catalogue
from assistant.language.time import TimeToken
from assistant.language.tokens import (
    DimensionName,
    Meaning,
    MetricName,
    SegmentName,
    Token,
    ValueName,
    plain,
)
from semantic_layer.problem import Problem, ProblemCode
from semantic_layer.query import (
    Base,
    DimensionGroup,
    Focus,
    Group,
    Measure,
    MetricRef,
    NumberOp,
    Predicate,
    Share,
    Show,
    Span,
    TimeGroup,
)
from semantic_layer.resolved import Assumption

M = TypeVar("M", bound=Meaning)
SOFT = frozenset({"filler", "of", "break"})
OF_ALL = re.compile("全[行国司]|全(?:公司|系统|集团|辖)|[本我咱]们?(?:行|司|公司)")
"""全行平均 is of more than an asker may see whose rights are limited; 平均水平 is not."""

REACHED = ("率", "进度", "情况")
"""完成率, 完成进度 are the share of a target that is reached."""


class Owner(NamedTuple):
    """Who took a token, and as what."""

    slot: str
    meaning: str


class Grouped(NamedTuple):
    """A group and the token that asked for it."""

    at: int
    group: Group
    each: bool = False
    """Asked for with 各, 每个: partitions a ranking of something finer."""


class Compared(NamedTuple):
    """A comparison and what of it is wanted."""

    base: Base | None
    """None: by the habit of the metric and the period."""
    span: Span | None = None
    among: tuple[Base, ...] = ()
    """For a stock the words leave these: 比去年 may be 同比 or 较年初."""


class Limited(NamedTuple):
    """A condition on a number shown."""

    measure: int
    """Token of the metric; -1: the first measure."""
    show: Show
    op: NumberOp
    value: float | str


class Ranked(NamedTuple):
    """An order, with or without a cut."""

    at: int
    arg: str
    """high | low | best | worst | rank | top | bottom"""
    places: int | None = None
    """How many are kept; with `nth`, which one."""
    percent: int | float | None = None
    nth: bool = False
    show: Show = "value"
    """What is ranked: the value, or its diff or rate."""
    base: Base | None = None
    """Of which comparison, when its word stands beside the rank: 同比排名."""
    among: tuple[Show, ...] = ()
    """What the words leave to choose from: 较年初排名 may be by the diff or by the rate."""
    either_way: bool = False
    """变化最大: up or down is not said."""


class Whole(NamedTuple):
    """What a share may be a share of, with the label that tells it from the others."""

    label: str
    share: Share | None
    measure: Measure | None = None
    """Stands for the metric asked for: a ratio of two metrics."""


@dataclass(slots=True)
class Sketch:
    """Slots filled while the rules run; every token has at most one owner."""

    tokens: tuple[Token, ...]
    catalogue: Catalogue
    as_of: date
    scoped: bool = False
    """Whether the asker's rights limit what is seen."""
    owners: dict[int, Owner] = field(default_factory=dict)
    measures: list[tuple[int, Measure]] = field(default_factory=list)
    mentions: list[tuple[int, Measure]] = field(default_factory=list)
    """Every naming of a measure, repeated ones included."""
    groups: list[Grouped] = field(default_factory=list)
    times: list[tuple[int, TimeToken]] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    """Dimension → the way to it that was named: 注册渠道为抖音."""
    where: list[Predicate] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    """Tokens that tell by what they have or do who is meant."""
    listed: list[tuple[int, str]] = field(default_factory=list)
    """Dimensions of which several members were named with 和, 、, and where."""
    having: list[Limited] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    shows: list[Show] = field(default_factory=list)
    """What of the comparison was asked for by name."""
    ranked: list[Ranked] = field(default_factory=list)
    focus: Focus | None = None
    share: Share | None = None
    wholes: list[Whole] = field(default_factory=list)
    """The wholes to choose from, when the words leave several."""
    offer: str = ""
    """What the only option of a question is called."""
    inside: bool = False
    """Whether the buckets named are looked through, by 峰值 or 中位数, and not shown."""
    trend: bool = False
    held: bool = False
    """Whether one metric is held against another: their words stand side by side."""
    faults: list[Problem] = field(default_factory=list)
    """Why this reading cannot be used."""
    questions: list[Problem] = field(default_factory=list)
    """What the asker must choose; `build` then gives several queries."""
    assumptions: list[Assumption] = field(default_factory=list)
    doubt: float = 1.0
    """Factor of confidence that the assumptions leave."""

    args: tuple[dict[str, str], ...] = field(init=False)
    """Per token its closed-class roles with their kinds."""
    places: dict[str, tuple[int, ...]] = field(init=False)
    """Role → the tokens that have it."""

    def __post_init__(self) -> None:
        self.args = tuple(token.roles() for token in self.tokens)
        found: dict[str, list[int]] = {}
        for at, roles in enumerate(self.args):
            for role in roles:
                found.setdefault(role, []).append(at)
        self.places = {role: tuple(at) for role, at in found.items()}

    def own(self, at: int, slot: str, meaning: str = "") -> None:
        """Give a token to a slot."""
        self.owners.setdefault(at, Owner(slot, meaning))

    def is_free(self, at: int) -> bool:
        """Whether the token exists and nobody owns it."""
        return 0 <= at < len(self.tokens) and at not in self.owners

    def word(self, at: int, role: str) -> str | None:
        """The closed-class kind of a free token."""
        return self.args[at].get(role) if self.is_free(at) else None

    def find(self, at: int, kind: type[M]) -> M | None:
        """The meaning of that type of a free token."""
        if not self.is_free(at):
            return None
        return next((m for m in self.tokens[at].meanings if isinstance(m, kind)), None)

    def metric(self, at: int) -> str | None:
        """Metric id, if the free token names a metric."""
        name = self.find(at, MetricName)
        return name.metric if name else None

    def dimension(self, at: int) -> str | None:
        """Dimension id, if the free token names a dimension."""
        name = self.find(at, DimensionName)
        return name.dimension if name else None

    def own_cue(self, at: int, slot: str, value: ValueName) -> None:
        """Take the dimension named beside its value, with the role that it names."""
        name = self.find(at, DimensionName)
        if name is not None:
            role, dot, _ = name.dimension.rpartition(".")
            self.paths[value.dimension] = f"{role}{dot}{value.dimension}"
        self.own(at, slot)

    def is_cue(self, at: int, value: ValueName) -> bool:
        """Whether the free token names the value's dimension, by whatever role."""
        name = self.find(at, DimensionName)
        if name is None:
            return False
        named, homes = plain(name.dimension), self.catalogue.manifest.dimensions
        return named == value.dimension or (
            name.role and homes[named].home == homes[value.dimension].home
        )

    def value(self, at: int) -> ValueName | None:
        """The member, if the free token names one."""
        return self.find(at, ValueName)

    def segment(self, at: int) -> str | None:
        """Segment id, if the free token names one."""
        name = self.find(at, SegmentName)
        return name.segment if name else None

    def after(self, at: int, skip: frozenset[str] = SOFT) -> int:
        """The next token that is not merely soft; len(tokens) at the end."""
        at += 1
        while at < len(self.tokens) and self._is_soft(at, skip):
            at += 1
        return at

    def before(self, at: int, skip: frozenset[str] = SOFT) -> int:
        """The token before that is not merely soft; -1 at the beginning."""
        at -= 1
        while at >= 0 and self._is_soft(at, skip):
            at -= 1
        return at

    def first(self, role: str) -> int | None:
        """The first free token with that role."""
        return next(iter(self.indices(role)), None)

    def indices(self, role: str) -> list[int]:
        """All free tokens with that role."""
        return [at for at in self.places.get(role, ()) if at not in self.owners]

    def has(self, role: str) -> bool:
        """Whether any token, owned or not, has that role."""
        return role in self.places

    def fault(self, code: ProblemCode, message: str, subject: str = "", at: str = "") -> None:
        """Note why this reading cannot be used."""
        self.faults.append(Problem(code, message, at=at, subject=subject))

    def ask(self, message: str, subject: str = "", at: str = "") -> None:
        """Note what only the asker can decide."""
        self.questions.append(Problem("ambiguous_phrase", message, at=at, subject=subject))

    def assume(self, slot: str, text: str, factor: float = 0.95) -> None:
        """Note how an open slot was filled."""
        self.assumptions.append(Assumption(slot, text))
        self.doubt *= factor

    def add_group(self, at: int, group: Group, *, each: bool = False) -> None:
        """Group by it, once."""
        if all(known.group != group for known in self.groups):
            self.groups.append(Grouped(at, group, each))

    def groups_by(self, dimension: str) -> bool:
        """Whether the question is grouped by that dimension."""
        return any(g.group == DimensionGroup(dimension) for g in self.groups)

    @property
    def time_group(self) -> TimeGroup | None:
        """The time buckets asked for."""
        return next((g.group for g in self.groups if isinstance(g.group, TimeGroup)), None)

    @property
    def metric_ids(self) -> tuple[str, ...]:
        """Ids of the plain metrics asked for, in order."""
        return tuple(m.metric for _, m in self.measures if isinstance(m, MetricRef))

    def label(self, at: int) -> str:
        """The token as typed, for messages."""
        return self.tokens[at].text

    def _is_soft(self, at: int, skip: frozenset[str]) -> bool:
        return not skip.isdisjoint(self.args[at]) and not self.tokens[at].names
