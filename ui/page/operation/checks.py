"""The doctor's checks at the press of a button."""

from __future__ import annotations

import os
from collections.abc import Iterable

import streamlit as st

from assistant.checkup import Check, checkup, model_check
from assistant.retrieve.condition import Condition
from ui.page.literal import paragraph
from ui.page.operation.html import Bad, table_html
from ui.page.visit import Visit

_KEPT = "checks"
NOTE = "与 wenshu doctor 相同。测试大模型会发出几个不含口径和数据的小请求。"


def draw_checks(visit: Visit) -> None:
    """All of them, or the model or the search alone; what was found stays until the next."""
    assistant = visit.assistant
    st.html(paragraph(NOTE, "ws-note"))
    with st.container(horizontal=True):
        if st.button("全部体检", key="check-all", type="primary", icon=":material/stethoscope:"):
            _keep(checkup(assistant, os.environ))
        if st.button("测试大模型", key="check-model", icon=":material/network_check:"):
            _keep([model_check(assistant, os.environ)])
        if st.button("测试检索", key="check-search", icon=":material/search:"):
            _keep([_search_check(assistant.index().condition())])
    found: list[Check] | None = st.session_state.get(_KEPT)
    if found:
        st.html(table_html(("项目", "状态", "说明"), map(_line, found)))


def _keep(checks: Iterable[Check]) -> None:
    with st.spinner("正在检查……"):
        st.session_state[_KEPT] = list(checks)


def _search_check(condition: Condition) -> Check:
    return Check("检索", condition.ok, condition.told)


def _line(check: Check) -> tuple[str, ...]:
    return check.name, "正常" if check.ok else Bad("要处理"), check.told
