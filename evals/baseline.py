"""What got worse since the run that was accepted last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.report import as_json
from evals.runner import Run
from evals.suite import SuiteError

BASELINES = Path(__file__).parent / "baselines"
_MUST_MATCH = ("suite", "as_of", "data_row_hash")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Cases whose verdict changed."""

    regressions: tuple[str, ...]
    improvements: tuple[str, ...]
    new: tuple[str, ...]


def save_baseline(run: Run, path: Path) -> None:
    """Writes the run as the state to hold."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(as_json(run), ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", "utf-8")


def compare(run: Run, path: Path) -> Comparison:
    """Against a baseline file; refused when the data are not the same."""
    before = _read(path)
    now = as_json(run)
    for key in _MUST_MATCH:
        old, new = before["setting"].get(key), now["setting"].get(key)
        if old != new:
            raise SuiteError(f"与基线 {path.name} 不可比:{key} 由 {old} 变为 {new},请重建基线")
    changed = {
        case: (before["cases"][case]["verdict"], result["verdict"])
        for case, result in now["cases"].items()
        if case in before["cases"]
    }
    rank = {"right": 2, "abstained": 1, "wrong": 0}
    return Comparison(
        tuple(f"{c}:{a}→{b}" for c, (a, b) in changed.items() if rank[b] < rank[a]),
        tuple(f"{c}:{a}→{b}" for c, (a, b) in changed.items() if rank[b] > rank[a]),
        tuple(c for c in now["cases"] if c not in before["cases"]),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise SuiteError(f"没有基线文件 {path}") from error
    except json.JSONDecodeError as error:
        raise SuiteError(f"基线文件 {path.name} 不是合法的 JSON") from error
    return read
