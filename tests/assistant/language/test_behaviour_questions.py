"""Questions about what people did, each with the behaviour query or the doubt it must become."""

from __future__ import annotations

from collections.abc import Iterator

from semantic_layer.query import (
    And,
    Condition,
    DimensionGroup,
    FunnelQuery,
    IntervalQuery,
    Membership,
    MetricCondition,
    MetricQuery,
    PathQuery,
    Predicate,
    Query,
    RetentionQuery,
    Step,
)
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery

USUAL = ("entities", "conversion")


def test_every_question_becomes_its_behaviour_query(demo, read_cases):
    wrong = [
        f"{question}\n    expected {expected}\n    got      {got}"
        for question, expected in read_cases("questions_behaviour.txt")
        if (got := line(demo, question)) != expected
    ]
    assert not wrong, "\n".join(wrong)


def line(company, question: str) -> str:
    """The query on one line, or the code of the problem with its options."""
    reading = company.read(question)
    if reading.problem is not None:
        labels = "、".join(option.label for option in reading.options)
        return f"!{reading.problem.code}" + (f" {labels}" if labels else "")
    assert reading.query is not None
    return " ".join(_parts(company, reading.query))


def _parts(company, query: Query) -> Iterator[str]:
    match query:
        case MetricQuery():
            yield f"metric {query.measures[0].metric}"
            return
        case FunnelQuery():
            yield f"funnel {'>'.join(map(_step, query.steps))} in {query.window_days}"
            yield from [f"show {','.join(query.show)}"] if query.show != USUAL else []
        case RetentionQuery():
            periods = ",".join(map(str, query.periods))
            yield f"retain {_step(query.start)}>{_step(query.comeback)} {query.unit} {periods}"
            yield f"cohort {query.cohort_unit}"
        case PathQuery():
            yield f"path {query.direction} {_step(query.anchor)} len {query.length} top {query.top}"
        case IntervalQuery():
            window = f" in {query.window_days}" if query.window_days else ""
            yield f"interval {_step(query.start)}>{_step(query.end)}{window}"
            yield f"show {','.join(query.show)}"
    yield from _scope(company, query)


def _scope(company, query: Query) -> Iterator[str]:
    groups = getattr(query, "group_by", ())
    if groups:
        yield "by " + ",".join(
            g.dimension if isinstance(g, DimensionGroup) else g.grain for g in groups
        )
    resolved = resolve(query, company.snapshot, company.principal)
    if not isinstance(resolved, ResolvedQuery):
        yield f"@{resolved.code}"
        return
    if getattr(query, "entity", None):
        yield f"as {query.entity}"
    if query.scope.period:
        yield "@" + "&".join(f"{s.start}..{s.end}" for s in resolved.spans)
    if query.scope.where:
        yield f"where {_where(query.scope.where)}"


def _step(step: Step) -> str:
    return step.event + (f"{{{_where(step.where)}}}" if step.where else "")


def _where(where: Predicate) -> str:
    if isinstance(where, And):
        return " and ".join(sorted(map(_where, where.children)))
    if isinstance(where, Membership):
        return f"{where.set.entity}({_where(where.set.where)})"
    if isinstance(where, MetricCondition):
        return f"{where.metric} {where.op} {where.value}"
    assert isinstance(where, Condition)
    return f"{where.dimension} {where.op} {'/'.join(map(str, where.values))}"
