"""The side bar: a new conversation, who is asking, what can be asked, how fresh it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from assistant import Assistant
from assistant.language.periods_text import day_text
from ui.page.going import go_to
from ui.page.literal import label, paragraph
from ui.page.past import draw_past
from ui.page.session import Chat, ask_later, change_user, start_anew
from ui.page.shared import Overview
from ui.page.visit import Visit

MOST_FOUND = 40
"""More are not a help: the reader types another letter."""


def draw_side(visit: Visit) -> None:
    """What every page has on its side: who asks."""
    with st.sidebar:
        if visit.may_switch:
            _draw_users(visit.assistant, visit.chat)
        elif visit.user:
            st.html(paragraph(f"当前用户:{visit.user}", "ws-user"))
        if visit.found and visit.found.scope and len(visit.assistant.settings.users) > 1:
            st.html(paragraph(f"数据范围:{visit.found.scope}", "ws-note"))


def draw_chat_side(visit: Visit) -> None:
    """Beside a conversation: a new one, the earlier ones, what can be asked, how fresh it is."""
    with st.sidebar:
        st.button(
            "新对话",
            key="new-chat",
            icon=":material/add:",
            width="stretch",
            on_click=start_anew,
            args=(visit.user,),
        )
        if visit.found:
            draw_past(visit.assistant, visit.chat)
            _draw_metrics(visit.found.metrics)
            _draw_dates(visit.found)


def metrics_called(metrics: Sequence[Mapping[str, Any]], text: str) -> list[str]:
    """Labels of the metrics whose name, synonym or domain holds the text."""
    wanted = text.strip().casefold()
    return [str(metric["label"]) for metric in metrics if wanted in _names_of(metric).casefold()]


def _names_of(metric: Mapping[str, Any]) -> str:
    return "\n".join((metric["label"], *metric.get("synonyms", ()), metric["domain"] or ""))


def _draw_users(assistant: Assistant, chat: Chat) -> None:
    names = [user.name for user in assistant.settings.users]
    if len(names) < 2:
        return
    st.selectbox(
        "当前用户",
        names,
        index=names.index(chat.user) if chat.user in names else None,
        key="user",
        placeholder="请选择用户",
        on_change=_change_user,
        help="不同用户能看到的数据范围不同;切换后开始新对话",
    )


def _change_user() -> None:
    change_user(st.session_state["user"] or "")


def _draw_metrics(metrics: Sequence[Mapping[str, Any]]) -> None:
    st.html('<h2 class="ws-side">可以问的指标</h2>')
    if not metrics:
        st.html('<p class="ws-note">当前用户没有可以查看的指标。</p>')
        return
    if text := st.text_input(
        "找指标", key="find", placeholder="找指标,如:存款、绑卡", label_visibility="collapsed",
        type="search", live=True,
    ):  # fmt: skip
        _draw_found(metrics_called(metrics, text))
    if st.button(
        f"全部{len(metrics)}个指标", key="all-metrics", type="tertiary",
        icon=":material/menu_book:",
    ):  # fmt: skip
        go_to("catalogue")


def _draw_found(names: Sequence[str]) -> None:
    more = f",这里是前{MOST_FOUND}个" if len(names) > MOST_FOUND else ""
    st.html(
        paragraph(f"找到{len(names)}个指标{more}" if names else "没有找到,换个说法试试", "ws-note")
    )
    for name in names[:MOST_FOUND]:
        _draw_metric(name)


def _draw_metric(name: str) -> None:
    st.button(
        label(name),
        key=f"metric-found-{name}",
        type="tertiary",
        on_click=ask_later,
        args=(f"{name}是多少",),
    )


def _draw_dates(found: Overview) -> None:
    with st.expander("数据日期"):
        lines = "".join(
            f"<tr><td>{escape(name)}</td><td>{day_text(day)}</td></tr>"
            for name, day in found.dates.items()
        )
        st.html(f'<table class="ws-dates">{lines}</table>')
