"""The folder of vector collections: one per embedder and catalogue, published whole or not at all.

Readers check the sums of a collection and open a copy of their own; they never write here.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

State = Literal["ready", "missing", "corrupt", "other_version"]
FORMAT = 1
LABEL = "complete.json"
KEPT = 4
"""Newest collections; older ones are removed by the next writer."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All collections of one project."""

    folder: Path

    def place(self, name: str) -> Path:
        """Where the collection of that name is published."""
        return self.folder / name

    def state(self, name: str) -> State:
        """Whether the collection can be used as it lies there."""
        place = self.place(name)
        try:
            label = json.loads((place / LABEL).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return "corrupt" if place.exists() else "missing"
        except (OSError, ValueError):
            return "corrupt"
        if not isinstance(label, dict) or label.get("made_by") != _maker():
            return "other_version"
        return "ready" if label.get("files") == _sums(place) else "corrupt"

    def publish(self, name: str, built: Path) -> None:
        """Puts a finished collection in its place, in one step for every reader."""
        label = {"made_by": _maker(), "files": _sums(built)}
        (built / LABEL).write_text(json.dumps(label, sort_keys=True), encoding="utf-8")
        place, outdated = self.place(name), self.folder / f".old-{name}"
        shutil.rmtree(outdated, ignore_errors=True)
        if place.exists():
            place.rename(outdated)
        built.rename(place)
        shutil.rmtree(outdated, ignore_errors=True)

    def tidy(self, name: str) -> None:
        """Removes what writers before left half done, and the oldest collections."""
        for left in self.folder.glob(".building-*"):
            shutil.rmtree(left, ignore_errors=True)
        others = [f for f in self.folder.iterdir() if (f / LABEL).is_file() and f.name != name]
        others.sort(key=lambda found: found.stat().st_mtime_ns, reverse=True)
        for outdated in others[KEPT - 1 :]:
            shutil.rmtree(outdated, ignore_errors=True)

    @contextmanager
    def only_writer(self, seconds: float) -> Iterator[bool]:
        """Holds the lock for the body; False when another writer kept it all the time.

        The lock of an SQLite file ends with the process, whatever happens to it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(self.folder / "writer.lock", timeout=seconds, isolation_level=None)
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError:
            lock.close()
            yield False
            return
        try:
            yield True
        finally:
            lock.execute("rollback")
            lock.close()


def _maker() -> dict[str, Any]:
    return {"format": FORMAT, "chromadb": version("chromadb")}


def _sums(place: Path) -> dict[str, str]:
    """Every file but the label, by name."""
    files = sorted(file for file in place.rglob("*") if file.is_file() and file.name != LABEL)
    return {
        file.relative_to(place).as_posix(): sha256(file.read_bytes()).hexdigest() for file in files
    }
