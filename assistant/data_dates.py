"""Up to which day each dataset is loaded, and since when it has data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from assistant.probe import as_day, first_and_last, load_log
from semantic_layer.engines import QueryFailedError, Table
from semantic_layer.model import Aggregate, Dataset, Manifest
from semantic_layer.resolve.units import ONE_DAY
from semantic_layer.snapshot import Snapshot

Ask = Callable[[exp.Expr], Table]


@dataclass(frozen=True, slots=True)
class DataDates:
    """Dataset name → first and last day; unknown ones are left out."""

    first: Mapping[str, date] = field(default_factory=dict)
    last: Mapping[str, date] = field(default_factory=dict)


def find_data_dates(snapshot: Snapshot, ask: Ask) -> DataDates:
    """The declared data date (load log, or newest row), never later than today.

    A log that goes on past today was not written yet then: everything up to yesterday was in.

    A dataset whose table does not match its definition has none; questions about it say why.
    """
    loads, today = _Loads(ask), snapshot.as_of
    first: dict[str, date] = {}
    last: dict[str, date] = {}
    plans = _set_ahead(snapshot.manifest)
    for name, dataset in snapshot.manifest.datasets.items():
        seen = _span_of_rows(dataset, snapshot, ask, ahead=name in plans)
        if seen[0]:
            first[name] = seen[0]
        declared = loads.data_date(dataset)
        day = declared or seen[1]
        if declared and declared > today:
            day = today - ONE_DAY
        if day:
            last[name] = day if name in plans else min(day, today)
    return DataDates(first, last)


def _set_ahead(manifest: Manifest) -> frozenset[str]:
    """Tables of nothing but targets: those of the rest of the year are known by now."""
    measured = {
        metric.definition.dataset
        for metric in manifest.metrics.values()
        if isinstance(metric.definition, Aggregate)
    }
    return frozenset(target.source for target in manifest.targets) - measured


def _span_of_rows(
    dataset: Dataset, snapshot: Snapshot, ask: Ask, *, ahead: bool
) -> tuple[date | None, date | None]:
    """By the declared column for the data date, else the default time."""
    declared = dataset.data_date.column if dataset.data_date else None
    time = declared or dataset.time
    if time is None:
        return None, None
    try:
        rows = ask(first_and_last(dataset, time, snapshot, ahead=ahead)).rows
    except QueryFailedError:
        return None, None
    return as_day(rows[0][0]), as_day(rows[0][1])


class _Loads:
    """Load logs, each read once."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._read: dict[str, dict[str, date | None]] = {}

    def data_date(self, dataset: Dataset) -> date | None:
        declared = dataset.data_date
        if declared is None or declared.source != "etl_load" or dataset.table is None:
            return None
        if declared.table not in self._read:
            self._read[declared.table] = self._rows(declared.table)
        return self._read[declared.table].get(dataset.table)

    def _rows(self, table: str) -> dict[str, date | None]:
        try:
            return {str(row[0]): as_day(row[1]) for row in self._ask(load_log(table)).rows}
        except QueryFailedError:
            return {}
