"""Random queries straight from the types: a slot that is added tomorrow is asked for at once."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from semantic_layer import query as q
from semantic_layer.query import InvalidQueryError

QUERIES = (
    q.MetricQuery, q.MetricQuery, q.MetricQuery, q.EntityQuery, q.FunnelQuery, q.RetentionQuery,
    q.PathQuery, q.IntervalQuery,
)  # fmt: skip
NUMBERS = (0, 1, 2, 3, 12, 30, 100, 12_345, 50_000, 1_000_000, 120_000_000, 10**15, -5, -20_000)
FRACTIONS = (0.02, 0.155, -0.3, 12.5, 1e-7, 123456.789, 0.1, 1e22, 99.99, -0.0, 3.0)
NODES = 50
"""After that many parts, a query is finished with what is simplest."""
T = TypeVar("T")


class AnyQuery:
    """Queries whose names are drawn from `names`, by the slot that they stand in."""

    def __init__(self, random: Random, names: Mapping[str, Sequence[str]]) -> None:
        self._random, self._names, self._left = random, names, NODES

    def query(self) -> q.Query:
        """One of any kind."""
        self._left = NODES
        return self.build(self._random.choice(QUERIES))

    def build(self, of: type[T]) -> T:
        """A value of a type of the query language that keeps its own rules."""
        while True:
            self._left -= 1
            slots = self._slots(of)
            try:
                return of(**(self._fitted(slots) if of is q.MetricQuery else slots))
            except InvalidQueryError:
                continue

    def changed(self, query: T, slot: str, value: Any) -> T | None:
        """The query with one slot changed, where it stays a query."""
        try:
            return replace(query, **{slot: value})  # type: ignore[type-var]
        except InvalidQueryError:
            return None

    def _fitted(self, slots: dict[str, Any]) -> dict[str, Any]:
        """Columns of a metric query must be there; a random one seldom is."""
        bases = [None, *(one.base for one in slots.get("compare", ()))]
        counts = {"measure": len(slots["measures"]), "group": len(slots.get("group_by", ()))}
        for name in ("having", "order"):
            fitted = []
            for one in slots.get(name, ()):
                kind = self._random.choice(
                    [kind for kind, count in counts.items() if count] or ["measure"]
                )
                index = self._random.randrange(counts[kind] or 1)
                base = self._random.choice(bases)
                column = q.ColumnRef(show=one.column.show, base=base, **{kind: index})
                fitted.append(replace(one, column=column))
            slots[name] = tuple(fitted)
        return slots

    def _slots(self, of: type[Any]) -> dict[str, Any]:
        given = {}
        for name, kind, has_default in _fields(of):
            if has_default and self._random.random() < (0.55 if self._left > 0 else 0.97):
                continue
            given[name] = self._value(kind, name, of)
        return given

    def _value(self, kind: Any, slot: str, owner: type[Any]) -> Any:
        origin, args = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self._value(args[0], slot, owner)
        if origin in (Union, types.UnionType):
            return self._value(self._one_of(args), slot, owner)
        if origin is Literal:
            return self._random.choice(args)
        if origin is tuple:
            few = self._random.choice((0, 1, 1, 2, 3) if self._left > 0 else (1, 2))
            return tuple(self._value(args[0], slot, owner) for _ in range(few))
        if is_dataclass(kind):
            return self.build(kind)
        return self._scalar(kind, slot, owner)

    def _one_of(self, options: tuple[Any, ...]) -> Any:
        if self._left > 0 or not any(is_dataclass(o) or get_args(o) for o in options):
            return self._random.choice(options)
        ends = [o for o in options if o in (q.Condition, q.MetricRef, q.Relative, type(None), str)]
        return self._random.choice(ends or options)

    def _scalar(self, kind: Any, slot: str, owner: type[Any]) -> Any:
        random = self._random
        if kind is bool:
            return random.random() < 0.5
        if kind is int:
            return (
                random.choice((*range(-4, 13), 400)) if owner in SIGNED else random.randint(0, 12)
            )
        if kind is float:
            return random.choice(FRACTIONS)
        if kind is date:
            return date(2024, 1, 1) + timedelta(days=random.choice((0, 30, 59, 90, 181, 365, 400)))
        if kind is str:
            return random.choice(
                self._names.get(SLOT_NAMES.get((owner, slot), slot), self._names["text"])
            )
        return None


SIGNED = (q.Part, q.Relative, q.Shifted, q.Holiday, q.Order, q.ColumnRef)
SLOT_NAMES = {
    (q.BucketGroup, "of"): "figure",
    (q.DimensionGroup, "dimension"): "dimension",
    (q.EntityQuery, "attributes"): "dimension",
    (q.EventCondition, "after"): "event",
    (q.Period, "role"): "time_role",
    (q.Holiday, "name"): "feast",
    (q.Condition, "values"): "value",
    (q.Focus, "value"): "value",
}


@cache
def _fields(of: type[Any]) -> tuple[tuple[str, Any, bool], ...]:
    hints = get_type_hints(of, include_extras=True)
    return tuple(
        (slot.name, hints[slot.name], slot.default is not MISSING)
        for slot in fields(of)
        if slot.name not in ("kind", "v")
    )
