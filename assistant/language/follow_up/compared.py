"""跌得最多的三家 after 环比: a change without a base of its own is the change shown before."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from assistant.language.follow_up.complete import Heard
from semantic_layer.query import ColumnRef, Comparison, MetricQuery

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
