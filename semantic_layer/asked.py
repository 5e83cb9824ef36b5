"""What was asked in one state of the world, as a key under which the answer can be kept."""

from __future__ import annotations

from typing import Generic, TypeVar

from semantic_layer.snapshot import Snapshot

T = TypeVar("T")


class Asked(Generic[T]):
    """Something with all that its answer depends on beside the state of the world.

    Told apart by its whole text: True, 1 and 1.0 are equal values but not the same SQL.
    """

    __slots__ = ("snapshot", "text", "what")

    def __init__(self, what: T, snapshot: Snapshot) -> None:
        self.what = what
        self.snapshot = snapshot
        self.text = repr(what)

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Asked) and self.snapshot is other.snapshot and self.text == other.text
        )
