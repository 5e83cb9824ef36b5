"""From when to when the tables of a query have data, and how fine they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from semantic_layer.model import Aggregate, Dataset, Metric
from semantic_layer.resolve.spans import Anchors
from semantic_layer.resolve.units import FINENESS, last_unit_end, unit_of
from semantic_layer.snapshot import Snapshot

UNIT_LABELS = {
    "day": "日", "week": "周", "xun": "旬", "month": "月", "quarter": "季", "half": "半年",
    "year": "年",
}  # fmt: skip


def grain_unit(dataset: Dataset) -> str:
    """The finest calendar unit that the dataset can answer."""
    return "day" if dataset.grain in ("event", "date") else dataset.grain


def latest_day(snapshot: Snapshot, dataset: Dataset) -> date:
    """Last day with complete data; of monthly tables the last month end."""
    unit = grain_unit(dataset)
    loaded = min(snapshot.data_dates.get(dataset.name, snapshot.as_of), snapshot.as_of)
    if dataset.data_date is not None and dataset.data_date.source == "max":
        end = unit_of(unit, loaded).end
        loaded = end if end <= snapshot.as_of else loaded
    return last_unit_end(unit, loaded)


def anchors_for(
    snapshot: Snapshot, leaves: Iterable[Metric], *, averaged: bool, bucketed: bool
) -> Anchors:
    """What the periods of these aggregates are counted from."""
    manifest = snapshot.manifest
    parts = list(leaves)
    datasets = {name: manifest.datasets[name] for name in map(dataset_of, parts)}
    bounded = {dataset_of(part) for part in parts if not _is_future(part)}
    limits = {name: latest_day(snapshot, datasets[name]) for name in sorted(bounded or datasets)}
    first_to_end = min(limits, key=limits.__getitem__)
    stock = all(part.is_stock for part in parts) and not averaged
    firsts = [snapshot.first_dates[n] for n in bounded if n in snapshot.first_dates]
    return Anchors(
        as_of=snapshot.as_of,
        latest=limits[first_to_end],
        first=max(firsts, default=date(1900, 1, 1)),
        unit=max((_unit_of_leaf(part, datasets) for part in parts), key=FINENESS.index),
        stock=stock,
        point=stock and not bucketed,
        calendar=snapshot.calendar,
        limit=datasets[first_to_end].label,
        unbounded=not bounded,
    )


def dataset_of(leaf: Metric) -> str:
    """The dataset that an aggregate reads."""
    assert isinstance(leaf.definition, Aggregate)
    return leaf.definition.dataset


def _unit_of_leaf(leaf: Metric, datasets: Mapping[str, Dataset]) -> str:
    """A snapshot read by another date (到期日) answers for every day of that date."""
    assert isinstance(leaf.definition, Aggregate)
    if leaf.definition.snapshot == "latest":
        return "day"
    return grain_unit(datasets[leaf.definition.dataset])


def _is_future(leaf: Metric) -> bool:
    return isinstance(leaf.definition, Aggregate) and leaf.definition.future
