"""What a name in a query stands for, or what could have been meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from semantic_layer.model import Dimension, Manifest, Metric
from semantic_layer.problem import Candidate, Problem

NEAR_ENOUGH = 45
"""Smallest similarity (0-100) that is worth showing as 您是不是想问."""


def find_metric(manifest: Manifest, name: str, at: str) -> Metric | Problem:
    """The metric of that id, or the nearest ones."""
    metric = manifest.metrics.get(name)
    if metric is not None:
        return metric
    offered = (m for m in manifest.metrics.values() if not m.hidden)
    near = nearest(name, ((m.name, m.label, m.synonyms) for m in offered))
    return Problem("unknown_metric", _sentence("指标", name, near), at, name, near)


def find_dimension(manifest: Manifest, name: str, at: str) -> Dimension | Problem:
    """The dimension of that id (`role.dimension` too), or the nearest ones."""
    dimension = manifest.dimensions.get(name.rpartition(".")[2])
    if dimension is not None:
        return dimension
    known = ((d.name, d.label, d.field.synonyms) for d in manifest.dimensions.values())
    near = nearest(name, known)
    return Problem("unknown_dimension", _sentence("维度", name, near), at, name, near)


def nearest(
    word: str, known: Iterable[tuple[str, str, tuple[str, ...]]], count: int = 3
) -> tuple[Candidate, ...]:
    """The known things whose id, label or synonym looks most like the word."""
    names: dict[str, tuple[str, str]] = {}
    for identity, label, synonyms in known:
        for text in (identity, label, *synonyms):
            names.setdefault(text, (identity, label))
    matches = process.extract(
        word, names.keys(), scorer=fuzz.WRatio, limit=count * 4, score_cutoff=NEAR_ENOUGH
    )
    found = dict(names[text] for text, _, _ in matches)
    return tuple(Candidate(identity, label) for identity, label in list(found.items())[:count])


def _sentence(kind: str, name: str, near: tuple[Candidate, ...]) -> str:
    if not near:
        return f"没有找到{kind}“{name}”,请换一个说法或查看{kind}目录。"
    return f"没有找到{kind}“{name}”。您是不是想问:{'、'.join(c.label for c in near)}?"


def time_roles(manifest: Manifest, dataset: str) -> tuple[str, ...]:
    """The dates by which the rows can be counted: 申请日, 放款日."""
    return tuple(role for role, _ in manifest.datasets[dataset].time_roles)
