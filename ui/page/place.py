"""What of a tab outlives a reload: its address names the conversation, and who is shown."""

from __future__ import annotations

import re
from contextlib import suppress

import streamlit as st

from assistant import Assistant
from assistant.errors import AuditError
from assistant.settings import Settings
from ui.page.asker import Asker
from ui.page.link import mark_opened
from ui.page.replay import NOTE, reopened, unfinished
from ui.page.session import Chat, begin_with
from ui.page.under_way import under_way

CONVERSATION, USER = "c", "user"
RELOADED = "页面重新打开过,数字已按最新的数据重新查询。"
LOST = "没有找到这个地址里的对话:可能已经删除,或者是别人的。可以直接提问,或从下面的问题开始。"
_SESSION = re.compile(r"[0-9a-f]{32}")


def shown_as(asker: Asker, settings: Settings) -> Asker:
    """In a demonstration the user that the address names, if registered; else the asker."""
    wanted = str(st.query_params.get(USER, ""))
    if asker.may_switch and any(user.name == wanted for user in settings.users):
        return asker._replace(name=wanted)
    return asker


def restore(assistant: Assistant, user: str) -> None:
    """Goes on with the conversation that the address of a fresh tab names, if it is the user's."""
    session = str(st.query_params.get(CONVERSATION, ""))
    if "chat" in st.session_state or not _SESSION.fullmatch(session):
        return
    with suppress(AuditError):  # the page tells by itself that its state cannot be read
        chat = _found(assistant, user, session, RELOADED)
        begin_with(chat)
        if chat.queue:
            mark_opened(user)


def follow_address(assistant: Assistant, page: str) -> None:
    """Goes where the browser's own back and forward lead: to another conversation, or to none."""
    chat: Chat | None = st.session_state.get("chat")
    last = st.session_state.get("placed")
    session = str(st.query_params.get(CONVERSATION, ""))
    if chat is None or last is None or last[:2] != (page, chat.id) or last[2] == session:
        return
    if chat.pending or chat.job or st.session_state.get("question"):
        return  # asked before the browser had heard of the latest address
    wanted = Chat(chat.user)
    if _SESSION.fullmatch(session):
        with suppress(AuditError):
            wanted = _found(assistant, chat.user, session, NOTE)
    begin_with(wanted)
    mark_opened(chat.user)


def _found(assistant: Assistant, user: str, session: str, note: str) -> Chat:
    """The conversation that an address names; else a new one that says so."""
    chat = taken_up(assistant, user, session, note)
    return chat if chat.queue else Chat(user, greeting=LOST)


def taken_up(assistant: Assistant, user: str, session: str, note: str = NOTE) -> Chat:
    """A conversation of the past, with what is or was under way in it."""
    running = under_way().of(user, session)
    history = assistant.history(user)
    known, turns = assistant.conversation(session, user).turn, history.turns(session)
    if running and running.job and running.job.is_done_within(0):
        running = None
        known, turns = assistant.conversation(session, user).turn, history.turns(session)
    chat = reopened(user, session, turns, note=note if turns else "")
    chat.last_turn = known
    if running:
        chat.queue.append(running)
    elif left := history.under_way(session):
        chat.queue.append(unfinished(left))
    return chat


def keep_place(chat: Chat, page: str, default_user: str, *, may_switch: bool) -> None:
    """Writes down in the address where the reader is."""
    session = chat.id if chat.turns or chat.queue or chat.under_way or chat.pending else ""
    _put(CONVERSATION, session)
    st.session_state["placed"] = (page, chat.id, session)
    _put(USER, chat.user if may_switch and chat.user != default_user else "")


def _put(name: str, value: str) -> None:
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value
    elif not value and name in st.query_params:
        del st.query_params[name]
