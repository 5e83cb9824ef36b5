"""Who may see which rows and columns. Anything unclear is refused."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from semantic_layer.model import Manifest, Policy
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import DimensionGroup, MetricQuery
from semantic_layer.resolve.conditions import spellings
from semantic_layer.resolve.mentioned import cut_from, dimensions_in
from semantic_layer.resolve.paths import choose_path
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolved import PathChoice, RowFilter

USER = "user:"
Allowed = tuple[tuple[str, tuple[str, ...]], ...]
"""Dimensions and the values that may be seen; empty: everything."""


class Rights(NamedTuple):
    """What a principal may see."""

    alternatives: tuple[Allowed, ...] = ((),)
    """One per role that grants something; seeing is allowed by any of them."""
    masked: tuple[str, ...] = ()
    unrestricted: frozenset[str] = frozenset()

    @property
    def everything(self) -> bool:
        """No row is hidden."""
        return () in self.alternatives


@lru_cache(maxsize=1024)
def rights_of(manifest: Manifest, principal: Principal) -> Rights:
    """The rights of a user; refused when there are policies and none grants anything."""
    if not manifest.policies:
        return Rights()
    by_role = {role: _of_role(manifest, role) for role in dict.fromkeys(principal.roles)}
    granted = {role: policies for role, policies in by_role.items() if policies}
    if not granted:
        raise _denied(f"用户“{principal.name}”没有查询权限,请联系管理员开通。")
    allowed = [_allowed(policies, principal, manifest) for policies in granted.values()]
    alternatives = tuple(dict.fromkeys(a for a in allowed if a is not None))
    if not alternatives:
        raise _denied(f"用户“{principal.name}”缺少权限所需的属性,请联系管理员补全。")
    masks = [{m for policy in policies for m in policy.mask} for policies in granted.values()]
    open_to_all = (p.unrestricted for p in manifest.policies if p.role is None)
    return Rights(
        alternatives,
        tuple(sorted(set.intersection(*masks))),
        frozenset(name for names in open_to_all for name in names),
    )


def _of_role(manifest: Manifest, role: str) -> tuple[Policy, ...]:
    return tuple(policy for policy in manifest.policies if policy.role == role)


def _allowed(
    policies: tuple[Policy, ...], principal: Principal, manifest: Manifest
) -> Allowed | None:
    """What one role allows; None when the user lacks an attribute it needs."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for policy in policies:
        for dimension, rule in policy.allow:
            values = _values(rule, principal)
            if not values:
                return None
            found.append((dimension, _stored(dimension, values, manifest)))
    return tuple(found)


def _stored(dimension: str, values: tuple[str, ...], manifest: Manifest) -> tuple[str, ...]:
    """Rights may be written with the labels that people use: 布拉格 for Prague."""
    plain = manifest.dimensions.get(dimension.rpartition(".")[2])
    names = spellings(plain.field) if plain is not None else {}
    return tuple(str(names.get(value, value)) for value in values)


def _values(rule: str | tuple[str, ...], principal: Principal) -> tuple[str, ...]:
    if isinstance(rule, tuple):
        return rule
    if rule.startswith(USER):
        return principal.attribute(rule.removeprefix(USER)) or ()
    return (rule,)


def row_filter(manifest: Manifest, rights: Rights, dataset: str) -> RowFilter | None:
    """The policy at every scan of the dataset; None when it needs none.

    A dataset that reaches the policy's dimension is always limited; `unrestricted` only
    lets through those that do not.
    """
    if rights.everything:
        return None
    alternatives = tuple(
        bound
        for allowed in rights.alternatives
        if (bound := _bound(manifest, dataset, allowed)) is not None
    )
    if not alternatives and dataset in rights.unrestricted:
        return None
    if not alternatives:
        label = manifest.datasets[dataset].label
        raise _denied(f"按您的权限不能查询“{label}”,因为它无法限定到您的数据范围。")
    return RowFilter(dataset, alternatives)


def _bound(
    manifest: Manifest, dataset: str, allowed: Allowed
) -> tuple[tuple[PathChoice, tuple[str, ...]], ...] | None:
    bound: list[tuple[PathChoice, tuple[str, ...]]] = []
    for dimension, values in allowed:
        if dimension.rpartition(".")[2] not in manifest.dimensions:
            return None
        chosen = choose_path(manifest, dataset, dimension)
        if isinstance(chosen, Problem):
            return None
        bound.append((chosen.path, values))
    return tuple(bound)


def is_masked(manifest: Manifest, rights: Rights, dimension: str) -> bool:
    """Whether a field behind the dimension is masked, in whatever table it stands."""
    return bool(rights.masked) and not cut_from(manifest, dimension).isdisjoint(rights.masked)


def check_masked(parts: Iterable[object], manifest: Manifest, rights: Rights) -> None:
    """A masked field is no group, no filter and no order: each would show what it hides."""
    if not rights.masked:
        return
    for name in dimensions_in(parts):
        if is_masked(manifest, rights, name):
            label = manifest.dimensions[name.rpartition(".")[2]].label
            message = f"按您的权限“{label}”只能脱敏显示,不能用来分组或筛选。"
            raise RefusedError(Problem("sensitive_field", message, "", name))


def check_whole(query: MetricQuery, rights: Rights) -> None:
    """A share or a place in the whole would betray the whole, or be a lie about a part."""
    of_the_whole = query.share is not None and query.share.of != "total"
    if not rights.everything and (of_the_whole or query.focus is not None):
        raise _denied(
            "按您的权限只能看到一部分数据,不能计算占全部的比例或在全部中的名次;可以看您范围内的数。"
        )
    if not rights.everything and query.limit is not None and _groups_by_bound(query, rights):
        raise _denied("按您的权限只能看到其中一部分,不能说哪个最多或最少;可以看您范围内的数。")


def _groups_by_bound(query: MetricQuery, rights: Rights) -> bool:
    """Whether the groups are those that the rights pick from: branches of a branch manager."""
    bound = {name.rpartition(".")[2] for allowed in rights.alternatives for name, _ in allowed}
    groups = (group for group in query.group_by if isinstance(group, DimensionGroup))
    return any(group.dimension.rpartition(".")[2] in bound for group in groups)


def may_read(manifest: Manifest, rights: Rights, dataset: str) -> bool:
    """Whether the dataset can be limited to what the user may see."""
    try:
        row_filter(manifest, rights, dataset)
    except RefusedError:
        return False
    return True


def scope_text(rights: Rights, manifest: Manifest) -> str:
    """全行, or what the numbers are limited to."""
    if rights.everything:
        return manifest.whole
    shown = (
        _shown(dimension, value, manifest)
        for allowed in rights.alternatives
        for dimension, values in allowed
        for value in values
    )
    return "仅" + "、".join(dict.fromkeys(shown))


def _shown(dimension: str, value: str, manifest: Manifest) -> str:
    plain = manifest.dimensions.get(dimension.rpartition(".")[2])
    governed = plain.field.values if plain is not None else ()
    labels = {str(v.value): v.label for v in governed if v.label}
    return labels.get(value, value)


def row_filters(
    manifest: Manifest, rights: Rights, datasets: Iterable[str]
) -> tuple[RowFilter, ...]:
    """The policies of all datasets that are read."""
    found = (row_filter(manifest, rights, dataset) for dataset in dict.fromkeys(datasets))
    return tuple(policy for policy in found if policy is not None)


def _denied(message: str) -> RefusedError:
    return RefusedError(Problem("permission", message))
