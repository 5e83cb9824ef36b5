"""Who is judged: the members of sets and bands, over one period or each of several."""

from __future__ import annotations

from typing import NamedTuple

from semantic_layer.model import Manifest
from semantic_layer.query import TimeGroup
from semantic_layer.resolve.availability import dataset_of
from semantic_layer.resolve.frames import finest_grain, frames_of
from semantic_layer.resolve.groupings import (
    check_groupings,
    overlap_note,
    resolve_groupings,
    sets_of_groups,
)
from semantic_layer.resolve.members import (
    ResolvedSets,
    ResolveMetrics,
    check_periods,
    check_reach,
    resolve_sets,
)
from semantic_layer.resolve.notes import Notes
from semantic_layer.resolve.rights import Rights
from semantic_layer.resolve.timing import Timed
from semantic_layer.resolved import PathChoice, ResolvedGrouping
from semantic_layer.snapshot import Snapshot


class Judged(NamedTuple):
    """What the sets and bands of a query need."""

    sets: ResolvedSets
    bands: tuple[ResolvedGrouping, ...]

    @property
    def paths(self) -> tuple[PathChoice, ...]:
        """How attributes of those judged are reached."""
        return (*self.sets.paths, *self._attributes)

    @property
    def datasets(self) -> tuple[str, ...]:
        """The tables whose rows are judged."""
        return (*self.sets.datasets, *(path.dataset for path in self._attributes))

    @property
    def _attributes(self) -> tuple[PathChoice, ...]:
        return tuple(known.attribute for known in self.bands if known.attribute is not None)


def resolve_judged(
    timed: Timed,
    snapshot: Snapshot,
    rights: Rights,
    notes: Notes,
    resolve_metrics: ResolveMetrics,
    *,
    named: bool,
) -> Judged:
    """The sets and bands of the filter and the groups. `named`: the asker gave the period."""
    query, manifest = timed.query, snapshot.manifest
    check_groupings(query, manifest)
    notes.warnings.extend(overlap_note(query))
    chosen = sets_of_groups(query, query.scope.where)
    bands = resolve_groupings(query, snapshot, rights, notes, resolve_metrics, named=named)
    sets = resolve_sets(chosen, query.scope.period, snapshot, rights, notes, resolve_metrics)
    if not sets.leaves and not bands:
        return Judged(sets, bands)
    spans = tuple(found.span for found in timed.spans)
    if len(spans) > 1 or any(isinstance(group, TimeGroup) for group in query.group_by):
        is_timed = _is_timed(timed, manifest)
        frames = frames_of(spans, finest_grain(query.group_by))
        check_periods(chosen, sets, frames, snapshot, timed=is_timed)
        measured = [known.query for known in bands if known.query is not None]
        if measured:
            check_reach(measured, frames, snapshot, timed=is_timed)
    return Judged(sets, bands)


def _is_timed(timed: Timed, manifest: Manifest) -> bool:
    """Whether every table says of a row when it was."""
    names = (dataset_of(leaf) for leaf in timed.sources.values())
    return all(manifest.datasets[name].time is not None for name in names)
