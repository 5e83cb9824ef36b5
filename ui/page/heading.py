"""The line on top: product, project, dates, and whether the data are invented."""

from __future__ import annotations

from html import escape

import streamlit as st

from assistant.language.periods_text import day_text
from ui.page.shared import Overview


def draw_heading(found: Overview | None) -> None:
    """The top line; the product's name alone when the project cannot be used."""
    with st.container(key="heading"):
        st.html(heading_html(found))


def heading_html(found: Overview | None) -> str:
    """The top line as HTML."""
    facts = "".join(f"<span>{escape(fact)}</span>" for fact in _facts(found)) if found else ""
    project = f"<b>{escape(found.name)}</b>" if found else ""
    mark = '<em title="数据均为随机生成">虚拟数据</em>' if found and found.is_virtual else ""
    return (
        f'<header class="ws-heading"><h1>问数</h1>{project}{mark}'
        f'<div class="facts">{facts}</div></header>'
    )


def _facts(found: Overview) -> list[str]:
    today = f"{'演示日期' if found.is_fixed_day else '今天'} {day_text(found.today)}"
    return [today, f"数据截至 {day_text(found.newest)}"] if found.newest else [today]
