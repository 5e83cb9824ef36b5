"""合计 and 其他: recomputed from the rows without the groups, never added up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slow_reading.answer import names_of, table_of
from slow_reading.periods import frames_of
from slow_reading.question import Question
from slow_reading.ranking import Line

WHOLE_BASES = ("yoy", "range")
"""Comparisons that mean the same for a bucket and for the whole period."""


def totals_of(question: Question) -> dict[str, Any] | None:
    """The row for the whole; None when it says nothing more than the rows."""
    query = question.query
    wanted = query.totals or (query.limit is not None and query.limit.others)
    if not wanted or not query.group_by or len(question.spans) > 1 or query.window:
        return None
    return _whole(question)


def others_of(question: Question, lines: list[Line]) -> dict[str, Any] | None:
    """The rows that belong to none of the members shown."""
    limit = question.query.limit
    if limit is None or not limit.others:
        return None
    if limit.partition_by or question.keyed_by_time:
        return None
    names = names_of(question)
    shown = frozenset(tuple(line[c] for c in names.groups.values()) for line in lines)
    return _whole(question, shown)


def _whole(
    question: Question, left_out: frozenset[tuple[Any, ...]] | None = None
) -> dict[str, Any]:
    query = question.query
    share = query.share if query.share and query.share.of == "unfiltered" else None
    if left_out is not None and query.share and query.share.of == "total":
        share = query.share
    compare = query.compare
    if question.bucket is not None:
        compare = tuple(c for c in compare if c.base in WHOLE_BASES)
    plain = replace(
        query,
        group_by=(),
        having=(),
        order=(),
        limit=None,
        focus=None,
        share=share,
        compare=compare,
    )
    frames = frames_of(question.spans, None)
    whole = replace(question, query=plain, bucket=None, frames=frames, spined=False, dated={})
    if left_out is not None:
        whole.kept_groups, whole.left_out = question.groups, left_out
    lines, columns = table_of(whole)
    return {column: lines[0][column] for column in columns}
