"""The page 运维: five parts, one at a time, only for operators."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from assistant.duties import has_duty, lacking
from ui.page.literal import paragraph
from ui.page.operation.audit import draw_audit
from ui.page.operation.checks import draw_checks
from ui.page.operation.exports import draw_exports
from ui.page.operation.state import draw_state
from ui.page.operation.users import draw_users
from ui.page.visit import Visit

INSTEAD = "不能查看运维信息:这里有所有人的提问记录"
PARTS: Mapping[str, Callable[[Visit], None]] = {
    "概况": draw_state,
    "体检": draw_checks,
    "用户": draw_users,
    "审计": draw_audit,
    "导出": draw_exports,
}


def draw_operation(visit: Visit) -> None:
    """Only for operators: the trail tells what everybody asked."""
    principal = visit.assistant.settings.user(visit.user)
    if not has_duty(principal, "operator"):
        st.html(paragraph(lacking(principal, "operator", INSTEAD) + "。", "ws-headline refusal"))
        return
    with st.container(key="operation"):
        part = st.segmented_control(
            "看什么",
            tuple(PARTS),
            default=next(iter(PARTS)),
            key="operation-part",
            label_visibility="collapsed",
            required=True,
        )
        PARTS[part or "概况"](visit)
