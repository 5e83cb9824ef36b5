"""The state of the world that a question takes at the start and keeps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from semantic_layer.calendar import Calendar
from semantic_layer.model import Manifest

if TYPE_CHECKING:
    from semantic_layer.rollups import Stored


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Definitions, data dates and today, all fixed for one question."""

    manifest: Manifest
    as_of: date
    """Today, as the project, the caller or the clock says."""
    data_dates: Mapping[str, date]
    """Dataset name → last day that is loaded, inclusive. Missing: unknown, use as_of."""
    first_dates: Mapping[str, date]
    """Dataset name → first day with data."""
    calendar: Calendar
    column_types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Physical table → column → DuckDB type, from the engine's schema()."""
    max_result_rows: int = 10_000
    min_group_size: int = 1
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """`dataset.field` → every value in the rows, where it was looked up beforehand."""
    linked: frozenset[tuple[str, str]] = frozenset()
    """(dataset, entity) where the rows name nobody but those of the entity's own table."""
    days: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    """Snapshot table → every day it has rows of, in order, where that was looked up beforehand."""
    rollups: Stored | None = None
    """Sums made beforehand that may be read instead of the rows."""

    def days_with_rows(self, dataset: str, start: date, end: date) -> tuple[date, ...]:
        """Those days of a range that a table has rows of; none where nobody looked."""
        days = self.days.get(dataset, ())
        return days[bisect_left(days, start) : bisect_right(days, end)]
