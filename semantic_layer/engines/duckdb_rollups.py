"""Writes the file of rollups that stands beside a database; readers see all of it or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
from semantic_layer.engines.errors import DatabaseLockedError, DatabaseUnreadableError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BEFORE = "rollups_before"
"""The name under which the file that is being replaced is attached."""
MEMORY = "2GB"
"""Ample for sums over a hundred million rows; what does not fit spills to disk."""


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

    def rows_before(self, name: str) -> tuple[tuple[Any, ...], ...]:
        """All rows of a table of the file that is being replaced; EngineError: there is none."""
        return tuple(self._run(exp.select("*").from_(_before(name))))

    def take_over(self, name: str) -> None:
        """A table as it is in the file that is being replaced."""
        query = exp.select("*").from_(_before(name))
        self._run(exp.Create(this=table_of(name), kind="TABLE", expression=query))

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
    fresh = target.with_suffix(".new")
    connection = _opened(path, parquet)
    try:
        _make_room(target.parent)
        _attach_fresh(connection, fresh)
    except BaseException:
        connection.close()
        raise
    try:
        _attach_before(connection, target)
        yield RollupWriter(connection)
        connection.execute("DETACH rollups")
        fresh.replace(target)
    finally:
        connection.close()
        _remove(fresh)


def _make_room(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnreadableError(
            f"不能在 {folder} 写预汇总,请为当前用户开放写权限", str(error)
        ) from error


def _attach_fresh(connection: DuckDBPyConnection, fresh: Path) -> None:
    """An empty file; one that an interrupted build left behind is removed, one in use is not."""
    import duckdb

    try:
        connection.execute(attach(fresh, ROLLUPS, read_only=False))
        connection.execute("DETACH rollups")
    except duckdb.Error as error:
        if re.search("lock is held|Could not set lock|handle conflict", str(error)):
            raise DatabaseLockedError(
                "另一个 wenshu rollup build 正在进行,请等它结束后重试", str(error)
            ) from error
    _remove(fresh)
    try:
        connection.execute(attach(fresh, ROLLUPS, read_only=False))
    except duckdb.Error as error:
        raise DatabaseUnreadableError(
            f"不能在 {fresh.parent} 写预汇总,请为当前用户开放写权限", str(error)
        ) from error


def _attach_before(connection: DuckDBPyConnection, target: Path) -> None:
    """The file that is being replaced, if it can be read."""
    import duckdb

    if target.is_file():
        with suppress(duckdb.Error):
            connection.execute(attach(target, BEFORE, read_only=True))


def _remove(fresh: Path) -> None:
    for left in (fresh, fresh.with_name(f"{fresh.name}.wal")):
        left.unlink(missing_ok=True)


def table_of(name: str) -> exp.Table:
    """A table of the file."""
    return exp.Table(this=exp.to_identifier(name), db=exp.to_identifier(ROLLUPS))


def _before(name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name), db=exp.to_identifier(BEFORE))


def _opened(path: Path | None, parquet: str | None) -> DuckDBPyConnection:
    if parquet is not None:
        return open_parquet_unlocked(parquet_files(parquet), {"memory_limit": MEMORY})
    assert path is not None
    connection = private_instance({"memory_limit": MEMORY})
    with duckdb_errors(str(path)):
        connection.execute(attach(path, CATALOG, read_only=True))
        connection.execute("USE warehouse")
    return connection
