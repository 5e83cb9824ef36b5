"""What one browser tab remembers: its conversation, its user, its answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid4

import streamlit as st

from assistant.answer import Answer, Option


class Turn(NamedTuple):
    """What was asked, as shown, and what came back."""

    question: str
    answer: Answer


class Pending(NamedTuple):
    """What was asked but is not answered yet."""

    text: str
    """What the assistant is given."""
    shown: str
    """What the reader sees as the question."""


@dataclass(slots=True)
class Chat:
    """One conversation of one user."""

    user: str
    id: str = field(default_factory=lambda: uuid4().hex)
    turns: list[Turn] = field(default_factory=list)
    pending: Pending | None = None


def current_chat(default_user: str) -> Chat:
    """This tab's conversation, begun when there is none."""
    if "chat" not in st.session_state:
        st.session_state["chat"] = Chat(default_user)
    chat: Chat = st.session_state["chat"]
    return chat


def ask_later(text: str) -> None:
    """A click on a question: it is asked in the run that follows."""
    st.session_state["chat"].pending = Pending(text, text)


def choose_later(option: Option) -> None:
    """A click on an option of the last question back."""
    st.session_state["chat"].pending = Pending(str(option.id), f"选{option.id}:{option.label}")


def start_anew(user: str) -> None:
    """An empty conversation; another user never sees what the last one was shown."""
    st.session_state["chat"] = Chat(user)
