"""Groups of fewer than k people: when they stay hidden, and whose people are counted.

A field of `sensitivity: internal` is a personal attribute. Only a query that groups or
filters by one can point at somebody; organisation, product, channel and time do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from semantic_layer.model import Field, Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import MetricQuery
from semantic_layer.resolve.bridges import crossed
from semantic_layer.resolve.closure import measure_metrics
from semantic_layer.resolve.mentioned import cut_from, dimensions_in, parts_of, segments_in
from semantic_layer.resolve.paths import ENTITY, choose_path
from semantic_layer.resolve.refused import RefusedError, refuse_unsupported
from semantic_layer.resolved import PathChoice
from semantic_layer.snapshot import Snapshot


def personal_attributes(parts: Sequence[object], snapshot: Snapshot) -> tuple[str, ...]:
    """Those by which a query of these parts groups or filters; none when any may be shown."""
    if snapshot.min_group_size <= 1:
        return ()
    segments = snapshot.manifest.segments
    inside = (parts_of(segments[s].where) for s in segments_in(parts) if s in segments)
    named = dict.fromkeys(dimensions_in(chain(parts, *inside)))
    return tuple(name for name in named if is_personal(snapshot.manifest, name))


def watched(parts: Sequence[object], snapshot: Snapshot) -> Snapshot:
    """The snapshot, without a least number of people where the query points at nobody."""
    if snapshot.min_group_size <= 1 or personal_attributes(parts, snapshot):
        return snapshot
    return _unwatched(snapshot)


@lru_cache(maxsize=8)
def _unwatched(snapshot: Snapshot) -> Snapshot:
    """The same for all questions to one state of the world, which is known by what it is."""
    return replace(snapshot, min_group_size=1)


def is_personal(manifest: Manifest, dimension: str) -> bool:
    """Whether a dimension says something about a person, or is cut from what does."""
    return _is_personal(manifest, dimension.rpartition(".")[2])


@lru_cache(maxsize=4096)
def _is_personal(manifest: Manifest, name: str) -> bool:
    return any(
        field is not None and field.sensitivity == "internal"
        for field in (_field(manifest, column) for column in cut_from(manifest, name))
    )


def _field(manifest: Manifest, column: str) -> Field | None:
    dataset, _, name = column.partition(".")
    return manifest.datasets[dataset].field(name)


def people_paths(
    query: MetricQuery, datasets: tuple[str, ...], snapshot: Snapshot
) -> tuple[PathChoice, ...]:
    """How each table reaches the people behind its rows; none when nobody can be pointed at."""
    if snapshot.min_group_size <= 1:
        return ()
    personal = personal_attributes(parts_of(query), snapshot)
    if not personal:
        return ()
    refs = [ref for measure in query.measures for ref in measure_metrics(measure)]
    if query.window is not None or any(ref.stat is not None for ref in refs):
        raise refuse_unsupported(
            "按个人特征分组或筛选时的累计、滚动和期间内的最大最小",
            "",
            "由它们可以倒推出被隐去的数,请看各期的数或不按个人特征分",
        )
    for dataset in datasets:
        _check_own(snapshot.manifest, dataset, personal)
    return tuple(_people(snapshot.manifest, dataset, personal[0]) for dataset in datasets)


def _check_own(manifest: Manifest, dataset: str, personal: tuple[str, ...]) -> None:
    """Refuses attributes of several people of one row: those people are not counted."""
    for attribute in personal:
        chosen = choose_path(manifest, dataset, attribute)
        if not isinstance(chosen, Problem) and crossed(manifest, chosen.path) is not None:
            label = manifest.dimensions[attribute.rpartition(".")[2]].label
            table = manifest.datasets[dataset].label
            message = f"“{label}”属于个人特征,“{table}”的一行对应几个人,不能按它分组或筛选。"
            raise RefusedError(Problem("sensitive_field", message, "", attribute))


def _people(manifest: Manifest, dataset: str, attribute: str) -> PathChoice:
    """The way to those whose attribute it is, else to the entity with private fields."""
    for entity in _entities(manifest, dataset, attribute):
        chosen = choose_path(manifest, dataset, f"{ENTITY}{entity}")
        if not isinstance(chosen, Problem):
            return chosen.path
    label = manifest.dimensions[attribute.rpartition(".")[2]].label
    message = (
        f"“{label}”属于个人特征,而“{manifest.datasets[dataset].label}”数不出人数,"
        "不能按它分组或筛选。"
    )
    raise RefusedError(Problem("sensitive_field", message, "", attribute))


def _entities(manifest: Manifest, dataset: str, attribute: str) -> Iterator[str]:
    chosen = choose_path(manifest, dataset, attribute)
    if not isinstance(chosen, Problem):
        own = manifest.datasets[chosen.path.carrier].entity
        if own is not None:
            yield own
    tables = [d for d in manifest.datasets.values() if d.entity]
    tables.sort(key=lambda table: not any(f.sensitivity == "pii" for f in table.fields))
    yield from (table.entity for table in tables if table.entity)
