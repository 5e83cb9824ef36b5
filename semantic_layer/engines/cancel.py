"""A handle to stop a running query from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable


class CancelToken:
    """Cancelled at most once; tells everyone who listens, at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._listeners: list[Callable[[], None]] = []

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._cancelled

    def cancel(self) -> None:
        """Stops whatever runs with this token, now and later."""
        with self._lock:
            self._cancelled = True
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Calls `listener` on cancelling; at once when that has happened."""
        with self._lock:
            if not self._cancelled:
                self._listeners.append(listener)
                return
        listener()

    def unsubscribe(self, listener: Callable[[], None]) -> None:
        """Forgets a listener."""
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)
