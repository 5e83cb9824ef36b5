"""Row policies reach every dataset that a role may ask."""

from __future__ import annotations

from collections.abc import Iterator

from metrics.finding import Finding
from semantic_layer.model import Aggregate, Dataset, Manifest, Policy

_MAX_JOINS = 4


def dataset_out_of_reach(manifest: Manifest) -> Iterator[Finding]:
    """A dataset that a policy cannot filter is refused; say so before a user finds out."""
    free = {name for p in manifest.policies if p.role is None for name in p.unrestricted}
    for policy in manifest.policies:
        for dataset in manifest.datasets.values():
            if dataset.name not in free and not _is_measured(manifest, dataset):
                continue
            missing = [p for p, _ in policy.allow if not reaches(manifest, dataset, p)]
            if missing and dataset.name not in free:
                yield _finding(policy, dataset, missing)


def _finding(policy: Policy, dataset: Dataset, missing: list[str]) -> Finding:
    return Finding(
        "M223",
        policy.at,
        f"角色“{policy.role}”只能看 {'、'.join(missing)},数据集“{dataset.label}”关联不到,会拒答。",
        "请给数据集补上关联;确实人人可看就另写一条 unrestricted(不写 role)。",
    )


def _is_measured(manifest: Manifest, dataset: Dataset) -> bool:
    return any(
        isinstance(metric.definition, Aggregate) and metric.definition.dataset == dataset.name
        for metric in manifest.metrics.values()
    )


def reaches(manifest: Manifest, dataset: Dataset, path: str, depth: int = 0) -> bool:
    """Whether a dataset has a dimension, or joins that lead to it."""
    role, _, name = path.rpartition(".")
    if not role and dataset.field(name) is not None:
        return True
    if depth >= _MAX_JOINS:
        return False
    for join in dataset.joins:
        target = manifest.datasets[join.to]
        rest = path if not role else _after(path, join.name)
        if rest is not None and reaches(manifest, target, rest, depth + 1):
            return True
        if role and reaches(manifest, target, path, depth + 1):
            return True
    return False


def _after(path: str, role: str) -> str | None:
    """What is left of `role.rest` once its first role has been followed."""
    first, _, rest = path.partition(".")
    return rest if first == role else None
