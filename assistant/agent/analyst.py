"""An open question answered in steps, where a model is configured; else nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.agent.desk import Desk
from assistant.agent.sentences import findings_of, headlines
from assistant.agent.step import Finding
from assistant.context import Context
from assistant.doubt import ask_back, refuse, weigh
from assistant.language.canonical import canonical
from assistant.model_use import ModelUse
from assistant.planners.llm.budget import Allowance, Budget
from assistant.planners.llm.failure import ModelError
from assistant.planners.llm.ladder import Ladder
from assistant.question import Question
from assistant.reading import Reading, ReadingOption
from assistant.reply import Reply
from semantic_layer.problem import Problem
from semantic_layer.query import query_from_json
from semantic_layer.resolved import Assumption
from semantic_layer.result import Notice

OPEN = "归因分析"
"""What the grammar calls questions for reasons."""
BY_STEPS = Assumption(
    "reading", "步骤由大模型安排,每一步都是按口径执行的查询;只说明变化在哪里,不说明原因"
)
WHICH = Problem("ambiguous_phrase", "这个问题可以从几方面看,请选择。")


@dataclass(frozen=True)
class Analyst:
    """A model that plans steps; the pipeline runs them."""

    ladder: Ladder
    allowance: Allowance = Allowance(60.0, 16)
    rows: bool = False
    """Whether rows of results may be sent to the model."""
    most_steps: int = 6
    price: tuple[float | None, float | None] = (None, None)

    def analyse(self, reading: Reading, question: Question, context: Context) -> Reply | None:
        """The answer in steps, a question back, or the refusal; None: no open question."""
        problem, index = reading.problem, context.index
        if problem is None or not is_open(problem) or index is None or not context.run_sql:
            return None
        if self.ladder.rests:
            return None
        masked = index.masked(question.text, context.principal)
        desk = Desk(context, index, masked, self.rows, self.most_steps)
        context.trail.tell("plan", "正在请大模型安排分析步骤")
        from assistant.agent.loop import converse

        self.ladder.chat.warm_up()
        budget = Budget(self.allowance, context.running.cancel)
        said, failed = "", None
        try:
            said = converse(desk, self.ladder, budget)
        except ModelError as error:
            self.ladder.rest_after(error)
            failed = error
        reply = self._reply(desk, said, failed, reading, context)
        return reply._replace(answer=replace(reply.answer, model_use=self._use(budget)))

    def _reply(
        self, desk: Desk, said: str, failed: ModelError | None, reading: Reading, context: Context
    ) -> Reply:
        assert reading.problem is not None
        if failed is not None and failed.kind == "cancelled":
            return refuse(Problem("cancelled", "已取消,没有回答"))
        if desk.steps:
            return analysed(desk, said if self.rows else "", failed)
        if desk.options:
            manifest = context.snapshot.manifest
            options = [ReadingOption(canonical(q, manifest) or "", q) for q in desk.options]
            live = weigh(options, context).live
            if len(live) > 1:
                return ask_back(WHICH, live, context)
        refused = refuse(reading.problem, reading.suggestions)
        return refused._replace(answer=replace(refused.answer, warnings=_notices(failed)))

    def _use(self, budget: Budget) -> ModelUse:
        asked, told = self.price
        cost = None
        if asked is not None and told is not None:
            cost = (budget.tokens_in * asked + budget.tokens_out * told) / 1_000_000
        spent = round(budget.spent_s * 1000, 1)
        return ModelUse(budget.calls, budget.tokens_in, budget.tokens_out, spent, "tool", cost)


def is_open(problem: Problem) -> bool:
    """Whether it takes several steps to say something about it."""
    return problem.code == "unsupported" and problem.subject == OPEN


def analysed(desk: Desk, said: str, failed: ModelError | None) -> Reply:
    """The step that shows where, with the sentences of all of them above it."""
    steps = desk.steps
    found = findings_of(said, steps, desk.context.snapshot.manifest) or headlines(steps)
    shown = next((a for a in desk.answers if len(a.rows) > 1), desk.answers[0])
    answer = replace(
        shown,
        headline=_joined(found),
        assumptions=(BY_STEPS, *shown.assumptions),
        warnings=(*_notices(failed), *shown.warnings),
        planner="llm",
        steps=tuple(steps),
        findings=found,
    )
    return Reply(answer, query_from_json(dict(shown.query or {})))


def _joined(found: Sequence[Finding]) -> str:
    return "".join(f"{finding.text.rstrip('。')}。" for finding in found)


def _notices(failed: ModelError | None) -> tuple[Notice, ...]:
    if failed is None:
        return ()
    return (Notice("model_unavailable", f"{failed.sentence},分析没有做完"),)
