"""Lists of entities: who is on the list, and which columns may be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from semantic_layer.model import Dataset, Manifest
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    DimensionGroup,
    EntityQuery,
    Membership,
    MetricQuery,
    Scope,
    Set,
)
from semantic_layer.resolve.availability import latest_day
from semantic_layer.resolve.bridges import bridge_datasets, plural_members, refuse_crossing
from semantic_layer.resolve.closure import metric_closure
from semantic_layer.resolve.conditions import bind_predicate
from semantic_layer.resolve.impossible import check_length, check_possible
from semantic_layer.resolve.listing_rights import ListingRights, listing_rights
from semantic_layer.resolve.members import ResolvedSets, ResolveMetrics, resolve_sets
from semantic_layer.resolve.mentioned import mentioned_dimensions
from semantic_layer.resolve.names import find_dimension
from semantic_layer.resolve.notes import Notes
from semantic_layer.resolve.paths import choose_path
from semantic_layer.resolve.refused import RefusedError, must
from semantic_layer.resolve.rights import is_masked, row_filters, scope_text
from semantic_layer.resolve.sets import (
    entity_dataset,
    entity_dimension,
    set_dataset,
    spelled_out,
    spelled_out_set,
)
from semantic_layer.resolved import (
    Assumption,
    ListedAttribute,
    PathChoice,
    ResolvedListing,
    ResolvedQuery,
    ResolvedSpan,
)
from semantic_layer.snapshot import Snapshot


def resolve_entities(
    query: EntityQuery, snapshot: Snapshot, principal: Principal, resolve_metrics: ResolveMetrics
) -> ResolvedQuery:
    """The list with its figures, its columns allowed, its members judged."""
    manifest, notes = snapshot.manifest, Notes()
    allowed = listing_rights(manifest, principal)
    set_ = _whole_set(query, manifest)
    entity_dimension(set_.entity, manifest)
    dataset = manifest.datasets[set_dataset(set_, manifest)]
    _check_shape(query, manifest)
    _check_filters(set_, allowed, manifest)
    attributes = tuple(
        _attribute(name, f"attributes.{at}", allowed, manifest)
        for at, name in enumerate(query.attributes)
    )
    _check_order(query, attributes)
    paths = tuple(_path(attribute, dataset, manifest, notes) for attribute in attributes)
    snapshot = replace(snapshot, min_group_size=1)
    figures = _figures(query, snapshot, allowed, notes, resolve_metrics)
    period = query.scope.period
    if figures is not None and isinstance(figures.query, MetricQuery):
        period = figures.query.scope.period
    where = Membership(set_)
    check_length(where)
    bound = bind_predicate(where, snapshot, "set.where")
    check_possible(bound, manifest, plural_members(bound, manifest))
    sets = resolve_sets(where, period, snapshot, allowed.rights, notes, resolve_metrics)
    spans = figures.spans if figures is not None else _spans(query, sets)
    return ResolvedQuery(
        query=query,
        spans=spans,
        where=bound,
        metrics=_metrics(figures, sets, manifest),
        datasets=(dataset.name,),
        paths=tuple(dict.fromkeys((*paths, *sets.paths))),
        row_filters=row_filters(
            manifest,
            allowed.rights,
            (dataset.name, *sets.datasets, *bridge_datasets(manifest, sets.paths)),
        ),
        leaves=sets.leaves,
        listing=ResolvedListing(dataset.name, attributes, figures),
        masked=allowed.rights.masked,
        scope_text=scope_text(allowed.rights, manifest),
        data_dates=_data_dates(dataset, figures, sets, snapshot),
        assumptions=tuple(dict.fromkeys(notes.assumptions)),
        warnings=tuple(dict.fromkeys(notes.warnings)),
        manifest_hash=manifest.hash,
        as_of=snapshot.as_of,
    )


def _whole_set(query: EntityQuery, manifest: Manifest) -> Set:
    """The set, narrowed by the filter of the scope."""
    set_ = spelled_out_set(query.set, manifest)
    if query.scope.where is None:
        return set_
    return replace(set_, where=And((set_.where, spelled_out(query.scope.where, manifest))))


def _check_shape(query: EntityQuery, manifest: Manifest) -> None:
    if query.limit is not None and query.limit < 1:
        raise _invalid("条数至少为 1。", "limit")
    if len(set(query.attributes)) < len(query.attributes):
        raise _invalid("同一个字段不用列两次。", "attributes")
    if len(set(query.measures)) < len(query.measures):
        raise _invalid("同一个指标不用列两次。", "measures")
    for order in query.order:
        column = order.column
        if column.show != "value" or column.base is not None:
            raise _invalid("名单只能按列出的字段或指标排序。", "order")
        listed = query.measures if column.group is None else query.attributes
        position = column.group if column.group is not None else column.measure
        if not 0 <= (position or 0) < len(listed):
            raise _invalid("排序所指的列不在名单里。", "order")
    if query.attributes and entity_dataset(query.set.entity, manifest) is None:
        label = manifest.dimensions[query.set.entity].label
        message = f"“{label}”没有其他字段可列,可以列它的指标。"
        raise RefusedError(Problem("dim_not_applicable", message, "attributes"))


def _check_filters(set_: Set, allowed: ListingRights, manifest: Manifest) -> None:
    """A masked field says what it hides when rows are chosen by it."""
    for name in dict.fromkeys(mentioned_dimensions(set_)):
        dimension = must(find_dimension(manifest, name, "set.where"))
        if allowed.is_masked(dimension) or is_masked(manifest, allowed.rights, name):
            raise _sensitive(dimension.label, "筛选", "set.where", name)


def _attribute(name: str, at: str, allowed: ListingRights, manifest: Manifest) -> ListedAttribute:
    dimension = must(find_dimension(manifest, name, at))
    masked = allowed.is_masked(dimension)
    if masked and dimension.field.mask is None and dimension.field.sensitivity == "pii":
        raise _sensitive(dimension.label, "列出", at, name)
    return ListedAttribute(name, masked)


def _check_order(query: EntityQuery, attributes: tuple[ListedAttribute, ...]) -> None:
    for order in query.order:
        at = order.column.group
        if at is not None and attributes[at].masked:
            raise _sensitive(query.attributes[at], "排序", "order", query.attributes[at])


def _path(
    attribute: ListedAttribute, dataset: Dataset, manifest: Manifest, notes: Notes
) -> PathChoice:
    chosen = must(choose_path(manifest, dataset.name, attribute.dimension), "attributes")
    if chosen.assumption:
        notes.assumptions.append(Assumption("path", chosen.assumption))
    refuse_crossing(chosen.path, "attributes", "作名单的一列", manifest)
    return chosen.path


def _figures(
    query: EntityQuery,
    snapshot: Snapshot,
    allowed: ListingRights,
    notes: Notes,
    resolve_metrics: ResolveMetrics,
) -> ResolvedQuery | None:
    """The measures by entity over the period of the list."""
    if not query.measures:
        return None
    group = DimensionGroup(entity_dimension(query.set.entity, snapshot.manifest))
    asked = MetricQuery(query.measures, (group,), Scope(query.scope.period), totals=False)
    figures = replace(resolve_metrics(asked, snapshot, allowed.rights), people=(), spines=())
    if figures.grain is not None or len(figures.spans) > 1:
        message = "名单里的指标只能有一段时间;按月定义的指标请给出一个月。"
        raise RefusedError(Problem("grain_not_available", message, "scope.period"))
    notes.assumptions.extend(figures.assumptions)
    notes.warnings.extend(figures.warnings)
    return figures


def _spans(query: EntityQuery, sets: ResolvedSets) -> tuple[ResolvedSpan, ...]:
    """Without figures: the period over which the members are judged."""
    if query.scope.period is None:
        return ()
    judged = (leaf.query.spans for leaf in sets.leaves if leaf.inherits)
    return next(judged, ())


def _metrics(
    figures: ResolvedQuery | None, sets: ResolvedSets, manifest: Manifest
) -> tuple[str, ...]:
    found = figures.metrics if figures is not None else ()
    judged = (name for leaf in sets.leaves for name in leaf.query.metrics)
    known = (name for name in judged if metric_closure(manifest, name))
    return tuple(dict.fromkeys((*found, *known)))


def _data_dates(
    dataset: Dataset, figures: ResolvedQuery | None, sets: ResolvedSets, snapshot: Snapshot
) -> tuple[tuple[str, date], ...]:
    found = {dataset.name: latest_day(snapshot, dataset)}
    found |= dict(figures.data_dates if figures is not None else ())
    for leaf in sets.leaves:
        found |= dict(leaf.query.data_dates)
    return tuple(found.items())


def _sensitive(label: str, verb: str, at: str, name: str) -> RefusedError:
    message = f"“{label}”属于敏感信息,不能用来{verb};可以看这批客户的人数、机构分布和资产分层。"
    if verb == "列出":
        message = f"“{label}”属于客户敏感信息,不提供明细;可以看这批客户的人数、机构分布和资产分层。"
    return RefusedError(Problem("sensitive_field", message, at, name))


def _invalid(message: str, at: str) -> RefusedError:
    return RefusedError(Problem("invalid_query", message, at))
