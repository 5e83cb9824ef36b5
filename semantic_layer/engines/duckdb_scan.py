"""What tables there are, how large they are, and how much a query would read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from semantic_layer.engines.duckdb_open import CATALOG, ROLLUPS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_READS_ROWS = ("SCAN", "READ_")
_COSTS_NOTHING = ("DUMMY_SCAN", "COLUMN_DATA_SCAN", "CTE_SCAN", "DELIM_SCAN")


def read_schema(connection: DuckDBPyConnection) -> dict[str, Mapping[str, str]]:
    """Table → column → type; tables outside the main schema as `schema.table`."""
    found: dict[str, dict[str, str]] = {}
    columns = exp.select("schema_name", "table_name", "column_name", "data_type")
    for schema, table, column, kind in _catalogue(connection, columns, "duckdb_columns"):
        found.setdefault(_full_name(schema, table), {})[column] = kind
    for _, table, column, kind in _catalogue(connection, columns, "duckdb_columns", ROLLUPS):
        found.setdefault(_full_name(ROLLUPS, table), {})[column] = kind
    return dict(found)


def read_row_counts(
    connection: DuckDBPyConnection, schema: Iterable[str], *, counts: bool
) -> dict[str, int]:
    """Rows per table; `counts` asks the views themselves, which Parquet answers at once."""
    columns = exp.select("schema_name", "table_name", "estimated_size")
    beside = _catalogue(connection, columns, "duckdb_tables", ROLLUPS)
    stored = {_full_name(ROLLUPS, table): size for _, table, size in beside}
    if counts:
        return {name: _count(connection, name) for name in schema if name not in stored} | stored
    rows = _catalogue(connection, columns, "duckdb_tables")
    return {_full_name(schema, table): size for schema, table, size in rows} | stored


class ScanEstimate:
    """How many rows a query would read."""

    def __init__(self, row_counts: Mapping[str, int]) -> None:
        self._row_counts = {name.lower(): count for name, count in row_counts.items()}

    def at_most(self, tables: Iterable[str]) -> float:
        """Every table read in full; infinite when a view is among them."""
        return sum((self._row_counts.get(name, float("inf")) for name in tables), 0.0)

    def planned(self, connection: DuckDBPyConnection, sql: str) -> int:
        """Rows that the scans of the physical plan are expected to give."""
        row = connection.execute(f"EXPLAIN (FORMAT json) {sql}").fetchone()
        return sum(_scanned(node) for node in json.loads(row[1])) if row else 0


def _scanned(node: dict[str, Any]) -> int:
    below = sum(_scanned(child) for child in node.get("children", ()))
    name = str(node.get("name", "")).strip().upper()
    if not any(word in name for word in _READS_ROWS) or name in _COSTS_NOTHING:
        return below
    estimate = node.get("extra_info", {}).get("Estimated Cardinality", "0")
    return below + int(estimate)


def _catalogue(
    connection: DuckDBPyConnection, columns: exp.Select, function: str, catalog: str = CATALOG
) -> list[tuple[Any, ...]]:
    query = (
        columns.from_(exp.Table(this=exp.func(function)))
        .where(exp.column("database_name").eq(catalog))
        .where(exp.column("internal").not_())
    )
    return connection.execute(query.sql(dialect="duckdb")).fetchall()


def _count(connection: DuckDBPyConnection, name: str) -> int:
    table = exp.Table(this=exp.to_identifier(name, quoted=True))
    query = exp.select(exp.Count(this=exp.Star())).from_(table)
    row = connection.execute(query.sql(dialect="duckdb")).fetchone()
    return int(row[0]) if row else 0


def _full_name(schema: str, table: str) -> str:
    return table if schema == "main" else f"{schema}.{table}"
