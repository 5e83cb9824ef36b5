"""Draws one answer, whatever its outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

import streamlit as st

from assistant.answer import Answer
from semantic_layer.resolved import Outcome
from ui.page.analysis import draw_steps
from ui.page.chart import ChartView, chart_view
from ui.page.definition import definitions_html
from ui.page.explore.bench import Bench, rerun_if_clicked
from ui.page.explore.beside import find_beside, known_beside
from ui.page.explore.chips import draw_chips
from ui.page.explore.path import draw_path
from ui.page.explore.rows import clickable, draw_rows, is_explorable, note_click
from ui.page.explore.switches import as_wished, draw_switches
from ui.page.export.buttons import draw_exports
from ui.page.keys import Keys
from ui.page.literal import label, paragraph
from ui.page.notes import reading_html, source_text, timings_text
from ui.page.number_card import number_cards, number_cards_html
from ui.page.options import draw_options
from ui.page.session import ask_later
from ui.page.table import TableView, table_view
from ui.page.table_html import fits_beside, table_html

MAX_CHART_HEIGHT = 780
Height = int | Literal["content"]


def draw_answer(answer: Answer, keys: Keys, project: str, bench: Bench | None = None) -> None:
    """The card of one answer; with a bench it can be explored by clicking."""
    with st.container(key=keys("answer"), border=True):
        if answer.outcome == "answer":
            _draw_numbers(answer, keys, project, bench)
        else:
            _DRAWINGS[answer.outcome](answer, keys, project)
        _draw_suggestions(answer, keys)


def _draw_numbers(answer: Answer, keys: Keys, project: str, bench: Bench | None) -> None:
    if bench:
        draw_path(bench)
    with st.container(key=keys("headline")):
        st.html(paragraph(answer.headline or "", "ws-headline"))
        st.html(paragraph(source_text(answer), "ws-source"))
    if bench:
        draw_chips(bench)
        drawn = as_wished(answer, bench)
        draw_switches(drawn, bench)
        _draw_explored(drawn, keys, project, bench)
    else:
        _draw_figures(answer, keys, project)
    with st.container(key=keys("reading")):
        if reading := reading_html(answer):
            st.html(reading)
    draw_steps(answer)
    _draw_proofs(answer, keys)


@st.fragment
def _draw_explored(answer: Answer, keys: Keys, project: str, bench: Bench) -> None:
    """The figures, above them the ways deeper; picking a row draws nothing else anew."""
    rerun_if_clicked()
    draw_rows(answer, bench)
    _draw_figures(answer, keys, project, bench)


def _draw_figures(answer: Answer, keys: Keys, project: str, bench: Bench | None = None) -> None:
    """Number, chart and table, side by side where they fit."""
    chart, table = chart_view(answer), table_view(answer)
    draw_table = partial(_draw_table, table, answer, keys, project, has_chart=chart is not None)
    if chart is None and answer.chart and answer.chart.type == "number" and number_cards(answer):
        with st.container(key=keys("chart")):
            _draw_big_numbers(answer, bench)
        with st.expander("数据表", icon=":material/table:"):
            draw_table()
    elif chart and table and fits_beside(table):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _draw_chart(chart, keys, bench)
        with right:
            draw_table()
    else:
        if chart:
            _draw_chart(chart, keys, bench)
        draw_table()


def _draw_big_numbers(answer: Answer, bench: Bench | None) -> None:
    """The numbers at once, then with their changes."""
    place = st.empty()
    place.html(number_cards_html(number_cards(known_beside(answer))))
    if bench:
        place.html(number_cards_html(number_cards(find_beside(answer, bench))))


def _draw_chart(chart: ChartView, keys: Keys, bench: Bench | None) -> None:
    height: Height = "content" if chart.height <= MAX_CHART_HEIGHT else MAX_CHART_HEIGHT
    with st.container(key=keys("chart"), height=height, border=False):
        if bench is None or not is_explorable(bench.answer):
            with st.container(key=keys("still")):  # no pointing hand where a click does nothing
                st.echarts_chart(chart.option, height=chart.height, alt=chart.alt)
            return
        key = bench.key("drawn")
        st.echarts_chart(
            clickable(chart.option),
            height=chart.height,
            alt=chart.alt,
            key=key,
            on_select=partial(note_click, chart, key, bench),
        )


def _draw_table(
    table: TableView | None, answer: Answer, keys: Keys, project: str, *, has_chart: bool = False
) -> None:
    if table is None or not table.rows:
        return
    with st.container(key=keys("table"), gap="xsmall"):
        st.html(table_html(table))
        draw_exports(answer, keys, project, has_chart=has_chart)


def _draw_proofs(answer: Answer, keys: Keys) -> None:
    """口径 and SQL: one click away."""
    with st.container(key=keys("definition")), st.expander("口径", icon=":material/menu_book:"):
        st.html(definitions_html(answer))
    with st.container(key=keys("sql")), st.expander("SQL", icon=":material/code:"):
        st.code(answer.sql or "", language="sql", wrap_lines=True)
        st.html(paragraph(timings_text(answer), "ws-note"))


def _draw_question_back(answer: Answer, keys: Keys, project: str) -> None:
    with st.container(key=keys("headline")):
        st.html(paragraph(answer.message or "", "ws-headline"))
    draw_options(answer, keys)


def _draw_sentence(answer: Answer, keys: Keys, project: str) -> None:
    with st.container(key=keys("headline")):
        st.html(paragraph(answer.message or "", f"ws-headline {answer.outcome}"))
    with st.container(key=keys("reading")):
        if reading := reading_html(answer):
            st.html(reading)
    if answer.options:
        draw_options(answer, keys)


def _draw_information(answer: Answer, keys: Keys, project: str) -> None:
    _draw_sentence(answer, keys, project)
    if answer.definitions:
        with st.container(key=keys("definition")):
            st.html(definitions_html(answer))
    _draw_table(table_view(answer), answer, keys, project)
    if answer.sql:
        with st.container(key=keys("sql")):
            st.code(answer.sql, language="sql", wrap_lines=True)


def _draw_suggestions(answer: Answer, keys: Keys) -> None:
    if not answer.suggestions:
        return
    name = "接着问" if answer.outcome == "answer" else "可以问"
    with st.container(key=keys("suggestions"), horizontal=True, vertical_alignment="center"):
        st.html(paragraph(name, "ws-note"), width="content")
        for number, question in enumerate(answer.suggestions, start=1):
            st.button(
                label(question),
                key=keys(f"suggestion-{number}"),
                on_click=ask_later,
                args=(question,),
            )


Drawing = Callable[[Answer, Keys, str], None]
_DRAWINGS: Mapping[Outcome, Drawing] = {
    "clarification": _draw_question_back,
    "refusal": _draw_sentence,
    "info": _draw_information,
    "error": _draw_sentence,
}
