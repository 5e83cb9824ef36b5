"""An eval case: one question, the outcomes that count as right, and why we believe them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.model_use import ModelUse
from evals.beside import Beside

Verdict = Literal["right", "wrong", "abstained"]
Split = Literal["dev", "sealed"]
ExpectedOutcome = Literal["answer", "info", "clarification", "refusal", "error"]


@dataclass(frozen=True, slots=True)
class Slots:
    """What the query must say; None leaves a slot unchecked."""

    metrics: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    """Dimension names and time grains, in order."""
    period: tuple[date, date] | None = None
    """First and last day of the current period."""


@dataclass(frozen=True, slots=True)
class Gold:
    """One accepted reading: SQL on the physical tables, written from the description."""

    sql: str
    """Its column names are ids of the answer's columns."""
    slots: Slots = Slots()
    must_state: tuple[str, ...] = ()
    """Words that scope, headline, assumptions or warnings must contain for it to count."""
    totals: str | None = None
    """SQL of the 合计 row, computed apart; None leaves it unchecked."""
    ordered: bool = False
    """The order of the rows is part of the answer."""


@dataclass(frozen=True, slots=True)
class Case:
    """One unit of evidence."""

    id: str
    ask: str
    domain: str
    shape: str
    """分组, 走势, 同比, 占比 …: no two answers to the same shape in the same domain."""
    outcome: ExpectedOutcome
    any_of: tuple[Gold, ...] = ()
    codes: tuple[str, ...] = ()
    """Accepted codes when the outcome is no answer; empty: any code of that outcome."""
    accept: tuple[str, ...] = ()
    """Codes of another outcome that a fair reader would also accept."""
    options: tuple[str, ...] = ()
    """Metric ids that the options of a clarification must offer."""
    must_not_say: tuple[str, ...] = ()
    """Words that may stand nowhere in the answer object: each would be a leak."""
    must_not_show: tuple[str, ...] = ()
    """SQL of figures and names that the user may not see: each found is a leak."""
    requirement: tuple[str, ...] = ()
    """Numbers of requirements, conventions (C16) or hard cases (H7) that it traces to."""
    user: str | None = None
    as_of: date | None = None
    unit: str = ""
    """The conversation or the intent it is a part of; empty: it stands for itself."""
    turn: int = 0
    """Its place in a conversation, from 1; 0 for a question by itself."""
    fresh: bool = True
    """A whole question; a follow-up leans on the turns before it."""
    split: Split = "dev"
    """`sealed`: not to be looked at while words and rules are written; reported apart."""
    file: str = ""
    line: int = 0

    @property
    def evidence(self) -> str:
        """What counts once: a conversation, an intent, or a question by itself."""
        return self.unit or self.id


@dataclass(frozen=True, slots=True)
class Layer:
    """The finding of one scorer."""

    name: Literal["leak", "outcome", "slots", "rows", "headline", "same"]
    passed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What happened to one case."""

    case: Case
    verdict: Verdict
    layers: tuple[Layer, ...]
    outcome: str
    code: str
    reading: str
    sql: str
    milliseconds: float
    cause: str = ""
    """The turn that went wrong first, when this one leans on it."""
    confidence: float | None = None
    """How sure the reader said it was; None when no sentence was read."""
    planner: str | None = None
    """Who arrived at the query: grammar or llm."""
    model_use: ModelUse | None = None
    """None: no model was asked."""
    beside: Beside | None = None
    """Rows expected and got; None when it is right."""

    @property
    def leaked(self) -> bool:
        """Somebody was shown what is not theirs."""
        return any(layer.name == "leak" for layer in self.layers)

    @property
    def reason(self) -> str:
        """Why it is not right, in one line."""
        return ";".join(
            f"{layer.name}: {layer.reason}" for layer in self.layers if not layer.passed
        )
