"""The rules in their order, the accounting, and the query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from assistant.language.assemble.against_average import (
    against_average,
    against_whole,
    member_among_all,
)
from assistant.language.assemble.among import among
from assistant.language.assemble.arithmetic import arithmetic
from assistant.language.assemble.averages import averages
from assistant.language.assemble.bands import bands
from assistant.language.assemble.build import Built, build
from assistant.language.assemble.called_by_role import called_by_role
from assistant.language.assemble.closed import closed
from assistant.language.assemble.comparing import comparing
from assistant.language.assemble.contributed import contributed
from assistant.language.assemble.day_kinds import day_kinds
from assistant.language.assemble.deltas import deltas
from assistant.language.assemble.differences import differences
from assistant.language.assemble.excluding import excluding
from assistant.language.assemble.feast_names import feast_names
from assistant.language.assemble.figures_of_members import figures_of_members
from assistant.language.assemble.filters import filters
from assistant.language.assemble.flow_limits import flow_limits
from assistant.language.assemble.focus import focus, place_among_all
from assistant.language.assemble.fulfilled import fulfilled
from assistant.language.assemble.grouping import grouping
from assistant.language.assemble.growing import growing
from assistant.language.assemble.held_against_now import held_against_now
from assistant.language.assemble.leftovers import leftovers
from assistant.language.assemble.mean_periods import mean_periods
from assistant.language.assemble.measures import measures
from assistant.language.assemble.members import members
from assistant.language.assemble.metric_limits import metric_limits
from assistant.language.assemble.numbers import numbers
from assistant.language.assemble.own_scope import own_scope
from assistant.language.assemble.ranking import ranking
from assistant.language.assemble.sets import entity_sets, part_of_set
from assistant.language.assemble.shares import shares, whole
from assistant.language.assemble.sketch import Owner, Sketch
from assistant.language.assemble.spoken import spoken
from assistant.language.assemble.statistics import statistics
from assistant.language.assemble.targets import targets
from assistant.language.assemble.texts import texts
from assistant.language.assemble.things_of_a_kind import things_of_a_kind
from assistant.language.assemble.times import times
from assistant.language.assemble.together import together
from assistant.language.assemble.trends import trends
from assistant.language.assemble.which_of_two import which_of_two
from assistant.language.catalogue import Catalogue
from assistant.language.tokens import Token
from semantic_layer.problem import Problem
from semantic_layer.resolved import Assumption

Rule = Callable[[Sketch], None]
RULES: tuple[Rule, ...] = (
    texts, own_scope, feast_names, fulfilled, growing, entity_sets, bands, spoken, focus, among,
    arithmetic, figures_of_members, metric_limits, which_of_two, differences, held_against_now,
    comparing, against_average, against_whole, deltas, numbers, excluding, filters, statistics,
    grouping, things_of_a_kind, contributed, ranking, averages, shares, measures, times, day_kinds,
    mean_periods, flow_limits, targets, trends, place_among_all, member_among_all, part_of_set,
    together, whole, members, closed, called_by_role,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assembled:
    """What came of one variant: queries, or the reasons why there is none."""

    tokens: tuple[Token, ...]
    owners: dict[int, Owner]
    built: tuple[Built, ...]
    problems: tuple[Problem, ...]
    questions: tuple[Problem, ...]
    assumptions: tuple[Assumption, ...]
    confidence: float


def assemble(
    tokens: tuple[Token, ...], catalogue: Catalogue, as_of: date, *, scoped: bool = False
) -> Assembled:
    """Runs every rule, then asks who owns what; `scoped`: the asker sees a part only."""
    sketch = Sketch(tokens, catalogue, as_of, scoped)
    for rule in RULES:
        rule(sketch)
    left = leftovers(sketch)
    built = build(sketch) if not left else ()
    problems = (*left, *sketch.faults)
    return Assembled(
        tokens, sketch.owners, built, problems, tuple(sketch.questions),
        tuple(sketch.assumptions), sketch.doubt,
    )  # fmt: skip
