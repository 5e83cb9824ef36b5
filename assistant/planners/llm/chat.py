"""One exchange with an OpenAI-compatible server, through LangChain; errors become ModelError."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from assistant.planners.llm.budget import Budget
from assistant.planners.llm.failure import ModelError, RungRefusedError, UnusableError
from assistant.planners.llm.untraced import untraced
from assistant.planners.llm.wire import http_client, read_until

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage
    from langchain_openai import ChatOpenAI

POLL_S = 0.02
LONGEST_REPLY = 6_000
"""Tokens; some models think aloud before they answer."""
SAMPLING: Mapping[str, Any] = {"temperature": 0, "max_completion_tokens": LONGEST_REPLY}
Message = tuple[str, str]
"""Role (system, user, assistant) and text."""
Asked: TypeAlias = "Message | BaseMessage"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)


class Said(NamedTuple):
    """What came back."""

    content: str
    arguments: tuple[str, ...] = ()
    """Of the tools that the model called."""
    is_cut: bool = False
    """The server stopped it in the middle."""


class Chat:
    """A server that can be talked to from any thread."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._lock = threading.Lock()
        self._client: ChatOpenAI | None = None
        self.is_bare = False
        """The server does not take a temperature and a limit of tokens."""

    def reply(
        self, messages: Sequence[Asked], options: Mapping[str, Any], budget: Budget
    ) -> AIMessage:
        """The reply, within the budget; a server that stays silent is left alone."""
        budget.begin_call()
        replies: SimpleQueue[AIMessage | Exception] = SimpleQueue()
        caller = threading.Thread(
            target=self._call,
            args=(messages, {**self._sampling(), **options}, budget.deadline, replies),
            daemon=True,
        )
        caller.start()
        reply = _first(replies, budget)
        if isinstance(reply, Exception):
            raise as_failure(reply) from reply
        usage = reply.usage_metadata
        if usage is not None:
            budget.add_tokens(usage["input_tokens"], usage["output_tokens"])
        return reply

    def pieces(self, messages: Sequence[Message], budget: Budget) -> int:
        """In how many pieces a plain reply comes when they are sent as they arise."""
        budget.begin_call()
        read_until(budget.deadline)
        try:
            return untraced(lambda: self._pieces(messages, budget))
        except ModelError:
            raise
        except Exception as error:
            raise as_failure(error) from error

    def _pieces(self, messages: Sequence[Message], budget: Budget) -> int:
        found = 0
        for chunk in self._ready().stream(list(messages), **self._sampling()):
            budget.check()
            found += bool(chunk.content)
        return found

    def warm_up(self) -> None:
        """Imports and connects nothing, but has the client ready."""
        self._ready()

    def client(self) -> ChatOpenAI:
        """What LangChain's agent takes for its model; it is asked through `reply`."""
        return self._ready()

    def _sampling(self) -> Mapping[str, Any]:
        return {} if self.is_bare else SAMPLING

    def _call(
        self,
        messages: Sequence[Asked],
        options: Mapping[str, Any],
        deadline: float,
        replies: SimpleQueue[AIMessage | Exception],
    ) -> None:
        read_until(deadline)
        timeout = max(0.05, deadline - time.monotonic())
        try:
            client, asked = self._ready(), list(messages)
            replies.put(untraced(lambda: client.invoke(asked, timeout=timeout, **options)))
        except Exception as error:  # noqa: BLE001
            replies.put(error)  # told in the asking thread, which knows what to do

    def _ready(self) -> ChatOpenAI:
        with self._lock:
            if self._client is None:
                self._client = _client(self.endpoint)
            return self._client


def _client(endpoint: Endpoint) -> ChatOpenAI:
    with suppress(ImportError):
        import_module("httpx")  # openai looks at it half imported while another thread imports it
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        base_url=endpoint.base_url,
        model=endpoint.model or "default",
        api_key=SecretStr(endpoint.api_key or "none"),
        max_retries=0,
        use_responses_api=False,
        http_client=http_client(),
        callbacks=[],
    )


def _first(replies: SimpleQueue[AIMessage | Exception], budget: Budget) -> AIMessage | Exception:
    while True:
        try:
            return replies.get(timeout=POLL_S)
        except Empty:
            budget.check()


def said_of(message: AIMessage) -> Said:
    """The text and the arguments of all tools."""
    arguments = (
        *(json.dumps(call["args"], ensure_ascii=False) for call in message.tool_calls),
        *(str(call["args"]) for call in message.invalid_tool_calls),
    )
    finish = message.response_metadata.get("finish_reason")
    return Said(str(message.text), arguments, finish == "length")


def as_failure(error: Exception) -> ModelError:
    """What went wrong in an exchange, as this project says it."""
    if isinstance(error, ModelError):
        return error
    import openai

    if isinstance(error, openai.APITimeoutError):
        return ModelError("slow")
    if isinstance(error, openai.APIStatusError):
        return _of_status(error)
    if isinstance(error, openai.APIConnectionError):
        return ModelError("down", type(error.__cause__ or error).__name__)
    if isinstance(error, openai.OpenAIError | ValueError | TypeError | KeyError | AttributeError):
        return UnusableError(type(error).__name__)
    return ModelError("broken", type(error).__name__)


def _of_status(error: Any) -> ModelError:
    status = int(error.status_code)
    if status in (401, 403):
        return ModelError("denied", str(status))
    if status in (400, 404, 405, 415, 422, 501):
        return RungRefusedError(str(status))
    if status in (408, 409, 425, 429):
        return ModelError("busy", str(status), _retry_after(error))
    return ModelError("broken", str(status), _retry_after(error))


def _retry_after(error: Any) -> float | None:
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None
