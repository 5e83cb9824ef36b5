"""Which joins lead from a dataset to a dimension; never the shortest in silence."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from semantic_layer.model import Dataset, Join, Manifest
from semantic_layer.problem import Candidate, Problem
from semantic_layer.resolved import PathChoice

MAX_JOINS = 4
ENTITY = "@"
"""Marks an entity where a dimension stands: `@customer`."""


class Way(NamedTuple):
    """One way to a carrier of a dimension."""

    joins: tuple[Join, ...]
    carrier: str


class Chosen(NamedTuple):
    """The way taken, and what to say when it was not the only one."""

    path: PathChoice
    assumption: str = ""


def choose_path(manifest: Manifest, dataset: str, dimension: str) -> Chosen | Problem:
    """The way from a dataset to a dimension (`role.dimension` names the role)."""
    return _choose(manifest, dataset, dimension)


def reaches(manifest: Manifest, dataset: str, dimension: str) -> bool:
    """Whether the dataset has the dimension, directly or through joins."""
    return bool(_ways(manifest, dataset, dimension))


@lru_cache(maxsize=16384)
def _choose(manifest: Manifest, dataset: str, dimension: str) -> Chosen | Problem:
    ways = _ways(manifest, dataset, dimension)
    if not ways:
        return _not_applicable(manifest, dataset, dimension)
    if not ways[0].joins:
        return Chosen(_path(manifest, dataset, dimension, ways[0]))
    if len(ways) == 1:
        return Chosen(
            _path(manifest, dataset, dimension, ways[0]), _role_said(manifest, ways[0], dimension)
        )
    default = _default_way(ways)
    if default is None:
        return _ambiguous(manifest, dimension, ways)
    said = _said(manifest, default, dimension)
    return Chosen(_path(manifest, dataset, dimension, default), said)


def _role_said(manifest: Manifest, way: Way, dimension: str) -> str:
    """The role, where its table plays several: 渠道 may be 注册渠道 or 交易渠道."""
    joins = (j for dataset in manifest.datasets.values() for j in dataset.joins)
    roles = {j.label for j in joins if j.to == way.carrier and j.label}
    is_written = "." in dimension or dimension.startswith(ENTITY)
    return "" if is_written or len(roles) < 2 else _said(manifest, way, dimension)


def _said(manifest: Manifest, way: Way, dimension: str) -> str:
    return f"{_label(manifest, dimension)}按{_role_label(manifest, way)}统计"


@lru_cache(maxsize=16384)
def _ways(manifest: Manifest, dataset: str, dimension: str) -> tuple[Way, ...]:
    """Every way, the dataset's own field alone when it has one."""
    if dimension.startswith(ENTITY):
        return _ways_to_entity(manifest, dataset, dimension.removeprefix(ENTITY))
    role, _, field = dimension.rpartition(".")
    start = manifest.datasets[dataset]
    if not role and start.field(field) is not None:
        return (Way((), dataset),)
    found: list[Way] = []
    _walk(manifest, start, lambda target: target.field(field) is not None, (), found)
    found = [way for way in found if not _comes_back(way, dataset)]
    found = [way for way in found if not any(_is_detour(way, other) for other in found)]
    if not role:
        return tuple(found)
    roles = tuple(role.split("."))
    named = [way for way in found if _ends_with(way, roles)]
    own = [way for way in named if len(way.joins) == len(roles)]
    if not named and start.field(field) is not None:
        return (Way((), dataset),)
    return tuple(own or named)


def _ways_to_entity(manifest: Manifest, dataset: str, entity: str) -> tuple[Way, ...]:
    """Ways to the table of an entity; its own key in a fact comes before any detour."""
    start = manifest.datasets[dataset]
    if start.entity == entity:
        return (Way((), dataset),)
    found: list[Way] = []
    _walk(manifest, start, lambda target: target.entity == entity, (), found, several=False)
    direct = [way for way in found if len(way.joins) == 1]
    return tuple(direct if len(direct) == 1 else found)


def _walk(
    manifest: Manifest,
    at: Dataset,
    lands: Callable[[Dataset], bool],
    joins: tuple[Join, ...],
    found: list[Way],
    *,
    several: bool = True,
) -> None:
    """Adds every way; `several`: also over one join where a row has several members."""
    if len(joins) >= MAX_JOINS:
        return
    seen = {join.to for join in joins}
    crossed = any(join.type == "many_to_many" for join in joins)
    for join in at.joins:
        target = manifest.datasets.get(join.to)
        if target is None or join.to in seen:
            continue
        if join.type == "many_to_many" and (crossed or not several):
            continue
        way = (*joins, join)
        if lands(target):
            found.append(Way(way, join.to))
        else:
            _walk(manifest, target, lands, way, found, several=several)


