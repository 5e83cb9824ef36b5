"""Many-to-many joins: dimensions of which one row has several members, and what that means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from semantic_layer.model import Aggregate, Dataset, Join, Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Condition,
    DimensionGroup,
    Measure,
    MetricQuery,
    Predicate,
)
from semantic_layer.resolve.closure import adds_up, is_divided, leaves, measure_metrics
from semantic_layer.resolve.conditions import UNKNOWN, conditions_in, parts_of
from semantic_layer.resolve.paths import choose_path
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.sets import every_set, set_dataset, set_parts
from semantic_layer.resolved import PathChoice, ResolvedQuery

NEGATIVE = frozenset({"not_in", "not_contains", "is_null"})


class Crossing(NamedTuple):
    """A way cut at its many-to-many join."""

    start: str
    before: tuple[str, ...]
    """Joins to the table whose rows have several members."""
    parent: Dataset
    join: Join
    after: tuple[str, ...]
    """Joins from the table of pairs to the members."""

    @property
    def joins(self) -> tuple[str, ...]:
        """The joins up to the table of pairs."""
        return (*self.before, self.join.name)

    def after_of(self, path: PathChoice) -> tuple[str, ...]:
        """The joins of another way from the same table of pairs on."""
        return path.joins[len(self.joins) :]


@lru_cache(maxsize=16384)
def crossing(manifest: Manifest, dataset: str, joins: tuple[str, ...]) -> Crossing | None:
    """Where a way leads over a many-to-many join; None: every row has one value."""
    at = manifest.datasets.get(dataset)
    for position, role in enumerate(joins):
        join = at.join(role) if at is not None else None
        if at is None or join is None:
            return None
        if join.type == "many_to_many":
            return Crossing(dataset, joins[:position], at, join, joins[position + 1 :])
        at = manifest.datasets.get(join.to)
    return None


def crossed(manifest: Manifest, path: PathChoice) -> Crossing | None:
    """Where a chosen way leads over a many-to-many join."""
    return crossing(manifest, path.dataset, path.joins)


def bridge_datasets(manifest: Manifest, paths: Iterable[PathChoice]) -> tuple[str, ...]:
    """The tables of pairs that the ways lead over: their rows have policies of their own."""
    found = (crossed(manifest, path) for path in paths)
    return tuple(dict.fromkeys(cut.join.to for cut in found if cut is not None))


def is_positive(condition: Condition) -> bool:
    """Whether some member has to fulfil it, not every one or none."""
    return condition.op not in NEGATIVE and UNKNOWN not in condition.values


def grouped_crossings(
    query: MetricQuery, paths: Iterable[PathChoice], manifest: Manifest
) -> dict[str, Crossing]:
    """The grouped dimensions of which a row may have several members."""
    names = {group.dimension for group in query.group_by if isinstance(group, DimensionGroup)}
    found = ((p.dimension, crossed(manifest, p)) for p in paths if p.dimension in names)
    return {name: cut for name, cut in found if cut is not None}


def allocates(measures: Iterable[Measure], cuts: Iterable[Crossing], manifest: Manifest) -> bool:
    """Whether amounts are shared out among the members by weight, so that these add up."""
    weighted = [cut.join.weight is not None for cut in cuts]
    refs = [ref for measure in measures for ref in measure_metrics(measure)]
    parts = [leaf.definition for ref in refs for leaf in leaves(manifest, ref.metric)]
    sums = all(isinstance(part, Aggregate) and part.agg == "sum" for part in parts)
    return bool(weighted) and all(weighted) and sums and not any(map(is_divided, refs))


def is_allocated(resolved: ResolvedQuery, manifest: Manifest) -> bool:
    """Whether the amounts of a query are shared out among the members of its groups."""
    query = resolved.query
    if not isinstance(query, MetricQuery):
        return False
    cuts = grouped_crossings(query, resolved.paths, manifest).values()
    return allocates(query.measures, cuts, manifest)


def overlaps(query: MetricQuery, paths: Iterable[PathChoice], manifest: Manifest) -> bool:
    """Whether a row may count in several of the rows shown."""
    cuts = grouped_crossings(query, paths, manifest).values()
    return bool(cuts) and not allocates(query.measures, cuts, manifest)


def bridge_notes(
    query: MetricQuery, paths: tuple[PathChoice, ...], manifest: Manifest
) -> Iterator[tuple[str, str]]:
    """What members that overlap mean for the numbers, one sentence for each dimension."""
    cuts = grouped_crossings(query, paths, manifest)
    if not cuts:
        return
    shared = allocates(query.measures, cuts.values(), manifest)
    if shared:
        for name, cut in cuts.items():
            chosen = any(crossed_by(part, cut, paths, manifest) for part in _parts(query))
            yield "allocated", _allocated(name, cut, manifest, chosen=chosen)
        return
    for name, cut in cuts.items():
        if _is_one_member(name, query):
            continue
        yield "overlapping_members", _overlapping(name, cut, query, manifest)


def _is_one_member(name: str, query: MetricQuery) -> bool:
    """Whether one member alone is shown, so that nothing overlaps."""
    return any(
        isinstance(part, Condition)
        and (part.dimension, part.op, len(part.values)) == (name, "in", 1)
        and is_positive(part)
        for part in _parts(query)
    )


def _parts(query: MetricQuery) -> tuple[Predicate, ...]:
    return parts_of(query.scope.where)


def crossed_by(
    part: Predicate, cut: Crossing, paths: Iterable[PathChoice], manifest: Manifest
) -> bool:
    """Whether a condition is about members behind that join."""
    names = {condition.dimension for condition in conditions_in(part)}
    ways = (crossed(manifest, path) for path in paths if path.dimension in names)
    return any(way is not None and (way.start, way.joins) == (cut.start, cut.joins) for way in ways)


def _allocated(name: str, cut: Crossing, manifest: Manifest, *, chosen: bool) -> str:
    subject, label = cut.parent.label, _label(name, manifest)
    total = "合计是他们的全部,大于所列各组之和" if chosen else "各组相加等于合计"
    return f"一个{subject}可有多个{label},金额按权重分摊到各{label},{total}。"


def _overlapping(name: str, cut: Crossing, query: MetricQuery, manifest: Manifest) -> str:
    subject, label = cut.parent.label, _label(name, manifest)
    if not any(adds_up(measure, manifest) for measure in query.measures):
        return f"一个{subject}可有多个{label},在每个{label}里都计算。"
    if query.share is not None:
        return f"一个{subject}可有多个{label},各组有重叠,占比相加会超过100%。"
    return f"一个{subject}可有多个{label},各组相加会大于合计。"


def _label(name: str, manifest: Manifest) -> str:
    return manifest.dimensions[name.rpartition(".")[2]].label


def check_bridges(query: MetricQuery, paths: tuple[PathChoice, ...], manifest: Manifest) -> None:
    """Refuses what members that overlap cannot mean."""
    cuts = grouped_crossings(query, paths, manifest)
    if not cuts:
        return
    name, cut = next(iter(cuts.items()))
    subject, label = cut.parent.label, _label(name, manifest)
    if query.limit is not None and query.limit.others:
        message = f"一个{subject}可有多个{label},“其他”会与列出的重叠;请去掉“其他”。"
        raise RefusedError(Problem("invalid_query", message, "limit", name))
    if len({found.join.weight is None for found in cuts.values()}) > 1:
        names = "、".join(_label(each, manifest) for each in cuts)
        message = f"{names}里有的按权重分摊、有的不分摊,不能一起分组;请分开看。"
        raise RefusedError(Problem("invalid_query", message, "group_by", name))


def refuse_crossing(path: PathChoice, at: str, what: str, manifest: Manifest) -> None:
    """Refuses a way with several members where one value is needed."""
    cut = crossed(manifest, path)
    if cut is None:
        return
    label = _label(path.dimension, manifest)
    message = (
        f"一个{cut.parent.label}可有多个{label},不能用它{what};"
        f"可以按{label}筛选,或看各{label}的指标。"
    )
    raise RefusedError(Problem("invalid_query", message, at, path.dimension))


def plural_dimensions(query: MetricQuery, manifest: Manifest) -> frozenset[str]:
    """The dimensions in conditions of which one row, or one entity, may have several members."""
    where = query.scope.where
    if where is None:
        return frozenset()
    refs = [ref for measure in query.measures for ref in measure_metrics(measure)]
    tables = dict.fromkeys(
        leaf.definition.dataset
        for ref in refs
        for leaf in leaves(manifest, ref.metric)
        if isinstance(leaf.definition, Aggregate)
    )
    names = dict.fromkeys(condition.dimension for condition in conditions_in(where))
    plural = (n for table in tables for n in names if _is_plural(manifest, table, n))
    return frozenset(plural) | plural_members(where, manifest)


def plural_members(where: Predicate | None, manifest: Manifest) -> frozenset[str]:
    """The dimensions inside of sets of which one entity may have several members."""
    return frozenset(
        placed.part.dimension
        for set_ in every_set(where)
        for placed in set_parts(set_)
        if isinstance(placed.part, Condition)
        and _is_plural(manifest, set_dataset(set_, manifest), placed.part.dimension)
    )


def _is_plural(manifest: Manifest, dataset: str, dimension: str) -> bool:
    chosen = choose_path(manifest, dataset, dimension)
    return not isinstance(chosen, Problem) and crossed(manifest, chosen.path) is not None
