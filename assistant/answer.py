"""The answer object: one envelope for answers, questions back, refusals and errors.

Outside programs rely on its keys; every key is always there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import WithJsonSchema

from assistant.agent.step import Finding, Step
from assistant.explain import ChartSpec, DefinitionCard
from assistant.json_text import json_text, plain, rounded_to_floats
from assistant.model_use import ModelUse
from assistant.outcomes import AnswerCode, exit_code, outcome_of
from semantic_layer.resolved import Assumption, Outcome
from semantic_layer.result import Cell, Column, Notice

JsonCell = Annotated[
    Cell, WithJsonSchema({"type": ["null", "boolean", "number", "string"]}, mode="serialization")
]
PlannerName = Literal["grammar", "llm", "verified", "sql"]


@dataclass(frozen=True, slots=True)
class AnswerPeriod:
    """The dates that the numbers cover."""

    role: str
    start: date
    end: date
    complete: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One way out of a doubt; `query` is complete and can be run as it stands."""

    id: int
    label: str
    reading: str
    query: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a question comes back with, whatever the outcome."""

    id: str = ""
    session: str | None = None
    turn: int | None = None
    as_of: date | None = None
    user: str | None = None
    scope: str | None = None
    """The asker's rights as a phrase: 全行, 仅银川分行."""
    snapshot: str | None = None
    """Id of the definitions and data dates the question was answered with."""
    code: AnswerCode = "answered"
    message: str | None = None
    """One Chinese sentence when there is no plain answer: what, and what to do next."""
    question: str | None = None
    reading: str | None = None
    confidence: float | None = None
    """How surely the words were read, 0 to 1; None where no sentence was read."""
    canonical: str | None = None
    query: Mapping[str, Any] | None = None
    resolved_query: Mapping[str, Any] | None = None
    sql: str | None = None
    periods: tuple[AnswerPeriod, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[JsonCell, ...], ...] = ()
    row_count: int | None = None
    total_rows: int | None = None
    truncated: bool | None = None
    totals: Mapping[str, JsonCell] | None = None
    others: Mapping[str, JsonCell] | None = None
    subtotals: tuple[tuple[JsonCell, ...], ...] = ()
    """小计 as rows of the same columns."""
    small: tuple[tuple[int, str], ...] = ()
    """(row, column id) of rates over too few cases to be compared."""
    headline: str | None = None
    chart: ChartSpec | None = None
    definitions: tuple[DefinitionCard, ...] = ()
    certified: bool | None = None
    data_dates: Mapping[str, date] | None = None
    assumptions: tuple[Assumption, ...] = ()
    warnings: tuple[Notice, ...] = ()
    options: tuple[Option, ...] = ()
    suggestions: tuple[str, ...] = ()
    planner: PlannerName | None = None
    model_use: ModelUse | None = None
    """What a model took; None: none was asked."""
    steps: tuple[Step, ...] = ()
    """Of an analysis: every query that was run, with rows, SQL and definitions."""
    findings: tuple[Finding, ...] = ()
    """Of an analysis: its sentences, each with the cells that it rests on."""
    timings_ms: Mapping[str, float] | None = None
    schema: Literal[1] = 1

    @property
    def outcome(self) -> Outcome:
        """Follows from the code, by the table in `assistant.outcomes`."""
        return outcome_of(self.code)

    @property
    def exit_code(self) -> int:
        """What a command that ends with this answer returns."""
        return exit_code(self.code)

    def to_dict(self) -> dict[str, Any]:
        """The answer object as plain JSON values; `rows` of the object itself stay exact."""
        plain_answer: dict[str, Any] = rounded_to_floats(self._contents())
        return plain_answer

    def to_json(self) -> str:
        """The answer object as one line of JSON, decimals with all their digits."""
        return json_text(self._contents())

    def _contents(self) -> dict[str, Any]:
        contents: dict[str, Any] = plain(self)
        ordered = {"schema": contents.pop("schema")}
        for name, value in contents.items():
            if name == "code":
                ordered["outcome"] = self.outcome
            ordered[name] = value
        return ordered
