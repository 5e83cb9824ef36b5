"""What a suite file may hold: cases, conversations of turns, intents said in many ways."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from evals.case import Case, ExpectedOutcome, Gold, Slots, Split

MOST_TURNS = 6
FEWEST_WAYS = 5


class _Edge(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SlotsEdge(_Edge):
    """`slots` of a gold."""

    metrics: list[str] | None = None
    groups: list[str] | None = None
    period: tuple[date, date] | None = None


class GoldEdge(_Edge):
    """One entry of `any_of`."""

    sql: str
    slots: SlotsEdge = Field(default_factory=SlotsEdge)
    must_state: list[str] = []
    totals: str | None = None
    ordered: bool = False

    def read(self) -> Gold:
        """The accepted reading."""
        return Gold(
            sql=self.sql,
            slots=Slots(
                metrics=None if self.slots.metrics is None else tuple(self.slots.metrics),
                groups=None if self.slots.groups is None else tuple(self.slots.groups),
                period=self.slots.period,
            ),
            must_state=tuple(self.must_state),
            totals=self.totals,
            ordered=self.ordered,
        )


class ExpectedEdge(_Edge):
    """What counts as right, the same for a case, a turn and an intent."""

    outcome: ExpectedOutcome = "answer"
    any_of: list[GoldEdge] = []
    codes: list[str] = []
    accept: list[str] = []
    options: list[str] = []
    must_not_say: list[str] = []
    must_not_show: list[str] = []

    def expected(self) -> dict[str, Any]:
        """The fields of a Case that say so."""
        return {
            "outcome": self.outcome,
            "any_of": tuple(gold.read() for gold in self.any_of),
            "codes": tuple(self.codes),
            "accept": tuple(self.accept),
            "options": tuple(self.options),
            "must_not_say": tuple(self.must_not_say),
            "must_not_show": tuple(self.must_not_show),
        }


class AskedEdge(_Edge):
    """Who asks when, and what it is evidence of."""

    id: str
    domain: str
    requirement: list[str] = []
    user: str | None = None
    as_of: date | None = None
    split: Split = "dev"

    def asked(self) -> dict[str, Any]:
        """The fields of a Case that say so."""
        return {
            "domain": self.domain,
            "requirement": tuple(self.requirement),
            "user": self.user,
            "as_of": self.as_of,
            "split": self.split,
        }


class CaseEdge(ExpectedEdge, AskedEdge):
    """One question by itself."""

    ask: str
    shape: str

    def read(self) -> Iterator[Case]:
        """The case."""
        yield Case(
            id=self.id, ask=self.ask, shape=self.shape, **self.asked(), **self.expected()
        )  # fmt: skip


class TurnEdge(ExpectedEdge):
    """One question of a conversation."""

    ask: str
    shape: str
    fresh: bool = False
    """A whole question: what went wrong before is no excuse."""


class ConversationEdge(AskedEdge):
    """Two to six questions that follow one another."""

    turns: Annotated[list[TurnEdge], Field(min_length=2, max_length=MOST_TURNS)]

    def read(self) -> Iterator[Case]:
        """A case for each turn."""
        for number, turn in enumerate(self.turns, 1):
            yield Case(
                id=f"{self.id}/{number}",
                ask=turn.ask,
                shape=turn.shape,
                unit=self.id,
                turn=number,
                fresh=turn.fresh or number == 1,
                **self.asked(),
                **turn.expected(),
            )


class IntentEdge(ExpectedEdge, AskedEdge):
    """One meaning in at least five people's words."""

    ways: Annotated[list[str], Field(min_length=FEWEST_WAYS)]

    def read(self) -> Iterator[Case]:
        """A case for each way of saying it."""
        for number, ask in enumerate(self.ways, 1):
            yield Case(
                id=f"{self.id}/{number}",
                ask=ask,
                shape=f"第{number}种说法",
                unit=self.id,
                **self.asked(),
                **self.expected(),
            )


class HiddenEdge(_Edge):
    """What one user may not see: SQL of names."""

    names: list[str]


class SuiteEdge(_Edge):
    """A whole file."""

    suite: str
    title: str
    as_of: date
    hidden: dict[str, HiddenEdge] = {}
    cases: list[CaseEdge] = []
    conversations: list[ConversationEdge] = []
    intents: list[IntentEdge] = []

    def units(self) -> tuple[CaseEdge | ConversationEdge | IntentEdge, ...]:
        """Everything with an id, in the order of the kinds."""
        return (*self.cases, *self.conversations, *self.intents)
