"""A Chroma collection of catalogue vectors: written once, read from a copy."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.retrieve.embedders import Vectors

NAME = "entries"
BATCH = 1000
HNSW = {"space": "cosine", "ef_construction": 100, "ef_search": 100, "num_threads": 1}
"""One thread: the same vectors give the same graph."""


class CollectionError(Exception):
    """The collection cannot be opened or asked."""


def write_collection(folder: Path, rows: Vectors) -> None:
    """A new collection with one vector per row, numbered."""
    client = _client(folder)
    collection = client.create_collection(
        NAME, embedding_function=None, configuration={"hnsw": HNSW}
    )
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        collection.add(ids=[str(start + n) for n in range(len(batch))], embeddings=batch)
    client.close()


class Collection:
    """A collection opened for asking; its copy goes with it."""

    def __init__(self, published: Path) -> None:
        self._copy = tempfile.TemporaryDirectory(prefix="wenshu-", ignore_cleanup_errors=True)
        folder = Path(self._copy.name) / "vectors"
        from chromadb.errors import ChromaError

        try:
            shutil.copytree(published, folder)
            self._client = _client(folder)
            self._collection = self._client.get_collection(NAME, embedding_function=None)
            self._size = self._collection.count()
        except (ChromaError, OSError, ValueError) as error:
            self._copy.cleanup()
            raise CollectionError(str(error)) from error
        weakref.finalize(self, _let_go, self._client, self._copy)

    def nearest(self, vector: Vectors, most: int) -> dict[int, float]:
        """The numbers of the nearest rows and the cosine to each."""
        from chromadb.errors import ChromaError

        try:
            found = self._collection.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=min(most, self._size),
                include=["distances"],
            )
        except (ChromaError, ValueError) as error:
            raise CollectionError(str(error)) from error
        ids, distances = found["ids"][0], found["distances"][0]
        return {int(i): 1.0 - float(d) for i, d in zip(ids, distances, strict=True)}


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _let_go(client: Any, copy: tempfile.TemporaryDirectory[str]) -> None:
    client.close()
    copy.cleanup()
