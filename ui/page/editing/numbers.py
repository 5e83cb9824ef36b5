"""Numbers before and after, as a table: of the last twelve periods, or of a dimension's members."""

from __future__ import annotations

from html import escape

import streamlit as st

from assistant.editing import Preview, PreviewRow
from ui.page.literal import paragraph
from ui.page.time_label import time_label

MOST_ROWS = 40
_UNITS = {"month": "个月", "quarter": "个季度", "year": "年"}


def draw_preview(preview: Preview) -> None:
    """What becomes of the numbers, in one sentence and row by row."""
    title = preview.by or f"最近12{_UNITS[preview.grain]}"
    st.html(f'<h4 class="ws-part">{escape(title)}:现行与草稿</h4>')
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
    of = "个取值" if preview.by else "期"
    if not preview.rows:
        return "没有数据。" if preview.by else "最近12期没有数据。"
    if not preview.by and not any(row.before for row in preview.rows):
        return f"新指标,试算出{len(preview.rows)}期。"
    if not preview.changed:
        return f"{len(preview.rows)}{of}的数值都不变。"
    return f"{len(preview.rows)}{of}中有{preview.changed}{of}的数值会变。"


def preview_html(preview: Preview) -> str:
    """One line for each period or member; those that change are marked."""
    ordered = sorted(preview.rows, key=lambda row: bool(preview.by) and not row.is_changed)
    rows = "".join(_row(row, _key(row, preview)) for row in ordered[:MOST_ROWS])
    more = len(ordered) - MOST_ROWS
    rows += f'<tr><td colspan="4">另有{more}个取值没有列出</td></tr>' if more > 0 else ""
    what = "取值" if preview.by else "期间"
    head = f'<th>{what}</th><th class="num">现行</th><th class="num">草稿</th><th></th>'
    return (
        '<div class="ws-table ws-preview"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _key(row: PreviewRow, preview: Preview) -> str:
    if not preview.by:
        return time_label(row.period)
    return "未知" if row.period is None else str(row.period)


def _row(row: PreviewRow, key: str) -> str:
    mark = '<span class="changed">有变化</span>' if row.is_changed else ""
    kind = ' class="changes"' if row.is_changed else ""
    return (
        f"<tr{kind}><td>{escape(key)}</td>"
        f'<td class="num">{escape(row.before) or "—"}</td>'
        f'<td class="num">{escape(row.after) or "—"}</td><td>{mark}</td></tr>'
    )
