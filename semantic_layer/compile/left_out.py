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
    if time is None:
        members = tuple(row[: len(dimensions)] for row in rows)
        return LeftOut(dimensions, members, query, resolved.groupings, ())
    names, at = _period_names(resolved), [column.id for column in columns].index(time)
    told = [(row[: len(dimensions)], key) for row in rows for key in names[row[at]]]
    listed = tuple(dict.fromkeys(told))
    members, keys = tuple(member for member, _ in listed), tuple(key for _, key in listed)
    return LeftOut(dimensions, members, query, resolved.groupings, keys)


def _period_names(resolved: ResolvedQuery) -> dict[Cell, list[Key]]:
    """What every period is called in the rows → the keys of all that are called so."""
    found: dict[Cell, list[Key]] = {}
    if resolved.grain is None:
        for at, span in enumerate(resolved.spans):
            found.setdefault(span.label, []).append(at)
        return found
    for frame in frames_of(resolved.spans, resolved.grain):
        if isinstance(frame.key, date):
            found[bucket_text(resolved.grain, frame.key)] = [frame.key]
    return found


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
