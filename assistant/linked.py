"""Which tables name nobody but those that the entity's own table knows."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from assistant.data_dates import Ask
from assistant.probe import unknown_keys
from semantic_layer.engines import QueryFailedError
from semantic_layer.model import Dataset, Join, Manifest
from semantic_layer.snapshot import Snapshot

Linked = frozenset[tuple[str, str]]
"""(dataset, entity) where every key in the rows is one of the entity's own table."""


def find_linked(snapshot: Snapshot, ask: Ask) -> Linked:
    """Every such table with one row of each entity in each period."""
    found = set()
    for dataset, join, home in periodic_links(snapshot.manifest):
        try:
            ((unknown,),) = ask(_count(dataset, join, home, snapshot)).rows
        except QueryFailedError:
            continue
        if unknown == 0 and home.entity is not None:
            found.add((dataset.name, home.entity))
    return frozenset(found)


def periodic_links(manifest: Manifest) -> Iterator[tuple[Dataset, Join, Dataset]]:
    """Tables whose key is an entity and a period, with the way to the entity's own table."""
    for dataset in manifest.datasets.values():
        for join in dataset.joins:
            home = manifest.datasets[join.to]
            ((ours, theirs), *more) = join.keys
            whole = set(dataset.key) == {ours, dataset.time} and home.key == (theirs,)
            if whole and not more and home.entity is not None and dataset.grain != "event":
                yield dataset, join, home


def _count(dataset: Dataset, join: Join, home: Dataset, snapshot: Snapshot) -> exp.Select:
    ((ours, theirs),) = join.keys
    return unknown_keys(dataset, ours, home, theirs, snapshot)
