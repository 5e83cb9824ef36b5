"""Before the first question: what this is, and questions that work."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ui.page.literal import label, paragraph
from ui.page.session import ask_later


def draw_welcome(starters: Sequence[str], greeting: str = "") -> None:
    """Two lines and a grid of questions to click."""
    with st.container(key="welcome"):
        if greeting:
            st.html(paragraph(greeting, "ws-banner"))
        st.html(
            '<div class="ws-welcome"><h2>想看什么数?</h2>'
            "<p>用一句话提问。每个答案都写明是怎样理解的、用的哪个口径、数据到哪一天;"
            "拿不准时会先问您,没有的数据不会估计。</p></div>"
        )
        columns = st.columns(2)
        for number, question in enumerate(starters):
            columns[number % 2].button(
                label(question),
                key=f"starter-{number + 1}",
                width="stretch",
                on_click=ask_later,
                args=(question,),
            )
