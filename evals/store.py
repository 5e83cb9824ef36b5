"""The runs so far, each in a file of its own beside the state.

Files, not rows of the state database: a run holds figures of the data, which the state by rule
never does; every answer waits for that database while runs are large; and a file of a run can be
handed to an auditor, or thrown away, as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from evals.kept import Head, KeptCase, KeptRun, kept_run
from evals.runner import Run
from evals.suite import SuiteError

FOLDER = "evals"
MOST_KEPT = 500
"""The oldest runs beyond go."""
_HEAD = TypeAdapter(Head)
_CASE = TypeAdapter(KeptCase)


class RunStore:
    """Runs in a folder: the head in the first line, a case in every other one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def beside(cls, state_file: Path) -> RunStore:
        """The runs of the project whose state is in this file."""
        return cls(state_file.parent / FOLDER)

    def keep(self, run: Run, at: datetime, seconds: float, user: str = "") -> Head:
        """Writes the run down, whole or not at all."""
        run_id = f"{at:%Y%m%dT%H%M%S}-{run.suite}-{uuid4().hex[:6]}"
        kept = kept_run(run, run_id, at, seconds, user)
        lines = [_HEAD.dump_json(kept.head), *map(_CASE.dump_json, kept.cases)]
        try:
            self._write(self._folder / f"{run_id}.jsonl", b"\n".join(lines) + b"\n")
        except OSError as error:
            raise SuiteError(f"评测结果写不进 {self._folder}({error.strerror})") from error
        self._forget_oldest()
        return kept.head

    def heads(self) -> tuple[Head, ...]:
        """All runs, newest first; a file that is no run is passed over."""
        return tuple(sorted(self._heads(), key=lambda head: (head.at, head.id), reverse=True))

    def read(self, run_id: str) -> KeptRun | None:
        """One run in full; None when it is not there (any more)."""
        path = self._path_of(run_id)
        if path is None:
            return None
        try:
            first, *cases = path.read_bytes().splitlines()
            return KeptRun(_HEAD.validate_json(first), tuple(map(_CASE.validate_json, cases)))
        except (OSError, ValueError):
            return None

    def _heads(self) -> Iterator[Head]:
        for path in self._paths():
            try:
                with path.open("rb") as file:
                    yield _HEAD.validate_json(file.readline())
            except (OSError, ValidationError):
                continue

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("*.jsonl"))

    def _path_of(self, run_id: str) -> Path | None:
        """Only of a file that is there: ids come from addresses."""
        return next((path for path in self._paths() if path.stem == run_id), None)

    def _write(self, path: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)

    def _forget_oldest(self) -> None:
        for path in self._paths()[:-MOST_KEPT]:
            path.unlink(missing_ok=True)
