"""When nothing can be asked."""

from __future__ import annotations

import streamlit as st

from assistant.finish import as_sentence
from ui.page.literal import paragraph


def draw_failure(sentence: str) -> None:
    """Why nothing can be asked now, and a way to try again."""
    with st.container(key="failure", border=True):
        st.html(paragraph(as_sentence(sentence) or "", "ws-headline error"))
        st.button("重试", key="retry", icon=":material/refresh:")
