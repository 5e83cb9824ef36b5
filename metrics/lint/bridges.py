"""Many-to-many joins are what they say: one row has several members, whole or in parts."""

from __future__ import annotations

from collections.abc import Iterator

from metrics.finding import Finding
from semantic_layer.model import Dataset, Join, Manifest
from semantic_layer.resolve.paths import reaches

SHARES = frozenset({"weight", "share", "ratio", "proportion", "percent", "pct", "part"})
"""What columns with the share of a member are called."""


def pair_of_one(manifest: Manifest) -> Iterator[Finding]:
    """A join on the whole key meets one row: calling it many-to-many warns without need."""
    for dataset, join, target in _bridges(manifest):
        if set(target.key) <= {theirs for _, theirs in join.keys}:
            yield Finding(
                "M238",
                join.at,
                f"{_named(dataset, join)}用到了“{target.label}”的整个主键,一行只对应一个。",
                "请改成 type: many_to_one,回答就不会再提示“各组相加会大于合计”。",
            )


def bridge_to_nowhere(manifest: Manifest) -> Iterator[Finding]:
    """Behind a many-to-many join there is something to group or to filter by."""
    for dataset, join, target in _bridges(manifest):
        if not any(reaches(manifest, target.name, name) for name in manifest.dimensions):
            yield Finding(
                "M239",
                join.at,
                f"{_named(dataset, join)}通向“{target.label}”,那里没有维度,也没有关联通向维度。",
                "请给对方数据集补上通向成员表的关联(many_to_one),或补上有 label 的字段。",
            )


def weight_left_out(manifest: Manifest) -> Iterator[Finding]:
    """Whether amounts are shared out is decided, not forgotten."""
    for dataset, join, target in _bridges(manifest):
        named = next((f.name for f in target.fields if f.name.lower() in SHARES), None)
        if join.weight is None and named is not None:
            yield Finding(
                "M240",
                join.at,
                f"{_named(dataset, join)}的对方有字段 {named},像是权重;没有写 weight,"
                "金额在每个成员里都全额计算,各组相加会大于合计。",
                f"要按它分摊就写 weight: {named};不分摊就从对方的 fields 里去掉它。",
            )


def _bridges(manifest: Manifest) -> Iterator[tuple[Dataset, Join, Dataset]]:
    for dataset in manifest.datasets.values():
        for join in dataset.joins:
            if join.type == "many_to_many":
                yield dataset, join, manifest.datasets[join.to]


def _named(dataset: Dataset, join: Join) -> str:
    return f"数据集“{dataset.label}”的多对多关联“{join.name}”"
