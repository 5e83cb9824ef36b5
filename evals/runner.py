"""Runs a suite: every case asked once, scored on every layer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from assistant import Assistant
from evals.case import Case, Result
from evals.discrimination import sibling_metrics, weaknesses
from evals.gold import GoldDatabase
from evals.scoring import score
from evals.suite import Suite


@dataclass(frozen=True, slots=True)
class Run:
    """All results of one suite, and what was run on what."""

    suite: str
    title: str
    results: tuple[Result, ...]
    setting: dict[str, str]

    def count(self, verdict: str) -> int:
        """How many cases ended so."""
        return sum(r.verdict == verdict for r in self.results)


def run_suite(
    suite: Suite,
    assistant: Assistant,
    planner: str = "auto",
    on_case: Callable[[Result], None] = lambda result: None,
) -> Run:
    """Every case of the suite asked to the assistant as it stands."""
    results = []
    with GoldDatabase(assistant.database) as gold:
        for case in suite.cases:
            results.append(_run_case(case, suite, assistant, gold, planner))
            on_case(results[-1])
    return Run(suite.name, suite.title, tuple(results), _setting(suite, assistant, planner))


def weak_cases(suite: Suite, assistant: Assistant) -> list[str]:
    """Cases whose gold rows a wrong query would also give."""
    siblings = sibling_metrics(assistant.manifest.metrics)
    found = []
    with GoldDatabase(assistant.database) as gold:
        for case in _answered(suite):
            answer = _ask(case, suite, assistant).to_dict()
            if answer["outcome"] != "answer":
                continue
            names, rows = gold.run(case.any_of[0].sql)
            runs = _As(assistant, case, suite)
            found += [f"{case.id}: {w}" for w in weaknesses(answer, names, rows, siblings, runs)]
    return found


@dataclass(frozen=True, slots=True)
class _As:
    """Typed queries as the user and on the day of a case."""

    assistant: Assistant
    case: Case
    suite: Suite

    def run(self, query: Any, /) -> Any:
        return self.assistant.run(
            query, user=self.case.user, as_of=self.case.as_of or self.suite.as_of
        )


def _answered(suite: Suite) -> Iterable[Case]:
    return (case for case in suite.cases if case.outcome == "answer")


def _ask(case: Case, suite: Suite, assistant: Assistant, planner: Any = "auto") -> Any:
    as_of = case.as_of or suite.as_of
    return assistant.ask(case.ask, user=case.user, as_of=as_of, planner=planner)


def _run_case(
    case: Case, suite: Suite, assistant: Assistant, gold: GoldDatabase, planner: str
) -> Result:
    start = time.perf_counter()
    answer = _ask(case, suite, assistant, planner).to_dict()
    elapsed = (time.perf_counter() - start) * 1000
    verdict, layers = score(case, answer, gold.run)
    return Result(
        case=case,
        verdict=verdict,
        layers=layers,
        outcome=answer["outcome"],
        code=answer["code"],
        reading=answer["reading"] or answer["message"] or "",
        sql=answer["sql"] or "",
        milliseconds=elapsed,
    )


def _setting(suite: Suite, assistant: Assistant, planner: str) -> dict[str, str]:
    """The run manifest: runs on other data or definitions cannot be compared."""
    with GoldDatabase(assistant.database) as gold:
        _, tables = gold.run("SELECT table_name FROM information_schema.tables")
        known = ("demo_info",) in tables
        facts = gold.run("SELECT key, value FROM demo_info")[1] if known else []
    data = {f"data_{key}": str(value) for key, value in facts if key in _DATA_FACTS}
    return {
        "suite": suite.name,
        "as_of": suite.as_of.isoformat(),
        "planner": planner,
        "catalog": assistant.manifest.hash,
        **data,
    }


_DATA_FACTS = ("row_hash", "seed", "size", "as_of")
