"""Which chart is drawn when nobody wishes for one: a tuple of rules, the first that applies."""

from __future__ import annotations

from collections.abc import Callable

from assistant.explain.chart_fits import why_not
from assistant.explain.chart_subject import Subject
from assistant.explain.numbers import unit_of

MOST_ROWS = 2400
FEW_COLOURS = 3
MANY_MEMBERS = 8
"""From here on two metrics are easier to compare as points than as bars side by side."""
Rule = Callable[[Subject], str | None]


def by_rule(about: Subject) -> str:
    """The type of chart for the rows; a table when nothing else tells them."""
    kinds = (rule(about) for rule in RULES)
    return next((kind for kind in kinds if kind is not None), "table")


def _fits(kind: str, about: Subject) -> str | None:
    return kind if why_not(kind, about) is None else None


def _single_value(about: Subject) -> str | None:
    return _fits("number", about)


def _behaviour(about: Subject) -> str | None:
    match about.kind:
        case "funnel_query":
            told = "conversion" if about.named("conversion") else ""
            return _fits("funnel", about) or (_fits("heatmap", about) if told else None)
        case "retention_query" if len(about.values) > 1:
            return _fits("heatmap", about)
        case "path_query":
            return _fits("sankey", about)
        case "interval_query":
            return _fits("box", about)
    return None


def _too_many(about: Subject) -> str | None:
    return "table" if len(about.groups) > 2 or len(about.rows) > MOST_ROWS else None


def _over_time(about: Subject) -> str | None:
    if not about.times or about.members(about.times[0]) < 2:
        return None
    return _fits("line", about) or _fits("heatmap", about) or "table"


def _shares(about: Subject) -> str | None:
    asked = any(c.show == "share" and c.base is None for c in about.values)
    return _fits("pie", about) if asked else None


def _two_groups(about: Subject) -> str | None:
    if len(about.groups) != 2:
        return None
    order = ("stacked_bar", "grouped_bar", "heatmap")
    return next((kind for kind in order if _fits(kind, about)), "table")


def _two_metrics(about: Subject) -> str | None:
    """客户数 and 户均存款 of twenty branches: is the one high where the other is?"""
    if len(about.metrics) != 2 or len(about.rows) < MANY_MEMBERS:
        return None
    units = {unit_of(column) for column in about.metrics}
    return _fits("scatter", about) if len(units) == 2 else None


def _bars(about: Subject) -> str | None:
    return _fits("bar", about)


RULES: tuple[Rule, ...] = (
    _single_value,
    _behaviour,
    _too_many,
    _over_time,
    _shares,
    _two_groups,
    _two_metrics,
    _bars,
)
