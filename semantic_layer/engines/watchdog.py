"""Interrupts queries that run too long or are cancelled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from semantic_layer.engines.cancel import CancelToken

_AGAIN_AFTER_S = 0.05
"""An interrupt before the statement has started is lost, so it is repeated."""


class Watch:
    """One running query under observation."""

    __slots__ = ("due", "interrupt", "stopped_by")

    def __init__(self, interrupt: Callable[[], None], due: float) -> None:
        self.interrupt = interrupt
        self.due = due
        self.stopped_by: Literal["timeout", "cancelled"] | None = None


class Watchdog:
    """One thread that watches all queries of an engine; started with the first one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watches: set[Watch] = set()
        self._thread: threading.Thread | None = None
        self._closed = False

    @contextmanager
    def watching(
        self, interrupt: Callable[[], None], deadline: float, cancel: CancelToken | None
    ) -> Iterator[Watch]:
        """Interrupts the body at the deadline (monotonic seconds) or when cancelled."""
        watch = Watch(interrupt, deadline)

        def stop() -> None:
            self._cancel(watch)

        self._add(watch)
        if cancel is not None:
            cancel.subscribe(stop)
        try:
            yield watch
        finally:
            if cancel is not None:
                cancel.unsubscribe(stop)
            with self._changed:
                self._watches.discard(watch)

    def close(self) -> None:
        """Cancels everything that runs and ends the thread."""
        with self._changed:
            self._closed = True
            for watch in self._watches:
                watch.stopped_by = watch.stopped_by or "cancelled"
                watch.due = 0.0
            self._changed.notify()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_AGAIN_AFTER_S * 20)

    def _add(self, watch: Watch) -> None:
        with self._changed:
            self._watches.add(watch)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._guard, name="query-watchdog", daemon=True
                )
                self._thread.start()
            self._changed.notify()

    def _cancel(self, watch: Watch) -> None:
        with self._changed:
            watch.stopped_by = watch.stopped_by or "cancelled"
            watch.due = 0.0
            self._changed.notify()

    def _guard(self) -> None:
        with self._changed:
            while self._watches or not self._closed:
                now = time.monotonic()
                for watch in self._watches:
                    if watch.due <= now:
                        watch.stopped_by = watch.stopped_by or "timeout"
                        watch.due = now + _AGAIN_AFTER_S
                        watch.interrupt()
                upcoming = min((watch.due for watch in self._watches), default=None)
                self._changed.wait(None if upcoming is None else max(upcoming - now, 0.0))
