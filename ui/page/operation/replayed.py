"""An old answer replayed: the same byte for byte, or what differs; figures are not shown."""

from __future__ import annotations

import json
from difflib import unified_diff

import streamlit as st

from assistant import Assistant
from assistant.replay import Part, Replayed
from ui.page.literal import paragraph
from ui.page.operation.html import Bad, table_html
from ui.page.shared import UNUSABLE

LONG = 80
DIFFERS = Bad("不同")
_FIGURES = ("结论句",)
"""The asker's numbers: an operator may not see them."""
HELP = "用当天的口径、日期和提问人的权限再查一次,与当时的记录逐字节比较"
GONE = "没有找到这一次的记录"


def draw_replay(assistant: Assistant, answer_id: str) -> None:
    """A button, and what came of it until another answer is replayed."""
    if st.button("重放", key=f"replay-{answer_id}", icon=":material/replay:", help=HELP):
        with st.spinner("正在重放……"):
            st.session_state["replayed"] = (answer_id, _replayed(assistant, answer_id))
    of, found = st.session_state.get("replayed", ("", None))
    if of != answer_id:
        return
    if isinstance(found, Replayed):
        _draw(found)
    else:
        st.html(paragraph(str(found), "ws-headline error"))


def _replayed(assistant: Assistant, answer_id: str) -> Replayed | str:
    try:
        return assistant.replay(answer_id) or GONE
    except UNUSABLE as error:
        return str(error)


def _draw(found: Replayed) -> None:
    st.html(paragraph(verdict(found), f"ws-chain {'good' if found.is_same else 'bad'}"))
    if found.is_same or found.obstacle:
        return
    st.html(table_html(("比较", "结果", "当时", "现在"), map(_line, found.parts)))
    for part in found.parts:
        if not part.is_same and _is_long(part) and part.name not in _FIGURES:
            st.code(_diff(part), language="diff", wrap_lines=True)


def verdict(found: Replayed) -> str:
    """One sentence."""
    if found.obstacle:
        return found.obstacle
    by = "现行口径就是当时的口径" if found.same_definitions else "已换回当时的口径"
    if found.is_same:
        names = "、".join(part.name for part in found.parts)
        return f"与当时逐字节一致({names};{by})"
    names = "、".join(part.name for part in found.parts if not part.is_same)
    return f"与当时不同:{names}({by})"


def _line(part: Part) -> tuple[str, ...]:
    if part.is_same:
        return part.name, "一致", "", ""
    if part.name in _FIGURES:
        return part.name, DIFFERS, "(有数字,不显示)", "(有数字,不显示)"
    if _is_long(part):
        return part.name, DIFFERS, "见下", "见下"
    return part.name, DIFFERS, part.then or "—", part.now or "—"


def _is_long(part: Part) -> bool:
    return max(len(part.then), len(part.now)) > LONG


def _diff(part: Part) -> str:
    then, now = (_lines(text) for text in (part.then, part.now))
    return "\n".join(unified_diff(then, now, "当时", "现在", lineterm=""))


def _lines(text: str) -> list[str]:
    """A query in JSON is one long line: one key a line can be compared."""
    if text.startswith("{"):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=1)
    return text.splitlines()
