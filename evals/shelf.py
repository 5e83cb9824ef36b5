"""Which suites there are for a project: its own, and ours where it is the demonstration bank."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from assistant import Assistant
from assistant.run_failure import DEMO_TABLE
from evals.suite import SUITES, Suite, SuiteError, load_suite, suite_names

OWN_FOLDER = "evals"


def suite_folders(assistant: Assistant) -> tuple[Path, ...]:
    """The project's folder of suites, and the built-in ones whose golds are SQL on that bank."""
    own = assistant.folder / OWN_FOLDER
    is_demonstration = DEMO_TABLE in assistant.snapshot().column_types
    return (own, SUITES) if is_demonstration else (own,)


def names_on_shelf(folders: tuple[Path, ...]) -> tuple[str, ...]:
    """Every suite that can be run, the project's own first; of equal names only the first."""
    return tuple(dict.fromkeys(name for folder in folders for name in suite_names(folder)))


def from_shelf(name: str, folders: tuple[Path, ...]) -> Suite:
    """The suite of that name as its file is now."""
    path = next((f / f"{name}.yml" for f in folders if (f / f"{name}.yml").is_file()), None)
    if path is None:
        known = "、".join(names_on_shelf(folders)) or "无"
        raise SuiteError(f"没有评测套件“{name}”。现有套件:{known}")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Suite:
    return load_suite(path.stem, path.parent)
