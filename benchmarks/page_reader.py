"""A reader of the page without a browser: speaks to the server as the browser's own script does."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

MOST_BYTES = 64 * 1024 * 1024
WAIT_S = 600.0
"""Longer than a slow machine needs for twenty readers at once."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one run of the page sent."""

    texts: tuple[str, ...]
    """Everything drawn as HTML, in the order sent."""
    first_s: float
    """Until the answer's sentence was there."""
    seconds: float
    """Until all was there."""

    @property
    def headlines(self) -> tuple[str, ...]:
        """The sentences of the answers."""
        return tuple(text for text in self.texts if "ws-headline" in text)


class Reader:
    """One tab of one person."""

    def __init__(
        self, address: str, headers: Mapping[str, str] | None = None, query: str = ""
    ) -> None:
        stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
        self._open = ExitStack()
        self._socket = self._open.enter_context(
            connect(
                stream,
                additional_headers=dict(headers or {}),
                max_size=MOST_BYTES,
                open_timeout=WAIT_S,
                ping_timeout=None,  # a busy server answers late
            )
        )
        self._question_box = ""
        self._query = query
        self.first = self._run(BackMsg())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._open.close()

    def ask(self, question: str) -> Shown:
        """Types a question and waits for all of its answer."""
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add()
        state.id = self._question_box
        state.chat_input_value.data = question
        return self._run(message)

    def _run(self, message: BackMsg) -> Shown:
        message.rerun_script.query_string = self._query
        begun = time.perf_counter()
        self._socket.send(message.SerializeToString())
        texts: list[str] = []
        first = 0.0
        while True:
            told = ForwardMsg.FromString(self._socket.recv(timeout=WAIT_S, decode=False))
            if told.WhichOneof("type") == "script_finished":
                if told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return Shown(tuple(texts), first, time.perf_counter() - begun)
                continue
            text = self._text(told)
            texts += [text] if text else []
            if "ws-headline" in text:
                first = time.perf_counter() - begun

    def _text(self, told: ForwardMsg) -> str:
        if told.WhichOneof("type") != "delta":
            return ""
        element = told.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "chat_input":
            self._question_box = element.chat_input.id
        return str(element.html.body) if kind == "html" else ""
