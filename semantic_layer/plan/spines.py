"""Members that are listed even without rows: 各分行 shows all branches."""

from __future__ import annotations

from semantic_layer.plan.nodes import Spine
from semantic_layer.query import And, Predicate
from semantic_layer.resolve.conditions import conditions_in
from semantic_layer.resolve.sets import memberships
from semantic_layer.resolved import PathChoice, ResolvedQuery


def spines_of(resolved: ResolvedQuery) -> tuple[Spine, ...]:
    """One spine per table that lists members, narrowed by the conditions that reach it."""
    paths = {(path.dataset, path.dimension): path for path in resolved.paths}
    first = resolved.datasets[0] if resolved.datasets else ""
    by_table: dict[tuple[str, tuple[str, ...]], list[PathChoice]] = {}
    for dimension in resolved.spines:
        path = paths[first, dimension]
        by_table.setdefault((path.carrier, path.joins), []).append(path)
    return tuple(_spine(group, resolved, paths) for group in by_table.values())


def split_by_members(
    where: Predicate, resolved: ResolvedQuery
) -> tuple[tuple[Predicate, ...], tuple[Predicate, ...]]:
    """The conditions that choose which members are listed, and those that choose rows of theirs."""
    choosing = {part for spine in spines_of(resolved) for part in _parts(spine.where)}
    parts = _parts(where)
    return (
        tuple(part for part in parts if part in choosing),
        tuple(part for part in parts if part not in choosing),
    )


def _parts(where: Predicate | None) -> tuple[Predicate, ...]:
    if where is None:
        return ()
    return where.children if isinstance(where, And) else (where,)


def _spine(
    listed: list[PathChoice],
    resolved: ResolvedQuery,
    paths: dict[tuple[str, str], PathChoice],
) -> Spine:
    path = listed[0]

    def applies(predicate: Predicate) -> bool:
        if any(True for _ in memberships(predicate)):
            return False
        conditions = list(conditions_in(predicate))
        return bool(conditions) and all(
            paths[path.dataset, c.dimension].joins[: len(path.joins)] == path.joins
            and bool(path.joins or c.dimension in {p.dimension for p in listed})
            for c in conditions
        )

    return Spine(
        tuple(p.dimension for p in listed),
        path.carrier,
        tuple(p.field for p in listed),
        path.joins,
        _narrowed(resolved.where, applies),
    )


def _narrowed(where: Predicate | None, applies: object) -> Predicate | None:
    assert callable(applies)
    if where is None:
        return None
    if applies(where):
        return where
    if isinstance(where, And):
        kept = tuple(child for child in where.children if applies(child))
        if len(kept) > 1:
            return And(kept)
        return kept[0] if kept else None
    return None
