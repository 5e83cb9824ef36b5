"""A conversation of an earlier day, asked again: the same queries, today's data and rights."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.answer import Answer
from assistant.outcomes import outcome_of
from assistant.state import PastTurn
from ui.page.session import Chat, Pending

MOST_REPLAYED = 12
NOTE = "这是以前的对话,数字已按今天的数据和您现在的权限重新查询。"
THEN = "当时没有给出数字"
LEFT = "这个问题上次没有做完,没有答案。"
_CHOICE = re.compile(r"(?:选择?|第)?\s*\d{1,3}\s*[个项号]?")


def reopened(
    user: str,
    session: str,
    turns: Iterable[PastTurn],
    most: int = MOST_REPLAYED,
    note: str = NOTE,
) -> Chat:
    """The conversation with its last questions waiting to be asked again."""
    inputs = replayed(turns)
    left_out = max(0, len(inputs) - most)
    return Chat(user, session, queue=inputs[left_out:], folded=left_out, note=note)


def unfinished(question: str) -> Pending:
    """A question without an answer: shown as it is, to be asked again by a click."""
    told = Answer(code="cancelled", message=LEFT, question=question)
    return Pending(question, question, is_replay=True, known=told, note="上次没有完成")


def replayed(turns: Iterable[PastTurn]) -> list[Pending]:
    """One input for each card of then; a choice or a click goes into the card before."""
    found: list[Pending] = []
    for turn in turns:
        before = found[-1] if found else None
        if before and turn.is_answered and _belongs_to(turn, before):
            found[-1] = before._replace(query=turn.query, known=None, note="")
        else:
            found.append(_input(turn))
    return found


def _belongs_to(turn: PastTurn, before: Pending) -> bool:
    """A click has no words; a choice answers the question back."""
    if turn.question is None:
        return before.query is not None
    asked_back = before.known is not None and before.known.outcome == "clarification"
    return asked_back and _CHOICE.fullmatch(turn.question.strip()) is not None


def _input(turn: PastTurn) -> Pending:
    shown = turn.question or "(由点击得到的查询)"
    if turn.is_answered:
        return Pending(shown, shown, query=turn.query, is_replay=True, asked=turn.question)
    if outcome_of(turn.code) == "info":
        return Pending(shown, shown, is_replay=True)
    told = Answer(code=turn.code, message=turn.message or THEN, question=turn.question)
    return Pending(shown, shown, is_replay=True, known=told, note=THEN)
