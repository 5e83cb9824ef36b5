"""The side bar: a new conversation, who is asking, what can be asked, how fresh it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from assistant import Assistant
from assistant.language.periods_text import day_text
from ui.page.literal import label
from ui.page.session import Chat, ask_later, start_anew
from ui.page.shared import Overview


def draw_side(assistant: Assistant, chat: Chat, found: Overview | None) -> None:
    """The side bar as far as the project can be used."""
    with st.sidebar:
        st.button(
            "新对话",
            key="new-chat",
            icon=":material/add:",
            width="stretch",
            on_click=start_anew,
            args=(chat.user,),
        )
        _draw_users(assistant, chat)
        if found:
            _draw_metrics(found.metrics)
            _draw_dates(found)


def metrics_by_domain(metrics: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Domain → labels, both in the order of definition."""
    found: dict[str, list[str]] = {}
    for metric in metrics:
        domain = str(metric["domain"] or "").rpartition("/")[2] or "其他"
        found.setdefault(domain, []).append(str(metric["label"]))
    return found


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
    start_anew(st.session_state["user"] or "")


def _draw_metrics(metrics: Sequence[Mapping[str, Any]]) -> None:
    st.html('<h2 class="ws-side">可以问的指标</h2>')
    if not metrics:
        st.html('<p class="ws-note">当前用户没有可以查看的指标。</p>')
    for domain, names in metrics_by_domain(metrics).items():
        with st.expander(f"{label(domain)} :gray[{len(names)}]"):
            for name in names:
                st.button(
                    label(name),
                    key=f"metric-{domain}-{name}",
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
