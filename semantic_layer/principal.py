"""Who asks: name, roles, attributes. In every signature, never inside a query."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """A user with roles and attributes (branch → 银川分行)."""

    name: str
    roles: tuple[str, ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def attribute(self, name: str) -> tuple[str, ...] | None:
        """Values of an attribute; None when the user has none."""
        return dict(self.attributes).get(name)
