"""Funnels, retention, paths and intervals: events bound, days fixed, rights at every table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlglot import exp

from semantic_layer.model import Actor
from semantic_layer.model.expression import parse_scalar
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    Condition,
    DimensionGroup,
    FunnelQuery,
    Group,
    IntervalQuery,
    Latest,
    Not,
    Or,
    PathQuery,
    Period,
    Predicate,
    Relative,
    RetentionQuery,
    Step,
    TimeGroup,
)
from semantic_layer.resolve.availability import grain_unit, latest_day
from semantic_layer.resolve.behaviour_events import chosen_actor, find_event
from semantic_layer.resolve.behaviour_warnings import behaviour_warnings
from semantic_layer.resolve.conditions import (
    bind_predicate,
    column_kind,
    conditions_in,
    field_kind,
)
from semantic_layer.resolve.defaults import TEXTS
from semantic_layer.resolve.names import find_dimension
from semantic_layer.resolve.notes import Notes
from semantic_layer.resolve.paths import choose_path
from semantic_layer.resolve.periods import Resolved, resolve_span
from semantic_layer.resolve.refused import RefusedError, must, refuse_unsupported
from semantic_layer.resolve.rights import Rights, row_filters, scope_text
from semantic_layer.resolve.sets import check_attached
from semantic_layer.resolve.small_groups import suppression_note
from semantic_layer.resolve.spans import Anchors
from semantic_layer.resolve.units import FINENESS
from semantic_layer.resolved import (
    Assumption,
    PathChoice,
    ResolvedBehaviour,
    ResolvedQuery,
    ResolvedStep,
)
from semantic_layer.snapshot import Snapshot

BehaviourQuery = FunnelQuery | RetentionQuery | PathQuery | IntervalQuery
WHERE = "scope.where"
LIMITED = (
    "limited_rows",
    "按您的权限只统计归属您范围内的事件,没有归属的(如注册前的访客)看不到,也不计入。",
)
MOST_PERIODS, MOST_STEPS, LONGEST_PATH = 60, 12, 20


def resolve_behaviour(query: BehaviourQuery, snapshot: Snapshot, rights: Rights) -> ResolvedQuery:
    """The query with its events found, its period as dates and its tables limited."""
    manifest, notes = snapshot.manifest, Notes()
    _check_shape(query)
    query = _with_period(query, notes)
    asked = list(steps_of(query))
    bare = tuple(find_event(manifest, step.event, at) for at, step in asked)
    _check_marks(query, bare)
    actor = _actor(query, bare, snapshot, notes)
    steps = tuple(
        replace(found, where=_bound(step.where, snapshot, f"{at}.where"))
        for found, (at, step) in zip(bare, asked, strict=True)
    )
    where = _bound(query.scope.where, snapshot, WHERE)
    groups = groups_of(query)
    _check_groups(groups, snapshot, rights)
    datasets = tuple(dict.fromkeys(step.dataset for step in steps))
    anchors = _anchors(datasets, snapshot)
    resolved = _span(query, anchors)
    notes.warnings.extend(resolved.warnings)
    behaviour = ResolvedBehaviour(
        steps=steps,
        actor=actor.name,
        actor_label=actor.label,
        actor_unit=actor.unit,
        observed=anchors.latest,
        by_time=all(_has_time(step, snapshot) for step in steps),
        where=where,
    )
    notes.warnings.extend(behaviour_warnings(query, behaviour, resolved.span))
    if not rights.everything:
        notes.warnings.append(LIMITED)
    return ResolvedQuery(
        query=query,
        spans=(resolved.span,),
        grain=next((g.grain for g in groups if isinstance(g, TimeGroup)), None),
        where=_all_conditions(where, steps),
        datasets=datasets,
        paths=tuple(dict.fromkeys(_paths(steps, where, groups, snapshot, notes))),
        row_filters=row_filters(manifest, rights, datasets),
        masked=rights.masked,
        behaviour=behaviour,
        scope_text=scope_text(rights, manifest),
        data_dates=tuple((n, latest_day(snapshot, manifest.datasets[n])) for n in datasets),
        assumptions=tuple(dict.fromkeys(notes.assumptions)),
        warnings=tuple(dict.fromkeys(notes.warnings)),
        manifest_hash=manifest.hash,
        as_of=snapshot.as_of,
    )


def steps_of(query: BehaviourQuery) -> Iterator[tuple[str, Step]]:
    """(slot, step) of every event, in order of what must happen."""
    match query:
        case FunnelQuery():
            yield from ((f"steps.{at}", step) for at, step in enumerate(query.steps))
        case RetentionQuery():
            yield from (("start", query.start), ("comeback", query.comeback))
        case IntervalQuery():
            yield from (("start", query.start), ("end", query.end))
        case PathQuery():
            yield "anchor", query.anchor


def groups_of(query: BehaviourQuery) -> tuple[Group, ...]:
    """The groups asked for; a path has none."""
    return () if isinstance(query, PathQuery) else query.group_by


def _check_shape(query: BehaviourQuery) -> None:
    match query:
        case FunnelQuery() if len(query.steps) > MOST_STEPS:
            raise _invalid(f"漏斗最多{MOST_STEPS}步。", "steps")
        case RetentionQuery():
            if not query.periods or min(query.periods) < 1 or len(query.periods) > MOST_PERIODS:
                raise _invalid(f"留存的期数从1数起,一次最多{MOST_PERIODS}期。", "periods")
        case PathQuery() if not (2 <= query.length <= LONGEST_PATH and query.top >= 1):
            raise _invalid(f"路径长度为2到{LONGEST_PATH}个节点,至少取1条。", "length")
        case IntervalQuery() if query.window_days is not None and query.window_days < 1:
            raise _invalid("间隔的窗口期至少为1天。", "window_days")
    if not isinstance(query, RetentionQuery | PathQuery) and not query.show:
        raise _invalid("请说明要看什么。", "show")
    period = query.scope.period
    if period is None:
        return
    if len(period.spans) > 1:
        raise refuse_unsupported("多个时间段并列的行为分析", "scope.period")
    if period.days is not None or period.role is not None:
        raise refuse_unsupported("行为分析里另选日期或只看部分日子", "scope.period")


def _check_marks(query: BehaviourQuery, steps: tuple[ResolvedStep, ...]) -> None:
    """Marks on one and the same row (送达、点击、转化 of a touch) have no order among them."""
    if not isinstance(query, FunnelQuery):
        return
    marks: dict[tuple[str, str], tuple[str, ResolvedStep]] = {}
    for step in steps:
        mark = _mark(step.filter) if step.value is None else None
        if mark is None:
            continue
        column, first = marks.setdefault((step.dataset, step.at), (mark, step))
        if column != mark:
            pair = f"“{first.label}”到“{step.label}”"
            message = f"{pair}是同一条记录上的标志,没有先后,数不成漏斗。请改问相应的比率。"
            raise RefusedError(Problem("unsupported", message, "steps", step.label))


def _mark(condition: str | None) -> str | None:
    """The column of a mark such as `clicked = 1`, empty for every row; None for other ones."""
    if condition is None:
        return ""
    tree = parse_scalar(condition)
    if isinstance(tree, exp.EQ) and isinstance(tree.this, exp.Column):
        return tree.this.name if tree.expression == exp.Literal.number(1) else None
    return None


def _invalid(message: str, at: str) -> RefusedError:
    return RefusedError(Problem("invalid_query", message, at))


def _with_period(query: BehaviourQuery, notes: Notes) -> BehaviourQuery:
    """Retention looks at the cohorts of the year, everything else at the last whole month."""
    if query.scope.period is not None:
        return query
    if isinstance(query, RetentionQuery):
        name, span = "trend", Relative("year", to_date=True, anchor="data")
        period = Period((span,))
    else:
        name, period = "last_complete_month", Period((Latest("month"),))
    notes.assumptions.append(Assumption("period", TEXTS[name]))
    return replace(query, scope=replace(query.scope, period=period))


def _actor(
    query: BehaviourQuery, steps: tuple[ResolvedStep, ...], snapshot: Snapshot, notes: Notes
) -> Actor:
    entity = None if isinstance(query, PathQuery) else query.entity
    actor, chosen = chosen_actor(snapshot.manifest, steps, entity)
    if isinstance(query, PathQuery):
        _check_sessions(steps[0], snapshot)
    elif chosen:
        notes.assumptions.append(Assumption("entity", f"按{actor.label}去重统计"))
    if snapshot.min_group_size > 1:
        if not actor.person:
            raise refuse_unsupported(f"小样本抑制下按{actor.label}统计的行为分析", "entity")
        notes.warnings.append(suppression_note(snapshot))
    return actor


def _check_sessions(step: ResolvedStep, snapshot: Snapshot) -> None:
    dataset = snapshot.manifest.datasets[step.dataset]
    log = dataset.events
    if log is None or log.session is None or log.field is None:
        message = f"“{dataset.label}”没有会话或事件名,不能看路径。"
        raise RefusedError(Problem("dim_not_applicable", message, "anchor", step.event))


def _bound(where: Predicate | None, snapshot: Snapshot, at: str) -> Predicate | None:
    if where is None:
        return None
    check_attached(where)
    _check_plain(where, at)
    return bind_predicate(where, snapshot, at)


def _check_plain(where: Predicate, at: str) -> None:
    match where:
        case And() | Or():
            for child in where.children:
                _check_plain(child, at)
        case Not():
            _check_plain(where.child, at)
        case Condition():
            return
        case _:
            raise refuse_unsupported("行为分析里的客群条件", at)


def _check_groups(groups: tuple[Group, ...], snapshot: Snapshot, rights: Rights) -> None:
    if sum(isinstance(group, TimeGroup) for group in groups) > 1:
        raise refuse_unsupported("同时按两种时间粒度分组", "group_by")
    for position, group in enumerate(groups):
        at = f"group_by.{position}"
        if isinstance(group, TimeGroup):
            continue
        if not isinstance(group, DimensionGroup):
            raise refuse_unsupported("行为分析里按指标分档或客群对比", at)
        dimension = must(find_dimension(snapshot.manifest, group.dimension, at))
        masked = f"{dimension.home}.{dimension.name}" in rights.masked
        if masked or dimension.field.sensitivity == "pii" or not dimension.field.groupable:
            message = f"“{dimension.label}”属于敏感或明细字段,不能用来分组。"
            raise RefusedError(Problem("sensitive_field", message, at, group.dimension))


def _anchors(datasets: tuple[str, ...], snapshot: Snapshot) -> Anchors:
    tables = [snapshot.manifest.datasets[name] for name in datasets]
    limit = min(tables, key=lambda table: latest_day(snapshot, table))
    return Anchors(
        as_of=snapshot.as_of,
        latest=latest_day(snapshot, limit),
        first=snapshot.first_dates.get(datasets[0], date(1900, 1, 1)),
        unit=max((grain_unit(table) for table in tables), key=FINENESS.index),
        stock=False,
        point=False,
        calendar=snapshot.calendar,
        limit=limit.label,
    )


def _span(query: BehaviourQuery, anchors: Anchors) -> Resolved:
    period = query.scope.period
    assert period is not None
    return must(resolve_span(period.spans[0], anchors), "scope.period")


def _has_time(step: ResolvedStep, snapshot: Snapshot) -> bool:
    dataset = snapshot.manifest.datasets[step.dataset]
    field = dataset.field(step.at)
    if field is not None:
        return field_kind(snapshot, dataset.name, field) == "timestamp"
    return column_kind(snapshot, dataset.name, step.at) == "timestamp"


def _paths(
    steps: tuple[ResolvedStep, ...],
    where: Predicate | None,
    groups: tuple[Group, ...],
    snapshot: Snapshot,
    notes: Notes,
) -> Iterator[PathChoice]:
    """The ways to the dimensions of groups and conditions, each from its own step's table."""
    first = steps[0].dataset
    wanted = [(first, c.dimension, WHERE) for c in conditions_in(where)]
    wanted += [
        (first, g.dimension, f"group_by.{at}")
        for at, g in enumerate(groups)
        if isinstance(g, DimensionGroup)
    ]
    wanted += [
        (step.dataset, c.dimension, "steps") for step in steps for c in conditions_in(step.where)
    ]
    for dataset, dimension, at in wanted:
        chosen = must(choose_path(snapshot.manifest, dataset, dimension), at)
        if chosen.assumption:
            notes.assumptions.append(Assumption("path", chosen.assumption))
        yield chosen.path


def _all_conditions(where: Predicate | None, steps: tuple[ResolvedStep, ...]) -> Predicate | None:
    """Every condition anywhere in the query, for those who watch what values are named."""
    found = tuple(p for p in (where, *(step.where for step in steps)) if p is not None)
    return And(found) if len(found) > 1 else next(iter(found), None)
