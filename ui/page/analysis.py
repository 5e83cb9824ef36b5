"""The steps of an analysis: what each query was, what it said, its rows and its SQL."""

from __future__ import annotations

import streamlit as st

from assistant.agent.step import Step
from assistant.answer import Answer
from ui.page.literal import paragraph
from ui.page.table import table_view
from ui.page.table_html import table_html


def draw_steps(answer: Answer) -> None:
    """One fold for all steps; nothing for an answer of a single query."""
    if not answer.steps:
        return
    with st.expander(f"分析步骤({len(answer.steps)}步)", icon=":material/format_list_numbered:"):
        for number, step in enumerate(answer.steps, start=1):
            _draw_step(number, step)


def _draw_step(number: int, step: Step) -> None:
    st.html(
        paragraph(f"{number}. {step.reading}", "ws-headline info")
        + paragraph(step.headline, "ws-note")
    )
    shown = Answer(columns=step.columns, rows=step.rows, totals=step.totals)
    view = table_view(shown)
    if view is not None and view.rows:
        st.html(table_html(view))
    st.code(step.sql, language="sql", wrap_lines=True)
