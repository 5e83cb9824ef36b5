"""Keeps the newest good world, and swaps it when a definition or the data changes."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import RLock

from assistant.build_world import build_world
from assistant.definitions import Definitions
from assistant.disk_cache import DiskCache
from assistant.settings import Settings
from assistant.world import World
from semantic_layer.engines import Engine
from semantic_layer.model import Manifest

OnManifest = Callable[[Manifest], None]
"""Told of every manifest that comes into force."""

atexit.register(gc.unfreeze)
"""What was frozen is let go in order when the process ends."""


class WorldKeeper:
    """One world at a time for all threads; a question keeps the one it took."""

    def __init__(
        self,
        catalog: Path,
        database: Path,
        settings: Settings,
        cache: DiskCache,
        on_manifest: OnManifest,
        state: Path,
        api_key: str = "",
    ) -> None:
        self._database = database
        self._settings = settings
        self._on_manifest = on_manifest
        self._cache = cache
        self._state = state
        self._api_key = api_key
        self._definitions = Definitions(catalog, settings.project.name, cache)
        self._lock = RLock()
        self._world: World | None = None

    @contextmanager
    def take(self) -> Iterator[tuple[World, Engine]]:
        """The world of now with its engine, both kept for the body."""
        with ExitStack() as stack:
            with self._lock:
                world = self._newest()
                engine = stack.enter_context(world.engine.use())
            yield world, engine

    def close(self) -> None:
        """Lets the database go once the running questions are answered."""
        with self._lock:
            if self._world:
                self._world.engine.retire()
            self._world = None

    def _newest(self) -> World:
        manifest, notices = self._definitions.in_force()
        world = self._world
        if world is None or world.engine.stale or world.manifest.hash != manifest.hash:
            world = self._swapped(manifest)
        if world.notices != notices:
            world = replace(world, notices=notices)
        self._world = world
        return world

    def _swapped(self, manifest: Manifest) -> World:
        before = self._world
        gc.unfreeze()
        world = build_world(
            manifest, self._database, self._settings, self._cache, self._state, self._api_key
        )
        gc.freeze()  # lives as long as the process: looking through it would hold up answers
        if before:
            before.engine.retire()
        self._on_manifest(manifest)
        return world
