"""What the latest answer is explored with: who asks, of which turn."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

import streamlit as st

from assistant import Assistant
from assistant.answer import Answer
from assistant.explore import Chip, Choice, Explorer
from ui.page.keys import Keys
from ui.page.session import Chat, Turn
from ui.page.shared import UNUSABLE

REMEMBERED = "explored"


@dataclass(frozen=True, slots=True)
class Explored:
    """What is worked out once per answer."""

    answer: str
    chips: tuple[Chip, ...]
    toggles: tuple[Choice, ...]
    rollups: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """One answer on the page that clicks may change."""

    assistant: Assistant
    user: str
    turn: Turn
    keys: Keys

    @property
    def answer(self) -> Answer:
        """What the card shows."""
        return self.turn.answer

    def key(self, part: str) -> str:
        """A widget of this very answer: after a change it begins anew."""
        return f"{part}-{self.answer.id}"

    def exploring(self) -> AbstractContextManager[Explorer]:
        """The choices, by the rights and data of now."""
        return self.assistant.exploring(self.answer.query or {}, self.user)

    def explored(self) -> Explored:
        """Chips and switches of the answer."""
        known: Explored | None = st.session_state.get(REMEMBERED)
        if known is None or known.answer != self.answer.id:
            try:
                known = self._found()
            except UNUSABLE:
                known = Explored(self.answer.id, (), (), ())
            st.session_state[REMEMBERED] = known
        return known

    def _found(self) -> Explored:
        with self.exploring() as explorer:
            return Explored(
                self.answer.id, explorer.chips(), explorer.toggles(), explorer.rollups()
            )


def bench_of(assistant: Assistant, chat: Chat, turn: Turn, keys: Keys) -> Bench | None:
    """For the latest answer of a query; None where there is nothing to explore."""
    if not keys.is_latest or turn.answer.outcome != "answer" or not turn.answer.query:
        return None
    return Bench(assistant, chat.user, turn, keys)


def rerun_if_clicked() -> None:
    """A click inside a fragment changes the whole page."""
    chat: Chat = st.session_state["chat"]
    if chat.pending is not None:
        st.rerun()
