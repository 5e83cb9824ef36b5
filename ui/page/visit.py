"""What every page is given: the assistant, who asks, and the project as that person sees it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant import Assistant
from ui.page.asker import Asker
from ui.page.session import Chat
from ui.page.shared import UNUSABLE, Overview, overview


@dataclass(frozen=True, slots=True)
class Visit:
    """One run of a page for one reader."""

    assistant: Assistant
    chat: Chat
    found: Overview | None
    """None while the project cannot be used."""
    failure: str = ""
    """Why not."""
    may_switch: bool = False
    """Whether the reader may take another user's place: only in demonstrations."""

    @property
    def user(self) -> str:
        """The name of the reader."""
        return self.chat.user

    @property
    def project(self) -> str:
        """The project's name as files and exports carry it."""
        return self.assistant.settings.project.name


def visited(assistant: Assistant, chat: Chat, asker: Asker) -> Visit:
    """The project as the reader of this tab may see it now."""
    try:
        found = overview(assistant, chat.user)
    except UNUSABLE as error:
        return Visit(assistant, chat, None, str(error), may_switch=asker.may_switch)
    return Visit(assistant, chat, found, may_switch=asker.may_switch)
