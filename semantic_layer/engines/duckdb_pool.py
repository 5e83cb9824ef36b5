"""A bounded pool of connections, each used by one query at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from semantic_layer.engines.cancel import CancelToken
from semantic_layer.engines.duckdb_open import enter_catalog
from semantic_layer.engines.errors import (
    EngineClosedError,
    QueryCancelledError,
    QueryTimeoutError,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LOOK_AGAIN_S = 0.05
"""How often a waiting query looks whether it was cancelled."""


class ConnectionPool:
    """Hands out connections of one locked database; others wait their turn."""

    def __init__(self, root: DuckDBPyConnection, size: int) -> None:
        self._root = root
        self._changed = threading.Condition()
        self._idle: list[DuckDBPyConnection] = []
        self._spoilt: set[int] = set()
        self._free = size
        self._in_use = 0
        self._closed = False

    @contextmanager
    def borrow(self, deadline: float, cancel: CancelToken | None) -> Iterator[DuckDBPyConnection]:
        """A connection of one's own until the end of the block."""
        connection = self._take(deadline, cancel)
        try:
            yield connection
        finally:
            self._give_back(connection)

    def discard(self, connection: DuckDBPyConnection) -> None:
        """Marks a borrowed connection that still holds a result, to be closed."""
        with self._changed:
            self._spoilt.add(id(connection))

    def close(self) -> None:
        """Closes idle connections now and borrowed ones when they come back."""
        with self._changed:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()
            self._close_root_when_last()
            self._changed.notify_all()

    def _take(self, deadline: float, cancel: CancelToken | None) -> DuckDBPyConnection:
        with self._changed:
            while True:
                if self._closed:
                    raise EngineClosedError("数据库已关闭,请重新提问")
                if cancel is not None and cancel.is_cancelled:
                    raise QueryCancelledError("查询已取消")
                if self._in_use < self._free:
                    break
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise QueryTimeoutError("现在查询的人太多,排队超时,请稍后再试")
                self._changed.wait(min(remaining, _LOOK_AGAIN_S))
            connection = self._idle.pop() if self._idle else self._new()
            self._in_use += 1
            return connection

    def _new(self) -> DuckDBPyConnection:
        connection = self._root.cursor()
        enter_catalog(connection)
        return connection

    def _give_back(self, connection: DuckDBPyConnection) -> None:
        with self._changed:
            self._in_use -= 1
            spoilt = id(connection) in self._spoilt
            self._spoilt.discard(id(connection))
            if spoilt or self._closed:
                connection.close()
            else:
                self._idle.append(connection)
            self._close_root_when_last()
            self._changed.notify()

    def _close_root_when_last(self) -> None:
        if self._closed and self._in_use == 0:
            self._root.close()
