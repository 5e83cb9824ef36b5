"""What an analysis consists of: steps, each an answered query, and sentences about their cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import WithJsonSchema

from assistant.explain import DefinitionCard
from semantic_layer.resolved import Assumption
from semantic_layer.result import Cell, Column, Notice

JsonCell = Annotated[
    Cell, WithJsonSchema({"type": ["null", "boolean", "number", "string"]}, mode="serialization")
]


@dataclass(frozen=True, slots=True)
class Step:
    """One query of an analysis with everything that makes its numbers legible."""

    reading: str
    canonical: str
    query: Mapping[str, Any]
    sql: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[JsonCell, ...], ...]
    totals: Mapping[str, JsonCell]
    headline: str
    covers: tuple[str, ...] = ()
    """First and last day that the numbers cover, as ISO dates."""
    definitions: tuple[DefinitionCard, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where a number stands."""

    step: int
    """From 1."""
    column: str
    """Id of the column."""
    row: int | None = None
    """From 1; None: the total."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, and the cells that it rests on."""

    text: str
    step: int
    """The step whose sentence it is, from 1."""
    cells: tuple[CellPlace, ...] = ()
    """Empty: the step's own headline, of all its cells."""
