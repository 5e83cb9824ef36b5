"""`resolve`: from a symbolic query to one that can be compiled. Pure, the only validator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from semantic_layer.model import Manifest
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    BucketGroup,
    DimensionGroup,
    EntityQuery,
    FunnelQuery,
    MetricQuery,
    Query,
    SetGroup,
)
from semantic_layer.resolve.availability import dataset_of, latest_day
from semantic_layer.resolve.behaviour import resolve_behaviour
from semantic_layer.resolve.behaviour_scope import BehaviourQuery
from semantic_layer.resolve.bridges import (
    bridge_datasets,
    bridge_notes,
    check_bridges,
    plural_dimensions,
)
from semantic_layer.resolve.changed import change_warnings
from semantic_layer.resolve.closure import metric_closure
from semantic_layer.resolve.conditions import (
    bind_predicate,
    check_member,
    conditions_in,
    read_value,
)
from semantic_layer.resolve.defaults import asked_metrics, fill_period
from semantic_layer.resolve.divisors import check_divisors, holder_paths, used_metrics
from semantic_layer.resolve.entities import resolve_entities
from semantic_layer.resolve.flow_conditions import with_flow_periods
from semantic_layer.resolve.frames import check_number, check_told_apart, finest_grain
from semantic_layer.resolve.groupings import (
    entities_of,
    with_groups_bound,
    with_groups_spelled,
)
from semantic_layer.resolve.impossible import check_length, check_possible, check_results
from semantic_layer.resolve.judged import resolve_judged
from semantic_layer.resolve.later_conditions import later_conditions
from semantic_layer.resolve.mentioned import parts_of
from semantic_layer.resolve.names import find_dimension, find_metric
from semantic_layer.resolve.notes import Notes
from semantic_layer.resolve.paths import ENTITY, choose_path
from semantic_layer.resolve.refused import RefusedError, must
from semantic_layer.resolve.rest import check_rest
from semantic_layer.resolve.rights import (
    Rights,
    check_masked,
    check_whole,
    may_read,
    rights_of,
    row_filters,
    scope_text,
)
from semantic_layer.resolve.roles import check_roles
from semantic_layer.resolve.sense import check_sense
from semantic_layer.resolve.sets import (
    check_attached,
    entity_dimension,
    memberships,
    spelled_out,
)
from semantic_layer.resolve.small_groups import people_paths, watched
from semantic_layer.resolve.sources import filtered_fields
from semantic_layer.resolve.subtotals import check_subtotals
from semantic_layer.resolve.targets import check_targets, target_datasets
from semantic_layer.resolve.timing import Timed, choose_tables
from semantic_layer.resolve.told_as_of import told_as_of
from semantic_layer.resolve.unclear import check_unclear
from semantic_layer.resolved import Assumption, PathChoice, ResolvedQuery
from semantic_layer.snapshot import Snapshot


def resolve(query: Query, snapshot: Snapshot, principal: Principal) -> ResolvedQuery | Problem:
    """The query with names bound, periods made dates and paths chosen, or why not."""
    try:
        rights = rights_of(snapshot.manifest, principal)
        parts = parts_of(query)
        snapshot = watched(parts, snapshot)
        if isinstance(query, EntityQuery):
            return resolve_entities(query, snapshot, principal, _resolve)
        check_masked(parts, snapshot.manifest, rights)
        if isinstance(query, BehaviourQuery):
            return resolve_behaviour(query, snapshot, rights, _resolve)
        assert isinstance(query, MetricQuery)
        check_whole(query, rights)
        _check_no_keys(query)
        return _resolve(query, snapshot, rights)
    except RefusedError as error:
        return error.problem


def _check_no_keys(query: MetricQuery) -> None:
    """Single entities are listed by a list, which is a right of its own."""
    for position, group in enumerate(query.group_by):
        if isinstance(group, DimensionGroup) and group.dimension.startswith(ENTITY):
            message = "不能按单个对象分组;要看名单请用客户清单。"
            at = f"group_by.{position}"
            raise RefusedError(Problem("sensitive_field", message, at, group.dimension))


def _resolve(query: MetricQuery | FunnelQuery, snapshot: Snapshot, rights: Rights) -> ResolvedQuery:
    """Also what stands inside a set: a figure by entity, or how far somebody gets."""
    if isinstance(query, FunnelQuery):
        return resolve_behaviour(query, snapshot, rights, _resolve)
    return _resolve_metrics(query, snapshot, rights)


def _resolve_metrics(query: MetricQuery, snapshot: Snapshot, rights: Rights) -> ResolvedQuery:
    manifest, notes = snapshot.manifest, Notes()
    named = query.scope.period is not None
    query = with_flow_periods(query, manifest, notes)
    query = with_groups_spelled(_with_segments(query, manifest), manifest)
    _check_meaning(query, snapshot, rights)
    where = query.scope.where
    bound = bind_predicate(where, snapshot, "scope.where") if where is not None else None
    check_possible(bound, manifest, plural_dimensions(query, manifest))
    filled = fill_period(query, manifest)
    notes.assumptions.extend(filled.assumptions)
    dimensions = dict(_dimensions(query, manifest))
    timed = choose_tables(filled.query, dimensions, snapshot, notes)
    check_unclear(timed.query, dimensions.items(), manifest)
    check_rest(timed.query)
    check_targets(timed.query, dimensions, manifest)
    closure = _closure(timed.query, manifest)
    spans = tuple(resolved.span for resolved in timed.spans)
    notes.assumptions.extend(told_as_of(dimensions, spans, manifest, snapshot.as_of))
    check_number(spans, finest_grain(timed.query.group_by), snapshot.max_result_rows)
    check_told_apart(timed.query, spans)
    notes.warnings.extend(change_warnings(closure, spans, timed.bases, manifest))
    own = (dataset_of(leaf) for leaf in timed.sources.values())
    datasets = tuple(dict.fromkeys((*own, *target_datasets(timed.query, manifest))))
    paths = tuple(_paths(manifest, datasets, dimensions, notes))
    check_roles(timed.query, timed.sources, paths, manifest)
    judged = resolve_judged(timed, snapshot, rights, notes, _resolve, named=named)
    notes.warnings.extend(later_conditions(judged.sets.leaves, spans, named=named))
    holders = holder_paths(timed.query, timed.sources, manifest)
    people = people_paths(timed.query, datasets, snapshot)
    check_bridges(timed.query, paths, manifest)
    notes.warnings.extend(bridge_notes(timed.query, paths, manifest))
    check_subtotals(timed.query, watches_people=bool(people))
    spines = _spines(timed, paths, manifest, rights)
    carriers = (path.carrier for path in paths if path.dimension in spines)
    bridges = bridge_datasets(manifest, (*paths, *judged.paths))
    read = (*datasets, *judged.datasets, *carriers, *bridges)
    return ResolvedQuery(
        query=with_groups_bound(timed.query, snapshot),
        spans=spans,
        bases=timed.bases,
        grain=finest_grain(timed.query.group_by),
        where=bound,
        metrics=closure,
        sources=timed.positions,
        datasets=datasets,
        paths=tuple(dict.fromkeys((*paths, *judged.paths, *holders, *people))),
        spines=spines,
        row_filters=row_filters(manifest, rights, read),
        leaves=judged.sets.leaves,
        groupings=judged.bands,
        people=tuple((path.dataset, path.dimension) for path in people),
        masked=rights.masked,
        scope_text=scope_text(rights, snapshot.manifest),
        data_dates=tuple((n, latest_day(snapshot, manifest.datasets[n])) for n in datasets),
        assumptions=tuple(dict.fromkeys(notes.assumptions)),
        warnings=tuple(dict.fromkeys(notes.warnings)),
        manifest_hash=manifest.hash,
        as_of=snapshot.as_of,
    )


def _check_meaning(query: MetricQuery, snapshot: Snapshot, rights: Rights) -> None:
    """Refuses what cannot be meant, whatever the period is."""
    manifest = snapshot.manifest
    _check_names(query, manifest, rights)
    check_sense(query, manifest)
    check_divisors(query, manifest)
    check_attached(query.scope.where)
    check_length(query.scope.where)
    check_results(query)
    if query.focus is not None:
        check_member(query.focus.value, snapshot, query.focus.dimension, "focus")
        read_value(query.focus.value, snapshot, query.focus.dimension, "focus")


def _with_segments(query: MetricQuery, manifest: Manifest) -> MetricQuery:
    where = query.scope.where
    if where is None:
        return query
    return replace(query, scope=replace(query.scope, where=spelled_out(where, manifest)))


def _check_names(query: MetricQuery, manifest: Manifest, rights: Rights) -> None:
    for position, name in enumerate(asked_metrics(query)):
        must(find_metric(manifest, name, f"measures.{position}"))
    for name, at in _dimensions(query, manifest):
        if name.startswith(ENTITY):
            continue
        dimension = must(find_dimension(manifest, name, at))
        hidden = dimension.field.sensitivity == "pii" or not dimension.field.groupable
        if at.startswith("group_by") and hidden:
            raise RefusedError(
                Problem(
                    "sensitive_field",
                    f"“{dimension.label}”属于敏感或明细字段,不能用来分组。",
                    at,
                    name,
                )
            )


def _dimensions(query: MetricQuery, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """(dimension as written, slot) of every dimension the rows must have."""
    for position, group in enumerate(query.group_by):
        if isinstance(group, DimensionGroup):
            yield group.dimension, f"group_by.{position}"
        if isinstance(group, BucketGroup | SetGroup):
            for entity in entities_of(group):
                yield entity_dimension(entity, manifest), f"group_by.{position}"
    for condition in conditions_in(query.scope.where):
        yield condition.dimension, "scope.where"
    for set_ in memberships(query.scope.where):
        yield entity_dimension(set_.entity, manifest), "scope.where"
    if query.focus is not None:
        yield query.focus.dimension, "focus"
    if query.share is not None and query.share.of == "parent" and query.share.dimension:
        yield query.share.dimension, "share"


def _paths(
    manifest: Manifest, datasets: tuple[str, ...], dimensions: Iterable[str], notes: Notes
) -> Iterator[PathChoice]:
    for dataset in datasets:
        for dimension in dimensions:
            chosen = must(choose_path(manifest, dataset, dimension))
            if chosen.assumption:
                notes.assumptions.append(Assumption("path", chosen.assumption))
            yield chosen.path


def _spines(
    timed: Timed, paths: tuple[PathChoice, ...], manifest: Manifest, rights: Rights
) -> tuple[str, ...]:
    """The grouped dimensions that list all members; all of them or none.

    Members that a metric leaves out by its own filter would only show empty rows.
    """
    groups = timed.query.group_by
    names = [group.dimension for group in groups if isinstance(group, DimensionGroup)]
    if not names:
        return ()
    chosen = {set_.entity for set_ in memberships(timed.query.scope.where)}
    grouped = any(isinstance(group, BucketGroup | SetGroup) for group in groups)
    if grouped or any(name.startswith(ENTITY) or name in chosen for name in names):
        return ()
    filtered = filtered_fields(timed.sources)
    if any(name.rpartition(".")[2] in filtered for name in names):
        return ()
    fields = [manifest.dimensions[name.rpartition(".")[2]].field for name in names]
    carriers = [path.carrier for path in paths if path.dimension in names]
    if all(field.spine for field in fields) and all(
        may_read(manifest, rights, carrier) for carrier in carriers
    ):
        return tuple(names)
    return ()


def _closure(query: MetricQuery, manifest: Manifest) -> tuple[str, ...]:
    asked = used_metrics(query, manifest)
    parts = (part for name in asked for part in metric_closure(manifest, name))
    return tuple(dict.fromkeys((*asked, *parts)))
