"""A run as it is kept: a head that lists tell, and every case with what it takes to judge it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from evals.beside import Beside
from evals.case import Case, ExpectedOutcome, Result, Split, Verdict
from evals.runner import Run
from evals.units import units

ANSWERED = ("answer", "info")
OUTCOMES: dict[str, str] = {
    "answer": "给出答案",
    "info": "说明",
    "clarification": "反问",
    "refusal": "拒答",
    "error": "出错",
}


@dataclass(frozen=True, slots=True)
class KeptCase:
    """One case of a run."""

    id: str
    ask: str
    domain: str
    shape: str
    split: Split
    unit: str
    user: str
    requirement: tuple[str, ...]
    place: str
    """suite file and line"""
    wanted: ExpectedOutcome
    wanted_codes: tuple[str, ...]
    must_state: tuple[tuple[str, ...], ...]
    """For each accepted reading the words that it had to say."""
    golds: tuple[str, ...]
    """SQL of each accepted reading."""
    verdict: Verdict
    outcome: str
    code: str
    reading: str
    sql: str
    reason: str
    cause: str
    milliseconds: float
    confidence: float | None
    planner: str
    beside: Beside | None = None
    """None: the case was right."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a list of runs tells."""

    id: str
    at: datetime
    suite: str
    title: str
    user: str
    """Who started it on the page; empty: the command line."""
    seconds: float
    right: int
    wrong: int
    abstained: int
    answered: int
    units: int
    """Independent questions: a conversation or an intent counts once."""
    units_wrong: int
    leaks: int
    setting: dict[str, str]
    form: Literal[1] = 1

    @property
    def total(self) -> int:
        """All cases."""
        return self.right + self.wrong + self.abstained


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run in full."""

    head: Head
    cases: tuple[KeptCase, ...]

    def of(self, *verdicts: Verdict) -> tuple[KeptCase, ...]:
        """The cases that ended so."""
        return tuple(case for case in self.cases if case.verdict in verdicts)


def kept_run(run: Run, run_id: str, at: datetime, seconds: float, user: str = "") -> KeptRun:
    """The run as it is written down."""
    whole = units(run.results)
    head = Head(
        id=run_id,
        at=at,
        suite=run.suite,
        title=run.title,
        user=user,
        seconds=round(seconds, 1),
        right=run.count("right"),
        wrong=run.count("wrong"),
        abstained=run.count("abstained"),
        answered=sum(result.outcome in ANSWERED for result in run.results),
        units=len(whole),
        units_wrong=sum(unit.verdict == "wrong" for unit in whole),
        leaks=sum(result.leaked for result in run.results),
        setting=run.setting,
    )
    return KeptRun(head, tuple(map(_kept_case, run.results)))


def _kept_case(result: Result) -> KeptCase:
    case = result.case
    return KeptCase(
        id=case.id,
        ask=case.ask,
        domain=case.domain,
        shape=case.shape,
        split=case.split,
        unit=case.evidence,
        user=case.user or "",
        requirement=case.requirement,
        place=f"{case.file}:{case.line}" if case.file else "",
        wanted=case.outcome,
        wanted_codes=_codes(case),
        must_state=tuple(gold.must_state for gold in case.any_of),
        golds=tuple(gold.sql for gold in case.any_of),
        verdict=result.verdict,
        outcome=result.outcome,
        code=result.code,
        reading=result.reading,
        sql=result.sql,
        reason=result.reason,
        cause=result.cause,
        milliseconds=round(result.milliseconds, 1),
        confidence=result.confidence,
        planner=result.planner or "",
        beside=result.beside,
    )


def _codes(case: Case) -> tuple[str, ...]:
    return (*case.codes, *case.accept)
