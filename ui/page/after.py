"""Beneath an answer: what the reader thinks of it, a link for a colleague, another try."""

from __future__ import annotations

import streamlit as st

from assistant import Assistant
from ui.page.link import address_of
from ui.page.literal import paragraph
from ui.page.session import Turn, ask_later

REASONS = ("数字不对", "口径不合适", "没听懂问题", "看不明白", "太慢")
WRONG, RIGHT = 0, 1
TRY_AGAIN = ("cancelled", "timeout", "engine", "internal")


def draw_after(assistant: Assistant, turn: Turn, user: str, number: int) -> None:
    """One quiet line of buttons; what they open stands beneath it."""
    answer = turn.answer
    if answer.code in TRY_AGAIN and answer.question:
        _draw_another_try(number, answer.question)
    if not answer.id or answer.outcome not in ("answer", "refusal", "clarification"):
        return
    with st.container(key=f"after-{answer.id}", horizontal=True, vertical_alignment="center"):
        _draw_thumbs(assistant, answer.id, user)
        if answer.outcome == "answer":
            _draw_share(assistant, answer.id, user)
    if st.session_state.pop("ask-why", None) == answer.id:
        _ask_why(assistant, answer.id, user)


def _draw_another_try(number: int, question: str) -> None:
    st.button(
        "再问一次",
        key=f"again-{number}",
        icon=":material/refresh:",
        on_click=ask_later,
        args=(question,),
    )


def _draw_thumbs(assistant: Assistant, answer_id: str, user: str) -> None:
    key = f"thumbs-{answer_id}"
    st.html(paragraph("这个回答有帮助吗?", "ws-note"), width="content")
    st.feedback("thumbs", key=key, on_change=_note_thumb, args=(assistant, answer_id, user))


def _note_thumb(assistant: Assistant, answer_id: str, user: str) -> None:
    thumb = st.session_state[f"thumbs-{answer_id}"]
    if thumb is None:
        return
    assistant.give_feedback(answer_id, "right" if thumb == RIGHT else "wrong", user=user)
    if thumb == WRONG:
        st.session_state["ask-why"] = answer_id


@st.dialog("哪里不对?")
def _ask_why(assistant: Assistant, answer_id: str, user: str) -> None:
    st.html(paragraph("已记下。说明原因能帮助口径归口部门改正(可不填)。", "ws-note"))
    reasons = st.pills("原因", REASONS, selection_mode="multi", label_visibility="collapsed")
    comment = st.text_area("补充说明", max_chars=500, placeholder="例如:应该不含公司客户")
    if st.button("提交", type="primary", key="tell-why"):
        text = ";".join(part for part in (*reasons, (comment or "").strip()) if part)
        if text:
            assistant.give_feedback(answer_id, "wrong", text, user=user)
        st.toast("谢谢,已记下原因。")
        st.rerun()


def _draw_share(assistant: Assistant, answer_id: str, user: str) -> None:
    with st.popover("发给同事", icon=":material/link:", type="tertiary", key=f"share-{answer_id}"):
        if st.session_state.get(f"link-{answer_id}"):
            st.code(address_of(answer_id, st.context.url or ""), language=None, wrap_lines=True)
        else:
            st.button(
                "生成链接",
                key=f"make-link-{answer_id}",
                on_click=_share,
                args=(assistant, answer_id, user),
            )
        st.html(paragraph("对方打开后看到同一个问题,数字按对方自己的权限重新查询。", "ws-note"))


def _share(assistant: Assistant, answer_id: str, user: str) -> None:
    st.session_state[f"link-{answer_id}"] = assistant.history(user).share(answer_id)
