"""The conversations so far in the side bar: found, opened, renamed, deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

import streamlit as st

from assistant import Assistant
from assistant.state import PastConversation
from ui.page.literal import label, paragraph
from ui.page.place import taken_up
from ui.page.session import Chat, begin_with, start_anew

SHOWN = 8
SEARCHABLE = 4
"""So many conversations are found by looking."""
RENAME, DELETE = "改名", "删除"
UNFINISHED = "未完成"


def draw_past(assistant: Assistant, chat: Chat) -> None:
    """A search, the newest conversations by day, and a menu for each."""
    st.html('<h2 class="ws-side">历史对话</h2>')
    text = _draw_search(assistant, chat)
    found = assistant.history(chat.user).conversations(text)
    if not found:
        st.html(paragraph("没有找到这样的对话" if text else "问过的问题会列在这里", "ws-note"))
    wants_all = bool(text) or bool(st.session_state.get("all-past"))
    _draw_list(assistant, chat, found if wants_all else found[:SHOWN])
    if len(found) > SHOWN and not text:
        st.toggle(f"全部{len(found)}个对话", key="all-past")


def by_day(
    found: Sequence[PastConversation], today: date
) -> Iterator[tuple[str, list[PastConversation]]]:
    """今天, 昨天, 近7天, 更早: each with its conversations, newest first."""
    for name, some in groupby(found, key=lambda past: _day_name(past.at, today)):
        yield name, list(some)


def _day_name(at: datetime, today: date) -> str:
    ago = today - at.astimezone().date()
    if ago <= timedelta(0):
        return "今天"
    if ago == timedelta(1):
        return "昨天"
    return "近7天" if ago < timedelta(7) else "更早"


def _draw_search(assistant: Assistant, chat: Chat) -> str:
    text = str(st.session_state.get("find-past") or "")
    if not text and len(assistant.history(chat.user).conversations()) < SEARCHABLE:
        return ""
    return (
        st.text_input(
            "找对话", key="find-past", placeholder="找对话", label_visibility="collapsed",
            type="search", live=True,
        )
        or ""
    )  # fmt: skip


def _draw_list(assistant: Assistant, chat: Chat, found: Sequence[PastConversation]) -> None:
    today = datetime.now().astimezone().date()
    with st.container(key="past", gap=None):
        for name, some in by_day(found, today):
            st.html(paragraph(name, "ws-day"))
            for past in some:
                _draw_one(assistant, chat, past)


def _draw_one(assistant: Assistant, chat: Chat, past: PastConversation) -> None:
    state = "current" if past.session == chat.id else "past"
    mark = f" :gray[· {UNFINISHED}]" if past.under_way and state == "past" else ""
    with st.container(key=f"{state}-{past.session}", horizontal=True, gap=None):
        st.button(
            label(past.title) + mark,
            key=f"open-{past.session}",
            type="tertiary",
            width="stretch",
            on_click=_reopen,
            args=(assistant, chat.user, past.session),
        )
        chosen = st.menu_button(
            "", (RENAME, DELETE), key=f"menu-{past.session}", type="tertiary",
            icon=":material/more_horiz:",
        )  # fmt: skip
    if chosen == RENAME:
        _rename(assistant, chat.user, past)
    elif chosen == DELETE:
        _delete(assistant, chat, past)


def _reopen(assistant: Assistant, user: str, session: str) -> None:
    st.query_params.clear()
    begin_with(taken_up(assistant, user, session))


@st.dialog("给对话改名")
def _rename(assistant: Assistant, user: str, past: PastConversation) -> None:
    title = st.text_input("名称", past.title, max_chars=60, key="new-title")
    if st.button("保存", type="primary", key="save-title"):
        assistant.history(user).rename(past.session, title or "")
        st.rerun()


@st.dialog("删除这个对话?")
def _delete(assistant: Assistant, chat: Chat, past: PastConversation) -> None:
    st.html(paragraph(past.title, "ws-asked"))
    st.html(paragraph("删除后不能恢复,发出的链接也会失效;审计记录按规定保留。", "ws-note"))
    if st.button("删除", type="primary", key="delete-past"):
        assistant.history(chat.user).forget(past.session)
        if chat.id == past.session:
            start_anew(chat.user)
        st.rerun()
