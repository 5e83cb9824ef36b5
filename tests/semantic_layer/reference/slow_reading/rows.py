"""Rows and joins: one row at a time, every table as its owner may see it.

Ways to a dimension, by the text: an own field first, the only way, the way whose last
join is the declared default (of several, the one that leaves by a default); anything else
is asked. A missing key never matches. The
row policy binds the rows that are counted and the members that are listed; a name that a
counted row reaches stays readable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from slow_reading.expressions import evaluate, number
from slow_reading.world import UNKNOWN, RefusedError, Row, World

from semantic_layer.model import Band, Field, Join
from semantic_layer.model.expression import parse_scalar

Way = tuple[Join, ...]
MAX_JOINS = 4


@dataclass(slots=True)
class Reader:
    """Rows of the world for one person."""

    world: World
    seen: dict[str, list[Row]] = field(default_factory=dict)
    ways: dict[tuple[str, str], Way | RefusedError] = field(default_factory=dict)
    found: dict[tuple[str, int, str], Any] = field(default_factory=dict)
    """Dimensions of rows already looked up; the rows outlive the reader."""

    def rows(self, dataset: str) -> list[Row]:
        """The rows of a dataset that the person may see."""
        if dataset not in self.seen:
            rows = self.world.tables[self.world.dataset(dataset).table or ""]
            rights = self._rights(dataset)
            self.seen[dataset] = [r for r in rows if rights is None or rights(r)]
        return self.seen[dataset]

    def everything(self, dataset: str) -> list[Row]:
        """All rows, whoever asks."""
        return self.world.tables[self.world.dataset(dataset).table or ""]

    def follow(self, dataset: str, row: Row | None, way: Way) -> tuple[str, Row | None]:
        """Where a chain of joins leads from a row."""
        for join in way:
            row = None if row is None else self._partner(dataset, row, join)
            dataset = join.to
        return dataset, row

    def _partner(self, dataset: str, row: Row, join: Join) -> Row | None:
        keys = [self.formula(dataset, row, ours) for ours, _ in join.keys]
        if None in keys:
            return None
        for other in self.everything(join.to):
            theirs = [number(self.value(join.to, other, name)) for _, name in join.keys]
            if theirs == keys and self._is_valid(dataset, row, join, other):
                return other
        return None

    def _is_valid(self, dataset: str, row: Row, join: Join, other: Row) -> bool:
        """Half-open, an open end holds for ever."""
        if join.validity is None:
            return True
        day = self.formula(dataset, row, join.validity.as_of)
        since = self.value(join.to, other, join.validity.from_field)
        until = self.value(join.to, other, join.validity.to_field)
        if day is None or since is None:
            return False
        return bool(since <= day and (until is None or day < until))

    def value(
        self, dataset: str, row: Row | None, name: str, inside: frozenset[str] = frozenset()
    ) -> Any:
        """A field of a row, or the plain column of that name."""
        found = self.world.dataset(dataset).field(name)
        if row is None:
            return None
        if found is None or name in inside or (found.expr is None and found.band is None):
            return row[name]
        if found.band is not None:
            return band_of(found.band, self.value(dataset, row, found.band.of, inside | {name}))
        return self.formula(dataset, row, found.expr or name, inside | {name})

    def formula(
        self, dataset: str, row: Row, text: str, inside: frozenset[str] = frozenset()
    ) -> Any:
        """A scalar formula over the fields of a row; `role.field` follows joins."""

        def lookup(parts: tuple[str, ...]) -> Any:
            *roles, name = parts
            at, found = dataset, row
            if roles != [dataset]:
                at, found = self._roles(dataset, row, tuple(roles))
            return self.value(at, found, name, inside if not roles else frozenset())

        return evaluate(parse_scalar(text, self.world.manifest.parameters), lookup)

    def _roles(
        self, dataset: str, row: Row | None, roles: tuple[str, ...]
    ) -> tuple[str, Row | None]:
        for role in roles:
            join = self.world.dataset(dataset).join(role)
            assert join is not None
            dataset, row = self.follow(dataset, row, (join,))
        return dataset, row

    def dimension(self, dataset: str, row: Row, name: str) -> Any:
        """The stored value of a dimension for a row."""
        asked = (dataset, id(row), name)
        if asked not in self.found:
            self.found[asked] = self._dimension(dataset, row, name)
        return self.found[asked]

    def _dimension(self, dataset: str, row: Row, name: str) -> Any:
        if name.startswith("@@"):
            return self._number(dataset, row, self.way(dataset, name))
        at, found = self.follow(dataset, row, self.way(dataset, name))
        if name.startswith("@"):
            return self.value(at, found, self.world.dataset(at).key[0])
        return self.value(at, found, name.rpartition(".")[2])

    def _number(self, dataset: str, row: Row, way: Way) -> Any:
        """The number of an entity as the row has it, known to the entity's table or not."""
        if not way:
            return row[self.world.dataset(dataset).key[0]]
        at, found = self.follow(dataset, row, way[:-1])
        return None if found is None else self.formula(at, found, way[-1].keys[0][0])

    def way(self, dataset: str, name: str) -> Way:
        """The joins to a dimension (`role.dimension` names the last roles, `@@` a number)."""
        name = name.removeprefix("@") if name.startswith("@@") else name
        if (dataset, name) not in self.ways:
            try:
                self.ways[dataset, name] = self._way(dataset, name)
            except RefusedError as error:
                self.ways[dataset, name] = error
        found = self.ways[dataset, name]
        if isinstance(found, RefusedError):
            raise found
        return found

    def _way(self, dataset: str, name: str) -> Way:
        role, _, plain = name.rpartition(".")
        start = self.world.dataset(dataset)
        if not role and self._lands(dataset, name):
            return ()
        ways = list(self._ways(dataset, name if name.startswith("@") else plain, ()))
        if role:
            roles = tuple(role.split("."))
            ways = [w for w in ways if tuple(j.name for j in w[-len(roles) :]) == roles]
            ways = [w for w in ways if len(w) == len(roles)] or ways
            if not ways and start.field(plain) is not None:
                return ()
        if not ways:
            raise RefusedError("dim_not_applicable")
        if name.startswith("@"):
            direct = [w for w in ways if len(w) == 1]
            ways = direct if len(direct) == 1 else ways
        return ways[0] if len(ways) == 1 else _default(ways)

    def _lands(self, dataset: str, name: str) -> bool:
        found = self.world.dataset(dataset)
        if name.startswith("@"):
            return found.entity == name[1:]
        return found.field(name) is not None

    def _ways(self, dataset: str, name: str, way: Way) -> Iterator[Way]:
        if len(way) == MAX_JOINS:
            return
        for join in self.world.dataset(dataset).joins:
            if join.type == "many_to_many" or join.to in {j.to for j in way}:
                continue
            if self._lands(join.to, name):
                yield (*way, join)
            else:
                yield from self._ways(join.to, name, (*way, join))

    def _rights(self, dataset: str) -> Any:
        """Which rows may be seen; None: all of them."""
        granted = alternatives(self.world)
        if granted is None or any(not allowed for allowed in granted):
            return None
        bound = [allowed for allowed in granted if self._reaches(dataset, allowed)]
        if not bound:
            open_to_all = {
                n for p in self.world.manifest.policies if p.role is None for n in p.unrestricted
            }
            if dataset in open_to_all:
                return None
            raise RefusedError("permission")

        def may(row: Row) -> bool:
            return any(
                all(str(self.dimension(dataset, row, name)) in values for name, values in allowed)
                for allowed in bound
            )

        return may

    def _reaches(self, dataset: str, allowed: Any) -> bool:
        try:
            for name, _ in allowed:
                self.way(dataset, name)
        except RefusedError:
            return False
        return True


