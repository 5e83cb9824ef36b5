"""What the slow reading is given: definitions, rows, dates and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from semantic_layer.calendar import Calendar
from semantic_layer.model import Dataset, Manifest
from semantic_layer.principal import Principal

Row: TypeAlias = dict[str, Any]
Value: TypeAlias = Fraction | None
UNKNOWN = "未知"


class RefusedError(Exception):
    """The question has no answer; the text is the stable code."""

    @property
    def code(self) -> str:
        """Stable code of the refusal."""
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class World:
    """Everything that an answer depends on."""

    manifest: Manifest
    tables: Mapping[str, list[Row]]
    as_of: date
    data_dates: Mapping[str, date]
    first_dates: Mapping[str, date]
    calendar: Calendar
    principal: Principal
    column_types: Mapping[str, Mapping[str, str]]

    def dataset(self, name: str) -> Dataset:
        """The dataset of that name."""
        return self.manifest.datasets[name]
