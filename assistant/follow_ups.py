"""Follow-up questions are tried before they are offered; what was tried once is remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from threading import Lock

from assistant.context import Context
from assistant.examples import is_answerable
from assistant.reply import Reply
from assistant.world import snapshot_id

MOST_OFFERED = 3
MOST_KEPT = 20_000


class FollowUps:
    """Whether a sentence is answered for an asker, by definitions and state of the data."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[tuple[object, ...], bool] = OrderedDict()

    def offered(self, reply: Reply, context: Context) -> Reply:
        """The reply with the first follow-ups that are answered when asked."""
        answer = reply.answer
        if answer.outcome != "answer" or not answer.suggestions:
            return reply
        working = tuple(islice(self._working(answer.suggestions, context), MOST_OFFERED))
        return reply._replace(answer=replace(answer, suggestions=working))

    def _working(self, texts: tuple[str, ...], context: Context) -> Iterator[str]:
        seen = (snapshot_id(context.snapshot), context.snapshot.as_of, context.principal)
        for text in texts:
            if self._is_answered((*seen, text), text, context):
                yield text

    def _is_answered(self, key: tuple[object, ...], text: str, context: Context) -> bool:
        with self._lock:
            if key in self._known:
                return self._known[key]
        answered = is_answerable(text, context)
        with self._lock:
            self._known[key] = answered
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
        return answered
