"""Which values of the dimensions lie outside an asker's rights: never offered, never named."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock

from assistant.data_dates import Ask
from assistant.dimension_values import MAX_VALUES, Values
from assistant.probe import distinct_values
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import And, Condition, Membership, Or, Predicate
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.rights import Rights, rights_of, row_filter
from semantic_layer.snapshot import Snapshot


def denied_to(principal: Principal, snapshot: Snapshot) -> Problem | None:
    """Why somebody may see nothing at all: unknown, without role or without attribute."""
    try:
        rights_of(snapshot.manifest, principal)
    except RefusedError as refused:
        return refused.problem
    return None


class Sight:
    """Hidden values per asker, each looked up once."""

    def __init__(self, snapshot: Snapshot, values: Values, closed: Values, ask: Ask) -> None:
        self._snapshot = snapshot
        self._values = values
        self._closed = closed
        self._ask = ask
        self._lock = Lock()
        self._known: dict[tuple[Rights, str], frozenset[str]] = {}

    def hidden(self, principal: Principal, dimension: str) -> frozenset[str]:
        """Values of the dimension that only occur in rows the asker may not see."""
        if denied_to(principal, self._snapshot):
            return frozenset()
        rights = rights_of(self._snapshot.manifest, principal)
        if rights.everything or dimension not in self._values:
            return frozenset()
        with self._lock:
            if (rights, dimension) not in self._known:
                self._known[rights, dimension] = self._look_up(rights, dimension)
            return self._known[rights, dimension]

    def members(self, principal: Principal, dimension: str) -> tuple[str, ...]:
        """What the dimension consists of, as far as the asker may see it; () if it is no list."""
        field = self._snapshot.manifest.dimensions[dimension].field
        if field.sensitivity == "pii" or not self._reaches(principal, dimension):
            return ()
        hidden = self.hidden(principal, dimension)
        labels = {str(value.value): value.label for value in field.values}
        known = tuple(labels) or self._values.get(dimension, ())
        gone = hidden | frozenset(self._closed.get(dimension, ()))
        return tuple(labels.get(value) or value for value in known if value not in gone)

    def hidden_words(self, principal: Principal) -> frozenset[str]:
        """Every hidden value that could be recognised in a text."""
        found = (self.hidden(principal, name) for name in self._values)
        return frozenset(word for words in found for word in words if len(word) > 1)

    def hidden_in(self, where: Predicate | None, principal: Principal) -> Iterator[str]:
        """Values that a condition asks for and that are hidden, when it asks for no others."""
        if isinstance(where, And | Or):
            for child in where.children:
                yield from self.hidden_in(child, principal)
        elif isinstance(where, Membership):
            yield from self.hidden_in(where.set.where, principal)
        elif isinstance(where, Condition) and where.op in ("in", "not_in"):
            name = where.dimension.rpartition(".")[2]
            hidden = self.hidden(principal, name)
            asked = [str(value) for value in where.values]
            if where.op == "in":
                yield from asked if all(value in hidden for value in asked) else ()
            elif hidden and frozenset(self._values[name]) - frozenset(asked) <= hidden:
                yield f"{'、'.join(asked)}以外"

    def foreign_in(self, where: Predicate | None, principal: Principal) -> Iterator[str]:
        """Organisations and people that a condition names and the asker may not see.

        Of other attributes nobody in the asker's own rows is an answer: 飞行员 0户.
        """
        if isinstance(where, And | Or):
            for child in where.children:
                yield from self.foreign_in(child, principal)
        elif isinstance(where, Membership):
            yield from self.foreign_in(where.set.where, principal)
        elif isinstance(where, Condition) and self._is_governed(where.dimension):
            hidden = self.hidden(principal, where.dimension.rpartition(".")[2])
            named = [str(value) for value in where.values] if where.op == "in" else []
            foreign = [value for value in named if value in hidden]
            yield from foreign or self.hidden_in(where, principal)

    def _is_governed(self, dimension: str) -> bool:
        """Whether its table holds what a policy speaks of: branches, managers."""
        dimensions = self._snapshot.manifest.dimensions
        bound = {
            dimensions[plain].home
            for policy in self._snapshot.manifest.policies
            for name, _ in policy.allow
            if (plain := name.rpartition(".")[2]) in dimensions
        }
        named = dimensions.get(dimension.rpartition(".")[2])
        return named is not None and named.home in bound

    def _reaches(self, principal: Principal, dimension: str) -> bool:
        """Whether the asker's rights speak of the table at all."""
        manifest = self._snapshot.manifest
        rights = rights_of(manifest, principal)
        try:
            row_filter(manifest, rights, manifest.dimensions[dimension].home)
        except RefusedError:
            return False
        return True

    def _look_up(self, rights: Rights, dimension: str) -> frozenset[str]:
        manifest = self._snapshot.manifest
        home = manifest.dimensions[dimension].home
        try:
            policy = row_filter(manifest, rights, home)
        except RefusedError:
            return frozenset()
        if policy is None:
            return frozenset()
        name = manifest.dimensions[dimension].field.name
        query = distinct_values(
            manifest.datasets[home], name, self._snapshot, MAX_VALUES + 1, policy
        )
        visible = {str(row[0]) for row in self._ask(query).rows}
        return frozenset(self._values[dimension]) - visible
