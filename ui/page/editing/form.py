"""Form and YAML of one draft side by side; each follows the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from metrics.editing.change import NotEditableError
from metrics.editing.draft import Draft
from semantic_layer.model import Manifest
from ui.page.editing.desk import Desk, forget_inputs, key_of
from ui.page.editing.fields import FormField, Parts, dimension_fields, metric_fields
from ui.page.literal import paragraph

YAML = "yaml"
TEXT_HEIGHT = {"words": 104, "text": 82, "values": 82}
YAML_LINE, LEAST_YAML, MOST_YAML = 22, 200, 900
MOST_LINES = 14


APPROVAL = "审批流程后续提供。"
FALLS_BACK = APPROVAL + "改动公式、门槛或单位后,已认证的口径自动退回“审核中”"
UNDECLARED = APPROVAL + "取值来自数据,没有在口径里声明;要给取值加别名,请在 YAML 里写 values"


def draw_form(desk: Desk, draft: Draft, manifest: Manifest, *, locked: bool) -> None:
    """Inputs for the usual keys; everything else is written in the YAML beside it."""
    entry = draft.entry()
    if entry is None:
        told = f"YAML 里读不出{draft.subject.word} {draft.subject.name},表单先停用。"
        st.html(paragraph(told + "请看右边的检查结果,改好后表单恢复", "ws-note"))
        return
    for title, fields in _parts(draft, entry, manifest):
        st.html(f'<h4 class="ws-part">{title}</h4>')
        _draw_fields(desk, draft, fields, entry, locked=locked)
    st.html(paragraph(_told(draft, entry), "ws-note"))


def _parts(draft: Draft, entry: Mapping[str, Any], manifest: Manifest) -> Parts:
    if draft.subject.home:
        return dimension_fields(entry)
    datasets = {d.name: f"{d.label}({d.name})" for d in manifest.datasets.values()}
    return metric_fields(entry, datasets)


def _told(draft: Draft, entry: Mapping[str, Any]) -> str:
    if not draft.subject.home:
        return FALLS_BACK
    return APPROVAL if entry.get("values") else UNDECLARED


def _draw_fields(
    desk: Desk, draft: Draft, fields: Sequence[FormField], entry: Mapping[str, Any], *, locked: bool
) -> None:
    short = [f for f in fields if f.shape in ("choice", "number") or f.path in SHORT]
    for field in fields:
        if field not in short:
            _draw_field(desk, draft, field, entry, locked=locked)
    for first in range(0, len(short), 2):
        for column, field in zip(st.columns(2), short[first : first + 2], strict=False):
            with column:
                _draw_field(desk, draft, field, entry, locked=locked)


SHORT = {("unit",), ("format", "scale"), ("ratio", "of"), ("ratio", "to"), ("expr",)}


def _draw_field(
    desk: Desk, draft: Draft, field: FormField, entry: Mapping[str, Any], *, locked: bool
) -> None:
    key = key_of(draft.subject.key, field.name)
    st.session_state.setdefault(key, field.shown(entry))
    common: dict[str, Any] = {
        "key": key, "help": field.help or None, "disabled": locked,
        "on_change": _take_field, "args": (desk, draft.subject.key, field),
    }  # fmt: skip
    if field.options is not None:
        options = dict(field.options)
        options.setdefault(st.session_state[key], st.session_state[key])
        st.selectbox(field.label, list(options), format_func=lambda v: options[v] or v, **common)
    elif field.shape in TEXT_HEIGHT:
        st.text_area(field.label, height=_height(field, st.session_state[key]), **common)
    else:
        st.text_input(field.label, **common)


def _height(field: FormField, shown: str) -> int:
    return max(TEXT_HEIGHT[field.shape], 34 + YAML_LINE * min(shown.count("\n") + 1, MOST_LINES))


def _take_field(desk: Desk, subject: str, field: FormField) -> None:
    """The form was changed: the YAML follows."""
    draft, typed = desk.drafts[subject], st.session_state[key_of(subject, field.name)]
    try:
        for path, value in field.changes(draft.entry() or {}, typed):
            draft = draft.with_value(path, value)
    except NotEditableError as error:
        desk.complaint = str(error)
        forget_inputs()
        return
    desk.drafts[subject] = draft
    st.session_state[key_of(subject, YAML)] = shown_lines(draft)


def draw_yaml(desk: Desk, draft: Draft, *, locked: bool) -> None:
    """The entry's lines as they stand in the file."""
    key = key_of(draft.subject.key, YAML)
    st.session_state.setdefault(key, shown_lines(draft))
    first, last = draft.block.first_line, draft.block.first_line + _count(draft) - 1
    place = escape(f"{draft.file} 第{first}—{last}行")
    st.html(f'<h4 class="ws-part">YAML<small>{place}</small></h4>')
    st.text_area(
        "YAML",
        key=key,
        height=min(max(LEAST_YAML, (_count(draft) + 2) * YAML_LINE), MOST_YAML),
        label_visibility="collapsed",
        disabled=locked,
        on_change=_take_lines,
        args=(desk, draft.subject.key),
    )


def _take_lines(desk: Desk, subject: str) -> None:
    """The YAML was changed: the form follows."""
    typed = st.session_state[key_of(subject, YAML)]
    desk.drafts[subject] = desk.drafts[subject].with_lines(typed or "")
    forget_inputs()


def shown_lines(draft: Draft) -> str:
    """The entry's lines, without the last line's end."""
    return draft.block.text.replace("\r\n", "\n").rstrip("\n")


def _count(draft: Draft) -> int:
    return max(1, draft.block.text.count("\n"))
