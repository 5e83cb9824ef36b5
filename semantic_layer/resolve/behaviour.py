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
    DimensionGroup,
    FunnelQuery,
    Group,
    IntervalQuery,
    PathQuery,
    Predicate,
    RetentionQuery,
    Step,
    TimeGroup,
)
from semantic_layer.resolve.availability import grain_unit, latest_day
from semantic_layer.resolve.behaviour_events import chosen_actor, find_event
from semantic_layer.resolve.behaviour_scope import (
    WHERE,
    BehaviourQuery,
    all_conditions,
    behaviour_bands,
    behaviour_sets,
    behaviour_spans,
    bound_where,
    grain_of,
    groups_of,
    with_period,
)
from semantic_layer.resolve.behaviour_warnings import behaviour_warnings
from semantic_layer.resolve.bridges import bridge_datasets, refuse_crossing
from semantic_layer.resolve.conditions import column_kind, conditions_in, field_kind
from semantic_layer.resolve.groupings import (
    check_groupings,
    entities_of,
    groupings,
    with_groups_bound,
    with_groups_spelled,
)
from semantic_layer.resolve.members import ResolveMetrics
from semantic_layer.resolve.names import find_dimension
from semantic_layer.resolve.notes import Notes
from semantic_layer.resolve.paths import choose_path
from semantic_layer.resolve.refused import RefusedError, must, refuse_unsupported
from semantic_layer.resolve.rights import Rights, row_filters, scope_text
from semantic_layer.resolve.sets import entity_dimension, memberships
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

LIMITED = (
    "limited_rows",
    "按您的权限只统计归属您范围内的事件,没有归属的(如注册前的访客)看不到,也不计入。",
)
MOST_PERIODS, MOST_STEPS, LONGEST_PATH = 60, 12, 20


