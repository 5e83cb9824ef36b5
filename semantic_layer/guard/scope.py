"""Which names mean which columns at a place in a query."""

from __future__ import annotations

from dataclasses import dataclass, field

from semantic_layer.guard.allowed import fold
from semantic_layer.guard.unsafe import UnsafeSQL

_PSEUDO_COLUMNS = frozenset({"rowid"})
"""Columns that every table has and no schema lists."""


@dataclass(frozen=True, slots=True)
class Source:
    """A table, CTE, derived table or list of values in FROM."""

    columns: frozenset[str]
    is_complete: bool
    """False: a table with more columns than the allowed ones."""
    only_qualified: bool = False
    """The right side of a semi or anti join."""


@dataclass(slots=True)
class Scope:
    """The sources of one SELECT, its own output names, and the SELECT around it."""

    parent: Scope | None = None
    sources: dict[str, Source] = field(default_factory=dict)
    outputs: set[str] = field(default_factory=set)
    """Names given in the SELECT list, each after its expression has passed."""

    def add(self, alias: str, source: Source) -> None:
        """Makes a source visible under its alias."""
        name = fold(alias)
        if not name or name in self.sources:
            raise UnsafeSQL("duplicate_alias", alias)
        self.sources[name] = source

    @property
    def is_complete(self) -> bool:
        """Whether no source has columns that are kept back."""
        return all(source.is_complete for source in self.sources.values())

    def check_qualified(self, alias: str, column: str) -> None:
        """Passes when the nearest source of that alias has the column."""
        scope: Scope | None = self
        while scope is not None:
            source = scope.sources.get(fold(alias))
            if source is not None:
                if fold(column) in source.columns:
                    return
                raise UnsafeSQL("column", f"{alias}.{column}")
            scope = scope.parent
        raise UnsafeSQL("column", f"{alias}.{column}")

    def check_plain(self, column: str) -> None:
        """Passes when the name cannot mean anything but an allowed column.

        The database prefers a column of a table to an output name and an inner column
        to an outer one; a kept-back column must not be reached that way.
        """
        name = fold(column)
        scope: Scope | None = self
        while scope is not None:
            if scope.offers(name):
                return
            if not scope.is_complete or name in _PSEUDO_COLUMNS:
                break
            if name in scope.outputs:
                return
            scope = scope.parent
        whole_row = scope is not None and name in scope.sources
        raise UnsafeSQL("whole_row" if whole_row else "column", column)

    def offers(self, name: str) -> bool:
        """Whether a source gives a column of that (folded) name without qualification."""
        for source in self.sources.values():
            if name in source.columns and not source.only_qualified:
                return True
        return False
