"""`wenshu eval`: runs suites, prints the report, ends with 5 when something got worse."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant import Assistant
from evals.baseline import BASELINES, Comparison, compare
from evals.report import as_json, markdown, summary_line
from evals.runner import Run, run_suite
from evals.suite import SuiteError, load_suite, suite_names

EXIT_FINE, EXIT_USAGE, EXIT_FINDINGS = 0, 2, 5


def run(
    assistant: Assistant,
    suites: Sequence[str] = (),
    planner: str = "auto",
    baseline: str | None = None,
    output: str = "text",
) -> int:
    """Runs the suites named (default: all) and returns the exit code."""
    try:
        runs = [_run_one(name, assistant, planner) for name in suites or suite_names()]
        compared = [_compared(r, baseline) for r in runs]
    except SuiteError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    _write(runs, output)
    worse = [line for c in compared if c for line in c.regressions]
    for line in worse:
        print(f"退步 {line}", file=sys.stderr)
    return EXIT_FINDINGS if worse else EXIT_FINE


def _run_one(name: str, assistant: Assistant, planner: str) -> Run:
    suite = load_suite(name)
    done = run_suite(suite, assistant, planner)
    print(summary_line(done), file=sys.stderr)
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
        print(error, file=sys.stderr)
        return None


def _write(runs: Sequence[Run], output: str) -> None:
    if output == "json":
        print(json.dumps([as_json(r) for r in runs], ensure_ascii=False))
    else:
        print("\n".join(markdown(r) for r in runs), end="")
