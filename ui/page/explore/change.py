"""A click on the latest answer, carried out: the card changes, the question stays."""

from __future__ import annotations

import streamlit as st

from assistant import Assistant
from assistant.answer import Answer
from ui.page.session import Chat, Pending, Step, Turn


def change_in_place(assistant: Assistant, chat: Chat, pending: Pending) -> None:
    """Runs the change and puts its answer into the latest turn."""
    chat.pending = None
    if pending.change is None or not chat.turns:
        return
    with st.spinner("正在查询数据……"):
        answer = assistant.run(pending.change, user=chat.user, session=chat.id)
    chat.turns[-1] = changed_turn(chat.turns[-1], answer, pending.shown, pending.back_to)


def changed_turn(turn: Turn, answer: Answer, shown: str, back_to: int | None = None) -> Turn:
    """The turn with one step more, or cut to an earlier one; a failed click only complains."""
    if answer.outcome != "answer":
        return turn._replace(complaint=answer.message)
    steps = turn.steps or (Step(turn.question, turn.answer),)
    if back_to is None:
        steps = (*steps, Step(shown, answer))
    else:
        steps = (*steps[:back_to], Step(steps[back_to].label, answer))
    return turn._replace(answer=answer, steps=steps, complaint=None)
