"""Somebody else changed the same entry meanwhile: both changes, and the choice."""

from __future__ import annotations

import streamlit as st

from assistant.editing import Editor
from metrics.editing.block import block_of
from metrics.editing.change import NotEditableError
from metrics.editing.draft import Draft, diff_of
from metrics.editing.files import FileText
from ui.page.editing.desk import Desk, forget_inputs
from ui.page.editing.diff import lines_of
from ui.page.literal import paragraph


def draw_conflict(editor: Editor, desk: Desk, draft: Draft, now: FileText) -> None:
    """Nothing is lost before the reader chooses."""
    who = editor.author_of(draft.file, now)
    by = f"“{who}”" if who else "别人(不是在这里改的)"
    told = f"您打开之后,{by}改过这个{draft.subject.word}。文件里是对方的版本,您的草稿还在,请选择:"
    st.html(paragraph(told, "ws-told bad"))
    before = block_of(draft.base.text, draft.subject)
    theirs = block_of(now.text, draft.subject)
    old = before.text if before else ""
    left, right = st.columns(2, gap="large")
    with left:
        st.html('<h4 class="ws-part">您的改动</h4>')
        _draw_diff(old, draft.block.text, draft.file)
        st.button(
            "以我的为准,继续编辑", key="keep-mine", on_click=_keep_mine, args=(desk, draft, now)
        )
    with right:
        st.html('<h4 class="ws-part">对方的改动(已在文件里)</h4>')
        _draw_diff(old, theirs.text if theirs else "", draft.file)
        st.button("用对方的,放弃我的草稿", key="keep-theirs", on_click=_keep_theirs,
                  args=(desk, draft))  # fmt: skip


def _draw_diff(before: str, after: str, file: str) -> None:
    st.code(
        lines_of(diff_of(before, after, file)) or "(没有差别)", language="diff", wrap_lines=True
    )


def _keep_mine(desk: Desk, draft: Draft, now: FileText) -> None:
    try:
        desk.drafts[draft.subject.key] = draft.over(now)
    except NotEditableError as error:
        desk.complaint = str(error)
    forget_inputs()


def _keep_theirs(desk: Desk, draft: Draft) -> None:
    desk.drafts.pop(draft.subject.key, None)
    forget_inputs()
