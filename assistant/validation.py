"""`wenshu validate --live`: the data, the tie-outs and the questions beside the definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from sqlglot import exp

from assistant.answer import Answer
from assistant.settings import ValidationSection
from metrics.live import LiveFinding, LiveReport, validate_live
from metrics.live.rows import LiveData
from metrics.live.validate import Accepted
from semantic_layer.engines import Engine, Limits, Table
from semantic_layer.model import DefinitionTest
from semantic_layer.result import Cell
from semantic_layer.snapshot import Snapshot

Answers = Callable[[str], Answer]
"""A question to its answer."""
MOST_ROWS = 1_000_000


def validate(
    snapshot: Snapshot,
    engine: Engine,
    catalog: Path,
    settings: ValidationSection,
    answers: Answers,
) -> LiveReport:
    """What is wrong with the data, or with what the definitions say of it."""
    limits = Limits(settings.max_seconds, MOST_ROWS)

    def ask(tree: exp.Expr) -> Table:
        return engine.run(tree, limits)

    accepted = tuple(Accepted(a.code, a.subject, a.reason, a.at_most) for a in settings.accepted)
    found = validate_live(LiveData(snapshot, ask), catalog, accepted, settings.max_seconds)
    questions = tuple(test for test in snapshot.manifest.tests if test.ask is not None)
    missed = tuple(finding for test in questions for finding in expectation(test, answers))
    return replace(found, findings=(*missed, *found.findings), checks=found.checks + len(questions))


def expectation(test: DefinitionTest, answers: Answers) -> Iterator[LiveFinding]:
    """A question beside the definitions whose answer is another one."""
    assert test.ask is not None
    answer = answers(test.ask)
    subject = str(test.at or test.ask)
    if answer.outcome != "answer":
        message = f"“{test.ask}”没有答成:{answer.message or answer.code}"
        yield LiveFinding("V701", subject, message)
        return
    got = _value(answer)
    if test.expect is not None and not _same(got, test.expect):
        message = f"“{test.ask}”应为{test.expect},现在是{got}"
        yield LiveFinding("V701", subject, message)


def _value(answer: Answer) -> Cell:
    """The figure of an answer of one row: the first column that is one."""
    kinds = [column.kind for column in answer.columns]
    if len(answer.rows) != 1 or "metric" not in kinds:
        return None
    return answer.rows[0][kinds.index("metric")]


def _same(got: Cell, expected: int | float | str) -> bool:
    if isinstance(expected, str) or got is None or isinstance(got, str):
        return str(got) == str(expected)
    return Decimal(str(got)) == Decimal(str(expected))
