"""How the answer came about by clicks: each step can be gone back to."""

from __future__ import annotations

import streamlit as st

from semantic_layer.query import query_from_json
from ui.page.explore.bench import Bench
from ui.page.literal import label, paragraph
from ui.page.session import Step, return_later

MOST_STEPS = 6
LONGEST = 22


def draw_path(bench: Bench) -> None:
    """问题 › 银川分行各支行 › 加同比; nothing before the first click."""
    steps = bench.turn.steps
    if bench.turn.complaint:
        st.html(paragraph(f"刚才的一步没有做成:{bench.turn.complaint}", "ws-complaint"))
    if len(steps) < 2:
        return
    with st.container(
        key=bench.keys("path"), horizontal=True, gap="xsmall", vertical_alignment="center"
    ):
        _draw_back(bench, len(steps) - 2)
        for at in shown_steps(len(steps)):
            if at is None:
                st.html('<span class="ws-step">…</span>', width="content")
            elif at == len(steps) - 1:
                st.html(paragraph(_short(steps[at]), "ws-step now"), width="content")
            else:
                _draw_step(bench, at)


def shown_steps(count: int) -> list[int | None]:
    """The first step and the last ones; None stands for those between.

    >>> shown_steps(3), shown_steps(9)
    ([0, 1, 2], [0, None, 5, 6, 7, 8])
    """
    if count <= MOST_STEPS:
        return list(range(count))
    return [0, None, *range(count - MOST_STEPS + 2, count)]


def _draw_back(bench: Bench, at: int) -> None:
    st.button(
        "上一步",
        key=bench.key("back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=_return,
        args=(at, bench.turn.steps[at]),
    )


def _draw_step(bench: Bench, at: int) -> None:
    step = bench.turn.steps[at]
    with st.container(key=bench.keys(f"step-{at + 1}"), width="content"):
        st.button(
            label(_short(step)),
            key=bench.key(f"return-{at}"),
            type="tertiary",
            on_click=_return,
            args=(at, step),
        )


def _short(step: Step) -> str:
    text = step.label
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _return(at: int, step: Step) -> None:
    if step.answer.query:
        return_later(at, query_from_json(step.answer.query), step.label)
