"""Definitions, data and reader as one immutable whole that a question takes at the start."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

from assistant.context import Reader
from assistant.data_dates import Ask, DataDates, find_data_dates
from assistant.dimension_values import Values
from assistant.learned import Learned
from assistant.linked import Linked
from assistant.reported_days import ReportedDays
from assistant.retrieve import Index
from assistant.settings import LimitsSection
from assistant.shared_engine import SharedEngine
from assistant.sight import Sight
from semantic_layer.calendar import Calendar
from semantic_layer.engines import Engine, Schema
from semantic_layer.model import Manifest
from semantic_layer.model.today import with_today
from semantic_layer.result import Notice
from semantic_layer.rollups import Stored
from semantic_layer.snapshot import Snapshot
from semantic_layer.statement import Check

MOST_DAYS = 32


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What all questions share until a file changes."""

    manifest: Manifest
    engine: SharedEngine
    reader: Reader
    values: Values
    sight: Sight
    index: Index
    """What texts may be about; made searchable at its first use."""
    dates: Callable[[date], DataDates]
    """Data dates as they were on a day; remembered per day."""
    calendar: Calendar
    limits: LimitsSection
    schema: Schema
    check: Check
    """The guard over the tables of these definitions."""
    rollups: Stored | None = None
    members: Values = field(default_factory=dict)
    """`dataset.field` → what it holds, where members without rows are listed."""
    linked: Linked = frozenset()
    """Tables that name nobody but those of the entity's own table."""
    reported: ReportedDays = field(default_factory=dict)
    """Every day that a snapshot table has rows of."""
    notices: tuple[Notice, ...] = ()
    """What every answer must say, e.g. that older definitions are still in force."""
    days: dict[date, Snapshot] = field(default_factory=dict, init=False)
    """Snapshots by day."""

    def snapshot(self, as_of: date) -> Snapshot:
        """The state of the world on that day: one object as long as neither changes."""
        found = self.days.get(as_of)
        if found is None:
            if len(self.days) >= MOST_DAYS:
                self.days.clear()
            found = self.days.setdefault(as_of, self._snapshot(as_of))
        return found

    def _snapshot(self, as_of: date) -> Snapshot:
        dates = self.dates(as_of)
        return Snapshot(
            manifest=with_today(self.manifest, as_of),
            as_of=as_of,
            data_dates=dates.last,
            first_dates=dates.first,
            calendar=self.calendar,
            column_types=self.schema,
            max_result_rows=self.limits.max_result_rows,
            min_group_size=self.limits.min_group_size,
            rollups=self.rollups,
            members=self.members,
            linked=self.linked,
            days=self.reported,
        )


def snapshot_id(snapshot: Snapshot) -> str:
    """Equal for equal definitions and data dates."""
    parts = [snapshot.manifest.hash, *(f"{k}={v}" for k, v in sorted(snapshot.data_dates.items()))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


class RememberedDates:
    """Data dates per day, each worked out once."""

    def __init__(self, bare: Snapshot, ask: Ask, learned: Learned, engine: Engine) -> None:
        self._bare = bare
        self._ask = ask
        self._learned = learned
        self._engine = engine
        self._lock = Lock()
        self._known: dict[date, DataDates] = {}

    def __call__(self, today: date) -> DataDates:
        """The data dates as seen on a day."""
        with self._lock:
            if today not in self._known:
                manifest = with_today(self._bare.manifest, today)
                seen = replace(self._bare, manifest=manifest, as_of=today)
                self._known[today] = self._learned.dates(
                    today, self._engine, lambda: find_data_dates(seen, self._ask)
                )
            return self._known[today]
