"""An engine that is closed only when the last question that uses it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from semantic_layer.engines import Engine


class SharedEngine:
    """Counts its users, so that a newer engine can take over while questions run."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._users = 0
        self._retired = False

    @property
    def stale(self) -> bool:
        """Whether the data was replaced since it was opened."""
        return self._engine.stale

    @contextmanager
    def use(self) -> Iterator[Engine]:
        """The engine, kept open for the body."""
        with self._lock:
            self._users += 1
        try:
            yield self._engine
        finally:
            with self._lock:
                self._users -= 1
                done = self._retired and self._users == 0
            if done:
                self._engine.close()

    def retire(self) -> None:
        """Closes the engine now, or when its last user is done."""
        with self._lock:
            self._retired = True
            idle = self._users == 0
        if idle:
            self._engine.close()
