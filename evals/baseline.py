"""What got worse since the run that was accepted last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.bounds import mcnemar
from evals.case import Verdict
from evals.report import as_json
from evals.runner import Run
from evals.suite import SuiteError

BASELINES = Path(__file__).parent / "baselines"
MUST_MATCH = {
    "suite": "套件",
    "as_of": "日期",
    "data_size": "数据规模",
    "data_row_hash": "数据",
    "planner": "读问题的方式",
}
_KEPT = (*MUST_MATCH, "suite_hash", "catalog", "data_seed", "data_as_of")
_RANK: dict[Verdict, int] = {"right": 2, "abstained": 1, "wrong": 0}
_WORDS: dict[Verdict, str] = {"right": "对", "abstained": "弃答", "wrong": "错"}


@dataclass(frozen=True, slots=True)
class Change:
    """One case whose verdict is another than before."""

    case: str
    before: Verdict
    now: Verdict

    @property
    def is_worse(self) -> bool:
        """Right is better than abstained, abstained better than wrong."""
        return _RANK[self.now] < _RANK[self.before]

    def __str__(self) -> str:
        return f"{self.case}:{_WORDS[self.before]}→{_WORDS[self.now]}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside its baseline, case by case."""

    baseline: str
    changes: tuple[Change, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    same_definitions: bool = True

    @property
    def regressions(self) -> tuple[Change, ...]:
        """What got worse."""
        return tuple(change for change in self.changes if change.is_worse)

    @property
    def improvements(self) -> tuple[Change, ...]:
        """What got better."""
        return tuple(change for change in self.changes if not change.is_worse)

    @property
    def chance(self) -> float:
        """The probability that two equally good products differ at least so much."""
        lost = sum(change.before == "right" for change in self.changes)
        won = sum(change.now == "right" for change in self.changes)
        return mcnemar(lost, won)


def save_baseline(run: Run, path: Path) -> None:
    """Writes the run as the state to hold."""
    kept = as_json(run)
    kept["setting"] = {key: kept["setting"][key] for key in _KEPT if key in kept["setting"]}
    kept["cases"] = {case: {"verdict": r["verdict"]} for case, r in kept["cases"].items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


def compare(run: Run, path: Path) -> Comparison:
    """Against a baseline file; refused when the data are not the same."""
    before, now = _read(path), as_json(run)
    for key, name in MUST_MATCH.items():
        old, new = before["setting"].get(key), now["setting"].get(key)
        if old != new:
            raise SuiteError(
                f"与基线 {path.name} 不可比:{name}原为 {old},现为 {new}。"
                "请换用同样的数据,或重建基线(python -m evals.accept)"
            )
    then = before["cases"]
    verdicts = {case: result["verdict"] for case, result in now["cases"].items()}
    return Comparison(
        baseline=path.name,
        changes=tuple(
            Change(case, then[case]["verdict"], verdict)
            for case, verdict in verdicts.items()
            if case in then and then[case]["verdict"] != verdict
        ),
        new=tuple(case for case in verdicts if case not in then),
        gone=tuple(case for case in then if case not in verdicts),
        same_definitions=before["setting"].get("catalog") == now["setting"].get("catalog"),
    )


def comparison_markdown(compared: Comparison) -> str:
    """The comparison for people: what got worse comes first."""
    lines = [f"## 与基线 {compared.baseline} 比较", ""]
    if not compared.same_definitions:
        lines.append("- 口径文件与基线时不同,差别可能来自口径改动")
    lines += [f"- 退步 {change}" for change in compared.regressions]
    lines += [f"- 进步 {change}" for change in compared.improvements]
    if compared.new:
        lines.append(f"- 新增 {len(compared.new)} 题:{'、'.join(compared.new)}")
    if compared.gone:
        lines.append(f"- 删去 {len(compared.gone)} 题:{'、'.join(compared.gone)}")
    if not compared.changes:
        lines.append("- 没有一题的结果变化")
    else:
        lines.append(f"- 若产品其实没有变化,出现这样差别的概率为 {compared.chance:.2f}(McNemar)")
    return "\n".join(lines) + "\n"


def _read(path: Path) -> dict[str, Any]:
    try:
        read: Any = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise SuiteError(f"没有基线文件 {path}") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SuiteError(f"基线文件 {path.name} 不是合法的 JSON") from error
    except OSError as error:
        raise SuiteError(f"基线文件 {path} 读不出来") from error
    if not _is_baseline(read):
        raise SuiteError(f"{path.name} 不是基线文件,用 python -m evals.accept 生成")
    baseline: dict[str, Any] = read
    return baseline


def _is_baseline(read: Any) -> bool:
    return (
        isinstance(read, dict)
        and isinstance(read.get("setting"), dict)
        and isinstance(read.get("cases"), dict)
        and all(
            isinstance(case, dict) and case.get("verdict") in _RANK
            for case in read["cases"].values()
        )
    )
