"""DuckDB behind the `Engine` protocol: read-only, locked down, many threads at once."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlglot import exp

from semantic_layer.engines.cancel import CancelToken
from semantic_layer.engines.duckdb_errors import running_error
from semantic_layer.engines.duckdb_open import (
    matching_files,
    open_file,
    open_parquet,
    parquet_files,
)
from semantic_layer.engines.duckdb_pool import ConnectionPool
from semantic_layer.engines.duckdb_scan import ScanEstimate, read_row_counts, read_schema
from semantic_layer.engines.errors import (
    EngineClosedError,
    QueryCancelledError,
    QueryFailedError,
    QueryTimeoutError,
    QueryTooExpensiveError,
)
from semantic_layer.engines.fingerprint import stamp_files
from semantic_layer.engines.protocol import Capability, Limits, Schema, Table
from semantic_layer.engines.watchdog import Watch, Watchdog
from semantic_layer.statement import Statement

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CAPABILITIES: frozenset[Capability] = frozenset(
    {
        "full_outer_join", "null_safe_equal", "qualify", "grouping_sets",
        "filtered_aggregate", "exact_quantile",
    }
)  # fmt: skip
CLOSED = "数据库连接已关闭,请重新提问"
BESIDE = 4
"""Totals and counts that may run while the rows of their questions do."""


class DuckDBEngine:
    """A read-only DuckDB file, or a folder of Parquet files, shared by all threads."""

    dialect = "duckdb"
    capabilities = _CAPABILITIES

    def __init__(
        self,
        *,
        path: Path | None = None,
        parquet: str | None = None,
        pool_size: int = 8,
        threads: int | None = None,
        memory_limit: str | None = None,
        rollups: Path | None = None,
    ) -> None:
        """Opens exactly one of a database file and a pattern of Parquet files."""
        settings = _settings(threads, memory_limit)
        self._pattern = parquet
        self._beside = () if rollups is None else (rollups,)
        self._beside_stamps = stamp_files(self._beside)
        if path is not None and parquet is None:
            self._files: tuple[Path, ...] = (path.resolve(),)
            self._stamps = stamp_files(self._files)
            root = open_file(self._files[0], settings, rollups)
        elif parquet is not None and path is None:
            self._files = parquet_files(parquet)
            self._stamps = stamp_files(self._files)
            root = open_parquet(self._files, settings, rollups)
        else:
            raise ValueError("give either path or parquet")
        self._pool = ConnectionPool(root, pool_size)
        self._watchdog = Watchdog()
        self._workers = ThreadPoolExecutor(BESIDE, "statement-beside")
        self._finalizer = weakref.finalize(
            self, _shut_down, self._workers, self._watchdog, self._pool
        )
        self._broken = threading.Event()
        self._schema: Schema = MappingProxyType(read_schema(root))
        self._scans = ScanEstimate(read_row_counts(root, self._schema, counts=bool(parquet)))

    @property
    def stale(self) -> bool:
        """Whether a file was replaced, or the database gave up: open a new engine."""
        files = self._files
        if self._pattern is not None:
            files = matching_files(self._pattern)
        replaced = stamp_files(files) != self._stamps
        rebuilt = stamp_files(self._beside) != self._beside_stamps
        return self._broken.is_set() or replaced or rebuilt

    def schema(self) -> Schema:
        """Every table with its columns, as of opening."""
        return self._schema

    def run(
        self, query: exp.Expr | Statement, limits: Limits, cancel: CancelToken | None = None
    ) -> Table:
        """The rows of one query; EngineError otherwise."""
        statement = _statement(query)
        deadline = time.monotonic() + limits.timeout_s
        with (
            self._pool.borrow(deadline, cancel) as connection,
            self._running(connection, limits, deadline, cancel),
        ):
            self._check_cost(connection, statement, limits)
            connection.execute(statement.text)
            rows = connection.fetchmany(limits.max_result_rows + 1)
            description = connection.description or []
            truncated = len(rows) > limits.max_result_rows
            if truncated:
                self._pool.discard(connection)
        return Table(
            columns=tuple(str(column[0]) for column in description),
            types=tuple(str(column[1]) for column in description),
            rows=tuple(rows[: limits.max_result_rows]),
            truncated=truncated,
        )

    def run_all(
        self, queries: Sequence[Statement], limits: Limits, cancel: CancelToken | None = None
    ) -> tuple[Table, ...]:
        """The rows of several queries, side by side where threads are free."""
        first, *others = queries
        begun = [self._begun(query, limits, cancel) for query in others]
        try:
            return (self.run(first, limits, cancel), *(future.result() for future in begun))
        finally:
            for future in begun:  # those that run already end by themselves, or by the handle
                future.cancel()

    def _begun(self, query: Statement, limits: Limits, cancel: CancelToken | None) -> Future[Table]:
        try:
            return self._workers.submit(self.run, query, limits, cancel)
        except RuntimeError as error:
            raise EngineClosedError(CLOSED) from error

    def explain(self, tree: exp.Expr) -> str:
        """The physical plan as text."""
        limits = Limits()
        deadline = time.monotonic() + limits.timeout_s
        with (
            self._pool.borrow(deadline, None) as connection,
            self._running(connection, limits, deadline, None),
        ):
            rows = connection.execute(f"EXPLAIN {_statement(tree).text}").fetchall()
        return "\n".join(str(row[1]) for row in rows)

    def close(self) -> None:
        """Stops running queries and lets the files go."""
        self._finalizer()

    @contextmanager
    def _running(
        self,
        connection: DuckDBPyConnection,
        limits: Limits,
        deadline: float,
        cancel: CancelToken | None,
    ) -> Iterator[None]:
        import duckdb

        with self._watchdog.watching(connection.interrupt, deadline, cancel) as watch:
            try:
                yield
            except duckdb.Error as error:
                self._pool.discard(connection)
                if isinstance(error, duckdb.InterruptException):
                    raise _stopped(watch, limits) from error
                if isinstance(error, duckdb.FatalException | duckdb.InternalException):
                    self._broken.set()
                raise running_error(error, str(self._files[0])) from error

    def _check_cost(
        self, connection: DuckDBPyConnection, statement: Statement, limits: Limits
    ) -> None:
        most = limits.max_scan_rows
        if most is None or self._scans.at_most(statement.tables) <= most:
            return
        rows = self._scans.planned(connection, statement.text)
        if rows > most:
            raise QueryTooExpensiveError(
                f"这个问题预计要读取约 {rows:,} 行,超过上限 {most:,} 行,"
                "请缩小时间范围或加上筛选条件"
            )


def _shut_down(workers: ThreadPoolExecutor, watchdog: Watchdog, pool: ConnectionPool) -> None:
    workers.shutdown(wait=False)
    watchdog.close()
    pool.close()


def _settings(threads: int | None, memory_limit: str | None) -> dict[str, str]:
    chosen = {"threads": threads, "memory_limit": memory_limit}
    return {name: str(value) for name, value in chosen.items() if value is not None}


def _statement(query: exp.Expr | Statement) -> Statement:
    if isinstance(query, Statement):
        return query
    if not isinstance(query, exp.Query):
        raise QueryFailedError("只能执行查询语句", type(query).__name__)
    return Statement.of(query)


def _stopped(watch: Watch, limits: Limits) -> Exception:
    if watch.stopped_by == "timeout":
        return QueryTimeoutError(
            f"查询超过 {limits.timeout_s:g} 秒仍未完成,已停止,请缩小时间范围或减少分组"
        )
    if watch.stopped_by == "cancelled":
        return QueryCancelledError("查询已取消")
    return EngineClosedError(CLOSED)
