"""Builds the vectors of a catalogue: one writer at a time, in a process of its own.

`python -m assistant.retrieve.writer` reads an order as JSON from standard input.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant.retrieve.collection import write_collection
from assistant.retrieve.embedders import EmbeddingError
from assistant.retrieve.embedding import Embedding
from assistant.retrieve.shelf import Shelf

LONGEST_WAIT_S = 600.0
EXIT_FINE, EXIT_FAILED = 0, 1


def build(shelf: Shelf, name: str, texts: Sequence[str], embedding: Embedding) -> bool:
    """Publishes the collection unless it is there by then; False while another writes."""
    with shelf.only_writer(LONGEST_WAIT_S) as alone:
        if not alone:
            return False
        if shelf.state(name) == "ready":
            return True
        shelf.tidy(name)
        rows = embedding.embedder(texts).documents(texts)
        built = Path(tempfile.mkdtemp(prefix=".building-", dir=shelf.folder))
        write_collection(built, rows)
        shelf.publish(name, built)
    return True


def build_elsewhere(
    shelf: Shelf, name: str, texts: Sequence[str], embedding: Embedding
) -> str | None:
    """The same in another process, which goes on if this one ends; why not, if it failed."""
    order = {"folder": str(shelf.folder), "name": name, "texts": list(texts),
             "embedding": embedding._asdict()}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "assistant.retrieve.writer"],
        input=json.dumps(order),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        check=False,
    )
    if done.returncode == EXIT_FINE:
        return None
    return (done.stderr.strip().splitlines() or ["向量没有建成"])[-1]


def main() -> int:
    """Does what standard input says."""
    order = json.loads(sys.stdin.read())
    try:
        done = build(
            Shelf(Path(order["folder"])), order["name"], order["texts"],
            Embedding(**order["embedding"]),
        )  # fmt: skip
    except EmbeddingError as error:
        sys.stderr.write(str(error))
        return EXIT_FAILED
    return EXIT_FINE if done else EXIT_FAILED


if __name__ == "__main__":
    sys.exit(main())
