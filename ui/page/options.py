"""The ways out of a doubt as buttons; what each comes to follows as soon as it is known."""

from __future__ import annotations

import threading

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assistant import Assistant
from assistant.answer import Answer
from ui.page.keys import Keys
from ui.page.literal import label, paragraph
from ui.page.session import choose_later

TICK_S = 0.1
PLACES = "option-places"
"""Where the numbers of the latest question back go, in this run of the page."""
Places = dict[int, DeltaGenerator]


class OptionNumbers:
    """The numbers of one question back, worked out beside the page."""

    def __init__(self, assistant: Assistant, answer: Answer) -> None:
        self.found: dict[int, str] = {}
        self._done = threading.Event()
        threading.Thread(target=self._work, args=(assistant, answer), daemon=True).start()

    def is_done_within(self, seconds: float) -> bool:
        """Waits at most so long for all of them."""
        return self._done.wait(seconds)

    def _work(self, assistant: Assistant, answer: Answer) -> None:
        try:
            for number, text in assistant.option_numbers(answer, answer.user):
                self.found[number] = text
        finally:
            self._done.set()


def draw_options(answer: Answer, keys: Keys) -> None:
    """One button for each option, with room for its number."""
    known: OptionNumbers | None = st.session_state.get(_key(answer))
    places: Places = {}
    with st.container(key=keys("options")):
        for option in answer.options:
            more = f"  \n:small[:gray[{label(option.reading)}]]" if option.reading else ""
            with st.container(key=keys(f"choice-{option.id}"), gap=None):
                st.button(
                    f"{option.id}. {label(option.label)}{more}",
                    key=keys(f"option-{option.id}"),
                    on_click=choose_later,
                    args=(option,),
                    disabled=not keys.is_latest,
                    width="stretch",
                )
                places[option.id] = st.empty()
    _show(known, places)
    if keys.is_latest:
        st.session_state[PLACES] = (answer, places)


def fill_options(assistant: Assistant) -> None:
    """Once all else is on the page: the numbers, each when it is ready."""
    answer, places = st.session_state.pop(PLACES, (None, {}))
    if answer is None or not answer.id:
        return
    numbers = st.session_state.get(_key(answer)) or OptionNumbers(assistant, answer)
    st.session_state[_key(answer)] = numbers
    while not numbers.is_done_within(TICK_S):
        _show(numbers, places)
    _show(numbers, places)


def _show(numbers: OptionNumbers | None, places: Places) -> None:
    for number, text in list(numbers.found.items()) if numbers else ():
        places[number].html(paragraph(text, "ws-option-number"))


def _key(answer: Answer) -> str:
    return f"numbers-{answer.id}"
