"""From one page of the site to another, by its address."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

ASK, CATALOGUE, EDITING, EVALUATION, OPERATION = PATHS = (
    "ask", "catalogue", "editing", "evaluation", "operation",
)  # fmt: skip
"""The addresses of the pages, in the order shown; a visit begins at the first."""
_PAGES = "pages"


def know(pages: Mapping[str, StreamlitPage]) -> None:
    """The pages of this run by address."""
    st.session_state[_PAGES] = dict(pages)


def go_to(path: str, **address: str) -> None:
    """Ends this run and draws the other page, with what its address is to name."""
    st.switch_page(st.session_state[_PAGES][path], query_params=address or None)
