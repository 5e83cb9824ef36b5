"""What one browser tab remembers: its conversation, its user, its answers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

import streamlit as st
from streamlit.errors import StreamlitAPIException

from assistant.answer import Answer, Option
from semantic_layer.query import Patch, Query
from ui.page.asker import Asker
from ui.page.job import Job

CARD = "card"
"""The fragment of the latest answer."""


class Step(NamedTuple):
    """One click on an answer, and what it led to."""

    label: str
    answer: Answer


class Turn(NamedTuple):
    """What was asked, as shown, and what came back."""

    question: str
    answer: Answer
    """What the card shows now: after clicks, the last of `steps`."""
    steps: tuple[Step, ...] = ()
    """The first answer and every change of it by clicks; empty before the first click."""
    complaint: str | None = None
    """Why the last click led nowhere."""
    note: str = ""
    """Where the question comes from, when it was not typed now."""


class Pending(NamedTuple):
    """What was asked but is not answered yet."""

    text: str
    """What the assistant is given."""
    shown: str
    """What the reader sees as the question."""
    change: Patch | Query | None = None
    """A click on the latest answer: a change of it, run without reading any language."""
    back_to: int | None = None
    """Which of the turn's steps `change` returns to."""
    query: Mapping[str, Any] | str | None = None
    """A query to run as it stands: of a link, or of an earlier day."""
    is_replay: bool = False
    """Already written down in the conversation: only run again."""
    asked: str | None = None
    """The words that `query` is written down with."""
    known: Answer | None = None
    """What came back then, where there is nothing to run."""
    job: Job | None = None
    """Works it out already: the page was reloaded meanwhile."""
    note: str = ""


@dataclass(slots=True)
class Chat:
    """One conversation of one user."""

    user: str
    id: str = field(default_factory=lambda: uuid4().hex)
    turns: list[Turn] = field(default_factory=list)
    last_turn: int = 0
    """The newest turn of the conversation that this tab knows of; another tab may be further."""
    pending: Pending | None = None
    queue: list[Pending] = field(default_factory=list)
    """What is asked one after the other, before the page is at rest."""
    under_way: Pending | None = None
    job: Job | None = None
    """Works out the answer to what is under way."""
    folded: int = 0
    """How many of the oldest questions of an earlier day are left out."""
    note: str = ""
    greeting: str = ""
    """What stands above the welcome."""
    unfolded: set[int] = field(default_factory=set)
    """Older turns that the reader opened again."""


def current_chat(asker: Asker) -> Chat:
    """This tab's conversation, begun when there is none, or when somebody else has signed in."""
    chat: Chat | None = st.session_state.get("chat")
    if chat is not None and chat.user != asker.name and not asker.may_switch:
        forget_all_but("chat", "pages")
        chat = None
    if chat is None:
        chat = Chat(asker.name)
        begin_with(chat)
    return chat


def forget_all_but(*kept: str) -> None:
    """Nothing that one user typed or was shown is left for the next."""
    for key in [str(key) for key in st.session_state if key not in kept]:
        del st.session_state[key]


def ask_later(text: str) -> None:
    """A click on a question: it is asked in the run that follows."""
    st.session_state["chat"].pending = Pending(text, text)


def choose_later(option: Option) -> None:
    """A click on an option of the last question back."""
    st.session_state["chat"].pending = Pending(str(option.id), f"选{option.id}:{option.label}")


def change_later(change: Patch | Query, shown: str) -> None:
    """A click that changes the latest answer in place."""
    st.session_state["chat"].pending = Pending("", shown, change)


def change_now(change: Patch | Query, shown: str) -> None:
    """The same from the callback of a widget: only the card of the answer is drawn anew."""
    change_later(change, shown)
    draw_card()


def draw_card() -> None:
    """Ends a callback; where no card stands the whole page is drawn."""
    with suppress(StreamlitAPIException):
        st.rerun(CARD)


def return_later(step: int, query: Query, shown: str) -> None:
    """A click on an earlier step of the latest answer."""
    st.session_state["chat"].pending = Pending("", shown, query, step)


def start_anew(user: str) -> None:
    """An empty conversation; the address no longer names a question."""
    st.query_params.clear()
    begin_with(Chat(user))


def change_user(user: str) -> None:
    """Another user never sees what the last one was shown; a link is opened anew."""
    begin_with(Chat(user))


def begin_with(chat: Chat) -> None:
    """Another conversation in this tab; what the last one still waited for is stopped."""
    last: Chat | None = st.session_state.get("chat")
    if last and last.job:
        last.job.stop()
    st.session_state["chat"] = chat
