"""What a branch is grouped by, and literal rows that carry such keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from semantic_layer.compile.groups import GroupColumn
from semantic_layer.compile.tokens import DATE, column, identifier, literal, named, text
from semantic_layer.plan.nodes import Branch
from semantic_layer.resolve.frames import Key

COUNTED = "counted_"
"""How many rows of a group count, where a group may be there without any."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """What a branch is grouped by."""

    groups: tuple[GroupColumn, ...]
    time: str | None
    """Result column of the time key."""

    @property
    def names(self) -> tuple[str, ...]:
        """All key columns."""
        names = tuple(group.name for group in self.groups)
        return (*names, self.time) if self.time else names


def inner_time(branch: Branch, keyed: Keyed) -> bool:
    """Whether rows are told apart by time while they are aggregated."""
    return keyed.time is not None and branch.keying != "one"


def rows_query(rows: Sequence[Mapping[str, Key]]) -> exp.Select:
    """Literal rows as a query; days are texts that become days once per column, not per row."""
    names = list(rows[0])
    days = {name for name in names if all(isinstance(row[name], date) for row in rows)}
    tuples = [
        exp.Tuple(expressions=[text(str(v)) if n in days else literal(v) for n, v in row.items()])
        for row in rows
    ]
    alias = exp.TableAlias(this=identifier("given"), columns=[identifier(n) for n in names])
    select = exp.Select(
        expressions=[_as_day(name) if name in days else column(name) for name in names]
    )
    select.set("from_", exp.From(this=exp.Values(expressions=tuples, alias=alias)))
    return select


def _as_day(name: str) -> exp.Expression:
    return named(exp.Cast(this=column(name, "given"), to=exp.DataType(this=DATE)), name)
