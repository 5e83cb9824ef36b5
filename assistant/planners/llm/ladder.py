"""Four ways to get JSON out of a server; the one that worked is tried first the next time.

json_schema → forced tool → json_object → JSON in the text
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from assistant.planners.llm.budget import Budget
from assistant.planners.llm.chat import Asked, Chat, Message, said_of
from assistant.planners.llm.failure import RETRIED, ModelError, RungRefusedError, UnusableError
from assistant.planners.llm.json_text import object_in

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

Reply = TypeVar("Reply")
Rung = Literal["json_schema", "tool", "json_object", "text"]
RUNGS: tuple[Rung, ...] = get_args(Rung)
TOOL = "draft"
FIRST_WAIT_S = 0.25
MOST_RETRIES = 3
REST_S = 30.0


class Ladder:
    """A server, and the highest rung that is known to hold there."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self._lock = threading.Lock()
        self._rung: Rung = RUNGS[0]
        self._rests_until = 0.0

    @property
    def rung(self) -> Rung:
        """Where the next question begins."""
        return self._rung

    @property
    def rests(self) -> bool:
        """Whether the server was silent a moment ago: nobody waits for it again so soon."""
        return time.monotonic() < self._rests_until

    def rest_after(self, error: ModelError) -> None:
        """Leaves a server alone that is not there or too slow."""
        if error.kind in ("down", "slow"):
            self._rests_until = time.monotonic() + REST_S

    def ask(
        self, messages: Sequence[Message], schema: Mapping[str, Any], budget: Budget
    ) -> dict[str, Any]:
        """The JSON object that the server gives on the first rung that holds."""
        return self._or_bare(lambda: self._climbed(messages, schema, budget))

    def talk(
        self, messages: Sequence[Asked], tools: Sequence[Mapping[str, Any]], budget: Budget
    ) -> AIMessage:
        """The reply in a conversation in which the model may use tools."""
        asked = {"tools": list(tools)} if tools else {}
        return self._or_bare(lambda: self._patiently(messages, asked, budget))

    def _or_bare(self, ask: Callable[[], Reply]) -> Reply:
        """Again without temperature and limit, where nothing else is left to be refused."""
        try:
            return ask()
        except RungRefusedError:
            if self.chat.is_bare:
                raise
        self.chat.is_bare = True
        try:
            return ask()
        except RungRefusedError:
            self.chat.is_bare = False  # it was not that
            raise

    def _climbed(
        self, messages: Sequence[Message], schema: Mapping[str, Any], budget: Budget
    ) -> dict[str, Any]:
        failed: ModelError | None = None
        for rung in RUNGS[RUNGS.index(self._rung) :]:
            try:
                found = self._on(rung, messages, schema, budget)
            except (RungRefusedError, UnusableError) as error:
                failed = error
                if isinstance(error, RungRefusedError):
                    budget.forgive_call()
                continue
            with self._lock:
                self._rung = rung
            return found
        with self._lock:
            self._rung = RUNGS[0]
        raise failed or UnusableError()

    def _on(
        self, rung: Rung, messages: Sequence[Message], schema: Mapping[str, Any], budget: Budget
    ) -> dict[str, Any]:
        said = said_of(self._patiently(messages, options(rung, schema), budget))
        if said.is_cut:
            raise UnusableError("被截断")
        for text in (*said.arguments, said.content):
            found = object_in(text, schema["properties"].keys())
            if found is not None:
                return found
        raise UnusableError("没有 JSON")

    def _patiently(
        self, messages: Sequence[Asked], asked: Mapping[str, Any], budget: Budget
    ) -> AIMessage:
        """The reply, asked for again after a while when the server is busy or broken."""
        for attempt in range(MOST_RETRIES + 1):
            try:
                return self.chat.reply(messages, asked, budget)
            except ModelError as error:
                wait = _wait(error, attempt)
                if error.kind not in RETRIED or attempt == MOST_RETRIES or wait >= budget.left_s:
                    raise
                _sleep(wait, budget)
        raise ModelError("busy")


def options(rung: Rung, schema: Mapping[str, Any]) -> dict[str, Any]:
    """What the request says about the form of the reply."""
    if rung == "json_schema":
        form = {"name": TOOL, "schema": schema, "strict": True}
        return {"response_format": {"type": "json_schema", "json_schema": form}}
    if rung == "tool":
        described = {"name": TOOL, "description": "把问题拆开", "parameters": schema}
        return {
            "tools": [{"type": "function", "function": described}],
            "tool_choice": {"type": "function", "function": {"name": TOOL}},
        }
    return {"response_format": {"type": "json_object"}} if rung == "json_object" else {}


def _wait(error: ModelError, attempt: int) -> float:
    """Twice as long each time, a little apart from other sessions; or what the server says."""
    if error.wait_s is not None:
        return error.wait_s
    return FIRST_WAIT_S * 2.0**attempt * (1 + random.random() / 4)  # noqa: S311


def _sleep(seconds: float, budget: Budget) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        budget.check()
        time.sleep(min(left, 0.05))
