"""The conversation: past turns, the one just asked, or the welcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from assistant.answer import Answer
from ui.page.after import TRY_AGAIN, draw_after
from ui.page.answer_card import draw_answer
from ui.page.browser import bring_to_top
from ui.page.conversing import changed_at_once, finish, move_on
from ui.page.explore.bench import bench_of
from ui.page.going import ASK
from ui.page.job import Job
from ui.page.keys import Keys
from ui.page.link import open_link
from ui.page.literal import clipped, paragraph
from ui.page.options import fill_options
from ui.page.place import keep_place
from ui.page.progress import draw_progress
from ui.page.session import CARD, Chat, Pending, Turn
from ui.page.shared import Overview
from ui.page.side import draw_chat_side
from ui.page.typeahead import draw_typeahead, words
from ui.page.under_way import note_under_way, under_way
from ui.page.visit import Visit
from ui.page.welcome import draw_welcome

MAX_DRAWN = 3
"""Older answers are folded to their sentence: every run of the page draws all that is open."""


PARTS_OF_TURN = 3
MOST_OFFERED = 3


def draw_chat(visit: Visit) -> None:
    """Past turns, the one just asked, or the welcome."""
    chat, found = open_link(visit.assistant, visit.chat), visit.found
    visit = replace(visit, chat=chat)
    conversation = st.container(key="conversation")
    _take_question(chat, found)
    default_user = visit.assistant.settings.project.default_user
    place = partial(keep_place, chat, ASK, default_user, may_switch=visit.may_switch)
    place()  # a reload from now on finds the conversation
    is_new = move_on(visit.assistant, chat, under_way().hold)
    place()
    draw_chat_side(visit)
    with conversation:
        _draw_note(chat)
        before, st.session_state["drawn"] = st.session_state.get("drawn", 0), len(chat.turns)
        _draw_turns(visit)
        if is_new:
            bring_to_top(f"asked-{len(chat.turns)}")
        if chat.job:
            note_under_way(visit.assistant, chat)
            _draw_waiting(visit, chat.job, before)
        elif found and not chat.turns:
            draw_welcome(found.starters, chat.greeting)
    if found:
        draw_typeahead(words().token(visit.assistant, found.seen, visit.user, found.starters))
    fill_options(visit.assistant)


def _draw_note(chat: Chat) -> None:
    """What the reader must know about the whole conversation."""
    left_out = f"更早的{chat.folded}个问题没有重新查询。" if chat.folded else ""
    if chat.note:
        st.html(paragraph(chat.note + left_out, "ws-banner"))


def _draw_turns(visit: Visit) -> None:
    last = len(visit.chat.turns)
    for number, turn in enumerate(visit.chat.turns, start=1):
        keys = Keys(number, is_latest=number == last and visit.chat.job is None)
        is_old = last - number >= MAX_DRAWN and number not in visit.chat.unfolded
        _draw_turn(visit, turn, keys, folded=is_old)


def _draw_waiting(visit: Visit, job: Job, before: int) -> None:
    """What is asked and how far it is; then the page as it is with the answer."""
    chat = visit.chat
    number = len(chat.turns) + 1
    if chat.under_way and chat.under_way.change is None:
        _draw_question(chat.under_way.shown, number, chat.under_way.note)
        bring_to_top(f"asked-{number}")
    place = st.empty()
    for _ in range(PARTS_OF_TURN * max(1, before - number)):
        st.empty()  # what the page showed here would stand there until the answer comes
    draw_progress(job, place, f"还有{len(chat.queue)}个问题。" if chat.queue else "")
    finish(chat)
    st.rerun()


def _take_question(chat: Chat, found: Overview | None) -> None:
    example = f",例如:{found.starters[0]}" if found and found.starters else ""
    with st.container(key="ask"):
        typed = st.chat_input(f"请输入问题{example}", key="question")
    if typed and typed.strip():
        chat.pending = Pending(typed, typed)


def _draw_turn(visit: Visit, turn: Turn, keys: Keys, *, folded: bool) -> None:
    _draw_question(turn.question, keys.turn, turn.note)
    if folded:
        with st.container(key=f"folded-{keys.turn}", horizontal=True, vertical_alignment="center"):
            st.html(paragraph(turn.answer.headline or turn.answer.message or "", "ws-folded"))
            st.button(
                "展开",
                key=f"unfold-{keys.turn}",
                type="tertiary",
                on_click=visit.chat.unfolded.add,
                args=(keys.turn,),
            )
    elif bench_of(visit.assistant, visit.chat, turn, keys):
        _draw_latest(visit, keys)
    else:
        starters = visit.found.starters if visit.found and keys.is_latest else ()
        draw_answer(with_a_way_out(turn.answer, starters), keys, visit.project)
        draw_after(visit.assistant, turn, visit.user, keys.turn)


@st.fragment(key=CARD)
def _draw_latest(visit: Visit, keys: Keys) -> None:
    """The answer that clicks change; a quick change draws nothing else of the page anew."""
    chat = visit.chat
    if chat.pending and (chat.pending.change is None or not changed_at_once(visit.assistant, chat)):
        st.rerun()
    turn = chat.turns[-1]
    draw_answer(turn.answer, keys, visit.project, bench_of(visit.assistant, chat, turn, keys))
    draw_after(visit.assistant, turn, visit.user, keys.turn)


def with_a_way_out(answer: Answer, starters: Sequence[str]) -> Answer:
    """Whoever gets no answer and nothing to choose is offered questions that work."""
    helped = answer.suggestions or answer.options or answer.code in TRY_AGAIN
    if helped or answer.outcome not in ("refusal", "error"):
        return answer
    return replace(answer, suggestions=tuple(starters[:MOST_OFFERED]))


def _draw_question(text: str, number: int, note: str = "") -> None:
    with st.container(key=f"asked-{number}", gap=None):
        st.html(paragraph(clipped(text), "ws-asked") + (paragraph(note, "ws-from") if note else ""))
