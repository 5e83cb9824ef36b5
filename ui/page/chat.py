"""One run of the page, read from top to bottom."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from assistant import Assistant
from assistant.finish import as_sentence
from ui.page.answer_card import draw_answer
from ui.page.browser import bring_to_top, speak_chinese
from ui.page.explore.change import change_in_place
from ui.page.heading import draw_heading
from ui.page.keys import Keys
from ui.page.literal import clipped, paragraph
from ui.page.session import Chat, Pending, Turn, current_chat
from ui.page.shared import UNUSABLE, Overview, overview, shared_assistant
from ui.page.side import draw_side
from ui.page.welcome import draw_welcome

LOOKS = Path(__file__).with_name("looks.css")
ICON = Path(__file__).with_name("icon.png")
MAX_DRAWN = 12
"""Older answers are folded to their sentence."""


def draw_page() -> None:
    """The whole page."""
    st.set_page_config("问数", page_icon=str(ICON), layout="wide")
    st.html(LOOKS)
    speak_chinese()
    try:
        assistant = shared_assistant()
    except UNUSABLE as error:
        draw_heading(None)
        draw_failure(str(error))
        return
    chat = current_chat(assistant.settings.project.default_user)
    found = _overview_or_failure(assistant, chat)
    usable = found if isinstance(found, Overview) else None
    draw_heading(usable)
    draw_side(assistant, chat, usable)
    if isinstance(found, str) and not chat.turns:
        draw_failure(found)
    draw_conversation(assistant, chat, usable)


def draw_conversation(assistant: Assistant, chat: Chat, found: Overview | None) -> None:
    """Past turns, the one just asked, or the welcome."""
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


def draw_failure(sentence: str) -> None:
    """Why nothing can be asked now, and a way to try again."""
    with st.container(key="failure", border=True):
        st.html(paragraph(as_sentence(sentence) or "", "ws-headline error"))
        st.button("重试", key="retry", icon=":material/refresh:")


def _asked_now(chat: Chat, found: Overview | None) -> Pending | None:
    example = f",例如:{found.starters[0]}" if found and found.starters else ""
    with st.container(key="ask"):
        typed = st.chat_input(f"请输入问题{example}", key="question")
    if typed and typed.strip():
        chat.pending = Pending(typed, typed)
    return chat.pending


def _overview_or_failure(assistant: Assistant, chat: Chat) -> Overview | str:
    try:
        return overview(assistant, chat.user)
    except UNUSABLE as error:
        return str(error)


def _draw_turn(turn: Turn, keys: Keys, project: str, *, folded: bool) -> None:
    _draw_question(turn.question, keys.turn)
    if folded:
        st.html(paragraph(turn.answer.headline or turn.answer.message or "", "ws-folded"))
    else:
        draw_answer(turn.answer, keys, project)


def _draw_question(text: str, number: int) -> None:
    with st.container(key=f"asked-{number}"):
        st.html(paragraph(clipped(text), "ws-asked"))
