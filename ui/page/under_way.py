"""Questions under way on this server: a reloaded page finds its own again."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from assistant import Assistant
from assistant.errors import AuditError
from ui.page.job import Job
from ui.page.session import Chat, Pending


class UnderWay:
    """The question each conversation waits for."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], tuple[Pending, Job]] = {}

    def hold(self, chat: Chat) -> None:
        """The question that the conversation waits for can be found until it is answered.

        What is only asked again, or is a click, a reloaded page asks by itself.
        """
        asked = chat.under_way
        if asked and chat.job and not asked.is_replay and asked.change is None:
            self._held[chat.user, chat.id] = (asked, chat.job)
        for key, (_, job) in list(self._held.items()):
            if job.is_done_within(0):
                self._held.pop(key, None)

    def of(self, user: str, session: str) -> Pending | None:
        """The question as an input that goes on with the same work; None: none is running."""
        asked, job = self._held.get((user, session), (None, None))
        if asked is None or job is None or job.is_done_within(0):
            return None
        return asked._replace(job=job)


@st.cache_resource(show_spinner=False)
def under_way() -> UnderWay:
    """Those of this server."""
    return UnderWay()


def note_under_way(assistant: Assistant, chat: Chat) -> None:
    """The question outlives this tab, and is in the history should the server end before."""
    asked = chat.under_way
    if asked is None or asked.is_replay or asked.change is not None:
        return
    with suppress(AuditError):  # the answer itself will tell that nothing can be written
        assistant.history(chat.user).begin(chat.id, asked.shown, after=chat.last_turn)
