"""The manifest: every definition of a project, immutable, found by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from semantic_layer.model.dataset import Dataset, Field, Hierarchy, Join
from semantic_layer.model.governance import (
    Ambiguity,
    DefinitionTest,
    Parameter,
    Policy,
    Rollup,
    Segment,
    Target,
)
from semantic_layer.model.metric import Metric

WHOLE = "全行"
_MAPPINGS = (
    "datasets", "metrics", "dimensions", "segments", "parameters", "ambiguous", "divisors",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dimension:
    """A governed way to group and filter: one name, carried by one or more datasets."""

    name: str
    home: str
    """Dataset whose field holds label, synonyms and values."""
    field: Field
    carriers: tuple[str, ...]
    """Datasets that have a field of this name, home first."""

    @property
    def label(self) -> str:
        """Chinese name."""
        return self.field.label


@dataclass(frozen=True, slots=True, eq=False)
class Manifest:
    """All definitions of one project. Compare manifests by `hash`."""

    project: str
    datasets: Mapping[str, Dataset]
    metrics: Mapping[str, Metric]
    dimensions: Mapping[str, Dimension]
    """Groupable and filterable fields by name, in order of definition."""
    segments: Mapping[str, Segment] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    ambiguous: Mapping[str, Ambiguity] = field(default_factory=dict)
    """By word."""
    policies: tuple[Policy, ...] = ()
    targets: tuple[Target, ...] = ()
    tests: tuple[DefinitionTest, ...] = ()
    rollups: tuple[Rollup, ...] = ()
    hierarchies: tuple[Hierarchy, ...] = ()
    divisors: Mapping[str, str] = field(default_factory=dict)
    """What 户均 and 笔均 divide by, where a metric does not say: `customer` → a count."""
    whole: str = WHOLE
    """What the company without any limit is called: 全行, 全公司."""
    hash: str = ""
    """Content hash over everything that has a meaning."""

    def __post_init__(self) -> None:
        for name in _MAPPINGS:
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def role_label(self, join: Join) -> str:
        """What people call the role of a join; without a name of its own, the table it leads to."""
        at = self.datasets.get(join.to)
        return join.label or (at.label if at and join.name == join.to else join.name)
