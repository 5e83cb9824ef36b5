"""What was learned from a database file, kept until the file or the definitions change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from assistant.data_dates import DataDates
from assistant.dimension_values import Values
from assistant.disk_cache import DiskCache, cache_key
from assistant.linked import Linked
from assistant.reported_days import ReportedDays
from semantic_layer.engines import Engine
from semantic_layer.engines.fingerprint import stamp_files
from semantic_layer.model import Manifest

T = TypeVar("T")


class Learned:
    """Values and data dates by manifest and file; several files at once are asked anew."""

    def __init__(self, manifest: Manifest, database: Path, cache: DiskCache) -> None:
        stamps = stamp_files((database.resolve(),)) if database.is_file() else ()
        self._key = cache_key(manifest.hash, stamps) if stamps else None
        self._cache = cache

    def values(self, engine: Engine, find: Callable[[], Values]) -> Values:
        """The recognisable values of every dimension."""
        return self._known("values", "", engine, find)

    def closed(self, engine: Engine, find: Callable[[], Values]) -> Values:
        """The values of every dimension that are no more."""
        return self._known("closed", "", engine, find)

    def members(self, engine: Engine, find: Callable[[], Values]) -> Values:
        """The members that are listed even without rows, by `dataset.field`."""
        return self._known("members", "", engine, find)

    def linked(self, engine: Engine, find: Callable[[], Linked]) -> Linked:
        """The tables that name nobody but those of the entity's own table."""
        known = self._known("linked", "", engine, lambda: sorted(find()))
        return frozenset((dataset, entity) for dataset, entity in known)

    def reported(self, engine: Engine, find: Callable[[], ReportedDays]) -> ReportedDays:
        """Every day that a snapshot table has rows of."""
        return self._known("reported", "", engine, find)

    def dates(self, today: date, engine: Engine, find: Callable[[], DataDates]) -> DataDates:
        """First and last day of every dataset, as seen on a day."""

        def plain() -> tuple[dict[str, date], dict[str, date]]:
            found = find()
            return dict(found.first), dict(found.last)

        return DataDates(*self._known("dates", f"-{today.isoformat()}", engine, plain))

    def _known(self, kind: str, more: str, engine: Engine, find: Callable[[], T]) -> T:
        if self._key is None:
            return find()
        known: T | None = self._cache.get(kind, self._key + more)
        if known is not None:
            return known
        found = find()
        if not engine.stale:
            self._cache.put(kind, self._key + more, found)
        return found
