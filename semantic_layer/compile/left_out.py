"""The rows of 其他: those that belong to none of the members listed already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlglot import exp

from semantic_layer.compile.buckets import bucket_text, key_literal
from semantic_layer.compile.groups import GroupColumn, group_columns, group_value, is_one_of
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.sets import SetStages
from semantic_layer.compile.tokens import all_of, any_of, wrapped
from semantic_layer.plan.build import group_dimensions
from semantic_layer.plan.nodes import Branch, LeftOut
from semantic_layer.resolve.frames import Key, frames_of, unit_name
from semantic_layer.resolve.groupings import GROUPING
from semantic_layer.resolve.units import unit_of
from semantic_layer.resolved import ResolvedQuery, metric_query
from semantic_layer.result import Cell, Column

Members = tuple[tuple[Cell, ...], ...]


def left_out(
    resolved: ResolvedQuery, columns: tuple[Column, ...], time: str | None, rows: Members
) -> LeftOut:
    """The members of the rows listed, each with its period. `time`: the finest column of time."""
    query = metric_query(resolved)
    dimensions = group_dimensions(query)
    members = tuple(row[: len(dimensions)] for row in rows)
    keys: tuple[Key, ...] = ()
    if time is not None:
        names, at = _period_names(resolved), [column.id for column in columns].index(time)
        keys = tuple(names[row[at]] for row in rows)
    return LeftOut(dimensions, members, query, resolved.groupings, keys)


def _period_names(resolved: ResolvedQuery) -> dict[Cell, Key]:
    """What every period is called in the rows → its key."""
    if resolved.grain is None:
        return {span.label: at for at, span in enumerate(resolved.spans)}
    frames = frames_of(resolved.spans, resolved.grain)
    starts = (frame.key for frame in frames)
    return {bucket_text(resolved.grain, key): key for key in starts if isinstance(key, date)}


def not_listed(branch: Branch, scan: Scan, sets: SetStages) -> exp.Expression | None:
    """Whether a row is none of a listed member, in the row's own period."""
    found = branch.left_out
    if found is None or not found.members:
        return None
    groups = group_columns(found.dimensions, scan.snapshot, found.query)
    listing = replace(scan.resolved, query=found.query, groupings=found.groupings)
    values = [_value(group, scan, replace(sets, resolved=listing)) for group in groups]
    if not found.keys:
        return exp.Not(this=wrapped(is_one_of(groups, values, found.members)))
    listed = any_of(_listed_then(branch, found, groups, values, scan))
    return None if listed is None else exp.Not(this=wrapped(listed))


def _value(group: GroupColumn, scan: Scan, sets: SetStages) -> exp.Expression:
    """A group of the query that listed the members; bands stand at other places there."""
    if group.dimension.startswith(GROUPING):
        return sets.grouping(group.dimension, scan)
    return group_value(group, scan)


def _listed_then(
    branch: Branch,
    found: LeftOut,
    groups: tuple[GroupColumn, ...],
    values: list[exp.Expression],
    scan: Scan,
) -> Iterator[exp.Expression]:
    """Per period: whether the row is of that period and of a member listed in it."""
    for window in branch.windows:
        members = tuple(m for m, key in zip(found.members, found.keys, strict=True)
                        if key == window.key)  # fmt: skip
        if not members:
            continue
        member = wrapped(is_one_of(groups, values, members))
        if scan.time_key is None:
            yield member
            continue
        key: Key = window.key
        if branch.keying == "bucket" and branch.bucket is not None:
            key = unit_of(unit_name(branch.bucket), window.start).start
        then = exp.EQ(this=scan.time_key.copy(), expression=key_literal(key))
        yield all_of([then, member]) or member
