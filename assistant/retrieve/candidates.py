"""What a search finds: names of the catalogue, each with a score and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Source = Literal["name", "synonym", "phrase", "near_miss", "ambiguous", "description", "question"]
"""Which words of the definition were like the text."""
Means = Literal["exact", "spelling", "meaning"]
"""The words stand in the text; are spelled or sound nearly so; mean nearly the same."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was found: these words of its definition, in this way."""

    source: Source
    words: str
    means: Means


@dataclass(frozen=True, slots=True)
class Hit:
    """A metric, dimension, segment or verified question."""

    id: str
    """Its name in the manifest; of a verified question the question itself."""
    label: str
    score: float
    """0 to 1; 1: the text holds its name."""
    reason: Reason


@dataclass(frozen=True, slots=True)
class ValueHit:
    """A member of a dimension that the text names."""

    dimension: str
    value: str | int | float | bool
    """As stored."""
    label: str
    score: float
    reason: Reason
    public: bool
    """Of no personal attribute: only such values may be told to a model."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The best of each kind, best first; nothing that the asker may not see."""

    metrics: tuple[Hit, ...] = ()
    dimensions: tuple[Hit, ...] = ()
    values: tuple[ValueHit, ...] = ()
    segments: tuple[Hit, ...] = ()
    verified: tuple[Hit, ...] = ()
