"""The levels above and below: 分行 → 支行 → 网点, 年 → 季 → 月 → 日."""

from __future__ import annotations

from collections.abc import Iterator

from semantic_layer.model import Hierarchy, Manifest
from semantic_layer.query import Grain

GRAINS: tuple[Grain, ...] = ("year", "half", "quarter", "month", "week", "date")
"""From coarse to fine, as people drill."""
FINER: dict[Grain, tuple[Grain, ...]] = {
    "year": ("quarter", "month"),
    "half": ("quarter", "month"),
    "quarter": ("month", "date"),
    "month": ("date", "week"),
    "xun": ("date",),
    "week": ("date",),
    "date": (),
}
COARSER: dict[Grain, tuple[Grain, ...]] = {
    "year": (),
    "half": ("year",),
    "quarter": ("year",),
    "month": ("quarter", "year"),
    "xun": ("month",),
    "week": ("month", "year"),
    "date": ("month", "week"),
}


def hierarchies(manifest: Manifest) -> tuple[Hierarchy, ...]:
    """Those of the project and of its datasets, each once."""
    own = (h for dataset in manifest.datasets.values() for h in dataset.hierarchies)
    return tuple(dict.fromkeys((*manifest.hierarchies, *own)))


def below(dimension: str, manifest: Manifest) -> Iterator[str]:
    """The finer levels, the next one first, written with the same role."""
    for role, levels, at in _places(dimension, manifest):
        yield from (f"{role}{level}" for level in levels[at + 1 :])


def above(dimension: str, manifest: Manifest) -> Iterator[str]:
    """The coarser levels, the next one first, written with the same role."""
    for role, levels, at in _places(dimension, manifest):
        yield from (f"{role}{level}" for level in reversed(levels[:at]))


def _places(dimension: str, manifest: Manifest) -> Iterator[tuple[str, tuple[str, ...], int]]:
    role, dot, name = dimension.rpartition(".")
    for hierarchy in hierarchies(manifest):
        if name in hierarchy.levels:
            yield f"{role}{dot}", hierarchy.levels, hierarchy.levels.index(name)
