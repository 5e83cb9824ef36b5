"""Writes the file of rollups that stands beside a database; readers see all of it or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from semantic_layer.engines.duckdb_errors import duckdb_errors, running_error
from semantic_layer.engines.duckdb_open import (
    CATALOG,
    ROLLUPS,
    attach,
    open_parquet_unlocked,
    parquet_files,
    private_instance,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class RollupWriter:
    """A file in the making."""

    connection: DuckDBPyConnection

    def store(self, name: str, select: exp.Select) -> dict[str, str]:
        """Runs a query into a table; its columns with their types."""
        create = exp.Create(this=table_of(name), kind="TABLE", expression=select)
        self._run(create)
        rows = self._run(exp.Describe(this=table_of(name)))
        return {str(row[0]): str(row[1]) for row in rows}

    def drop(self, name: str) -> None:
        """Takes a table out again."""
        self._run(exp.Drop(this=table_of(name), kind="TABLE"))

    def rows(self, tree: exp.Expr) -> tuple[tuple[Any, ...], ...]:
        """The rows of a query over the data or over what was stored."""
        return tuple(self._run(tree))

    def tell(self, name: str, facts: dict[str, str]) -> None:
        """Stores facts as name and text."""
        self._run(
            exp.Create(
                this=exp.Schema(
                    this=table_of(name),
                    expressions=[
                        exp.ColumnDef(this=exp.to_identifier(n), kind=exp.DataType.build("text"))
                        for n in ("name", "value")
                    ],
                ),
                kind="TABLE",
            )
        )
        for key, value in facts.items():
            self._run(exp.insert(exp.values([(key, value)]), table_of(name)))

    def _run(self, tree: exp.Expr) -> list[tuple[Any, ...]]:
        import duckdb

        try:
            return self.connection.execute(tree.sql(dialect="duckdb", comments=False)).fetchall()
        except duckdb.Error as error:
            raise running_error(error, ROLLUPS) from error


@contextmanager
def writing_rollups(
    target: Path, *, path: Path | None = None, parquet: str | None = None
) -> Iterator[RollupWriter]:
    """A writer beside the data; the file takes its place when the body ends well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    connection = _opened(path, parquet)
    try:
        connection.execute(attach(fresh, ROLLUPS, read_only=False))
        yield RollupWriter(connection)
        connection.execute("DETACH rollups")
        fresh.replace(target)
    finally:
        connection.close()
        for left in (fresh, fresh.with_name(f"{fresh.name}.wal")):
            left.unlink(missing_ok=True)


def table_of(name: str) -> exp.Table:
    """A table of the file."""
    return exp.Table(this=exp.to_identifier(name), db=exp.to_identifier(ROLLUPS))


def _opened(path: Path | None, parquet: str | None) -> DuckDBPyConnection:
    if parquet is not None:
        return open_parquet_unlocked(parquet_files(parquet), {})
    assert path is not None
    connection = private_instance({})
    with duckdb_errors(str(path)):
        connection.execute(attach(path, CATALOG, read_only=True))
        connection.execute("USE warehouse")
    return connection
