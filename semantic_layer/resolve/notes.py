"""What the reader must be told, gathered while resolving."""

from __future__ import annotations

from dataclasses import dataclass, field

from semantic_layer.resolved import Assumption


@dataclass(slots=True)
class Notes:
    """Assumptions and warnings in the order they came up."""

    assumptions: list[Assumption] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def take(self, other: Notes) -> None:
        """Adds the notes of a step that turned out well."""
        self.assumptions.extend(other.assumptions)
        self.warnings.extend(other.warnings)
