"""The conversation with the model: LangChain's agent with our tools, bounded on every side."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.errors import GraphRecursionError

from assistant.agent.desk import Desk
from assistant.planners.llm.budget import Budget
from assistant.planners.llm.failure import ModelError
from assistant.planners.llm.ladder import Ladder
from assistant.planners.llm.untraced import untraced

TOOLS = ("search_definitions", "describe", "values", "run_query", "ask_user")
MOST_AT_ONCE = 6
"""Uses of tools in one reply."""
PROMPT = Path(__file__).parent / "prompts" / "analyse.md"


class Bounds(AgentMiddleware):
    """Each call within the budget, and none where there is nothing left to do."""

    def __init__(self, desk: Desk, ladder: Ladder, budget: Budget) -> None:
        super().__init__()
        self._desk = desk
        self._ladder = ladder
        self._budget = budget

    def wrap_model_call(
        self, request: ModelRequest, _handler: Callable[[ModelRequest], ModelResponse]
    ) -> ModelResponse | AIMessage:
        """The reply, asked for as drafts are: with patience, and left alone at the deadline."""
        desk = self._desk
        if desk.options or (desk.is_full and not desk.rows):
            return AIMessage("")
        before = [request.system_message] if request.system_message else []
        tools = [] if desk.is_full else [convert_to_openai_tool(tool) for tool in request.tools]
        reply = self._ladder.talk([*before, *request.messages], tools, self._budget)
        return _taken(reply, self._budget.calls)


def _taken(reply: AIMessage, turn: int) -> AIMessage:
    """What of a reply is acted upon: text and a few uses of tools, told apart by us."""
    uses = [use for use in reply.tool_calls if use["name"] in TOOLS][:MOST_AT_ONCE]
    numbered = [{**use, "id": f"use_{turn}_{n}"} for n, use in enumerate(uses)]
    return AIMessage(str(reply.text), tool_calls=numbered)


def converse(desk: Desk, ladder: Ladder, budget: Budget) -> str:
    """The model's last words after its steps; ModelError where there is no model."""
    tools: list[Callable[..., Any]] = [getattr(desk, name) for name in TOOLS]
    agent = create_agent(
        ladder.chat.client(), tools, system_prompt=_rules(rows=desk.rows),
        middleware=[Bounds(desk, ladder, budget)],
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
