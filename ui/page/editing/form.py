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
from ui.page.editing.fields import FormField, fields_of
from ui.page.literal import paragraph

YAML = "yaml"
TEXT_HEIGHT = {"words": 104, "text": 82}
YAML_LINE, LEAST_YAML, MOST_YAML = 22, 380, 900


def draw_form(desk: Desk, draft: Draft, manifest: Manifest, *, locked: bool) -> None:
    """Inputs for the usual keys; everything else is written in the YAML beside it."""
    entry = draft.entry()
    if entry is None:
        told = f"YAML 里读不出指标 {draft.metric},表单先停用。请看右边的检查结果,改好后表单恢复"
        st.html(paragraph(told, "ws-note"))
        return
    datasets = {d.name: f"{d.label}({d.name})" for d in manifest.datasets.values()}
    for title, fields in fields_of(entry, datasets):
        st.html(f'<h4 class="ws-part">{title}</h4>')
        _draw_fields(desk, draft, fields, entry, locked=locked)
    told = "审批流程后续提供。改动公式、门槛或单位后,已认证的口径自动退回“审核中”"
    st.html(paragraph(told, "ws-note"))


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
    key = key_of(draft.metric, field.name)
    st.session_state.setdefault(key, field.shown(entry))
    common: dict[str, Any] = {
        "key": key, "help": field.help or None, "disabled": locked,
        "on_change": _take_field, "args": (desk, draft.metric, field),
    }  # fmt: skip
    if field.options is not None:
        options = dict(field.options)
        options.setdefault(st.session_state[key], st.session_state[key])
        st.selectbox(field.label, list(options), format_func=lambda v: options[v] or v, **common)
    elif field.shape in TEXT_HEIGHT:
        st.text_area(field.label, height=TEXT_HEIGHT[field.shape], **common)
    else:
        st.text_input(field.label, **common)


def _take_field(desk: Desk, metric: str, field: FormField) -> None:
    """The form was changed: the YAML follows."""
    draft, key = desk.drafts[metric], key_of(metric, field.name)
    try:
        draft = draft.with_value(field.path, field.read(st.session_state[key]))
    except NotEditableError as error:
        desk.complaint = str(error)
        forget_inputs()
        return
    desk.drafts[metric] = draft
    st.session_state[key_of(metric, YAML)] = shown_lines(draft)


def draw_yaml(desk: Desk, draft: Draft, *, locked: bool) -> None:
    """The metric's lines as they stand in the file."""
    key = key_of(draft.metric, YAML)
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
        args=(desk, draft.metric),
    )


def _take_lines(desk: Desk, metric: str) -> None:
    """The YAML was changed: the form follows."""
    typed = st.session_state[key_of(metric, YAML)]
    desk.drafts[metric] = desk.drafts[metric].with_lines(typed or "")
    forget_inputs()


def shown_lines(draft: Draft) -> str:
    """The metric's lines, without the last line's end."""
    return draft.block.text.replace("\r\n", "\n").rstrip("\n")


def _count(draft: Draft) -> int:
    return max(1, draft.block.text.count("\n"))
