"""The stages of a statement: common table expressions in the order they are needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from sqlglot import exp

from semantic_layer.compile.tokens import identifier
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Column
from semantic_layer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Finished:
    """The last SELECT with the columns it shows."""

    select: exp.Select
    columns: tuple[Column, ...]
    hidden: tuple[str, ...] = ()
    """Columns behind the shown ones: marks of rates over too few cases, of too few people."""
    suppresses: bool = False
    """The last hidden column says whether the row is about too few people."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Where the figure of a condition stands."""

    stage: str
    key: str
    column: str
    zero: bool
    """An entity without rows has 0."""
    wanted: int | None = None
    """For several periods in a row: the number of periods that there have to be."""
    period: exp.Expression | None = None
    """The stage has a row per entity and period; only those of this one."""
    digits: int | None = None
    """The decimals by which it is compared; None: it is exact."""


@dataclass(slots=True)
class Stages:
    """The common table expressions of a statement, in order."""

    taken: frozenset[str]
    """Physical table names that no stage may hide, in lower case."""
    nested: Callable[[ResolvedQuery, Stages, Snapshot], Finished]
    """How a query inside this one becomes stages of its own and a SELECT over them."""
    stages: dict[str, exp.Query] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    """Those of the stages, in lower case."""
    comments: dict[str, str] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)
    shared: dict[object, str] = field(default_factory=dict)
    """What was computed already → its stage."""
    figures: dict[str, Figure] = field(default_factory=dict)
    """How the figures of conditions are read from their stages."""

    def afresh(self) -> Stages:
        """None yet: for another statement of the same question."""
        return Stages(self.taken, self.nested)

    def add(self, name: str, query: exp.Query, comment: str = "") -> str:
        """Adds a stage; returns the name it got, that of the same one where it is there already."""
        wanted = name.replace(".", "_")
        name = self._free(wanted)
        if name != wanted and self.stages.get(wanted) == query:
            return wanted
        self.stages[name] = query
        self.names.add(name.lower())
        self.comments[name] = comment
        return name

    def same_as(self, query: exp.Query) -> str | None:
        """The stage that is this query already."""
        return next((name for name, stage in self.stages.items() if stage == query), None)

    def forget(self, name: str) -> None:
        """Takes a stage out that no other one reads."""
        del self.stages[name], self.comments[name]
        self.names.discard(name.lower())
        self.shared = {key: stage for key, stage in self.shared.items() if stage != name}

    def _free(self, name: str) -> str:
        if not self._is_taken(name.lower()):
            return name
        names = (f"{name}_{number}" for number in count(2))
        return next(free for free in names if not self._is_taken(free.lower()))

    def _is_taken(self, name: str) -> bool:
        return name in self.taken or name in self.names


def attach_stages(select: exp.Select, stages: Stages) -> None:
    """Puts the stages before the last SELECT, each with its comment."""
    expressions = []
    for name, query in stages.stages.items():
        stage = exp.CTE(this=query, alias=exp.TableAlias(this=identifier(name)))
        comment = stages.comments[name]
        if comment:
            stage.comments = [f" {comment} "]
        expressions.append(stage)
    if expressions:
        select.set("with_", exp.With(expressions=expressions))
