"""The definitions in force: the last folder that loaded, and why a newer one did not."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from metrics.finding import Finding
from metrics.loader import load
from semantic_layer.model import Manifest


class DefinitionsError(Exception):
    """No definitions have ever loaded from the folder."""

    def __init__(self, folder: Path, findings: tuple[Finding, ...]) -> None:
        self.folder = folder
        self.findings = findings
        errors = [f for f in findings if f.level == "error"]
        more = f" 另有 {len(errors) - 1} 处错误,用 wenshu lint 查看。" if len(errors) > 1 else ""
        super().__init__(f"指标定义没有读成:{errors[0]}{more}")


class Registry:
    """Keeps the last good manifest of a folder when a reload fails."""

    def __init__(self, folder: Path, project: str = "") -> None:
        self._folder = folder
        self._project = project
        self._good: Manifest | None = None
        self._findings: tuple[Finding, ...] = ()
        self._lock = Lock()

    def current(self) -> Manifest:
        """The last good manifest; reads the folder the first time."""
        if self._good is None:
            self.reload()
        if self._good is None:
            raise DefinitionsError(self._folder, self._findings)
        return self._good

    def reload(self) -> tuple[Finding, ...]:
        """Read the folder again; a folder with errors changes nothing but the findings."""
        with self._lock:
            manifest, self._findings = load(self._folder, self._project)
            if manifest is not None and not self._is_current(manifest):
                self._good = manifest
        return self._findings

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the last reading found."""
        return self._findings

    @property
    def is_stale(self) -> bool:
        """Whether the folder holds something newer that does not load."""
        return any(f.level == "error" for f in self._findings)

    def _is_current(self, manifest: Manifest) -> bool:
        return self._good is not None and self._good.hash == manifest.hash
