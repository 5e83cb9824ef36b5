"""跌得最多的三家 after 环比: a change without a base of its own is the change shown before."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from assistant.language.follow_up.complete import Heard
from assistant.language.follow_up.merge import conditions
from semantic_layer.query import (
    And,
    ColumnRef,
    Comparison,
    Condition,
    DimensionGroup,
    Focus,
    MetricQuery,
)

UNSAID = "没有说与哪一期比"
WITH_A_PERIOD = frozenset({"yoy", "mom", "ytd_open", "opening", "range"})


class Rebased(NamedTuple):
    """What was heard, and whether it goes by the change shown before."""

    heard: Heard
    is_as_before: bool


def on_its_base(heard: Heard, previous: MetricQuery) -> Rebased:
    """The habit of the metric gives way to what was compared in the last query."""
    query = _without_base(heard)
    if query is None or len(previous.compare) != 1 or len(query.compare) < 1:
        return Rebased(heard, is_as_before=False)
    kept = previous.compare[0]
    if kept.base not in WITH_A_PERIOD:
        return Rebased(heard, is_as_before=False)
    said = [show for comparison in query.compare for show in comparison.show]
    shows = (*kept.show, *(s for s in dict.fromkeys(said) if s not in kept.show))
    changed = replace(
        query,
        compare=(replace(kept, show=shows),),
        order=tuple(replace(o, column=_moved(o.column, kept)) for o in query.order),
        having=tuple(replace(h, column=_moved(h.column, kept)) for h in query.having),
    )
    told = tuple(a for a in heard.assumptions if not a.text.startswith(UNSAID))
    heard = heard._replace(query=changed, problem=None, options=(), assumptions=told)
    return Rebased(heard, is_as_before=True)


def _without_base(heard: Heard) -> MetricQuery | None:
    """The query heard, when nothing said what its change is measured from."""
    if isinstance(heard.query, MetricQuery):
        guessed = any(a.text.startswith(UNSAID) for a in heard.assumptions)
        return heard.query if guessed else None
    if heard.problem is None or not heard.problem.message.startswith(UNSAID):
        return None
    first = next((option.query for option in heard.options), None)
    return first if isinstance(first, MetricQuery) else None


def _moved(column: ColumnRef, kept: Comparison) -> ColumnRef:
    return column if column.base is None else replace(column, base=kept.base)


def looked_up_among_all(query: MetricQuery) -> MetricQuery | None:
    """宁波分行, and then 跟全行比: one of all branches, never held against itself.

    None: what is held against the average of all is not one member.
    """
    held = [c for c in conditions(query.scope.where) if isinstance(c, Condition)]
    split = {g.dimension for g in query.group_by if isinstance(g, DimensionGroup)}
    mine = [c for c in held if c.dimension in split] or ([] if split else held[:1])
    if not mine:
        return query if split else None
    one = mine[0]
    if len(mine) > 1 or one.op != "in" or len(one.values) != 1 or len(split) > 1:
        return None
    kept = tuple(c for c in conditions(query.scope.where) if c != one)
    where = And(kept) if len(kept) > 1 else next(iter(kept), None)
    return replace(
        query,
        group_by=(*(g for g in query.group_by if g != DimensionGroup(one.dimension)),
                  DimensionGroup(one.dimension)),
        scope=replace(query.scope, where=where),
        focus=Focus(one.dimension, str(one.values[0])),
    )  # fmt: skip
