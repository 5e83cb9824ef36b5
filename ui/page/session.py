"""What one browser tab remembers: its conversation, its user, its answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid4

import streamlit as st

from assistant.answer import Answer, Option
from semantic_layer.query import Patch, Query


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


def change_later(change: Patch, shown: str) -> None:
    """A click that changes the latest answer in place."""
    st.session_state["chat"].pending = Pending("", shown, change)


def return_later(step: int, query: Query, shown: str) -> None:
    """A click on an earlier step of the latest answer."""
    st.session_state["chat"].pending = Pending("", shown, query, step)


def start_anew(user: str) -> None:
    """An empty conversation; another user never sees what the last one was shown."""
    st.session_state["chat"] = Chat(user)
