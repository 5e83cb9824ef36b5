"""Chips, and the choices behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from semantic_layer.query import Change, Patch, Query

ChipKind = Literal[
    "metric", "time", "group", "columns", "filter", "narrow", "compare", "order", "limit", "more"
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One click: what it is called, what it changes."""

    label: str
    change: Patch | Query
    """A patch of the query it was offered for; a whole query where the kind changes."""
    step: str
    """What the path of steps calls it."""
    detail: str = ""
    """Dates behind a word: 2026年10月."""
    chosen: bool = False
    """It changes nothing: the query says so already."""


class Section(NamedTuple):
    """Choices of one sort under a heading."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of the reading: 时间 2026年10月."""

    kind: ChipKind
    name: str
    text: str
    """Empty: nothing is said about it yet."""
    position: int = 0
    """Which of several of its kind."""

    @property
    def key(self) -> str:
        """`time`, `filter-1`."""
        return f"{self.kind}-{self.position}" if self.position else self.kind


def patch(*changes: Change) -> Patch:
    """The changes as one patch."""
    return Patch(changes)