def resolve_behaviour(
    query: BehaviourQuery, snapshot: Snapshot, rights: Rights, resolve_metrics: ResolveMetrics
) -> ResolvedQuery:
    """The query with its events found, its periods as dates and its tables limited."""
    manifest, notes = snapshot.manifest, Notes()
    _check_shape(query)
    query = with_period(_with_groups(query, snapshot), notes)
    asked = list(steps_of(query))
    bare = tuple(find_event(manifest, step.event, at) for at, step in asked)
    _check_marks(query, bare)
    actor = _actor(query, bare, snapshot, notes)
    steps = tuple(
        replace(found, where=bound_where(step.where, snapshot, f"{at}.where"))
        for found, (at, step) in zip(bare, asked, strict=True)
    )
    where, groups = bound_where(query.scope.where, snapshot, WHERE), groups_of(query)
    _check_groups(groups, snapshot, rights)
    datasets = tuple(dict.fromkeys(step.dataset for step in steps))
    anchors = _anchors(datasets, snapshot)
    spans = behaviour_spans(query, steps[0], anchors, manifest, notes)
    behaviour = ResolvedBehaviour(
        steps=steps,
        actor=actor.name,
        actor_label=actor.label,
        actor_unit=actor.unit,
        observed=anchors.latest,
        by_time=all(_has_time(step, snapshot) for step in steps),
        where=where,
    )
    sets = behaviour_sets(query, behaviour, spans, snapshot, rights, notes, resolve_metrics)
    bands = behaviour_bands(query, spans, snapshot, rights, notes, resolve_metrics)
    for span in spans:
        notes.warnings.extend(behaviour_warnings(query, behaviour, span))
    if not rights.everything:
        notes.warnings.append(LIMITED)
    attributes = tuple(band.attribute for band in bands if band.attribute is not None)
    paths = (*_paths(steps, where, groups, snapshot, notes), *sets.paths, *attributes)
    judged = (*sets.datasets, *(path.dataset for path in attributes))
    return ResolvedQuery(
        query=query,
        spans=spans,
        grain=grain_of(query),
        where=all_conditions(where, steps),
        datasets=datasets,
        paths=tuple(dict.fromkeys(paths)),
        row_filters=row_filters(
            manifest, rights, (*datasets, *judged, *bridge_datasets(manifest, paths))
        ),
        leaves=sets.leaves,
        groupings=bands,
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


def _actor(
    query: BehaviourQuery, steps: tuple[ResolvedStep, ...], snapshot: Snapshot, notes: Notes
) -> Actor:
    grouped = _grouped_actor(query)
    entity = None if isinstance(query, PathQuery) else query.entity or grouped
    actor, chosen = chosen_actor(snapshot.manifest, steps, entity)
    if grouped is not None and grouped != actor.name:
        message = f"按{actor.label}统计的行为不能按“{grouped}”分档或分客群;请改按{grouped}统计。"
        raise RefusedError(Problem("dim_not_applicable", message, "group_by", grouped))
    if grouped is not None and query.kind != "path_query" and query.entity is None:
        notes.assumptions.append(Assumption("entity", f"按{actor.label}去重统计"))
    if isinstance(query, PathQuery):
        _check_sessions(steps[0], snapshot)
    elif chosen:
        notes.assumptions.append(Assumption("entity", f"按{actor.label}去重统计"))
    if snapshot.min_group_size > 1:
        if not actor.person:
            raise refuse_unsupported(f"小样本抑制下按{actor.label}统计的行为分析", "entity")
        notes.warnings.append(_suppression_note(snapshot.min_group_size))
    return actor


def _with_groups(query: BehaviourQuery, snapshot: Snapshot) -> BehaviourQuery:
    """The query with the sets of its groups spelled out and bound."""
    if isinstance(query, PathQuery):
        return query
    check_groupings(query, snapshot.manifest)
    return with_groups_bound(with_groups_spelled(query, snapshot.manifest), snapshot)


def _grouped_actor(query: BehaviourQuery) -> str | None:
    """Whose bands and sets the groups are: only those who act can be sorted into them."""
    if isinstance(query, PathQuery):
        return None
    entities = {entity for _, group in groupings(query) for entity in entities_of(group)}
    if len(entities) > 1:
        message = "分档和客群要是同一种对象,例如都是客户。"
        raise _invalid(message, "group_by")
    return next(iter(entities), None)


def _suppression_note(least: int) -> tuple[str, str]:
    text = f"涉及个人特征,少于{least}人的格子不显示(***);为防止相减倒推,个别其他格子一并不显示。"
    return "suppressed", text


def _check_sessions(step: ResolvedStep, snapshot: Snapshot) -> None:
    dataset = snapshot.manifest.datasets[step.dataset]
    log = dataset.events
    if log is None or log.session is None or log.field is None:
        message = f"“{dataset.label}”没有会话或事件名,不能看路径。"
        raise RefusedError(Problem("dim_not_applicable", message, "anchor", step.event))


def _check_groups(groups: tuple[Group, ...], snapshot: Snapshot, rights: Rights) -> None:
    if sum(isinstance(group, TimeGroup) for group in groups) > 1:
        raise refuse_unsupported("同时按两种时间粒度分组", "group_by")
    for position, group in enumerate(groups):
        at = f"group_by.{position}"
        if isinstance(group, TimeGroup):
            continue
        if not isinstance(group, DimensionGroup):
            continue
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
    wanted = [(first, name, WHERE) for name in _named_by(where, snapshot)]
    wanted += [
        (first, g.dimension, f"group_by.{at}")
        for at, g in enumerate(groups)
        if isinstance(g, DimensionGroup)
    ]
    wanted += [
        (step.dataset, name, "steps") for step in steps for name in _named_by(step.where, snapshot)
    ]
    for dataset, dimension, at in wanted:
        chosen = must(choose_path(snapshot.manifest, dataset, dimension), at)
        if chosen.assumption:
            notes.assumptions.append(Assumption("path", chosen.assumption))
        if at.startswith("group_by"):
            refuse_crossing(chosen.path, at, "分组看行为", snapshot.manifest)
        yield chosen.path


def _named_by(where: Predicate | None, snapshot: Snapshot) -> Iterator[str]:
    """The dimensions and the entities of sets that a row must have to be judged."""
    yield from (condition.dimension for condition in conditions_in(where))
    yield from (entity_dimension(set_.entity, snapshot.manifest) for set_ in memberships(where))
