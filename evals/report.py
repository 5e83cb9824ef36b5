"""The report of a run: three numbers with bounds, slices, every case that is not right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from evals.bounds import upper_bound
from evals.calibration import calibration_table
from evals.case import Result
from evals.model_report import model_json, model_section
from evals.runner import Run
from evals.units import causes, units

_SPLITS = {"dev": "开发集", "sealed": "保留集"}
_WORDS = {"wrong": "错", "abstained": "弃答"}


def markdown(run: Run, comparison: str = "") -> str:
    """The report for people."""
    parts = [
        f"# 评测报告:{run.title}",
        _summary(run),
        *([comparison.rstrip()] if comparison else []),
        *model_section(run.results),
        _failures(run),
        *([table] if (table := calibration_table(run.results)) else []),
        _slices("按用途", run, lambda r: _SPLITS[r.case.split]),
        _slices("按业务域", run, lambda r: r.case.domain),
        _slices("按问法", run, lambda r: r.case.shape),
        _traceability(run),
        "## 运行清单\n\n" + "\n".join(f"- {k}: {v}" for k, v in run.setting.items()),
    ]
    return "\n\n".join(parts) + "\n"


def overview(runs: Sequence[Run]) -> str:
    """All suites of one run side by side, with the total and what it proves."""
    lines = ["# 评测总览", "", "| 套件 | 题数 | 对 | 错 | 弃答 |", "|---|---|---|---|---|"]
    lines += [f"| {run.title}({run.suite}) | {_counts(run.results)} |" for run in runs]
    results = [result for run in runs for result in run.results]
    lines += [f"| 合计 | {_counts(results)} |", "", *_error_rates(results), *_unit_lines(results)]
    for split, name in _SPLITS.items():
        lines.append(f"- {name}:{_counts_in_words([r for r in results if r.case.split == split])}")
    for split, name in _SPLITS.items():
        if table := calibration_table([r for r in results if r.case.split == split]):
            lines += ["", table.replace("## 置信度", f"## {name}:置信度")]
    return "\n".join(lines) + "\n"


def total_line(runs: Sequence[Run]) -> str:
    """One line over all suites."""
    return f"合计:{_counts_in_words([r for run in runs for r in run.results])}"


def as_json(run: Run) -> dict[str, Any]:
    """The report for programs, and the form of a baseline."""
    return {
        "suite": run.suite,
        "setting": run.setting,
        "right": run.count("right"),
        "wrong": run.count("wrong"),
        "abstained": run.count("abstained"),
        "units": _units_json(run),
        **({"model": asked} if (asked := model_json(run.results)) else {}),
        "leaks": [r.case.id for r in run.results if r.leaked],
        "cases": {r.case.id: _case_json(r) for r in run.results},
    }


def summary_line(run: Run) -> str:
    """One line: right, wrong, abstained."""
    return f"{run.suite}:{_counts_in_words(run.results)}"


def _summary(run: Run) -> str:
    times = sorted(r.milliseconds for r in run.results) or [0.0]
    p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
    return "\n".join(
        [
            "| 题数 | 对 | 错 | 弃答 |",
            "|---|---|---|---|",
            f"| {_counts(run.results)} |",
            "",
            *_error_rates(run.results),
            *_unit_lines(run.results),
            f"- 用时:中位数 {median(times):.0f} 毫秒,p95 {p95:.0f} 毫秒",
        ]
    )


def _error_rates(results: Sequence[Result]) -> list[str]:
    total, wrong = len(results), _verdicts(results)["wrong"]
    answered = sum(r.outcome in ("answer", "info") for r in results)
    return [
        f"- 错/已答:{_rate(wrong, answered)},95% 置信上界 {upper_bound(wrong, answered):.2%}",
        f"- 错/全部:{_rate(wrong, total)},95% 置信上界 {upper_bound(wrong, total):.2%}",
    ]


def _unit_lines(results: Sequence[Result]) -> list[str]:
    """Conversations and intents count once; of a conversation only its first mistake."""
    whole = units(results)
    if len(whole) == len(results):
        return []
    wrong = sum(unit.verdict == "wrong" for unit in whole)
    right = sum(unit.verdict == "right" for unit in whole)
    bound = upper_bound(wrong, len(whole))
    counted = f"共 {len(whole)} 题,全对 {right},有错 {wrong},95% 置信上界 {bound:.2%}"
    lines = [f"- 按独立题(一段对话、一个意思各算一题):{counted}"]
    talks = [unit for unit in whole if unit.is_conversation]
    if talks:
        complete = sum(unit.verdict == "right" for unit in talks)
        turns = [result for unit in talks for result in unit.results]
        wrong = _verdicts(turns)["wrong"]
        told = (
            f"共 {len(talks)} 段,整段全对 {complete} 段;错 {wrong} 轮,起因 {len(causes(turns))} 处"
        )
        lines.append(f"- 对话:{told}")
    return lines


def _verdicts(results: Sequence[Result]) -> Counter[str]:
    return Counter(result.verdict for result in results)


def _counts(results: Sequence[Result]) -> str:
    found = _verdicts(results)
    return f"{len(results)} | {found['right']} | {found['wrong']} | {found['abstained']}"


def _counts_in_words(results: Sequence[Result]) -> str:
    found = _verdicts(results)
    return f"共 {len(results)} 题,对 {found['right']},错 {found['wrong']},弃答 {found['abstained']}"


def _rate(count: int, of: int) -> str:
    return f"{count / of:.2%}({count}/{of})" if of else "—"


def _slices(title: str, run: Run, key: Callable[[Result], str]) -> str:
    counts: dict[str, Counter[str]] = {}
    for result in run.results:
        counts.setdefault(key(result), Counter())[result.verdict] += 1
    lines = [f"## {title}", "", "| 分组 | 对 | 错 | 弃答 |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {c['right']} | {c['wrong']} | {c['abstained']} |"
        for name, c in sorted(counts.items())
    ]
    return "\n".join(lines)


def _failures(run: Run) -> str:
    bad = sorted(
        (r for r in run.results if r.verdict != "right"), key=lambda r: r.verdict != "wrong"
    )
    if not bad:
        return "## 不对的题\n\n无。"
    blocks = [
        f"### {r.case.id}({_WORDS[r.verdict]})\n\n- 问:{r.case.ask}\n- 得到:{r.outcome}"
        f"({r.code}) {r.reading}\n- 原因:{r.reason}" + (f"\n- 由 {r.cause} 而来" if r.cause else "")
        for r in bad
    ]
    return "## 不对的题\n\n" + "\n\n".join(blocks)


def _traceability(run: Run) -> str:
    traced: dict[str, list[str]] = {}
    for result in run.results:
        for requirement in result.case.requirement:
            traced.setdefault(requirement, []).append(result.case.id)
    lines = ["## 追溯表", "", "| 需求/约定 | 用例 |", "|---|---|"]
    lines += [
        f"| {name} | {'、'.join(ids)} |" for name, ids in sorted(traced.items(), key=_numbered)
    ]
    return "\n".join(lines)


def _numbered(item: tuple[str, list[str]]) -> tuple[str, int]:
    """R2 before R10."""
    name = item[0]
    return (name[:1], int(name[1:])) if name[1:].isdigit() else (name, 0)


def _units_json(run: Run) -> dict[str, int]:
    verdicts = Counter(unit.verdict for unit in units(run.results))
    return {
        "total": verdicts.total(),
        **{verdict: verdicts[verdict] for verdict in ("right", "wrong", "abstained")},
        "causes": len(causes(run.results)),
    }


def _case_json(result: Result) -> dict[str, Any]:
    return {
        "ask": result.case.ask,
        "verdict": result.verdict,
        "outcome": result.outcome,
        "code": result.code,
        "split": result.case.split,
        "reading": result.reading,
        "reason": result.reason,
        "unit": result.case.evidence,
        "cause": result.cause,
    }
