"""Which answers left the page as files."""

from __future__ import annotations

import streamlit as st

from assistant.state import Wanted
from ui.page.literal import clipped, paragraph
from ui.page.operation.html import moment, table_html
from ui.page.visit import Visit

SHOWN = 100


def draw_exports(visit: Visit) -> None:
    """Newest first."""
    trail = visit.assistant.store().audit()
    wanted = Wanted(what="export")
    entries = trail.entries(wanted, most=SHOWN)
    if not entries:
        st.html(paragraph("还没有人导出过", "ws-note"))
        return
    asked = trail.questions(entry.answer_id for entry in entries)
    lines = [
        (
            moment(entry.at),
            entry.user,
            str(entry.told.get("format", "")).upper(),
            clipped(asked.get(entry.answer_id, ""), 60),
            entry.answer_id,
        )
        for entry in entries
    ]
    whole = trail.count(wanted)
    more = f",这里是最近{SHOWN}次" if whole > SHOWN else ""
    st.html(paragraph(f"共{whole:,}次导出{more}", "ws-note"))
    st.html(table_html(("时间", "用户", "格式", "问题", "答案编号"), lines))
