"""A reply for somebody with limited rights: it names nothing outside of them."""

from __future__ import annotations

from dataclasses import replace

from assistant.answer import Answer
from assistant.reply import Reply
from assistant.sight import Sight
from semantic_layer.principal import Principal
from semantic_layer.query import MetricQuery

WITHHELD = "没有找到您问的内容。请换一个说法,或只问您权限内的数据"


def discreet(reply: Reply, question: str, sight: Sight, principal: Principal) -> Reply:
    """Without options, suggestions and sentences that name hidden values."""
    hidden = sight.hidden_words(principal)
    if not hidden or not _says_more_than_rows(reply.answer):
        return reply
    kept = {o.id for o in reply.options if not _is_hidden(o.query, sight, principal)}
    answer = reply.answer
    return reply._replace(
        options=tuple(o for o in reply.options if o.id in kept),
        answer=replace(
            answer,
            options=tuple(
                o for o in answer.options if o.id in kept and not _names(o.label, hidden, question)
            ),
            suggestions=tuple(s for s in answer.suggestions if not _names(s, hidden, question)),
            message=WITHHELD if _names(answer.message, hidden, question) else answer.message,
        ),
    )


def _says_more_than_rows(answer: Answer) -> bool:
    return bool(answer.options or answer.suggestions or answer.message)


def _is_hidden(query: object, sight: Sight, principal: Principal) -> bool:
    where = query.scope.where if isinstance(query, MetricQuery) else None
    return any(True for _ in sight.hidden_in(where, principal))


def _names(text: str | None, hidden: frozenset[str], question: str) -> bool:
    """Whether the text says a hidden name that the asker did not say first."""
    return any(word in (text or "") and word not in question for word in hidden)
