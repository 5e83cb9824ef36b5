"""The conversation with the model: LangChain's agent with our tools, bounded on every side."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.errors import GraphRecursionError

from assistant.agent.desk import Desk
from assistant.planners.llm.budget import Budget
from assistant.planners.llm.chat import SAMPLING, Chat, as_failure
from assistant.planners.llm.failure import ModelError
from assistant.planners.llm.untraced import untraced
from assistant.planners.llm.wire import read_until

PROMPT = Path(__file__).parent / "prompts" / "analyse.md"
POLL_S = 0.02


class Bounds(AgentMiddleware):
    """Each call within the budget, its server left alone when the asker stops waiting."""

    def __init__(self, desk: Desk, budget: Budget) -> None:
        super().__init__()
        self._desk = desk
        self._budget = budget

    def wrap_model_call(
        self, request: ModelRequest, handler: Callable[[ModelRequest], ModelResponse]
    ) -> ModelResponse | AIMessage:
        """The reply, or the end where there is nothing left to do."""
        desk, budget = self._desk, self._budget
        if desk.options or (desk.is_full and not desk.rows):
            return AIMessage("")
        budget.begin_call()
        settings = {**SAMPLING, "timeout": max(0.05, budget.left_s)}
        bounded = request.override(
            model_settings=settings, tools=[] if desk.is_full else request.tools
        )
        reply = self._waited(lambda: handler(bounded))
        for message in reply.result:
            usage = getattr(message, "usage_metadata", None)
            if usage:
                budget.add_tokens(usage["input_tokens"], usage["output_tokens"])
        return reply

    def _waited(self, call: Callable[[], ModelResponse]) -> ModelResponse:
        replies: SimpleQueue[ModelResponse | Exception] = SimpleQueue()
        state = contextvars.copy_context()
        deadline = self._budget.deadline

        def work() -> None:
            read_until(deadline)
            try:
                replies.put(state.run(call))
            except Exception as error:  # noqa: BLE001
                replies.put(error)  # told in the asking thread

        threading.Thread(target=work, daemon=True).start()
        while True:
            try:
                reply = replies.get(timeout=POLL_S)
            except Empty:
                self._budget.check()
                continue
            if isinstance(reply, Exception):
                raise as_failure(reply) from reply
            return reply


def converse(desk: Desk, chat: Chat, budget: Budget) -> str:
    """The model's last words after its steps; ModelError where there is no model."""
    tools: list[Callable[..., Any]] = [
        desk.search_definitions, desk.describe, desk.values, desk.run_query, desk.ask_user,
    ]  # fmt: skip
    agent = create_agent(
        chat.client(), tools, system_prompt=_rules(rows=desk.rows),
        middleware=[Bounds(desk, budget)],
    )  # fmt: skip
    asked = f"<question>\n{_plain(desk.masked.text)}\n</question>"
    try:
        state = untraced(
            lambda: agent.invoke(
                {"messages": [HumanMessage(asked)]},
                {"recursion_limit": 4 * budget.allowance.calls + 10},
            )
        )
    except GraphRecursionError as error:
        raise ModelError("spent", "步骤") from error
    return str(state["messages"][-1].text)


@cache
def _rules(*, rows: bool) -> str:
    text = PROMPT.read_text(encoding="utf-8")
    steps, _, sentences = text.partition("\n---\n")
    return f"{steps}\n{sentences}" if rows else steps


def _plain(text: str) -> str:
    return " ".join(text.replace("<", "〈").replace(">", "〉").split())
