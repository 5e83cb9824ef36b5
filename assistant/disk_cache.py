"""Things that are slow to work out, kept on disk by the hash of what they were worked out from.

Only our own frozen values and plain containers are ever read back: a file in the cache
folder cannot run code.
"""

from __future__ import annotations

import io
import logging
import os
import pickle
import sys
from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any

logger = logging.getLogger(__name__)
KEPT = 8
"""Newest entries per kind; older ones are removed."""
OWN_MODULES = ("semantic_layer.model.", "semantic_layer.query.")
PLAIN = {
    ("builtins", "frozenset"),
    ("builtins", "set"),
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("decimal", "Decimal"),
    ("assistant.disk_cache", "read_only"),
}


class DiskCache:
    """One folder; missing, unreadable or foreign entries count as absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, kind: str, key: str) -> Any | None:
        """What was kept under the key."""
        try:
            return _Reader(io.BytesIO(self._file(kind, key).read_bytes())).load()
        except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError) as error:
            logger.debug("cache miss: %s", error)
        except (TypeError, ValueError, IndexError, KeyError) as error:
            logger.warning("unreadable cache entry %s: %s", self._file(kind, key), error)
        return None

    def put(self, kind: str, key: str, value: object) -> None:
        """Keeps the value; a folder that cannot be written only means no cache."""
        buffer = io.BytesIO()
        _Writer(buffer, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
        file = self._file(kind, key)
        fresh = file.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(buffer.getvalue())
            fresh.replace(file)
            self._forget_old(kind)
        except OSError as error:
            logger.debug("cache not written: %s", error)

    def _file(self, kind: str, key: str) -> Path:
        return self._folder / f"{kind}-{key}.cache"

    def _forget_old(self, kind: str) -> None:
        entries = sorted(
            self._folder.glob(f"{kind}-*.cache"), key=lambda f: f.stat().st_mtime_ns, reverse=True
        )
        for outdated in entries[KEPT:]:
            outdated.unlink(missing_ok=True)


def cache_key(*parts: object) -> str:
    """One key for everything that the value depends on, this program included."""
    text = "\n".join(map(str, (*parts, _program())))
    return sha256(text.encode()).hexdigest()[:32]


def files_digest(folder: Path, files: Iterable[Path]) -> str:
    """Changes with the name or content of any of the files, not with the folder's place."""
    digest = sha256()
    for file in files:
        digest.update(f"{file.relative_to(folder).as_posix()}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """A mapping that cannot be changed."""
    return MappingProxyType(mapping)


def _program() -> str:
    """Version of Python and of this program; in a checkout also when its files were written."""
    try:
        installed = version("wenshu")
    except PackageNotFoundError:
        installed = ""
    root = Path(__file__).resolve().parents[1]
    written = [
        entry.stat().st_mtime_ns
        for package in ("semantic_layer", "metrics")
        for entry in (root / package).rglob("*.py")
    ]
    return f"{sys.version_info[:3]} {installed} {len(written)} {max(written, default=0)}"


class _Writer(pickle.Pickler):
    """Writes read-only mappings as such."""

    def reducer_override(self, value: object) -> Any:
        if isinstance(value, MappingProxyType):
            return read_only, (dict(value),)
        return NotImplemented


class _Reader(pickle.Unpickler):
    """Builds nothing but definitions, queries and plain values."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PLAIN:
            return super().find_class(module, name)
        if module.startswith(OWN_MODULES) and name.isidentifier():
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value of ours")
