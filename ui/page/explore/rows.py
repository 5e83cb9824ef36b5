"""One row of the answer, clicked in the chart or picked from a list, and what it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from assistant.answer import Answer
from assistant.explore import Section
from semantic_layer.result import Cell
from ui.page.chart import ChartView
from ui.page.explore.bench import Bench
from ui.page.explore.choices import draw_choice, draw_sections
from ui.page.table import MAX_ROWS_SHOWN, is_numeric, member_label

CLICKABLE = ("bar", "line", "pie", "scatter", "heatmap", "funnel")
HINTS = {
    "metric_query": "点图形或选一项,继续下钻",
    "funnel_query": "点图形或选一步,看停在这一步的人",
}
"""The kinds of query whose rows lead somewhere, and what invites to it."""
NOTHING = {
    "metric_query": "这一项没有可以继续看的内容",
    "funnel_query": "走到这一步时还不知道是哪位客户,不能再往下看",
}


def clickable(option: Mapping[str, Any]) -> dict[str, Any]:
    """The chart with bars, points and slices that can be chosen one at a time."""
    series = [
        {**one, "selectedMode": "single"} if one.get("type") in CLICKABLE else one
        for one in option.get("series", ())
    ]
    return {**option, "series": series}


def clicked_row(chosen: Sequence[Mapping[str, Any]], view: ChartView) -> int | None:
    """The row of the answer behind what is chosen in the chart."""
    for group in chosen:
        series = int(group["series_index"])
        for at in group["data_indices"]:
            if series < len(view.rows) and at < len(view.rows[series]):
                row: int | None = view.rows[series][at]
                return row
    return None


def note_click(view: ChartView, chart_key: str, bench: Bench) -> None:
    """What was clicked becomes what is picked."""
    chosen = st.session_state[chart_key]["selection"]["selected"]
    st.session_state[bench.key("row")] = clicked_row(chosen, view)


def draw_rows(answer: Answer, bench: Bench) -> None:
    """A list of the rows, and for the one picked: deeper, only it, over time, its list."""
    explored = bench.explored()
    can_pick = is_explorable(answer)
    if not can_pick and not explored.rollups:
        return
    with st.container(key=bench.keys("drill"), horizontal=True, gap="xsmall"):
        for number, choice in enumerate(explored.rollups):
            draw_choice(choice, bench.key(f"rollup-{number}"), kind="secondary")
        if can_pick:
            picked = _draw_picker(answer, bench)
            if picked is not None:
                _draw_moves(answer, picked, bench)


def is_explorable(answer: Answer) -> bool:
    """Whether there are rows of a figure or of a funnel to go into."""
    grouped = any(not is_numeric(column) for column in answer.columns)
    return _kind(answer) in HINTS and grouped and bool(answer.rows)


def _kind(answer: Answer) -> str:
    return str((answer.query or {}).get("kind", ""))


def _draw_picker(answer: Answer, bench: Bench) -> int | None:
    rows = range(min(len(answer.rows), MAX_ROWS_SHOWN))
    hint = HINTS[_kind(answer)]
    picked: int | None = st.selectbox(
        hint, rows, index=None, key=bench.key("row"), placeholder=hint,
        format_func=lambda at: row_label(answer, at), label_visibility="collapsed", width=270,
    )  # fmt: skip
    return picked


def row_label(answer: Answer, at: int) -> str:
    """银川分行 · 2026年10月."""
    cells = zip(answer.columns, answer.rows[at], strict=True)
    return " · ".join(
        member_label(cell, column) for column, cell in cells if not is_numeric(column)
    )


def groups_of(answer: Answer, at: int) -> dict[str, Cell]:
    """The groups of a row by column id."""
    cells = zip(answer.columns, answer.rows[at], strict=True)
    return {column.id: cell for column, cell in cells if not is_numeric(column)}


def _draw_moves(answer: Answer, at: int, bench: Bench) -> None:
    row = groups_of(answer, at)
    with bench.exploring() as explorer:
        sections = explorer.drills(row)
    choices = [choice for section in sections for choice in section.choices]
    if not choices:
        st.caption(NOTHING[_kind(answer)])
        return
    for number, choice in enumerate(choices):
        draw_choice(
            choice,
            bench.key(f"move-{at}-{number}"),
            kind="primary" if number == 0 else "secondary",
        )
    opened = st.popover("换个角度", key=bench.key(f"angles-{at}"), on_change="rerun")
    if opened.open:
        with opened, st.container(key=bench.key("behind-angles")), bench.exploring() as explorer:
            draw_sections([Section("按什么拆开看", explorer.angles(row))], bench, f"angle-{at}")
