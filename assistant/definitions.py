"""The definitions in force: from the cache when their files are known, else read anew."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from assistant.disk_cache import DiskCache, cache_key, files_digest
from assistant.errors import DefinitionsError
from semantic_layer.engines.fingerprint import stamp_files
from semantic_layer.model import Manifest
from semantic_layer.result import Notice


class InForce(NamedTuple):
    """The manifest that answers, and what to say if a newer one did not load."""

    manifest: Manifest
    notices: tuple[Notice, ...] = ()


class Definitions:
    """Definition files of one folder; the last good ones stay when newer ones do not load."""

    def __init__(self, folder: Path, project: str, cache: DiskCache) -> None:
        self._folder = folder
        self._project = project
        self._cache = cache
        self._stamp: tuple[object, ...] | None = None
        self._in_force: InForce | None = None

    def in_force(self) -> InForce:
        """What holds now; files are looked at only when one of them changed."""
        files = definition_paths(self._folder)
        stamp = stamp_files(files)
        if self._in_force is None or stamp != self._stamp:
            self._in_force = self._read(files)
            self._stamp = stamp
        return self._in_force

    def _read(self, files: tuple[Path, ...]) -> InForce:
        key = cache_key(
            "manifest", self._project, self._folder.name, files_digest(self._folder, files)
        )
        known = self._cache.get("manifest", key)
        if isinstance(known, Manifest):
            return InForce(known)
        loaded = self._load()
        if not loaded.notices:
            self._cache.put("manifest", key, loaded.manifest)
        return loaded

    def _load(self) -> InForce:
        from metrics import load

        manifest, findings = load(self._folder, self._project)
        if manifest is not None:
            return InForce(manifest)
        errors = [f for f in findings if f.level == "error"]
        more = f" 另有{len(errors) - 1}处错误,用 wenshu lint 查看。" if len(errors) > 1 else ""
        if self._in_force is None:
            raise DefinitionsError(f"指标定义没有读成:{errors[0]}{more}")
        sentence = f"定义文件有改动,但没有读成,仍按上一版口径回答:{errors[0]}{more}"
        notice = Notice("definitions_not_loaded", sentence)
        return InForce(self._in_force.manifest, (notice,))


def definition_paths(folder: Path) -> tuple[Path, ...]:
    """Every file that could hold definitions, sorted."""
    return tuple(sorted(f for f in folder.rglob("*") if f.suffix in (".yml", ".yaml")))
