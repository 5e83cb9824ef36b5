"""What the pipeline hands back: the answer, and what the conversation keeps of it."""

from __future__ import annotations

from typing import NamedTuple

from assistant.answer import Answer
from assistant.state import OpenOption
from semantic_layer.query import Query


class Reply(NamedTuple):
    """An answer with the values behind it."""

    answer: Answer
    query: Query | None = None
    """The query that was answered; the next follow-up changes it."""
    options: tuple[OpenOption, ...] = ()
    """Ways out that the next input may choose."""
