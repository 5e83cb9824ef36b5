"""Compiled statements kept for those who ask the same again in the same state of the world."""

from __future__ import annotations

from functools import lru_cache

from semantic_layer.compile.compile import Compiled, compile_query
from semantic_layer.problem import Problem
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

MOST = 256
"""Statements; a day's common questions are fewer."""


def compiled_once(resolved: ResolvedQuery, snapshot: Snapshot) -> Compiled | Problem:
    """What `compile_query` says, from memory where it was said before; nobody changes the trees."""
    return _compiled(_Asked(resolved, snapshot))


class _Asked:
    """A resolved query, rights and dates included, in one state of the world.

    Told apart by its whole text: True, 1 and 1.0 are equal values but not the same SQL.
    """

    __slots__ = ("resolved", "snapshot", "text")

    def __init__(self, resolved: ResolvedQuery, snapshot: Snapshot) -> None:
        self.resolved = resolved
        self.snapshot = snapshot
        self.text = repr(resolved)

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Asked)
            and self.snapshot is other.snapshot
            and self.text == other.text
        )


@lru_cache(maxsize=MOST)
def _compiled(asked: _Asked) -> Compiled | Problem:
    return compile_query(asked.resolved, asked.snapshot)
