"""Switches above the figures: 同比, 环比, 较年初, and another type of chart."""

from __future__ import annotations

from typing import Literal, NamedTuple

import streamlit as st

from assistant.answer import Answer
from assistant.explain import TYPE_NAMES, drawn_as, fitting_types
from assistant.explore import Choice
from ui.page.explore.bench import Bench
from ui.page.session import change_later

WISHED = "wished-chart"


class Wish(NamedTuple):
    """A type of chart that the reader chose, kept while the same question is explored."""

    turn: int
    kind: str


def as_wished(answer: Answer, bench: Bench) -> Answer:
    """The answer drawn as the reader chose, where that still fits."""
    wish: Wish | None = st.session_state.get(WISHED)
    if wish is None or wish.turn != bench.keys.turn or wish.kind not in fitting_types(answer):
        return answer
    return drawn_as(answer, wish.kind)


def draw_switches(answer: Answer, bench: Bench) -> None:
    """Left what is compared with, right how it is drawn."""
    toggles, types = bench.explored().toggles, chart_types(answer)
    if not toggles and not types:
        return
    side: Literal["distribute", "right"] = "distribute" if toggles else "right"
    with st.container(key=bench.keys("switches"), horizontal=True, horizontal_alignment=side):
        _draw_toggles(toggles, bench)
        if types and answer.chart:
            _draw_types(types, answer.chart.type, bench)


def chart_types(answer: Answer) -> tuple[str, ...]:
    """What to choose among; a single number has its table beneath anyway."""
    types = fitting_types(answer)
    return () if len(types) < 2 or "number" in types else types


def _draw_toggles(toggles: tuple[Choice, ...], bench: Bench) -> None:
    if not toggles:
        return
    key = bench.key("toggles")
    st.pills(
        "比较",
        [choice.label for choice in toggles],
        selection_mode="multi",
        default=[choice.label for choice in toggles if choice.chosen],
        key=key,
        label_visibility="collapsed",
        on_change=_toggle,
        args=(key, toggles),
    )


def _toggle(key: str, toggles: tuple[Choice, ...]) -> None:
    on = set(st.session_state[key])
    for choice in toggles:
        if (choice.label in on) != choice.chosen:
            change_later(choice.change, choice.step)


def _draw_types(types: tuple[str, ...], now: str, bench: Bench) -> None:
    key = bench.key("types")
    st.segmented_control(
        "图形",
        types,
        default=now if now in types else None,
        required=True,
        key=key,
        format_func=lambda kind: TYPE_NAMES[kind],
        label_visibility="collapsed",
        on_change=_wish,
        args=(key, bench.keys.turn),
    )


def _wish(key: str, turn: int) -> None:
    kind = st.session_state[key]
    if kind:
        st.session_state[WISHED] = Wish(turn, kind)
