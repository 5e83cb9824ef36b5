"""Choices as buttons, or as a list to search when there are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from assistant.explore import Choice, Section
from ui.page.explore.bench import Bench
from ui.page.literal import label, paragraph
from ui.page.session import change_now

Width = Literal["content", "stretch"]
Kind = Literal["primary", "secondary", "tertiary"]
FEW = 12
"""As many stand one under the other; more are searched."""
QUICK = 6
"""The first of many stand above the list."""
SHORT = 6
"""Letters of a name that several of stand in one line."""


def draw_sections(sections: Sequence[Section], bench: Bench, place: str) -> None:
    """Every section under its heading."""
    for number, section in enumerate(sections):
        if section.title:
            st.html(paragraph(section.title, "ws-menu"))
        _draw_section(section.choices, bench, f"{place}-{number}")


def _draw_section(choices: Sequence[Choice], bench: Bench, place: str) -> None:
    """Lines for few; of many the first ones, and a list to search in."""
    if len(choices) > FEW:
        _draw_quick(choices[:QUICK], bench, place)
        draw_list(choices, bench.key(place), f"共{len(choices)}项,可输入查找")
    elif len(choices) > 1 and all(len(c.label) <= SHORT and not c.detail for c in choices):
        _draw_quick(choices, bench, place)
    else:
        with st.container(key=bench.key(f"rows-{place}")):
            for number, choice in enumerate(choices):
                draw_choice(choice, bench.key(f"{place}-{number}"), width="stretch")


def _draw_quick(choices: Sequence[Choice], bench: Bench, place: str) -> None:
    with st.container(key=bench.key(f"quick-{place}"), horizontal=True):
        for number, choice in enumerate(choices):
            draw_choice(choice, bench.key(f"{place}-{number}"), kind="secondary")


def draw_choice(
    choice: Choice, key: str, *, width: Width = "content", kind: Kind = "tertiary"
) -> None:
    """One click."""
    detail = f" :small[:gray[{label(choice.detail)}]]" if choice.detail else ""
    st.button(
        f"{label(choice.label)}{detail}",
        key=key,
        type=kind,
        icon=":material/check:" if choice.chosen else None,
        disabled=choice.chosen,
        width=width,
        on_click=change_now,
        args=(choice.change, choice.step),
    )


def draw_list(choices: Sequence[Choice], key: str, hint: str) -> None:
    """A list to search in; taking one is the click."""
    st.selectbox(
        hint,
        range(len(choices)),
        index=None,
        key=key,
        placeholder=hint,
        format_func=lambda at: _named(choices[at]),
        label_visibility="collapsed",
        on_change=_take,
        args=(tuple(choices), key),
    )


def _named(choice: Choice) -> str:
    detail = f"({choice.detail})" if choice.detail else ""
    return f"{choice.label}{detail}{' ✓' if choice.chosen else ''}"


def _take(choices: tuple[Choice, ...], key: str) -> None:
    at = st.session_state.get(key)
    if at is not None and not choices[at].chosen:
        change_now(choices[at].change, choices[at].step)
