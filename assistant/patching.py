"""A patch applied to a query: the changed query, or InvalidQueryError."""

from __future__ import annotations

from semantic_layer.query import Patch, Query, query_from_json, to_json
from semantic_layer.query import apply_patch as changed


def apply_patch(query: Query, patch: Patch) -> Query:
    """The changes one after the other; a value of the wrong kind for its slot is refused."""
    return query_from_json(to_json(changed(query, patch)))
