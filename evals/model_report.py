"""What a model did and took in a run, and the run beside that of the grammar alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from assistant.model_use import ModelUse
from evals.case import Result, Verdict
from evals.runner import Run

VERDICTS: tuple[tuple[Verdict, str], ...] = (
    ("right", "对"),
    ("wrong", "错"),
    ("abstained", "弃答"),
)


def model_section(results: Sequence[Result]) -> list[str]:
    """How often the model was asked, how often its reading was answered, and at what cost."""
    found = model_json(results)
    if found is None:
        return []
    cost = "未配置单价" if found["cost"] is None else f"{found['cost']:.4f} 元"
    answered = f"{found['answered']} 题(对 {found['right']},错 {found['wrong']})"
    lines = [
        f"- 问过模型:{found['asked']} 题,调用 {found['calls']} 次;由模型读出而作答:{answered}",
        f"- token:问 {found['tokens_in']},答 {found['tokens_out']};费用:{cost}",
        f"- 模型用时:中位数 {found['median_ms']:.0f} 毫秒,p95 {found['p95_ms']:.0f} 毫秒",
    ]
    return ["## 大模型\n\n" + "\n".join(lines)]


def model_json(results: Sequence[Result]) -> dict[str, Any] | None:
    """The same for programs; None when no model was asked."""
    asked = [(result, result.model_use) for result in results if result.model_use is not None]
    if not asked:
        return None
    uses = [use for _, use in asked]
    by_model = Counter(result.verdict for result in results if result.planner == "llm")
    times = sorted(use.milliseconds for use in uses)
    return {
        "asked": len(asked),
        "calls": sum(use.calls for use in uses),
        "answered": by_model.total(),
        "right": by_model["right"],
        "wrong": by_model["wrong"],
        "tokens_in": sum(use.tokens_in for use in uses),
        "tokens_out": sum(use.tokens_out for use in uses),
        "cost": _cost(uses),
        "median_ms": times[len(times) // 2],
        "p95_ms": times[min(len(times) - 1, int(0.95 * len(times)))],
    }


def _cost(uses: Sequence[ModelUse]) -> float | None:
    costs = [use.cost for use in uses]
    return sum(c for c in costs if c is not None) if None not in costs else None


def beside_grammar(runs: Sequence[Run], grammar: Sequence[Run]) -> str:
    """The same suites with and without the model, and which cases differ."""
    lines = [
        "# 大模型与内置规则",
        "",
        "| 套件 | 读法 | 题数 | 对 | 错 | 弃答 |",
        "|---|---|---|---|---|---|",
    ]
    differing: list[str] = []
    for run, alone in zip(runs, grammar, strict=True):
        lines += [_line(run, "大模型"), _line(alone, "内置规则")]
        differing += _differing(run, alone)
    return "\n".join([*lines, "", f"结论不同的题:{len(differing)}", "", *differing]) + "\n"


def _line(run: Run, planner: str) -> str:
    counts = " | ".join(str(run.count(verdict)) for verdict, _ in VERDICTS)
    return f"| {run.suite} | {planner} | {len(run.results)} | {counts} |"


def _differing(run: Run, alone: Run) -> list[str]:
    words = dict(VERDICTS)
    before = {result.case.id: result.verdict for result in alone.results}
    return [
        f"- {run.suite}/{r.case.id}:内置规则{words[before[r.case.id]]},大模型{words[r.verdict]}"
        for r in run.results
        if before[r.case.id] != r.verdict
    ]
