"""An entry together with the place it was written at."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.document import Document, Loc
from metrics.edge import DefinitionFile
from semantic_layer.model import Location


@dataclass(frozen=True, slots=True)
class Source:
    """One read file: its entries and its lines."""

    document: Document
    entries: DefinitionFile

    def place(self, *loc: int | str) -> Place:
        """The place of an entry in this file."""
        return Place(self.document, loc)


@dataclass(frozen=True, slots=True)
class Place:
    """A path inside a file, turned into a line when somebody asks."""

    document: Document
    loc: Loc

    def __truediv__(self, part: int | str) -> Place:
        return Place(self.document, (*self.loc, part))

    @property
    def location(self) -> Location:
        """File and line."""
        return self.document.at(*self.loc)
