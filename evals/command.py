"""`wenshu eval`: runs suites, prints the report, ends with 5 when something got worse."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from assistant import Assistant
from evals.baseline import BASELINES, Comparison, compare, comparison_markdown
from evals.model_report import beside_grammar
from evals.repeated import Repeated, as_repeated, repeated_json, repeated_section
from evals.report import as_json, markdown, overview, summary_line, total_line
from evals.runner import Run, run_suite
from evals.shelf import from_shelf, names_on_shelf, suite_folders
from evals.store import RunStore
from evals.suite import Suite, SuiteError

NO_MODEL = "还没有配置大模型。请在 wenshu.toml 的 [model] 写 base_url 和 model"
ONLY_A_MODEL = "只有 --planner llm 需要重复:内置规则每次都一样"
EXIT_FINE, EXIT_USAGE, EXIT_FINDINGS = 0, 2, 5


def run(
    assistant: Assistant,
    suites: Sequence[str] = (),
    planner: str = "auto",
    baseline: str | None = None,
    output: str = "text",
    *,
    folder: Path | None = None,
    repeat: int = 1,
) -> int:
    """Runs the suites named (default: all) and returns the exit code."""
    try:
        folders = (folder,) if folder else suite_folders(assistant)
        wanted = [from_shelf(name, folders) for name in suites or names_on_shelf(folders)]
        if baseline is not None and not Path(baseline).is_file():
            raise SuiteError(f"没有基线文件 {baseline}")
        if planner == "llm" and not assistant.settings.model.base_url:
            raise SuiteError(NO_MODEL)
        if repeat > 1 and planner != "llm":
            raise SuiteError(ONLY_A_MODEL)
        runs = [_run_and_keep(suite, assistant, planner) for suite in wanted]
        grammar = [run_suite(s, assistant, "grammar") for s in wanted] if planner == "llm" else []
        again = [[run_suite(s, assistant, planner) for s in wanted] for _ in range(repeat - 1)]
        compared = [_compared(done, baseline) for done in runs]
    except SuiteError as error:
        _tell(str(error))
        return EXIT_USAGE
    repeated = as_repeated([runs, *again], grammar) if again else ()
    _write(runs, grammar, repeated, compared, output)
    worse = [change for c in compared if c for change in c.regressions]
    leaks = [
        f"{run.suite}/{r.case.id}:{r.reason}"
        for run in chain(runs, *again)
        for r in run.results
        if r.leaked
    ]
    _tell_each(map(summary_line, runs))
    if len(runs) > 1:
        _tell(total_line(runs))
    _tell_each(f"退步 {change}" for change in worse)
    _tell_each(f"泄漏 {leak}" for leak in leaks)
    return EXIT_FINDINGS if worse or leaks else EXIT_FINE


def _run_and_keep(suite: Suite, assistant: Assistant, planner: str) -> Run:
    """The run, also written down for the page; where that fails the report says so."""
    at, started = datetime.now(UTC), time.monotonic()
    done = run_suite(suite, assistant, planner)
    try:
        RunStore.beside(assistant.state_file).keep(done, at, time.monotonic() - started)
    except SuiteError as error:
        _tell(str(error))
    return done


def _compared(done: Run, baseline: str | None) -> Comparison | None:
    """Against the file named; else against the committed one where the data are the same."""
    if baseline is not None:
        return compare(done, Path(baseline))
    committed = BASELINES / f"{done.suite}.json"
    if not committed.is_file():
        return None
    try:
        return compare(done, committed)
    except SuiteError as error:
        _tell(f"未比较退步:{error}")
        return None


def _write(
    runs: Sequence[Run],
    grammar: Sequence[Run],
    repeated: Sequence[Repeated],
    compared: Sequence[Comparison | None],
    output: str,
) -> None:
    pairs = list(zip(runs, compared, strict=True))
    if output == "json":
        told = [_json(run, c) for run, c in pairs]
        for found, alone in zip(told, grammar, strict=False):
            found["grammar"] = as_json(alone)
        for found, suite in zip(told, repeated, strict=False):
            found["repeats"] = repeated_json(suite)
        text = json.dumps(told, ensure_ascii=False) + "\n"
    else:
        reports = [markdown(run, comparison_markdown(c) if c else "") for run, c in pairs]
        beside = [beside_grammar(runs, grammar)] if grammar else []
        beside += [repeated_section(repeated)] if repeated else []
        text = "\n".join([*beside, *([overview(runs)] if len(runs) > 1 else []), *reports])
    sys.stdout.write(text)


def _json(done: Run, compared: Comparison | None) -> dict[str, Any]:
    changes = None
    if compared is not None:
        changes = {
            "baseline": compared.baseline,
            "same_definitions": compared.same_definitions,
            "regressions": [str(change) for change in compared.regressions],
            "improvements": [str(change) for change in compared.improvements],
            "new": list(compared.new),
            "gone": list(compared.gone),
        }
    return {**as_json(done), "comparison": changes}


def _tell_each(lines: Iterable[str]) -> None:
    for line in lines:
        _tell(line)


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
