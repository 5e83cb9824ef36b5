"""合计, 小计 and 其他: recomputed from the rows with fewer groups, never added up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from slow_reading.answer import Table, add_shares, names_of, table_of, written
from slow_reading.periods import finest_of, frames_of
from slow_reading.question import Question, group_name, listed_frames, refuse_unless
from slow_reading.ranking import Line, Names
from slow_reading.shares import whole_groups

from semantic_layer.query import MetricQuery, SetGroup, Share, TimeGroup

WHOLE_BASES = ("yoy", "range")
"""Comparisons that mean the same for a bucket and for the whole period."""
SUBTOTAL, OTHERS = "小计", "其他"


class Rest(NamedTuple):
    """What no member shown has: of everything, or of every period and every group kept."""

    whole: dict[str, Any] | None
    apart: list[list[Any]]


def check_parts(query: MetricQuery) -> None:
    """小计 by all groups is the rows; periods and groups listed in full have no rest."""
    refuse_unless(all(0 <= at < len(query.group_by) - 1 for at in query.subtotals), "invalid_query")
    for at in query.subtotals:
        timed = any(isinstance(group, TimeGroup) for group in query.group_by[at + 1 :])
        period = query.scope.period
        untimed = not any(isinstance(group, TimeGroup) for group in query.group_by[: at + 1])
        several = untimed and period is not None and len(period.spans) > 1
        refuse_unless(not (timed and (query.window is not None or several)), "invalid_query")
        refuse_unless(
            not any(isinstance(g, SetGroup) for g in query.group_by[at + 1 :]), "invalid_query"
        )
    of_parent = query.share is not None and query.share.of == "parent"
    refuse_unless(not (query.subtotals and of_parent), "invalid_query")
    limit = query.limit
    if limit is not None and limit.others and query.group_by:
        listed = [g for at, g in enumerate(query.group_by) if at not in _kept(query)]
        refuse_unless(bool(listed), "invalid_query")
        refuse_unless(not any(isinstance(g, SetGroup) for g in listed), "invalid_query")


def totals_of(question: Question) -> dict[str, Any] | None:
    """The row for the whole; None when it says nothing more than the rows."""
    query = question.query
    wanted = query.totals or (query.limit is not None and query.limit.others)
    if not wanted or not query.group_by or len(question.spans) > 1 or query.window:
        return None
    if any(isinstance(group, SetGroup) and not group.rest for group in query.group_by):
        return None
    share = query.share if query.share and query.share.of == "unfiltered" else None
    return _single(table_of(_part(question, (), share, spined=False)))


def _single(table: Table) -> dict[str, Any]:
    return {column: table.lines[0][column] for column in table.columns}


def subtotals_of(question: Question) -> list[list[Any]]:
    """A row for each combination of the first groups."""
    found = []
    for at in sorted(set(question.query.subtotals)):
        part = _part(question, tuple(range(at + 1)), question.query.share, spined=question.spined)
        found += _aligned(question, part, table_of(part), SUBTOTAL)
    return found


def rest_of(question: Question, shown: Table, every: Table) -> Rest:
    """The rows that belong to none of the members shown, in their own period."""
    query = question.query
    if query.limit is None or not query.limit.others or len(every.lines) <= len(shown.lines):
        return Rest(None, [])
    names = names_of(question)
    part = _part(question, _kept(query), _share_of_rest(question), spined=False)
    part.left_out = {frame.key: set() for frame in part.frames}
    for line in shown.lines:
        members = tuple(line[c] for c in names.groups.values())
        part.left_out[line["frame"].key].add(members)
    part.listed_groups = question.groups
    table = table_of(part)
    if part.query.share is not None:
        among = _beside_listed(part, names, shown, every)
        add_shares(part, names_of(part), table.lines, question, among)
    if part.groups or names_of(part).time:
        return Rest(None, _aligned(question, part, table, OTHERS))
    return Rest(_single(table), [])


def _beside_listed(part: Question, names: Names, shown: Table, every: Table) -> list[Line]:
    """The members of each whole of which some are listed; where none is, the rest is the whole."""
    assert part.query.share is not None
    told = [names.groups[g] for g in whole_groups(part, part.query.share)]
    told += [names.time] if names.time else []

    def whole(line: Line) -> tuple[Any, ...]:
        return tuple(line[column] for column in told)

    listed = {whole(line) for line in shown.lines}
    return [line for line in every.lines if whole(line) in listed]


def _kept(query: MetricQuery) -> tuple[int, ...]:
    """The groups within which there is a rest of its own: time, and those with their own first."""
    assert query.limit is not None
    times = {at for at, group in enumerate(query.group_by) if isinstance(group, TimeGroup)}
    return tuple(sorted(times | set(query.limit.partition_by)))


def _share_of_rest(question: Question) -> Share | None:
    """The rest within a parent has a share of it when the parent is told."""
    share = question.query.share
    if share is None or share.of != "parent":
        return share
    parents = whole_groups(question, share)
    kept = [question.query.group_by[at] for at in _kept(question.query)]
    names = tuple(name for name in map(group_name, kept) if name is not None)
    told = bool(parents) and names[: len(parents)] == parents
    return replace(share, dimension=parents[-1]) if told else None


def _part(
    question: Question, positions: tuple[int, ...], share: Share | None, *, spined: bool
) -> Question:
    """The same question by some of its groups, without choosing among the rows."""
    query = question.query
    kept = tuple(query.group_by[at] for at in positions)
    timed = any(isinstance(group, TimeGroup) for group in kept)
    bucket = finest_of(kept)
    compare = tuple(c for c in query.compare if c.base != "average")
    if bucket != question.bucket:
        compare = tuple(c for c in compare if c.base in WHOLE_BASES)
    plain = replace(query, group_by=kept, having=(), order=(), limit=None, focus=None, share=share,
                    compare=compare, subtotals=())  # fmt: skip
    part = replace(question, query=plain, bucket=bucket, spined=spined, dated={})
    part.frames = listed_frames(part) if timed else frames_of(question.spans, None)
    return part


def _aligned(question: Question, part: Question, table: Table, name: str) -> list[list[Any]]:
    """The rows in the columns of the question, named in the first group they lack."""
    names, own, found = names_of(question), names_of(part), []
    for line in table.lines:
        row: dict[str, Any] = {c: written(part, line, c) for c in table.columns}
        for group, column in own.groups.items():
            row[names.groups[group]] = line[column]
        kept = {names.groups[group] for group in own.groups} | set(own.times)
        keys = [*names.groups.values(), *names.times]
        lacking = [column for column in keys if column not in kept]
        for column in lacking:
            row[column] = name if column == lacking[0] else None
        found.append([row.get(column) for column in question.columns])
    return found
