"""Which days each snapshot table has rows of: mostly one for every month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from assistant.data_dates import Ask
from assistant.probe import different_days
from semantic_layer.engines import QueryFailedError
from semantic_layer.model import Dataset
from semantic_layer.snapshot import Snapshot

ReportedDays = Mapping[str, tuple[date, ...]]
"""Dataset → its days, in order."""


def find_reported_days(snapshot: Snapshot, ask: Ask) -> ReportedDays:
    """Of every table with a row per week, month, quarter or year, told by a date."""
    found = {}
    for name, dataset in snapshot.manifest.datasets.items():
        time = _stored_time(dataset)
        if time is None:
            continue
        try:
            table = ask(different_days(dataset, time, snapshot))
        except QueryFailedError:
            continue
        days = tuple(row[0] for row in table.rows)
        if not table.truncated and all(type(day) is date for day in days):
            found[name] = tuple(day for day in days if isinstance(day, date))
    return found


def _stored_time(dataset: Dataset) -> str | None:
    """The column that tells the unit; what a formula makes of a table may depend on today."""
    if dataset.table is None or dataset.time is None or dataset.grain in ("event", "date"):
        return None
    field = dataset.field(dataset.time)
    return dataset.time if field is None or field.expr is None else None
