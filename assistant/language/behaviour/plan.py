"""What a kind of behaviour query needs: its events in order, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.language.tokens import EventName
from semantic_layer.problem import Problem, ProblemCode
from semantic_layer.query import FunnelQuery, IntervalQuery, PathQuery, Period, RetentionQuery
from semantic_layer.resolved import Assumption

BehaviourQuery = FunnelQuery | RetentionQuery | PathQuery | IntervalQuery


@dataclass(frozen=True, slots=True)
class Shape:
    """A query without its scope, and the label that tells it from its alternatives."""

    query: BehaviourQuery
    label: str = ""
    onward: bool = False
    """Every period until today is asked for: 之后每个月."""
    period: Period | None = None
    """Of another time than the question says: 3月 taken for the third month or for March."""


Make = Callable[[tuple[EventName, ...]], tuple[Shape, ...]]


def nothing(_: tuple[EventName, ...]) -> tuple[Shape, ...]:
    """No query at all."""
    return ()


@dataclass(slots=True)
class Plan:
    """The places of the events, and the queries that are made of them."""

    kind: str
    places: tuple[int, ...] = ()
    make: Make = nothing
    faults: list[Problem] = field(default_factory=list)
    questions: list[Problem] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)

    def fault(self, code: ProblemCode, message: str, subject: str = "") -> None:
        """Note why this cannot be asked."""
        self.faults.append(Problem(code, message, subject=subject))

    def ask(self, message: str, subject: str = "", code: ProblemCode = "ambiguous_phrase") -> None:
        """Note what only the asker can decide."""
        self.questions.append(Problem(code, message, subject=subject))

    def assume(self, slot: str, text: str) -> None:
        """Note how something unsaid was filled."""
        self.assumptions.append(Assumption(slot, text))


def labels(names: Sequence[EventName]) -> str:
    """进入注册页 → 注册成功."""
    return " → ".join(name.label for name in names)
