"""The page 口径维护: choose a metric, change it beside its YAML, see the numbers, save."""

from __future__ import annotations

import streamlit as st

from assistant.catalogue import kind_word
from assistant.editing import Editor
from metrics.editing.change import NotEditableError
from metrics.editing.draft import Draft
from ui.page.editing.conflict import draw_conflict
from ui.page.editing.desk import Desk, current_desk, forget_inputs
from ui.page.editing.form import draw_form, draw_yaml
from ui.page.editing.new_metric import draw_new_metric
from ui.page.editing.outcome import draw_outcome, draw_past_edits
from ui.page.going import go_to
from ui.page.literal import label, paragraph
from ui.page.visit import Visit

READ_ONLY = "定义文件夹是只读的:可以试改和预览,不能保存。请管理员检查文件夹权限"


def draw_editing(visit: Visit) -> None:
    """Everything from the choice of a metric to its history."""
    if visit.found is None:
        return
    editor, desk = visit.assistant.editor(visit.user), current_desk(visit.user)
    with st.container(key="editing"):
        if editor.refusal and not visit.found.metrics:
            st.html(paragraph("当前用户没有可以查看的指标。", "ws-note"))
            return
        if editor.refusal:
            st.html(paragraph(editor.refusal, "ws-banner"))
        _draw_chooser(editor, desk)
        _tell(desk)
        draft = _draft(editor, desk)
        if draft is not None:
            _draw_bench(visit, editor, desk, draft)


def _draw_chooser(editor: Editor, desk: Desk) -> None:
    names = {m.name: f"{m.label}({m.name})" for m in editor.in_force.metrics.values()}
    names |= {n: f"{_label(d)}({n})" for n, d in desk.drafts.items() if n not in names}
    wanted = str(st.query_params.get("metrics", ""))
    if wanted not in names:
        wanted = next(iter(names), "")
    if st.session_state.get("editing-metric") != wanted:
        st.session_state["editing-metric"] = wanted
    with st.container(key="chooser", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            kind_word("metrics"),
            list(names),
            key="editing-metric",
            format_func=lambda name: names[name],
            on_change=_choose,
        )
        draw_new_metric(editor, desk)
        if wanted in editor.in_force.metrics and st.button(
            "在指标目录查看", key="to-catalogue", icon=":material/menu_book:"
        ):
            go_to("catalogue", metrics=wanted)
    _draw_waiting(desk, wanted)


def _draw_waiting(desk: Desk, chosen: str) -> None:
    """The other drafts that are not saved yet."""
    waiting = [d for d in desk.drafts.values() if d.is_changed and d.metric != chosen]
    if not waiting:
        return
    with st.container(key="waiting", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(paragraph("未保存的草稿:", "ws-note"), width="content")
        for draft in waiting:
            st.button(
                label(_label(draft)), key=f"draft-{draft.metric}", type="tertiary",
                on_click=_turn_to, args=(draft.metric,),
            )  # fmt: skip


def _choose() -> None:
    _turn_to(st.session_state["editing-metric"])


def _turn_to(metric: str) -> None:
    st.query_params["metrics"] = metric


def _label(draft: Draft) -> str:
    return str((draft.entry() or {}).get("label") or draft.metric)


def _tell(desk: Desk) -> None:
    """What the last step came to, once."""
    if desk.note:
        st.html(paragraph(desk.note, "ws-told good"))
    if desk.complaint:
        st.html(paragraph(desk.complaint, "ws-told bad"))
    desk.note = desk.complaint = ""


def _draft(editor: Editor, desk: Desk) -> Draft | None:
    """The draft of the metric chosen; one without changes is always read anew."""
    name = str(st.session_state["editing-metric"])
    draft = desk.drafts.get(name)
    if draft is not None and (draft.is_changed or name not in editor.in_force.metrics):
        return draft
    try:
        opened = editor.open(editor.in_force.metrics[name])
    except (NotEditableError, KeyError, OSError, UnicodeDecodeError) as error:
        st.html(paragraph(f"这个指标不能在这里编辑:{error}", "ws-headline refusal"))
        return None
    if draft is not None and draft.base != opened.base:
        forget_inputs()
    desk.drafts[name] = opened
    return opened


def _draw_bench(visit: Visit, editor: Editor, desk: Desk, draft: Draft) -> None:
    try:
        now = editor.read(draft.file)
    except (OSError, UnicodeDecodeError):
        told = (
            f"文件 {draft.file} 现在读不出来(被删除、改名或不是 UTF-8)。草稿还在,请管理员检查文件"
        )
        st.html(paragraph(told, "ws-told bad"))
        return
    if now.hash != draft.base.hash:
        moved = draft.begun_from(now)
        if moved is None:
            draw_conflict(editor, desk, draft, now)
            return
        who = editor.author_of(draft.file, now)
        by = f"被{who}改过" if who else "被改过(不是在这里改的)"
        st.html(paragraph(f"{draft.file} 的其他部分刚{by},草稿已接到新文件上。", "ws-banner"))
        desk.drafts[draft.metric] = draft = moved
    if not editor.is_writable(draft.file):
        st.html(paragraph(READ_ONLY, "ws-banner"))
    locked = bool(editor.refusal)
    left, right = st.columns(2, gap="large")
    with left, st.container(key="form"):
        draw_form(desk, draft, editor.in_force, locked=locked)
    with right, st.container(key="lines"):
        draw_yaml(desk, draft, locked=locked)
        draw_outcome(editor, desk, draft)
    draw_past_edits(editor, draft)
