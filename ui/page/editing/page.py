"""The page 口径维护: choose a metric or dimension, change it beside its YAML, try it, save."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assistant.catalogue import Kind, kind_word
from assistant.editing import Editor, subject_of
from metrics.editing.change import NotEditableError
from metrics.editing.draft import Draft
from semantic_layer.model import Dimension, Metric
from ui.page.editing.conflict import draw_conflict
from ui.page.editing.desk import Desk, current_desk, forget_inputs
from ui.page.editing.form import draw_form, draw_yaml
from ui.page.editing.new_metric import draw_new_metric
from ui.page.editing.outcome import draw_outcome, draw_past_edits
from ui.page.going import go_to
from ui.page.literal import label, paragraph
from ui.page.visit import Visit

KINDS: tuple[Kind, ...] = ("metrics", "dimensions")
KIND, ENTRY = "editing-kind", "editing-entry"
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
    kind, wanted = _wanted()
    names = _names(editor, desk, kind)
    if wanted not in names:
        wanted = next(iter(names), "")
    if wanted and st.query_params.get(kind) == "":
        st.query_params[kind] = wanted
    if st.session_state.get(KIND) != kind:
        st.session_state[KIND] = kind
    if st.session_state.get(ENTRY) != wanted:
        st.session_state[ENTRY] = wanted
    with st.container(key="chooser", horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "维护什么", KINDS, key=KIND, format_func=kind_word, label_visibility="collapsed",
            required=True, on_change=_choose_kind,
        )  # fmt: skip
        st.selectbox(
            kind_word(kind),
            list(names),
            key=ENTRY,
            format_func=lambda name: names[name],
            on_change=_choose,
        )
        if kind == "metrics":
            draw_new_metric(editor, desk)
        if wanted in _in_force(editor, kind) and st.button(
            "在指标目录查看", key="to-catalogue", icon=":material/menu_book:"
        ):
            go_to("catalogue", **{kind: wanted})
    _draw_waiting(desk, st.session_state[ENTRY], kind)


def _wanted() -> tuple[Kind, str]:
    """What the address names: ?metrics=npl_rate, ?dimensions=branch."""
    for kind in KINDS:
        if kind in st.query_params:
            return kind, str(st.query_params[kind])
    return KINDS[0], ""


def _in_force(editor: Editor, kind: Kind) -> Mapping[str, Metric | Dimension]:
    manifest = editor.in_force
    return manifest.metrics if kind == "metrics" else manifest.dimensions


def _names(editor: Editor, desk: Desk, kind: Kind) -> dict[str, str]:
    """Name → what the list shows; a metric that is only a draft is listed too."""
    names = {e.name: f"{e.label}({e.name})" for e in _in_force(editor, kind).values()}
    drafts = [d for d in desk.drafts.values() if _kind_of(d) == kind]
    fresh = {d.subject.name: f"{_label(d)}({d.subject.name})" for d in drafts}
    return names | {name: shown for name, shown in fresh.items() if name not in names}


def _kind_of(draft: Draft) -> Kind:
    return "dimensions" if draft.subject.home else "metrics"


def _draw_waiting(desk: Desk, chosen: str, kind: Kind) -> None:
    """The other drafts that are not saved yet."""
    waiting = [
        draft
        for draft in desk.drafts.values()
        if draft.is_changed and (draft.subject.name, _kind_of(draft)) != (chosen, kind)
    ]
    if not waiting:
        return
    with st.container(key="waiting", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(paragraph("未保存的草稿:", "ws-note"), width="content")
        for draft in waiting:
            st.button(
                label(_label(draft)), key=f"draft-{draft.subject.key}", type="tertiary",
                on_click=_turn_to, args=(_kind_of(draft), draft.subject.name),
            )  # fmt: skip


def _choose_kind() -> None:
    _turn_to(st.session_state[KIND] or KINDS[0], "")


def _choose() -> None:
    _turn_to(st.session_state[KIND], st.session_state[ENTRY])


def _turn_to(kind: Kind, name: str) -> None:
    for other in KINDS:
        if other != kind and other in st.query_params:
            del st.query_params[other]
    st.query_params[kind] = name


def _label(draft: Draft) -> str:
    return str((draft.entry() or {}).get("label") or draft.subject.name)


def _tell(desk: Desk) -> None:
    """What the last step came to, once."""
    if desk.note:
        st.html(paragraph(desk.note, "ws-told good"))
    if desk.complaint:
        st.html(paragraph(desk.complaint, "ws-told bad"))
    desk.note = desk.complaint = ""


def _draft(editor: Editor, desk: Desk) -> Draft | None:
    """The draft of the entry chosen; one without changes is always read anew."""
    kind, name = _wanted()[0], str(st.session_state[ENTRY])
    entry = _in_force(editor, kind).get(name)
    key = subject_of(entry).key if entry else name
    draft = desk.drafts.get(key)
    if draft is not None and (draft.is_changed or entry is None):
        return draft
    if entry is None:
        return None
    try:
        opened = editor.open(entry)
    except (NotEditableError, OSError, UnicodeDecodeError) as error:
        told = f"这个{kind_word(kind)}不能在这里编辑:{error}"
        st.html(paragraph(told, "ws-headline refusal"))
        return None
    if draft is not None and draft.base != opened.base:
        forget_inputs()
    desk.drafts[key] = opened
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
        desk.drafts[draft.subject.key] = draft = moved
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
