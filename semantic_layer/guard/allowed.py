"""Which tables and columns a query may read."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlglot
from sqlglot import exp

from semantic_layer.model import Dataset, Manifest

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def fold(name: str) -> str:
    """A name as DuckDB compares it: only ASCII letters lose their case."""
    return name.lower() if name.isascii() else name.translate(_LOWER)


@dataclass(frozen=True, slots=True)
class AllowedTables:
    """Tables (`schema.table` outside the main schema) with their columns, names folded."""

    columns: Mapping[str, frozenset[str]]
    complete: frozenset[str]
    """Tables whose allowed columns are all they have; only these may be starred."""

    @classmethod
    def of(
        cls, tables: Mapping[str, Iterable[str]], *, incomplete: Iterable[str] = ()
    ) -> AllowedTables:
        """Tables by name; the `incomplete` ones have columns that are kept back."""
        columns = {
            fold(table): frozenset(fold(column) for column in names)
            for table, names in tables.items()
        }
        kept_back = {fold(table) for table in incomplete}
        return cls(MappingProxyType(columns), frozenset(columns) - kept_back)


def allowed_tables(manifest: Manifest, schema: Mapping[str, Mapping[str, str]]) -> AllowedTables:
    """What the datasets of a manifest read, with the columns the database reports.

    A table that the database does not have is left out, so a query on it is refused.
    """
    physical = {fold(table): columns for table, columns in schema.items()}
    sources = {fold(name) for dataset in manifest.datasets.values() for name in _sources(dataset)}
    return AllowedTables.of({name: physical[name] for name in sources if name in physical})


def table_name(table: exp.Table) -> str:
    """`schema.table`, or `table` alone."""
    return ".".join(part.name for part in table.parts)


def _sources(dataset: Dataset) -> Iterator[str]:
    if dataset.table is not None:
        yield dataset.table
    if dataset.sql is not None:
        tree = sqlglot.parse_one(dataset.sql, dialect="duckdb")
        own = {fold(cte.alias) for cte in tree.find_all(exp.CTE)}
        names = (table_name(table) for table in tree.find_all(exp.Table))
        yield from (name for name in names if fold(name) not in own)
