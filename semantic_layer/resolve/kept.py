"""Resolved queries kept for those who ask the same again in the same state of the world."""

from __future__ import annotations

from functools import lru_cache

from semantic_layer.asked import Asked
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import Query
from semantic_layer.resolve.resolve import resolve
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

MOST = 1024
"""Queries of one asker each."""


def resolved_once(
    query: Query, snapshot: Snapshot, principal: Principal
) -> ResolvedQuery | Problem:
    """What `resolve` says, from memory where the same asker was told so before."""
    return _resolved(Asked((query, principal), snapshot))


@lru_cache(maxsize=MOST)
def _resolved(asked: Asked[tuple[Query, Principal]]) -> ResolvedQuery | Problem:
    query, principal = asked.what
    return resolve(query, asked.snapshot, principal)
