"""What became of a follow-up: the changed query, or why it could not be changed."""

from __future__ import annotations

from typing import NamedTuple

from assistant.language.follow_up.complete import Heard
from assistant.language.follow_up.inherited import inherited
from assistant.reading import ReadingOption
from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import MetricQuery, Query
from semantic_layer.resolved import Assumption

CERTAINTY = 0.95
"""How sure a follow-up is, next to the same thing said in full."""
SILENT = Heard(None, None, (), (), (), 1.0, None, names_metric=False)


class FollowUp(NamedTuple):
    """The changed query, or why it could not be changed."""

    heard: Heard
    query: Query | None = None
    problem: Problem | None = None
    options: tuple[ReadingOption, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    chart: str | None = None
    confidence: float = 0.0


def answered(
    heard: Heard, changed: MetricQuery, previous: MetricQuery, manifest: Manifest
) -> FollowUp:
    """The changed query, with what was taken over."""
    said = Assumption("inherited", inherited(changed, previous, manifest))
    return FollowUp(
        heard,
        query=changed,
        assumptions=(*heard.assumptions, said) if said.text else heard.assumptions,
        chart=heard.chart,
        confidence=round(heard.confidence * CERTAINTY, 4),
    )


def refused(heard: Heard, problem: Problem) -> FollowUp:
    """Why it could not be changed."""
    return FollowUp(heard, problem=problem)
