"""Which entries mean nearly what a text says; nothing as long as the vectors are not there."""

from __future__ import annotations

import logging
import re
import weakref
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from threading import Event, Lock, Thread
from typing import NamedTuple

from assistant.retrieve.collection import Collection, CollectionError
from assistant.retrieve.embedders import Embedder, EmbeddingError
from assistant.retrieve.embedding import Embedding
from assistant.retrieve.shelf import Shelf, State
from assistant.retrieve.writer import build_elsewhere

logger = logging.getLogger(__name__)
NEIGHBOURS = 80
BUILD_AFTER_S = 5.0


class Opened(NamedTuple):
    """Vectors that can be asked."""

    collection: Collection
    embedder: Embedder


class Meaning:
    """The vectors of one catalogue, opened in the background at the first question."""

    def __init__(self, shelf: Shelf, texts: Sequence[str], embedding: Embedding) -> None:
        self._shelf = shelf
        self._texts = texts
        self._embedding = embedding
        self._lock = Lock()
        self._settled = Event()
        self._hurried = Event()
        self._thread: Thread | None = None
        self._opened: Opened | None = None
        self.trouble = ""
        """Why there are no vectors, in Chinese."""

    @cached_property
    def name(self) -> str:
        """The same for the same embedder and entries."""
        digest = sha256("\n".join((self._embedding.told, *self._texts)).encode()).hexdigest()
        return f"{re.sub('[^a-z0-9]+', '-', self._embedding.told.lower())}-{digest[:16]}"

    @property
    def state(self) -> State:
        """How the collection lies on disk."""
        return self._shelf.state(self.name)

    def prepare(self) -> None:
        """Begins to open or build the vectors, once; building waits a little.

        A process that ends soon, or an assistant that is let go, builds nothing.
        """
        with self._lock:
            if self._thread is None:
                mine = weakref.ref(self)
                self._thread = Thread(target=_prepare, args=(mine, self._hurried), daemon=True)
                self._thread.start()

    def ready(self, seconds: float) -> bool:
        """Whether the vectors can be asked, waiting so long at most."""
        self._hurried.set()
        self.prepare()
        self._settled.wait(seconds)
        return self._opened is not None

    def nearness(self, text: str) -> tuple[dict[int, float], float]:
        """Entry → 0 to 1 among the nearest, and how much that counts; nothing while not ready."""
        self.prepare()
        if self._embedding.patience and not self._settled.is_set() and self.state == "ready":
            self._settled.wait(self._embedding.patience)
        opened = self._opened
        if opened is None or not text:
            return {}, 0.0
        try:
            found = opened.collection.nearest(opened.embedder.query(text), NEIGHBOURS)
        except (CollectionError, EmbeddingError) as error:
            logger.warning("searching by spelling alone: %s", error)
            return {}, 0.0
        return _spread(found), opened.embedder.weight

    def open(self) -> bool:
        """Opens the vectors if they lie there, sound and made by this program."""
        if self.state != "ready":
            return False
        embedder = self._embedding.embedder(self._texts)
        self._opened = Opened(Collection(self._shelf.place(self.name)), embedder)
        return True

    def build(self) -> None:
        """Has them built by another process, or waits for the one that does."""
        failure = build_elsewhere(self._shelf, self.name, self._texts, self._embedding)
        if failure is not None:
            raise EmbeddingError(failure)

    def settle(self, trouble: str = "") -> None:
        """Says that there is nothing more to wait for."""
        if trouble:
            logger.warning("searching by spelling alone: %s", trouble)
        self.trouble = trouble
        self._settled.set()


def _prepare(mine: weakref.ref[Meaning], hurried: Event) -> None:
    """Opens what is there; else builds it once somebody waits, or after a while."""
    meaning, trouble = mine(), ""
    try:
        if meaning is not None and not meaning.open():
            del meaning
            hurried.wait(BUILD_AFTER_S)
            meaning = mine()
            if meaning is not None:
                meaning.build()
                meaning.open()
    except (CollectionError, EmbeddingError, OSError) as error:
        trouble = str(error)
    finally:
        meaning = mine()
        if meaning is not None:
            meaning.settle(trouble)


def _spread(found: dict[int, float]) -> dict[int, float]:
    """The nearest 1, the farthest of them 0: cosines of models are not comparable."""
    if not found:
        return {}
    best, least = max(found.values()), min(found.values())
    width = best - least
    return {n: (cosine - least) / width if width else 1.0 for n, cosine in found.items()}
