"""What each kind of behaviour query gives back."""

from __future__ import annotations

from typing import NamedTuple

from sqlglot import exp

from semantic_layer.result import Column


class Statement(NamedTuple):
    """The last SELECT over the stages, with what its columns mean."""

    select: exp.Select
    columns: tuple[Column, ...]
    marks: tuple[str, ...] = ()
    """Columns with a mark behind the shown ones: true where a cell tells of too few people."""
