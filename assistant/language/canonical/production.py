"""One line of the grammar: a kind of node and its words, with slots, for both directions.

`of(Between, "从{start:point}到{end:point}")` writes such a node and reads it back. `{slot}` is said
by the syntax of that name, or of the name behind the colon. What stands in [] is said only when
its slot is not empty. A slot that has no place in the words must be at its default, or have the
value that the line fixes: `of(Relative, "上个月", unit="month", offset=-1)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields
from typing import Any

from assistant.language.canonical.syntax import Found, Place, Source
from semantic_layer.query import InvalidQueryError

_PIECES = re.compile(r"\[(?P<maybe>[^]]*)]|\{(?P<slot>\w+)(?::(?P<syntax>\w+))?}|(?P<text>[^[{]+)")
_TAGS = ("kind", "v")
State = tuple[dict[str, Any], int]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the words of a slot stand."""

    name: str
    syntax: str


@dataclass(frozen=True, slots=True)
class Maybe:
    """Words around one slot that are left out with it."""

    before: str
    slot: Slot
    after: str


Piece = str | Slot | Maybe


@dataclass(frozen=True, slots=True)
class Production:
    """A kind of node, its words, and the slots that these words fix."""

    node: type[Any]
    pieces: tuple[Piece, ...]
    fixed: Mapping[str, Any]
    silent: Mapping[str, Any]
    """Slots without words, each with its default."""
    defaults: Mapping[str, Any]
    """Of all slots that have one."""

    def write(self, value: Any, place: Place) -> str | None:
        """The words of a node that has nothing else to say."""
        if type(value) is not self.node or not self._fits(value):
            return None
        here = place.inside({slot.name: getattr(value, slot.name) for slot in fields(self.node)})
        texts = []
        for piece in self.pieces:
            text = self._piece(piece, here)
            if text is None:
                return None
            texts.append(text)
        return "".join(texts)

    def read(self, source: Source, at: int, place: Place) -> list[Found]:
        """Every node that these words say from here on."""
        return self.read_on(source, place, {}, at, self.pieces)

    def read_on(
        self,
        source: Source,
        place: Place,
        known: dict[str, Any],
        at: int,
        pieces: tuple[Piece, ...],
    ) -> list[Found]:
        """The same with some slots read already."""
        states: list[State] = [({**self.fixed, **known}, at)]
        for piece in pieces:
            further: list[State] = []
            for state in states:
                self._step(piece, state, further, source, place)
            states = further
        found = []
        for slots, end in states:
            with suppress(InvalidQueryError):
                found.append(Found(self.node(**slots), end))
        return found

    def words(self) -> Iterator[str]:
        """Everything between the slots."""
        for piece in self.pieces:
            if isinstance(piece, str):
                yield piece
            elif isinstance(piece, Maybe):
                yield piece.before
                yield piece.after

    def _fits(self, value: Any) -> bool:
        if any(isinstance(p, Slot) and getattr(value, p.name) is None for p in self.pieces):
            return False
        fixed = all(getattr(value, name) == needed for name, needed in self.fixed.items())
        return fixed and all(getattr(value, name) == usual for name, usual in self.silent.items())

    def _piece(self, piece: Piece, place: Place) -> str | None:
        if isinstance(piece, str):
            return piece
        if isinstance(piece, Slot):
            return place.grammar[piece.syntax].write(place.slots[piece.name], place)
        value = place.slots[piece.slot.name]
        if value == self.defaults.get(piece.slot.name, ()):
            return ""
        text = place.grammar[piece.slot.syntax].write(value, place)
        return None if text is None else f"{piece.before}{text}{piece.after}"

    def _step(
        self, piece: Piece, state: State, further: list[State], source: Source, place: Place
    ) -> None:
        """Adds every way to read one piece after what was read so far."""
        slots, at = state
        before, slot, after = _around(piece)
        if isinstance(piece, Maybe):
            further.append(state)
        if not source.starts(before, at):
            return
        at += len(before)
        if slot is None:
            further.append((slots, at))
            return
        here = place.inside({**self.defaults, **slots})
        inner = place.grammar[slot.syntax].read(source, at, here)
        ends = [one for one in inner if source.starts(after, one.end)]
        further += [({**slots, slot.name: value}, end + len(after)) for value, end in ends]


def _around(piece: Piece) -> tuple[str, Slot | None, str]:
    """The words before a slot, the slot, and the words behind it."""
    if isinstance(piece, str):
        return piece, None, ""
    if isinstance(piece, Slot):
        return "", piece, ""
    return piece.before, piece.slot, piece.after


def of(node: type[Any], words: str, **fixed: object) -> Production:
    """The line of the grammar for a kind of node."""
    pieces = tuple(map(_read_piece, _PIECES.finditer(words)))
    said = {piece.name for piece in pieces if isinstance(piece, Slot)}
    said |= {piece.slot.name for piece in pieces if isinstance(piece, Maybe)}
    slots = [slot for slot in fields(node) if slot.name not in _TAGS]
    defaults = {slot.name: slot.default for slot in slots if slot.default is not MISSING}
    unsaid = [slot.name for slot in slots if slot.name not in said and slot.name not in fixed]
    silent = {name: defaults[name] for name in unsaid}
    return Production(node, pieces, fixed, silent, defaults)


def _read_piece(match: re.Match[str]) -> Piece:
    if match["text"] is not None:
        return match["text"]
    if match["slot"] is not None:
        return Slot(match["slot"], match["syntax"] or match["slot"])
    inner = _PIECES.search(match["maybe"], match["maybe"].index("{"))
    assert inner is not None
    before, after = match["maybe"][: inner.start()], match["maybe"][inner.end() :]
    return Maybe(before, Slot(inner["slot"], inner["syntax"] or inner["slot"]), after)
