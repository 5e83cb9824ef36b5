"""A part of speech of canonical text: several syntaxes, of which the first that fits is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.language.canonical.production import Production, Slot
from assistant.language.canonical.syntax import Found, Place, Source, Syntax


@dataclass(frozen=True, slots=True)
class Category:
    """Alternatives in order; those that begin with the category itself continue what was read."""

    name: str
    plain: tuple[Syntax, ...]
    continuing: tuple[Production, ...] = ()
    depends: bool = False
    """On the query around it; else its words mean the same everywhere and are read once."""

    def write(self, value: Any, place: Place) -> str | None:
        """By the first alternative that fits."""
        node = type(value)
        for syntax in (*self.plain, *self.continuing):
            if isinstance(syntax, Production) and syntax.node is not node:
                continue
            text = syntax.write(value, place)
            if text is not None:
                return text
        return None

    def read(self, source: Source, at: int, place: Place) -> list[Found]:
        """By every alternative."""
        key = (self.name, at)
        if not self.depends and key in source.memory:
            return source.memory[key]
        every: list[Found] = []
        for syntax in self.plain:
            if _may_begin(syntax, source, at):
                every += syntax.read(source, at, place)
        if self.continuing:
            every = self._grown(every, source, place)
        if not self.depends:
            source.memory[key] = every
        return every

    def words(self) -> Iterator[str]:
        """Of all alternatives."""
        for syntax in (*self.plain, *self.continuing):
            yield from syntax.words()

    def _grown(self, found: list[Found], source: Source, place: Place) -> list[Found]:
        """With everything that continues what was read."""
        every: list[Found] = []
        while found:
            every += found
            found = [longer for one in found for longer in self._continue(source, one, place)]
        return every

    def _continue(self, source: Source, one: Found, place: Place) -> Iterator[Found]:
        for production in self.continuing:
            first, then, *_ = production.pieces
            assert isinstance(first, Slot)
            if isinstance(then, str) and source.text.startswith(then, one.end):
                known = {first.name: one.value}
                yield from production.read_on(source, place, known, one.end, production.pieces[1:])


def category(name: str, *alternatives: Syntax, depends: bool = False) -> Category:
    """A category of these alternatives."""
    continuing = [one for one in alternatives if _begins_with(name, one)]
    plain = tuple(one for one in alternatives if one not in continuing)
    found = tuple(one for one in continuing if isinstance(one, Production))
    return Category(name, plain, found, depends)


def _may_begin(syntax: Syntax, source: Source, at: int) -> bool:
    """Whether the first words stand here; the many that do not are passed over quickly."""
    first = syntax.pieces[0] if isinstance(syntax, Production) else None
    return not isinstance(first, str) or source.text.startswith(first, at)


def _begins_with(name: str, syntax: Syntax) -> bool:
    first = syntax.pieces[0] if isinstance(syntax, Production) else None
    return isinstance(first, Slot) and first.syntax == name


@dataclass(frozen=True, slots=True)
class Other:
    """Whatever another category says, perhaps in brackets."""

    name: str
    before: str = ""
    after: str = ""

    def write(self, value: Any, place: Place) -> str | None:
        """Its words between ours."""
        text = place.grammar[self.name].write(value, place)
        return None if text is None else f"{self.before}{text}{self.after}"

    def read(self, source: Source, at: int, place: Place) -> list[Found]:
        """What it says between our words."""
        if not source.starts(self.before, at):
            return []
        inner = place.grammar[self.name].read(source, at + len(self.before), place)
        ends = [one for one in inner if source.starts(self.after, one.end)]
        return [Found(value, end + len(self.after)) for value, end in ends]

    def words(self) -> Iterator[str]:
        """Those around it."""
        yield self.before
        yield self.after
