"""Which columns a chart draws, and on which of at most two axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assistant.explain.chart_fits import matrix_groups, pie_column, whole_groups
from assistant.explain.chart_subject import QUARTILES, Subject, are_parts, same_unit
from assistant.explain.numbers import unit_of
from semantic_layer.result import Column

MAX_DRAWN = 4
MAX_RIGHT = 2
DURATIONS = ("median", "mean")
CHANGES = ("rate", "pp")


class Drawn(NamedTuple):
    """What stands along, what tells apart, and the values of each axis."""

    x: Column | None
    color: Column | None
    left: tuple[Column, ...]
    right: tuple[Column, ...] = ()


def drawn(kind: str, about: Subject) -> Drawn:
    """The columns of one type of chart."""
    along = (*whole_groups(about), None, None)
    match kind:
        case "heatmap" if about.kind == "retention_query" and len(about.values) > 1:
            return Drawn(None, about.groups[-1], about.values)
        case "heatmap":
            return Drawn(*matrix_groups(about), _lead(about))
        case "stacked_bar":
            return Drawn(along[0], along[1], _stacked(about))
        case "grouped_bar":
            return Drawn(along[0], along[1], _lead(about))
        case "pie":
            lead = pie_column(about)
            return Drawn(along[0], None, (lead,) if lead else ())
        case "box":
            mean = about.named("mean")
            found = [c for name in QUARTILES if (c := about.named(name))]
            return Drawn(along[0], None, (*found, *((mean,) if mean else ())))
        case "scatter":
            return Drawn(along[0], None, about.metrics[:1], about.metrics[1:2])
        case "funnel" | "sankey":
            return Drawn(along[0], None, about.metrics[:1])
        case "line" | "bar" if len(about.groups) == 2:
            return Drawn(along[0], along[1], _lead(about))
    return Drawn(along[0], None, *_axes(kind, about))


def _lead(about: Subject) -> tuple[Column, ...]:
    """The one column that is drawn when the colours stand for members."""
    conversion = about.named("conversion") if about.kind == "funnel_query" else None
    return ((conversion or _first(about)),)


def _stacked(about: Subject) -> tuple[Column, ...]:
    """Shares of wholes of their own cannot stand on top of each other."""
    share = _share(about)
    return (share,) if share and are_parts(about, share, about.rows) else about.metrics[:1]


def _share(about: Subject) -> Column | None:
    """The share that was asked for; beside several metrics they are drawn themselves."""
    found = pie_column(about)
    return found if found and found.show == "share" and len(about.metrics) == 1 else None


def _first(about: Subject) -> Column:
    return about.named(about.asked) or _share(about) or about.values[0]


def _axes(kind: str, about: Subject) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """The values in the unit of the first one, and those in one other unit."""
    if about.kind == "interval_query" and about.groups:
        for names in (DURATIONS, QUARTILES):
            if spans := tuple(c for name in names if (c := about.named(name))):
                return spans, ()
    first = _first(about)
    if first in (about.named(about.asked), _share(about)):
        return (first,), ()
    left = [c for c in same_unit(about.values, unit_of(first)) if c.show == "value"]
    right = _right(about, left) if kind in ("line", "bar") else []
    return tuple(left[:MAX_DRAWN]), tuple(right[:MAX_RIGHT])


def _right(about: Subject, left: Sequence[Column]) -> list[Column]:
    """Metrics in a second unit; else a change that was asked for without its base."""
    if about.kind != "metric_query":
        return []
    based = {(c.metric, c.base) for c in about.values if c.base and c.show == "value"}
    asked = [
        c
        for c in about.values
        if c not in left
        and (c.kind == "metric" or (c.show in CHANGES and (c.metric, c.base) not in based))
    ]
    return same_unit(asked, unit_of(asked[0])) if asked else []
