"""Days that the reader picks."""

from __future__ import annotations

from datetime import date, datetime

import streamlit as st

from assistant.explore import Explorer
from ui.page.explore.bench import Bench
from ui.page.literal import paragraph
from ui.page.session import change_later

NOTHING: list[date | datetime | str | None] = []


def draw_days(explorer: Explorer, bench: Bench) -> None:
    """Two dates; the change is made as soon as both are there and have an answer."""
    st.html(paragraph("自选起止日期", "ws-menu"))
    picked = st.date_input(
        "起止日期",
        value=NOTHING,
        key=bench.key("days"),
        format="YYYY-MM-DD",
        label_visibility="collapsed",
    )
    if len(picked) != 2:
        return
    choice = explorer.between(*picked)
    if choice is None:
        st.html(paragraph("这段时间没有可以查询的数据,请换一段。", "ws-note"))
    elif not choice.chosen:
        change_later(choice.change, choice.step)
        st.rerun()
