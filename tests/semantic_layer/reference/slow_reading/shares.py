"""Shares: of the whole shown, of the parent, or of all without a filter on a dimension.

The whole is computed from the rows, never from the members listed. Among values of which
one is negative there are no shares.
"""

from __future__ import annotations

from dataclasses import replace

from slow_reading.aggregates import Cell
from slow_reading.formulas import measure_value
from slow_reading.predicates import conditions_of, conjuncts
from slow_reading.question import Question
from slow_reading.world import Value

from semantic_layer.query import And, Measure, Membership, Predicate, Share


def whole_groups(question: Question, share: Share) -> tuple[str, ...]:
    """The groups within which a whole is kept apart."""
    groups = question.groups
    if share.of == "total":
        return ()
    if share.of == "unfiltered":
        return tuple(g for g in groups if g != share.dimension)
    if share.dimension in groups:
        return groups[: groups.index(share.dimension) + 1]
    return groups[:-1]


def whole_value(question: Question, measure: Measure, cell: Cell, share: Share) -> Value:
    """What a share divides by."""
    kept = whole_groups(question, share)
    where = cell.where
    if share.of == "unfiltered":
        where = without(where, share)
    members = tuple(pair for pair in cell.members if pair[0] in kept)
    everybody = replace(question, left_out=None)
    return measure_value(everybody, measure, replace(cell, members=members, where=where))


def without(where: Predicate | None, share: Share) -> Predicate | None:
    """The filter without its parts on a dimension, or its unnamed sets; else without all of it."""
    if where is None or (share.dimension is None and share.entity is None):
        return None
    kept = tuple(p for p in conjuncts(where) if not is_taken_off(p, share))
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else And(kept)


def is_taken_off(part: Predicate, share: Share) -> bool:
    """Whether a part of the filter does not bind the whole."""
    if share.entity is None:
        return {c.dimension for c in conditions_of(part)} == {share.dimension}
    set_ = part.set if isinstance(part, Membership) else None
    return set_ is not None and set_.entity == share.entity and set_.label is None
