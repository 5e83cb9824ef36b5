"""How long each station of the journey took, told as it happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, get_args

Station = Literal["understand", "retrieve", "plan", "resolve", "compile", "run", "explain"]


@dataclass(frozen=True, slots=True)
class Event:
    """A station begins or ends; for progress shown to the asker."""

    station: Station
    ended: bool
    milliseconds: float = 0.0
    detail: str = ""
    """What is being done there, where that takes a while."""


OnEvent = Callable[[Event], None]


def ignore(_: Event) -> None:
    """For callers that do not watch."""


class Trail:
    """Adds up the time per station."""

    def __init__(self, on_event: OnEvent = ignore) -> None:
        self._on_event = on_event
        self._spent: dict[Station, float] = dict.fromkeys(get_args(Station), 0.0)
        self._started = time.perf_counter()

    @contextmanager
    def at(self, station: Station) -> Iterator[None]:
        """Times the body as part of a station."""
        self._on_event(Event(station, ended=False))
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - started) * 1000
            self._spent[station] += spent
            self._on_event(Event(station, ended=True, milliseconds=spent))

    def tell(self, station: Station, detail: str) -> None:
        """What a station is busy with."""
        self._on_event(Event(station, ended=False, detail=detail))

    def timings_ms(self) -> Mapping[str, float]:
        """Milliseconds per station, and in all."""
        total = (time.perf_counter() - self._started) * 1000
        return {k: round(v, 2) for k, v in self._spent.items()} | {"total": round(total, 2)}
