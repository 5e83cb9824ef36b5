"""小计 and 其他 keep the column names of the rows they stand beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from semantic_layer.compile.groups import group_columns
from semantic_layer.compile.stages import Finished
from semantic_layer.plan.build import group_dimensions
from semantic_layer.query import DimensionGroup, MetricQuery, TimeGroup
from semantic_layer.resolve.groupings import grouping_name
from semantic_layer.snapshot import Snapshot


def called_as_beside(
    finished: Finished,
    part: MetricQuery,
    whole: MetricQuery,
    positions: Iterable[int],
    snapshot: Snapshot,
) -> Finished:
    """Rows by some of the groups: two branches keep their roles where only one is left."""
    theirs, ours = _names(part, snapshot), _names(whole, snapshot)
    called = {theirs[own]: ours[at] for own, at in enumerate(positions) if at in ours}
    columns = (
        replace(column, id=called.get(column.id, column.id))
        if column.kind == "dimension"
        else column
        for column in finished.columns
    )
    return Finished(finished.select, tuple(columns), finished.hidden, finished.suppresses)


def _names(query: MetricQuery, snapshot: Snapshot) -> dict[int, str]:
    """The result column of each group that is no time, by its position."""
    columns = group_columns(group_dimensions(query), snapshot, query)
    names, found = {column.dimension: column.name for column in columns}, {}
    for at, group in enumerate(query.group_by):
        if not isinstance(group, TimeGroup):
            named = isinstance(group, DimensionGroup)
            found[at] = names[group.dimension if named else grouping_name(at)]  # type: ignore[union-attr]
    return found
