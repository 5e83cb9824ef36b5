"""Compiled statements kept for those who ask the same again in the same state of the world."""

from __future__ import annotations

from functools import lru_cache

from semantic_layer.asked import Asked
from semantic_layer.compile.compile import Compiled, compile_query
from semantic_layer.problem import Problem
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

MOST = 256
"""Statements; a day's common questions are fewer."""


def compiled_once(resolved: ResolvedQuery, snapshot: Snapshot) -> Compiled | Problem:
    """What `compile_query` says, from memory where it was said before; nobody changes the trees.

    Rights, dates and the tables chosen are part of the resolved query.
    """
    return _compiled(Asked(resolved, snapshot))


@lru_cache(maxsize=MOST)
def _compiled(asked: Asked[ResolvedQuery]) -> Compiled | Problem:
    return compile_query(asked.what, asked.snapshot)