def _comes_back(way: Way, dataset: str) -> bool:
    """Whether a way leads to other rows of the table it began with: customers of the same tag."""
    over_pairs = any(join.type == "many_to_many" for join in way.joins)
    return over_pairs and any(join.to == dataset for join in way.joins)


def _is_detour(way: Way, other: Way) -> bool:
    """Whether the other way is the same with two of its joins made in one, by the same keys."""
    if len(other.joins) != len(way.joins) - 1:
        return False
    return any(
        way.joins[:at] == other.joins[:at]
        and way.joins[at + 2 :] == other.joins[at + 1 :]
        and _is_composed(other.joins[at], way.joins[at], way.joins[at + 1])
        for at in range(len(other.joins))
    )


def _is_composed(short: Join, first: Join, second: Join) -> bool:
    """Our customer is the customer of our customer-month: one key, passed on."""
    passed = {theirs: ours for ours, theirs in first.keys}
    composed = {(passed.get(ours), theirs) for ours, theirs in second.keys}
    return short.to == second.to and composed == set(short.keys)


def _ends_with(way: Way, roles: tuple[str, ...]) -> bool:
    return tuple(join.name for join in way.joins[-len(roles) :]) == roles


def _default_way(ways: tuple[Way, ...]) -> Way | None:
    """The way whose role at the carrier is the declared default, if exactly one is.

    Among several such, the first differing join decides; a default in the middle of a way
    says nothing about its end.
    """
    left = tuple(way for way in ways if way.joins[-1].default)
    for depth in range(MAX_JOINS):
        if len(left) == 1:
            return left[0]
        names = {way.joins[depth].name if len(way.joins) > depth else "" for way in left}
        if len(names) == 1:
            continue
        left = tuple(w for w in left if len(w.joins) > depth and w.joins[depth].default)
        if not left:
            return None
    return left[0] if len(left) == 1 else None


def _path(manifest: Manifest, dataset: str, dimension: str, way: Way) -> PathChoice:
    names = tuple(join.name for join in way.joins)
    field = _field(dimension)
    if dimension.startswith(ENTITY):
        field = manifest.datasets[way.carrier].key[0]
    return PathChoice(dataset, dimension, names, way.carrier, field)


def _label(manifest: Manifest, dimension: str) -> str:
    known = manifest.dimensions.get(_field(dimension))
    if known is not None:
        return known.label
    entity = dimension.removeprefix(ENTITY)
    tables = (d.label for d in manifest.datasets.values() if d.entity == entity)
    return next(tables, entity)


def _field(dimension: str) -> str:
    return dimension.rpartition(".")[2]


def _role_label(manifest: Manifest, way: Way) -> str:
    return "的".join(map(manifest.role_label, way.joins))


def _ambiguous(manifest: Manifest, dimension: str, ways: tuple[Way, ...]) -> Problem:
    label = _label(manifest, dimension)
    candidates = tuple(
        Candidate(
            ".".join((*(join.name for join in way.joins), _field(dimension))),
            f"{_role_label(manifest, way)}的{label}",
        )
        for way in ways
    )
    choices = "、".join(candidate.label for candidate in candidates)
    return Problem(
        "ambiguous_path", f"“{label}”有多种取法,请选择:{choices}。", "", dimension, candidates
    )


def _not_applicable(manifest: Manifest, dataset: str, dimension: str) -> Problem:
    candidates = applicable_dimensions(manifest, dataset)
    message = lacks(manifest, manifest.datasets[dataset].label, dimension, candidates)
    return Problem("dim_not_applicable", message, "", dimension, candidates)


def lacks(
    manifest: Manifest, subject: str, dimension: str, candidates: tuple[Candidate, ...]
) -> str:
    """The sentence that something has no such dimension."""
    label = _label(manifest, dimension)
    names = "、".join(candidate.label for candidate in candidates[:8])
    return f"“{subject}”没有“{label}”这个维度;可用的维度:{names or '无'}。"


@lru_cache(maxsize=1024)
def applicable_dimensions(manifest: Manifest, dataset: str) -> tuple[Candidate, ...]:
    """The dimensions by which the rows of a dataset can be grouped."""
    return tuple(
        Candidate(dimension.name, dimension.label)
        for dimension in manifest.dimensions.values()
        if dimension.field.groupable and _ways(manifest, dataset, dimension.name)
    )
