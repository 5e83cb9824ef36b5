"""Runs a suite: every case asked once, scored on every layer."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from uuid import uuid4

from assistant import Assistant
from evals.beside import beside
from evals.case import Case, Result
from evals.discrimination import sibling_metrics, weaknesses
from evals.gold import GoldDatabase
from evals.scoring import score
from evals.scoring.leaks import NOBODY, Names
from evals.scoring.rows import picked, same_rows
from evals.suite import Suite, SuiteError
from evals.units import judged_together


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


Watch = Callable[[int], None]
"""Told before each case how many are done; what it raises ends the run."""


def ignore(_: int) -> None:
    """For callers that do not watch."""


def run_suite(
    suite: Suite,
    assistant: Assistant,
    planner: str = "auto",
    watch: Watch = ignore,
) -> Run:
    """Every case of the suite asked to the assistant as it stands."""
    talk = uuid4().hex
    results = []
    with GoldDatabase(assistant.database) as gold:
        hidden = _hidden_names(suite, gold)
        for done, case in enumerate(suite.cases):
            watch(done)
            results.append(_run_case(case, suite, assistant, gold, hidden, planner, talk))
    together = judged_together(results)
    return Run(suite.name, suite.title, together, _setting(suite, assistant, planner))


def _hidden_names(suite: Suite, gold: GoldDatabase) -> Mapping[str, Names]:
    return {
        user: Names.of(str(cell) for sql in statements for row in gold.run(sql)[1] for cell in row)
        for user, statements in suite.hidden.items()
    }


def weak_cases(suite: Suite, assistant: Assistant) -> list[str]:
    """Right answers whose gold rows a wrong query would also give."""
    siblings = sibling_metrics(assistant.manifest.metrics)
    with GoldDatabase(assistant.database) as gold:
        return [
            f"{case.id}: {weakness}"
            for case in _proofs(suite)
            for weakness in _weaknesses(case, suite, assistant, gold, siblings)
        ]


def _proofs(suite: Suite) -> Iterator[Case]:
    """Questions that an answer is expected to; of an intent its first way will do."""
    seen: set[str] = set()
    for case in suite.cases:
        if case.any_of and not case.turn and case.evidence not in seen:
            seen.add(case.evidence)
            yield case


def _weaknesses(
    case: Case, suite: Suite, assistant: Assistant, gold: GoldDatabase, siblings: dict[str, str]
) -> list[str]:
    answer = _ask(case, suite, assistant).to_dict()
    verdict, _ = score(case, answer, gold.run)
    if verdict != "right" or answer["outcome"] != "answer":
        return []
    runs = _As(assistant, case, suite)
    proofs = [gold.run(reading.sql) for reading in case.any_of]
    columns = {c["id"] for c in answer["columns"]}
    return [
        weakness
        for names, rows in proofs
        if columns.issuperset(names) and same_rows(picked(answer, names), list(rows))
        for weakness in weaknesses(answer, names, rows, siblings, runs)
    ]


@dataclass(frozen=True, slots=True)
class _As:
    """Typed queries as the user and on the day of a case."""

    assistant: Assistant
    case: Case
    suite: Suite

    def run(self, query: Any, /) -> Any:
        return self.assistant.run(
            query,
            user=self.case.user,
            as_of=self.case.as_of or self.suite.as_of,
            purpose="evaluation",
        )


def _ask(
    case: Case, suite: Suite, assistant: Assistant, planner: Any = "auto", talk: str = ""
) -> Any:
    """The answer; turns of a conversation share a session of this run."""
    as_of = case.as_of or suite.as_of
    session = f"eval-{talk}-{case.unit}" if case.turn else None
    return assistant.ask(
        case.ask, user=case.user, as_of=as_of, session=session, planner=planner,
        purpose="evaluation",
    )  # fmt: skip


def _run_case(
    case: Case,
    suite: Suite,
    assistant: Assistant,
    gold: GoldDatabase,
    hidden: Mapping[str, Names],
    planner: str,
    talk: str,
) -> Result:
    start = time.perf_counter()
    told = _ask(case, suite, assistant, planner, talk)
    answer = told.to_dict()
    elapsed = (time.perf_counter() - start) * 1000
    try:
        verdict, layers = score(case, answer, gold.run, hidden.get(answer["user"], NOBODY))
        golds = (reading.sql for reading in case.any_of)
        rows = None if verdict == "right" else beside(golds, answer, gold.run)
    except SuiteError as error:
        raise SuiteError(f"{case.file}:{case.line} 用例“{case.id}”的{error}") from error
    return Result(
        case=case,
        verdict=verdict,
        layers=layers,
        outcome=answer["outcome"],
        code=answer["code"],
        reading=answer["reading"] or answer["message"] or "",
        sql=answer["sql"] or "",
        milliseconds=elapsed,
        confidence=answer["confidence"],
        planner=answer["planner"],
        model_use=told.model_use,
        beside=rows,
    )


def _setting(suite: Suite, assistant: Assistant, planner: str) -> dict[str, str]:
    """The run manifest: runs on other data cannot be compared."""
    with GoldDatabase(assistant.database) as gold:
        facts = gold.facts()
    data = {f"data_{key}": facts[key] for key in _DATA_FACTS if key in facts}
    return {
        "suite": suite.name,
        "suite_hash": suite.hash,
        "as_of": suite.as_of.isoformat(),
        "planner": planner,
        "catalog": assistant.manifest.hash,
        **data,
        "versions": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }


_DATA_FACTS = ("size", "seed", "as_of", "row_hash")
_PACKAGES = ("wenshu", "duckdb", "sqlglot")
