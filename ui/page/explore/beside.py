"""How a single number has changed, shown beside it though nobody asked."""

from __future__ import annotations

import streamlit as st

from assistant.answer import Answer
from ui.page.explore.bench import Bench


def known_beside(answer: Answer) -> Answer:
    """The number with its changes, where they were worked out before."""
    known: Answer = st.session_state.get(_key(answer), answer)
    return known


def find_beside(answer: Answer, bench: Bench) -> Answer:
    """The number with the usual comparisons; the answer itself where there are none."""
    if _key(answer) not in st.session_state:
        st.session_state[_key(answer)] = _compared(answer, bench) or answer
    return known_beside(answer)


def _compared(answer: Answer, bench: Bench) -> Answer | None:
    """Asked apart from the conversation: what comes next still changes the question itself."""
    with bench.exploring() as explorer:
        query = explorer.with_usual()
    if query is None:
        return None
    compared = bench.assistant.run(query, bench.user)
    same = compared.outcome == "answer" and len(compared.rows) == len(answer.rows) == 1
    return compared if same and _figures(compared) == _figures(answer) else None


def _figures(answer: Answer) -> list[object]:
    return [
        cell
        for cell, column in zip(answer.rows[0], answer.columns, strict=True)
        if column.kind == "metric"
    ]


def _key(answer: Answer) -> str:
    return f"beside-{answer.id}"
