"""A world as it would be with other definitions: the same data, nothing stored."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from assistant.world import World
from semantic_layer.guard import allowed_tables, check
from semantic_layer.model import Manifest


def drafted(world: World, manifest: Manifest) -> World:
    """Answers by these definitions, from the base tables alone."""
    allowed = allowed_tables(manifest, world.schema)
    return replace(world, manifest=manifest, rollups=None, check=partial(check, allowed=allowed))
