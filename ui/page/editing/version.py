"""Another meaning is another version: what was changed is asked for before it is saved."""

from __future__ import annotations

from datetime import date

import streamlit as st

from assistant.editing import Checked, Editor
from metrics.editing.change import NotEditableError
from metrics.editing.draft import Draft
from ui.page.editing.desk import Desk, forget_inputs, key_of
from ui.page.literal import paragraph

NOTE, SINCE, RESTATES = "change-note", "change-since", "change-restates"
EARLIEST = date(1990, 1, 1)


def draw_version(editor: Editor, desk: Desk, draft: Draft, checked: Checked) -> None:
    """Asked only while the formula, a threshold or the unit is not what it was."""
    version = editor.due_version(draft, checked)
    if version is None:
        return
    keys = [key_of(draft.subject.key, name) for name in (NOTE, SINCE, RESTATES)]
    st.html(f'<h4 class="ws-part">口径变了:升为第{version}版</h4>')
    with st.container(key="version"):
        st.text_input("改了什么", key=keys[0], placeholder="例如:门槛由500元提高到1,000元")
        left, right = st.columns(2, vertical_alignment="bottom")
        left.date_input("新口径从哪天的数据起(可不填)", None, EARLIEST, key=keys[1],
                        format="YYYY-MM-DD")  # fmt: skip
        right.checkbox("历史数据也按新口径重算过", key=keys[2])
        told = "写明后,版本号和变更记录写进 YAML;所问期间早于新口径时,答案会提示口径改过。"
        st.html(paragraph(told, "ws-note"))
        st.button(
            f"记入变更,升为第{version}版", key="raise-version", icon=":material/history_edu:",
            on_click=_raise, args=(editor, desk, draft, version, keys),
        )  # fmt: skip


def _raise(editor: Editor, desk: Desk, draft: Draft, version: int, keys: list[str]) -> None:
    typed, since, restates = (st.session_state.get(key) for key in keys)
    note = " ".join(str(typed or "").split())
    if not note:
        desk.complaint = "请写明改了什么,再升版本"
        return
    try:
        desk.drafts[draft.subject.key] = editor.noted(
            draft, version, note, since, restates=bool(restates)
        )
    except NotEditableError as error:
        desk.complaint = str(error)
        return
    forget_inputs()
