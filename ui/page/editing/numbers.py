"""The last twelve periods before and after, as a table."""

from __future__ import annotations

from html import escape

import streamlit as st

from assistant.editing import Preview, PreviewRow
from ui.page.literal import paragraph
from ui.page.time_label import time_label

_UNITS = {"month": "个月", "quarter": "个季度", "year": "年"}


def draw_preview(preview: Preview) -> None:
    """What becomes of the numbers, in one sentence and row by row."""
    unit = _UNITS[preview.grain]
    st.html(f'<h4 class="ws-part">最近12{unit}:现行与草稿</h4>')
    st.html(paragraph(verdict(preview), "ws-verdict"))
    if preview.rows:
        st.html(preview_html(preview))
    st.html(paragraph("按当前用户的权限,用库里现在的数据试算;没有写进任何文件。", "ws-note"))


def verdict(preview: Preview) -> str:
    """How many periods change, or why there is nothing to compare."""
    if preview.after_problem:
        return f"草稿算不出来:{preview.after_problem}"
    if preview.before_problem:
        return f"现行口径算不出来:{preview.before_problem}"
    if not preview.rows:
        return "最近12期没有数据。"
    if not any(row.before for row in preview.rows):
        return f"新指标,试算出{len(preview.rows)}期。"
    if not preview.changed:
        return f"{len(preview.rows)}期的数值都不变。"
    return f"{len(preview.rows)}期中有{preview.changed}期的数值会变。"


def preview_html(preview: Preview) -> str:
    """One line for each period; those that change are marked."""
    rows = "".join(map(_row, preview.rows))
    head = '<th>期间</th><th class="num">现行</th><th class="num">草稿</th><th></th>'
    return (
        '<div class="ws-table ws-preview"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(row: PreviewRow) -> str:
    mark = '<span class="changed">有变化</span>' if row.is_changed else ""
    kind = ' class="changes"' if row.is_changed else ""
    return (
        f"<tr{kind}><td>{escape(time_label(row.period))}</td>"
        f'<td class="num">{escape(row.before) or "—"}</td>'
        f'<td class="num">{escape(row.after) or "—"}</td><td>{mark}</td></tr>'
    )
