"""A model does not say the same twice: several runs with it, against one of the grammar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evals.bounds import mcnemar
from evals.case import Result, Verdict
from evals.model_report import VERDICTS, model_json
from evals.runner import Run


@dataclass(frozen=True)
class Repeated:
    """One suite: each run with the model, and the run without."""

    runs: tuple[Run, ...]
    alone: Run

    @cached_property
    def verdicts(self) -> dict[str, Counter[Verdict]]:
        """How often each case ended how, over all runs with the model."""
        found: dict[str, Counter[Verdict]] = {}
        for run in self.runs:
            for result in run.results:
                found.setdefault(result.case.id, Counter())[result.verdict] += 1
        return found

    @property
    def unstable(self) -> tuple[str, ...]:
        """Cases that did not end the same every time."""
        return tuple(case for case, counts in self.verdicts.items() if len(counts) > 1)

    @cached_property
    def discordant(self) -> tuple[int, int]:
        """Cases that only the grammar, and that only the model gets right.

        The model has a case right when more than half of its runs have.
        """
        alone = {r.case.id for r in self.alone.results if r.verdict == "right"}
        mostly = {c for c, counts in self.verdicts.items() if 2 * counts["right"] > len(self.runs)}
        return len(alone - mostly), len(mostly - alone)

    @property
    def results(self) -> list[Result]:
        """Of all runs with the model."""
        return [result for run in self.runs for result in run.results]


def as_repeated(repeats: Sequence[Sequence[Run]], alone: Sequence[Run]) -> tuple[Repeated, ...]:
    """Suite by suite; `repeats` has one sequence of suites per repeat."""
    by_suite = zip(*repeats, strict=True)
    return tuple(Repeated(runs, one) for runs, one in zip(by_suite, alone, strict=True))


def repeated_section(suites: Sequence[Repeated]) -> str:
    """Every run in a line, what was not stable, and whether the difference may be chance."""
    head = " | ".join(word for _, word in VERDICTS)
    lines = ["## 重复", "", f"| 套件 | 次 | {head} |", "|---|---|---|---|---|"]
    for suite in suites:
        for number, run in enumerate(suite.runs, 1):
            counts = " | ".join(str(run.count(verdict)) for verdict, _ in VERDICTS)
            lines.append(f"| {run.suite} | {number} | {counts} |")
    lines += ["", *_unstable(suites), _chance(suites), *_cost(suites)]
    return "\n".join(lines) + "\n"


def repeated_json(suite: Repeated) -> dict[str, Any]:
    """The same of one suite, for programs."""
    lost, won = suite.discordant
    return {
        "runs": [{verdict: run.count(verdict) for verdict, _ in VERDICTS} for run in suite.runs],
        "unstable": list(suite.unstable),
        "only_grammar": lost,
        "only_model": won,
        "p": mcnemar(lost, won),
        "model": model_json(suite.results),
    }


def _unstable(suites: Sequence[Repeated]) -> list[str]:
    words = dict(VERDICTS)
    lines = [
        f"  - {suite.alone.suite}/{case}:"
        + "、".join(f"{words[v]} {n} 次" for v, n in suite.verdicts[case].most_common())
        for suite in suites
        for case in suite.unstable
    ]
    return [f"- 各次结论不一的题:{len(lines)}", *lines]


def _chance(suites: Sequence[Repeated]) -> str:
    lost = sum(suite.discordant[0] for suite in suites)
    won = sum(suite.discordant[1] for suite in suites)
    return (
        f"- 过半次数为对才算大模型对:只有内置规则对 {lost} 题,只有大模型对 {won} 题;"
        f"McNemar 精确检验 p = {mcnemar(lost, won):.4f}"
    )


def _cost(suites: Sequence[Repeated]) -> list[str]:
    found = model_json([result for suite in suites for result in suite.results])
    if found is None:
        return []
    cost = "未配置单价" if found["cost"] is None else f"{found['cost']:.4f} 元"
    tokens = f"token 问 {found['tokens_in']}、答 {found['tokens_out']}"
    times = f"中位数 {found['median_ms']:.0f} 毫秒,p95 {found['p95_ms']:.0f} 毫秒"
    return [f"- 合计:调用 {found['calls']} 次,{tokens},费用 {cost},模型用时{times}"]
