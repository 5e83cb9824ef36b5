"""Which values of one column a simple condition lets in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sqlglot import exp

_FLIPPED = {exp.GT: exp.LT, exp.GTE: exp.LTE, exp.LT: exp.GT, exp.LTE: exp.GTE}
_INFINITY = float("inf")


@dataclass(frozen=True, slots=True)
class Listed:
    """These values only, or all but these.

    >>> Listed(frozenset({"正常"})).within(Listed(frozenset({"销户"}), but=True))
    True
    """

    values: frozenset[str]
    but: bool = False

    def within(self, other: Allowed) -> bool:
        """Whether everything let in here is let in there."""
        if not isinstance(other, Listed):
            return True
        if self.but:
            return other.but and other.values <= self.values
        return not (self.values & other.values) if other.but else self.values <= other.values

    def overlaps(self, other: Allowed) -> bool:
        """Whether anything is let in by both."""
        if not isinstance(other, Listed) or (self.but and other.but):
            return True
        if not self.but and not other.but:
            return bool(self.values & other.values)
        few, but = (other, self) if self.but else (self, other)
        return bool(few.values - but.values)


@dataclass(frozen=True, slots=True)
class Ranged:
    """Numbers between two ends."""

    least: float = -_INFINITY
    most: float = _INFINITY
    open_least: bool = False
    open_most: bool = False

    def within(self, other: Allowed) -> bool:
        """Whether everything let in here is let in there."""
        if not isinstance(other, Ranged):
            return True
        above = self.least > other.least or (
            self.least == other.least and (self.open_least or not other.open_least)
        )
        below = self.most < other.most or (
            self.most == other.most and (self.open_most or not other.open_most)
        )
        return above and below

    def overlaps(self, other: Allowed) -> bool:
        """Whether anything is let in by both."""
        return not isinstance(other, Ranged) or (
            self.least <= other.most and other.least <= self.most
        )


Allowed = Listed | Ranged


class OnColumn(NamedTuple):
    """A column, and what a condition lets in; None when that cannot be told."""

    column: str
    allowed: Allowed | None


def allowed_by(condition: exp.Expr) -> OnColumn:
    """What one condition of a filter lets in."""
    but = isinstance(condition, exp.Not)
    inner = condition.this if but else condition
    column = inner.this if isinstance(inner, exp.Binary | exp.In | exp.Between) else None
    if isinstance(inner, exp.Binary) and isinstance(inner.expression, exp.Column):
        column, inner = inner.expression, _flipped(inner)
    if not isinstance(column, exp.Column):
        return OnColumn("", None)
    if isinstance(inner, exp.EQ | exp.NEQ | exp.In):
        literals = inner.expressions if isinstance(inner, exp.In) else [inner.expression]
        values = frozenset(v.name for v in literals if isinstance(v, exp.Literal))
        whole = len(values) == len(literals) and bool(values)
        listed = Listed(values, but != isinstance(inner, exp.NEQ)) if whole else None
        return OnColumn(column.sql(), listed)
    return OnColumn(column.sql(), None if but else _range(inner))


def _flipped(node: exp.Binary) -> exp.Expr:
    kind = _FLIPPED.get(type(node), type(node))
    return kind(this=node.expression, expression=node.this)


def _range(node: exp.Expr) -> Ranged | None:
    if isinstance(node, exp.Between):
        low, high = _number(node.args["low"]), _number(node.args["high"])
        return Ranged(low, high) if low is not None and high is not None else None
    bound = _number(node.expression) if isinstance(node, exp.Binary) else None
    if bound is None:
        return None
    if isinstance(node, exp.GT | exp.GTE):
        return Ranged(least=bound, open_least=isinstance(node, exp.GT))
    if isinstance(node, exp.LT | exp.LTE):
        return Ranged(most=bound, open_most=isinstance(node, exp.LT))
    return None


def _number(node: exp.Expr) -> float | None:
    is_number = isinstance(node, exp.Literal) and not node.is_string
    return float(node.name) if is_number else None
