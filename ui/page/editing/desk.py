"""What this tab is editing: drafts by subject, kept until they are saved or given up."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from assistant.editing import Checked, Preview
from metrics.editing.draft import Draft

_DESK = "desk"
PREFIX = "edit:"
"""Keys of the inputs: edit:<subject>:<field>."""


@dataclass(slots=True)
class Desk:
    """The drafts of one user."""

    user: str
    drafts: dict[str, Draft] = field(default_factory=dict)
    note: str = ""
    """What happened last, told once."""
    complaint: str = ""
    """Why the last step was not done, told once."""
    tried: tuple[tuple[str, ...], Checked, Preview | None] | None = None
    """The last text that was checked and tried, with what came of it."""


def current_desk(user: str) -> Desk:
    """This tab's desk; another user finds it empty."""
    desk: Desk | None = st.session_state.get(_DESK)
    if desk is None or desk.user != user:
        desk = Desk(user)
        st.session_state[_DESK] = desk
        forget_inputs()
    return desk


def key_of(subject: str, name: str) -> str:
    """The key of an input."""
    return f"{PREFIX}{subject}:{name}"


def forget_inputs() -> None:
    """The inputs are filled anew from the drafts."""
    for key in [key for key in st.session_state if str(key).startswith(PREFIX)]:
        del st.session_state[key]
