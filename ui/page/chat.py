"""The conversation: past turns, the one just asked, or the welcome."""

from __future__ import annotations

import streamlit as st

from assistant import Assistant
from ui.page.answer_card import draw_answer
from ui.page.browser import bring_to_top
from ui.page.explore.change import change_in_place
from ui.page.keys import Keys
from ui.page.literal import clipped, paragraph
from ui.page.session import Chat, Pending, Turn
from ui.page.shared import Overview
from ui.page.visit import Visit
from ui.page.welcome import draw_welcome

MAX_DRAWN = 12
"""Older answers are folded to their sentence."""


def draw_chat(visit: Visit) -> None:
    """Past turns, the one just asked, or the welcome."""
    assistant, chat, found = visit.assistant, visit.chat, visit.found
    conversation = st.container(key="conversation")
    pending = _asked_now(chat, found)
    if pending and pending.change:
        with conversation:
            change_in_place(assistant, chat, pending)
        pending = None
    with conversation:
        _draw_turns(assistant, chat, pending)
        if found and not chat.turns and not pending:
            draw_welcome(found.starters)


def _draw_turns(assistant: Assistant, chat: Chat, pending: Pending | None) -> None:
    project = assistant.settings.project.name
    last = len(chat.turns)
    for number, turn in enumerate(chat.turns, start=1):
        is_latest = number == last and pending is None
        _draw_turn(turn, Keys(number, is_latest), project, folded=last - number >= MAX_DRAWN)
    if pending:
        _draw_question(pending.shown, last + 1)
        with st.spinner("正在理解问题、查询数据……"):
            answer = assistant.ask(pending.text, user=chat.user, session=chat.id)
            chat.turns.append(Turn(pending.shown, answer))
            chat.pending = None
        draw_answer(answer, Keys(last + 1, is_latest=True), project)
        bring_to_top(f"asked-{last + 1}")


def _asked_now(chat: Chat, found: Overview | None) -> Pending | None:
    example = f",例如:{found.starters[0]}" if found and found.starters else ""
    with st.container(key="ask"):
        typed = st.chat_input(f"请输入问题{example}", key="question")
    if typed and typed.strip():
        chat.pending = Pending(typed, typed)
    return chat.pending


def _draw_turn(turn: Turn, keys: Keys, project: str, *, folded: bool) -> None:
    _draw_question(turn.question, keys.turn)
    if folded:
        st.html(paragraph(turn.answer.headline or turn.answer.message or "", "ws-folded"))
    else:
        draw_answer(turn.answer, keys, project)


def _draw_question(text: str, number: int) -> None:
    with st.container(key=f"asked-{number}"):
        st.html(paragraph(clipped(text), "ws-asked"))
