"""Members of a dimension to narrow an answer to; only those that its reader may see."""

from __future__ import annotations

import streamlit as st

from assistant.explore import Chip, Explorer
from ui.page.explore.bench import Bench
from ui.page.literal import paragraph
from ui.page.session import change_later

MOST_PICKED = 50


def draw_held_members(explorer: Explorer, chip: Chip, bench: Bench) -> None:
    """The members of a condition, to be changed."""
    held = explorer.held(chip)
    if held is not None:
        dimension, values = held
        _draw_members(explorer, dimension, values, bench)


def draw_new_condition(explorer: Explorer, bench: Bench) -> None:
    """First by what, then which members."""
    key = bench.key("dimensions")
    if key not in st.session_state:
        st.session_state[key] = explorer.filter_dimensions()
    labels = dict(st.session_state[key])
    dimension = st.selectbox(
        "按什么筛选",
        list(labels),
        index=None,
        key=bench.key("narrow-by"),
        placeholder="选择维度,可输入查找",
        format_func=lambda name: labels[name],
        label_visibility="collapsed",
    )
    if dimension is not None:
        _draw_members(explorer, dimension, (), bench)


def _draw_members(explorer: Explorer, dimension: str, held: tuple[str, ...], bench: Bench) -> None:
    found = bench.key(f"members-{dimension}")
    if found not in st.session_state:
        st.session_state[found] = explorer.members(dimension)
    names = list(dict.fromkeys((*held, *st.session_state[found])))
    if not names:
        st.html(paragraph("在当前条件下没有可选的成员。", "ws-note"))
        return
    key = bench.key(f"narrow-{dimension}")
    with st.container(horizontal=True, vertical_alignment="top"):
        picked = st.multiselect(
            "成员", names, default=list(held), key=key, placeholder=f"共{len(names)}项,可输入查找",
            label_visibility="collapsed", max_selections=MOST_PICKED,
        )  # fmt: skip
        applied = st.button("应用", key=f"{key}-apply", type="primary", disabled=not picked)
    if applied:
        _narrow(explorer, dimension, tuple(picked), held)


def _narrow(
    explorer: Explorer, dimension: str, values: tuple[str, ...], held: tuple[str, ...]
) -> None:
    choice = explorer.narrowed(dimension, values)
    if choice is None:
        st.html(paragraph("这个条件没有答案,请换一个。", "ws-note"))
    elif set(values) != set(held):
        change_later(choice.change, choice.step)
        st.rerun()