def _default(ways: list[Way]) -> Way:
    """The way that ends in a default; of several, the one that leaves by a default."""
    left = [way for way in ways if way[-1].default]
    depth = 0
    while len(left) > 1 and depth < MAX_JOINS:
        if len({way[depth].name for way in left if len(way) > depth}) > 1:
            left = [way for way in left if len(way) > depth and way[depth].default]
        depth += 1
    if len(left) != 1:
        raise RefusedError("ambiguous_path")
    return left[0]


def alternatives(world: World) -> list[list[tuple[str, tuple[str, ...]]]] | None:
    """What each role of the person allows; None when there are no policies."""
    policies = world.manifest.policies
    if not policies:
        return None
    granted = []
    for role in dict.fromkeys(world.principal.roles):
        own = [p for p in policies if p.role == role]
        rules = [rule for policy in own for rule in policy.allow]
        allowed = [(name, _allowed(rule, world)) for name, rule in rules]
        if own and all(values for _, values in allowed):
            granted.append(allowed)
    if not granted:
        raise RefusedError("permission")
    return granted


def _allowed(rule: str | tuple[str, ...], world: World) -> tuple[str, ...]:
    if isinstance(rule, tuple):
        return rule
    if rule.startswith("user:"):
        return world.principal.attribute(rule[5:]) or ()
    return (rule,)


def band_of(band: Band, value: Any) -> str | None:
    """The name of the left-closed band that holds a value."""
    if value is None:
        return None
    position = sum(1 for edge in band.edges if value >= edge)
    return band_names(band)[position]


def band_names(band: Band) -> list[str]:
    """Names of the bands from low to high."""
    if band.labels:
        return list(band.labels)
    edges = [f"{edge:g}" for edge in band.edges]
    middle = [f"{a}(含)—{b}" for a, b in pairwise(edges)]
    return [f"{edges[0]}以下", *middle, f"{edges[-1]}及以上"]


def kind_of(world: World, found: Field, home: str) -> str:
    """string, number, date, boolean …"""
    if found.type is not None:
        return found.type
    if found.band is not None:
        return "string"
    column = world.column_types.get(world.dataset(home).table or "", {}).get(found.name, "VARCHAR")
    kinds = {"VARCHAR": "string", "DATE": "date", "BOOLEAN": "boolean", "TIMESTAMP": "timestamp"}
    return kinds.get(column.partition("(")[0], "number")


def shown(world: World, name: str, value: Any) -> Any:
    """A member as it is listed: labels for codes, 未知 for a missing text."""
    if name.startswith("@"):
        return value
    dimension = world.manifest.dimensions[name.rpartition(".")[2]]
    if any(v.label is not None and v.label != v.value for v in dimension.field.values):
        labels = {number(v.value): str(v.label or v.value) for v in dimension.field.values}
        return labels.get(number(value), UNKNOWN if value is None else str(value))
    if kind_of(world, dimension.field, dimension.home) == "string":
        return UNKNOWN if value is None else value
    return value


def as_day(value: Any) -> Any:
    """The day of a date or of a moment."""
    return value.date() if isinstance(value, datetime) else value
