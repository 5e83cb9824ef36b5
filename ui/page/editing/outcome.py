"""What a draft comes to: findings, numbers, changed lines, and the way into force."""

from __future__ import annotations

import streamlit as st

from assistant.editing import Checked, Editor, NotSavedError, Preview
from assistant.errors import AuditError
from metrics.editing.draft import Draft
from metrics.editing.files import ConflictError
from ui.page.editing.desk import Desk, forget_inputs
from ui.page.editing.diff import lines_of
from ui.page.editing.findings import draw_findings
from ui.page.editing.numbers import draw_preview
from ui.page.editing.version import draw_version
from ui.page.literal import label, paragraph

MOST_EDITS = 20


def draw_outcome(editor: Editor, desk: Desk, draft: Draft) -> None:
    """Checked and tried whenever the text is another one."""
    checked, preview = _tried(editor, desk, draft)
    draw_findings(checked, draft)
    if not draft.is_changed:
        return
    if preview is not None:
        draw_preview(preview)
    st.html('<h4 class="ws-part">要写进文件的改动</h4>')
    st.code(lines_of(draft.diff()), language="diff", wrap_lines=True)
    if not editor.refusal:
        draw_version(editor, desk, draft, checked)
        _draw_buttons(editor, desk, draft, checked)


def _tried(editor: Editor, desk: Desk, draft: Draft) -> tuple[Checked, Preview | None]:
    key = (draft.subject.key, editor.in_force.hash, draft.base.hash, draft.text)
    if desk.tried is None or desk.tried[0] != key:
        with st.spinner("正在检查并试算……"):
            checked = editor.check(draft)
            is_readable = checked.manifest is not None and draft.is_changed
            preview = editor.preview(draft, checked) if is_readable else None
        desk.tried = (key, checked, preview)
    return desk.tried[1], desk.tried[2]


def _draw_buttons(editor: Editor, desk: Desk, draft: Draft, checked: Checked) -> None:
    obstacle = editor.obstacle(draft, checked)
    if obstacle and checked.manifest is not None and editor.is_writable(draft.file):
        st.html(paragraph(obstacle, "ws-told bad"))
    with st.container(key="saving", horizontal=True):
        st.button(
            "保存并生效",
            key="save-definition",
            type="primary",
            icon=":material/save:",
            disabled=bool(obstacle),
            on_click=_save,
            args=(editor, desk, draft),
        )
        st.button(
            "放弃草稿",
            key="drop-draft",
            on_click=_drop,
            args=(desk, draft),
        )


def _save(editor: Editor, desk: Desk, draft: Draft) -> None:
    try:
        editor.save(draft)
    except ConflictError as error:
        if draft.begun_from(error.now) is not None:
            desk.complaint = "还没有保存:文件的其他部分刚被改过。请再看一遍,然后保存"
        return
    except (NotSavedError, AuditError) as error:
        desk.complaint = str(error)
        return
    _drop(desk, draft)
    desk.note = f"已保存到 {draft.file},新口径从下一个问题起生效,并已记入审计。"


def _drop(desk: Desk, draft: Draft) -> None:
    desk.drafts.pop(draft.subject.key, None)
    forget_inputs()


def draw_past_edits(editor: Editor, draft: Draft) -> None:
    """Who changed this entry here, and how."""
    kind, name = draft.subject.kind, draft.subject.name
    edits = [edit for edit in editor.edits(draft.file) if edit.get(kind) == name]
    if not edits:
        return
    st.html(f'<h4 class="ws-part">在这里改过{len(edits)}次</h4>')
    for edit in edits[:MOST_EDITS]:
        day, time = str(edit["at"])[:10], str(edit["at"])[11:16]
        with st.expander(label(f"{day} {time}(UTC) {edit['user']}")):
            st.code(lines_of(str(edit["diff"])), language="diff", wrap_lines=True)
            hashes = f"文件指纹 {edit['hash_before'][:12]} → {edit['hash_after'][:12]}"
            st.html(paragraph(hashes, "ws-note"))
