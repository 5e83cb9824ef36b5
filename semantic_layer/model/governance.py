"""What surrounds metrics: places, parameters, segments, ambiguous words, rights, targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from semantic_layer.query.predicate import Predicate


@dataclass(frozen=True, slots=True)
class Location:
    """File and line of a definition, for messages to its owner."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named, governed threshold; `{name}` in expressions stands for it."""

    name: str
    label: str
    value: int | float | str
    unit: str | None = None
    owner: str = ""
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A governed set of entities: 基金沉睡客户."""

    name: str
    label: str
    entity: str
    where: Predicate
    judged: Literal["period_end", "as_of", "snapshot"] = "period_end"
    synonyms: tuple[str, ...] = ()
    description: str = ""
    owner: str = ""
    status: str = "draft"
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A word that names several metrics or dimensions; outranks exact names."""

    word: str
    candidates: tuple[str, ...]
    default: str | None = None
    """Answered with it, visibly; None: ask."""
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What a role may see. `allow` binds dimensions to user attributes or fixed values."""

    role: str | None
    """None: `unrestricted` datasets for everybody."""
    allow: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    """(dimension path, "user:<attribute>" or values)."""
    mask: tuple[str, ...] = ()
    """dataset.field names shown masked."""
    unrestricted: tuple[str, ...] = ()
    """Datasets that need no row policy."""
    lists: Literal["none", "masked", "full"] = "none"
    """Whether the role may list single customers, and their private fields unmasked."""
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where the targets of metrics stand."""

    metric: str
    """A metric id, or `any`."""
    source: str
    keys: tuple[tuple[str, str], ...]
    value: str
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class DefinitionTest:
    """A check beside the definition: a question with its number, or a rule."""

    ask: str | None = None
    expect: int | float | str | None = None
    rule: str | None = None
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Rollup:
    """A declared pre-aggregation."""

    name: str
    metrics: tuple[str, ...]
    by: tuple[str, ...]
    grain: str
    at: Location | None = None
