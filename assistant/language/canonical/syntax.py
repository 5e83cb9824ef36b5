"""What every piece of canonical text can do: be written from a value, and be read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from assistant.language.canonical.names import Vocabulary


class Found(NamedTuple):
    """A value that the text says, and where its words end."""

    value: Any
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """What is known where a slot is written or read."""

    grammar: Mapping[str, Syntax]
    names: Vocabulary
    slots: Mapping[str, Any]
    """Of the node around it; while reading, only those that stand before it."""
    outer: Place | None = None

    def inside(self, slots: Mapping[str, Any]) -> Place:
        """The place within a node that has these slots."""
        return Place(self.grammar, self.names, slots, self)

    def around_with(self, slot: str) -> Mapping[str, Any]:
        """The slots of the nearest node that has such a slot."""
        place: Place | None = self
        while place is not None:
            if slot in place.slots:
                return place.slots
            place = place.outer
        return {}


@dataclass(slots=True)
class Source:
    """The text that is read, how far anything of it was understood, and what was read before."""

    text: str
    furthest: int = 0
    memory: dict[tuple[str, int], list[Found]] = field(default_factory=dict)

    def starts(self, words: str, at: int) -> bool:
        """Whether these words stand here."""
        if self.text.startswith(words, at):
            self.reach(at + len(words))
            return True
        return False

    def reach(self, at: int) -> None:
        """Up to here the text is understood."""
        self.furthest = max(self.furthest, at)


class Syntax(Protocol):
    """One way, or several, to say a value."""

    def write(self, value: Any, place: Place) -> str | None:
        """The words for the value; None when this syntax is not for it."""

    def read(self, source: Source, at: int, place: Place) -> Iterable[Found]:
        """Every value that words from here on can say."""

    def words(self) -> Iterator[str]:
        """The fixed words of this syntax, which no bare name may contain."""


@dataclass(frozen=True, slots=True)
class Words:
    """One word for each of a few values: yoy ↔ 同比."""

    of: Mapping[Any, str]

    def write(self, value: Any, place: Place) -> str | None:
        """Its word."""
        return self.of.get(value)

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """Every value whose word stands here."""
        for value, word in self.of.items():
            if source.starts(word, at):
                yield Found(value, at + len(word))

    def words(self) -> Iterator[str]:
        """All of them."""
        yield from self.of.values()


@dataclass(frozen=True, slots=True)
class Many:
    """Several of the same, joined by a sign; 无 for an empty choice."""

    item: str
    joint: str = "、"
    least: int = 0
    most: int | None = None

    def write(self, value: Any, place: Place) -> str | None:
        """The items in their order."""
        if len(value) < self.least or (self.most is not None and len(value) > self.most):
            return None
        item = place.grammar[self.item]
        texts = [item.write(one, place) for one in value]
        known = [text for text in texts if text is not None]
        if len(known) < len(texts):
            return None
        return self.joint.join(known) if known else NONE

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """The longest lists that begin here; nothing in the grammar continues a list otherwise."""
        if not self.least and source.starts(NONE, at):
            yield Found((), at + len(NONE))
        item = place.grammar[self.item]
        growing: list[tuple[tuple[Any, ...], int]] = [((), at)]
        while growing:
            longer: list[tuple[tuple[Any, ...], int]] = []
            for items, end in growing:
                joined = not items or source.starts(self.joint, end)
                begin = end + len(self.joint) if items else end
                more = list(item.read(source, begin, place)) if joined else []
                longer += [((*items, found.value), found.end) for found in more]
                if not more and items and len(items) >= self.least:
                    yield Found(items, end)
            growing = longer

    def words(self) -> Iterator[str]:
        """What joins them."""
        yield self.joint
        yield NONE


NONE = "无"
