"""A link for a colleague: the same question, asked again with the colleague's own rights."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

import streamlit as st

from assistant import Assistant
from assistant.answer import Answer
from assistant.state import PastTurn
from ui.page.session import Chat, Pending, begin_with

NAME = "q"
"""?q=<token of a shared answer, or a query in canonical words or JSON>"""
NOTE = "来自链接,已按您的权限和最新的数据重新查询"
GONE = Answer(
    code="invalid_query",
    message="这个链接已经失效,或内容不完整。请向发送的人再要一次,或在下面直接提问。",
)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_QUERY = re.compile(r"\{|.*[\u4e00-\u9fff]", re.DOTALL)
"""JSON or canonical words; anything else is what is left of a link."""


def open_link(assistant: Assistant, chat: Chat) -> Chat:
    """The conversation that the address asks for, begun once for each user; else the one given."""
    asked = _asked()
    if not asked or st.session_state.get("opened") == (asked, chat.user):
        return chat
    mark_opened(chat.user)
    shared = assistant.history(chat.user).shared(asked) if _TOKEN.fullmatch(asked) else None
    begun = Chat(chat.user, queue=[linked(asked, shared)])
    begin_with(begun)
    return begun


def mark_opened(user: str) -> None:
    """What the address asks for is part of the user's conversation already."""
    st.session_state["opened"] = (_asked(), user)


def _asked() -> str:
    return str(st.query_params.get(NAME, "")).strip()


def linked(asked: str, shared: PastTurn | None) -> Pending:
    """What the address asks for as an input of the conversation."""
    if shared and shared.query:
        shown = shared.question or "(由点击得到的查询)"
        return Pending(shown, shown, query=shared.query, asked=shared.question, note=NOTE)
    if not _QUERY.match(asked):
        return Pending("", "打开链接", known=GONE)
    return Pending(asked, asked, query=asked, asked=asked, note=NOTE)


def address_of(token: str, here: str) -> str:
    """The address to send: https://wenshu.bank/?q=0f3c…

    >>> address_of("ab 1", "http://127.0.0.1:8501/ask?x=1#y")
    'http://127.0.0.1:8501/?q=ab%201'
    """
    parts = urlsplit(here)
    folder = parts.path.rsplit("/", 1)[0]
    return f"{parts.scheme}://{parts.netloc}{folder}/?{NAME}={quote(token)}"
