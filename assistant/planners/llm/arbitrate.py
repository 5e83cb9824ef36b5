"""Grammar first; a model only where the grammar cannot read a question surely.

The grammar's query stands without any call. What a model alone says is offered, not answered:
the first confirmation makes its words known for the rest of the conversation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from assistant.context import Context
from assistant.doubt import is_alike, not_held, weigh
from assistant.model_use import ModelUse
from assistant.planners.grammar import GrammarPlanner
from assistant.planners.llm.budget import Allowance, Budget
from assistant.planners.llm.claims import Claim
from assistant.planners.llm.failure import ModelError
from assistant.planners.llm.frame import Frame, frame_of
from assistant.planners.llm.ladder import Ladder
from assistant.planners.llm.propose import Proposal, propose
from assistant.question import Question
from assistant.reading import Reading, ReadingOption
from assistant.retrieve import Index
from semantic_layer.problem import Problem, ProblemCode
from semantic_layer.query import Query
from semantic_layer.resolve import resolve
from semantic_layer.resolved import Assumption
from semantic_layer.result import Notice

HELPED: frozenset[ProblemCode] = frozenset({
    "unknown_term", "unknown_metric", "unknown_dimension", "unknown_value", "missing_metric",
    "unattached_condition", "ambiguous_phrase",
})  # fmt: skip
"""Doubts about words and their order; governed ambiguities, rights and refusals stand."""
MOST_OPTIONS = 4
PER_MILLION = 1_000_000
RESTS = Notice("model_unavailable", "大模型刚才没有应答,这次没有再等它,已按内置规则处理")


@dataclass(frozen=True, slots=True)
class Price:
    """Yuan per million tokens; None: unknown."""

    asked: float | None = None
    told: float | None = None


@dataclass(frozen=True)
class ModelAdviser:
    """A model beside the grammar."""

    ladder: Ladder
    allowance: Allowance = Allowance()
    guesses: Literal["ask", "answer"] = "ask"
    price: Price = Price()
    always: bool = False
    """Also where the grammar is sure: --planner llm."""

    def advise(self, reading: Reading, question: Question, context: Context) -> Reading:
        """The reading as it was, with a model's reading as a way out, or the model's own."""
        planner, index = context.reader, context.index
        if not self._is_wanted(reading) or index is None or not isinstance(planner, GrammarPlanner):
            return reading
        if self.ladder.rests and not self.always:
            return replace(reading, notices=(*reading.notices, RESTS))
        self.ladder.chat.warm_up()
        budget = Budget(self.allowance, context.running.cancel)
        try:
            context.trail.tell("plan", "正在请大模型帮助理解")
            frame = self._framed(question, planner, index, context)
            proposal = propose(frame, self.ladder, budget)
        except ModelError as error:
            self.ladder.rest_after(error)
            return replace(_without(reading, error), model_use=self._use(budget))
        settled = self._settled(reading, proposal, context)
        return replace(settled, model_use=self._use(budget))

    def _is_wanted(self, reading: Reading) -> bool:
        if reading.request != "query":
            return False
        if reading.query is not None:
            return self.always
        if reading.problem is None or any(token.slot == "request" for token in reading.tokens):
            return False
        is_governed = reading.problem.code == "ambiguous_phrase" and reading.options
        return reading.problem.code in HELPED and not is_governed

    def _framed(
        self, question: Question, planner: GrammarPlanner, index: Index, context: Context
    ) -> Frame:
        with context.trail.at("retrieve"):
            return frame_of(question, planner, index, context)

    def _settled(self, reading: Reading, proposal: Proposal | None, context: Context) -> Reading:
        if proposal is None:
            return reading
        if reading.query is not None:
            return _agreed(reading, proposal, context)
        asks = proposal.left_out or (proposal.is_guessed and self.guesses == "ask")
        return _offered(_weighed(reading, context), proposal) if asks else _taken(proposal)

    def _use(self, budget: Budget) -> ModelUse:
        return ModelUse(
            budget.calls,
            budget.tokens_in,
            budget.tokens_out,
            round(budget.spent_s * 1000, 1),
            self.ladder.rung,
            self._cost(budget),
        )

    def _cost(self, budget: Budget) -> float | None:
        asked, told = self.price.asked, self.price.told
        if asked is None or told is None:
            return None
        return (budget.tokens_in * asked + budget.tokens_out * told) / PER_MILLION


def _agreed(reading: Reading, proposal: Proposal, context: Context) -> Reading:
    """Two readings of one question: the same, or the asker chooses."""
    assert reading.query is not None
    if _is_same(reading.query, proposal.query, context):
        return replace(reading, planner="llm")
    problem = Problem("ambiguous_phrase", "这句话内置规则和大模型读得不一样,请选择。")
    options = (
        ReadingOption("按内置规则的读法", reading.query),
        ReadingOption("按大模型的读法", proposal.query),
    )
    return Reading(problem=problem, options=options, tokens=reading.tokens)


def _is_same(left: Query, right: Query, context: Context) -> bool:
    if left == right:
        return True
    resolved = (resolve(q, context.snapshot, context.principal) for q in (left, right))
    first, second = resolved
    return not isinstance(first, Problem) and first == second


def _taken(proposal: Proposal) -> Reading:
    """Answered: every word is governed, confirmed, or may be guessed; and the answer says so."""
    read = proposal.composed.reading
    assumptions = (*_assumptions(proposal), *read.assumptions)
    return replace(read, assumptions=assumptions, planner="llm")


def _assumptions(proposal: Proposal) -> Iterator[Assumption]:
    told = "、".join(_meaning(claim) for claim in proposal.claims if claim.evidence != "governed")
    how = f":{told}" if told else f",读作“{proposal.composed.text}”"
    yield Assumption("reading", f"这句话由大模型协助读懂{how}")


def _meaning(claim: Claim) -> str:
    return f"“{claim.words}”理解为“{claim.label}”"


def _weighed(reading: Reading, context: Context) -> Reading:
    """Without names that are merely alike, where none of them can be meant."""
    problem = reading.problem
    if problem is None or not is_alike(problem):
        return reading
    if weigh(reading.options, context, alike=True).live:
        return reading
    return replace(reading, problem=not_held(problem, reading.options), options=())


def _offered(reading: Reading, proposal: Proposal) -> Reading:
    """The grammar's doubt stays; the model's reading is one click away."""
    problem = reading.problem
    if problem is None or len(reading.options) >= MOST_OPTIONS:
        return reading
    if any(option.query == proposal.query for option in reading.options):
        return reading
    guessed = proposal.guessed
    label = "、".join(map(_meaning, guessed)) or f"读作“{proposal.composed.text}”"
    if proposal.left_out:
        label += f"(不考虑“{'、'.join(proposal.left_out)}”)"
    option = ReadingOption(
        label,
        proposal.query,
        word=guessed[0].words if guessed and not proposal.left_out else "",
        choice=guessed[0].choice if guessed and not proposal.left_out else "",
    )
    told = f"{problem.message.rstrip('。')}。大模型的读法是:{label},请确认。"
    return replace(
        reading, problem=replace(problem, message=told), options=(option, *reading.options)
    )


def _without(reading: Reading, error: ModelError) -> Reading:
    """The grammar's result, and that there was no help; or that the asker stopped it."""
    if error.kind == "cancelled":
        return Reading(problem=Problem("cancelled", "已取消,没有回答"))
    told = Notice("model_unavailable", f"{error.sentence},已按内置规则处理")
    return replace(reading, notices=(*reading.notices, told))
