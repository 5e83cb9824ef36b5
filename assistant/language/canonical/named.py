"""Names and free text as pieces of the grammar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.language.canonical.names import RAW, STRING, Quotes, quoted, unquoted
from assistant.language.canonical.syntax import Found, Place, Source


@dataclass(frozen=True, slots=True)
class Named:
    """A governed name of one kind."""

    kind: str

    def write(self, value: str | None, place: Place) -> str | None:
        """Its label, or its id."""
        return None if value is None else place.names.kinds[self.kind].write(value)

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """The ids of every name that stands here."""
        for name, end in place.names.kinds[self.kind].read(source.text, at):
            source.reach(end)
            yield Found(name, end)

    def words(self) -> Iterator[str]:
        """None of its own."""
        yield from ()


@dataclass(frozen=True, slots=True)
class DimensionNamed:
    """A dimension, with the role of the join that leads to it: 交易机构的分行."""

    def write(self, value: str, place: Place) -> str | None:
        """The role in front, when one is written."""
        role, dot, plain = value.rpartition(".")
        kinds = place.names.kinds
        name = kinds["dimension"].write(plain)
        return f"{kinds['role'].write(role)}{OF}{name}" if dot else name

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """Every dimension that stands here, with or without a role."""
        kinds = place.names.kinds
        for name, end in kinds["dimension"].read(source.text, at):
            source.reach(end)
            yield Found(name, end)
        for role, middle in kinds["role"].read(source.text, at):
            if source.starts(OF, middle):
                for name, end in kinds["dimension"].read(source.text, middle + len(OF)):
                    source.reach(end)
                    yield Found(f"{role}.{name}", end)

    def words(self) -> Iterator[str]:
        """What joins role and dimension."""
        yield OF


OF = "的"


@dataclass(frozen=True, slots=True)
class Free:
    """Text of the asker's own, between quotes."""

    quotes: Quotes = STRING

    def write(self, value: str | None, place: Place) -> str | None:
        """The text between quotes."""
        return None if value is None else quoted(value, self.quotes)

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """What stands between quotes."""
        found = unquoted(source.text, at, self.quotes)
        if found is not None:
            source.reach(found[1])
            yield Found(*found)

    def words(self) -> Iterator[str]:
        """None of its own."""
        yield from ()


RAW_TEXT = Free(RAW)
