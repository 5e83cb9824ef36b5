"""Whether the data came in time: per dataset its day, and the day it should have reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from metrics.live.dates import due_day
from semantic_layer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far one dataset is."""

    dataset: str
    label: str
    first: date | None
    last: date | None
    """None: nobody knows."""
    due: date | None
    """The last day must not lie before; None: nothing is expected of it."""

    @property
    def is_late(self) -> bool:
        """Whether it should be further."""
        return self.due is not None and (self.last is None or self.last < self.due)


def freshness(snapshot: Snapshot) -> tuple[Freshness, ...]:
    """Every dataset, those that are late first, else in the order of definition."""
    found = (
        Freshness(
            name,
            dataset.label,
            snapshot.first_dates.get(name),
            snapshot.data_dates.get(name),
            due_day(dataset, snapshot.manifest, snapshot.as_of),
        )
        for name, dataset in snapshot.manifest.datasets.items()
    )
    return tuple(sorted(found, key=lambda one: not one.is_late))
