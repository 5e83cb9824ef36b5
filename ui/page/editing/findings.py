"""What the check says about a draft, with the line of each remark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from assistant.editing import Checked
from metrics import Finding
from metrics.editing.draft import Draft
from ui.page.literal import paragraph

MOST = 12


def draw_findings(checked: Checked, draft: Draft) -> None:
    """Errors first; a line within the metric is also counted from its own first line."""
    st.html('<h4 class="ws-part">检查结果</h4>')
    if checked.manifest is None:
        first = next(iter(checked.errors), None)
        where = f"({first.at})" if first and first.at else ""
        st.html(paragraph(f"草稿没有读成{where},不能保存;现行口径不受影响。", "ws-verdict bad"))
    elif not checked.findings:
        st.html(paragraph("没有发现问题。", "ws-verdict good"))
    else:
        st.html(paragraph(f"没有错误,有{len(checked.findings)}条提醒。", "ws-verdict"))
    if checked.findings:
        st.html(findings_html(checked.findings, draft))


def findings_html(findings: Sequence[Finding], draft: Draft) -> str:
    """The remarks as a list."""
    ordered = sorted(findings, key=lambda f: f.level != "error")
    items = "".join(_item(finding, draft) for finding in ordered[:MOST])
    more = len(ordered) - MOST
    rest = f"<li>另有{more}条,用 wenshu lint 查看。</li>" if more > 0 else ""
    return f'<ul class="ws-findings">{items}{rest}</ul>'


def _item(finding: Finding, draft: Draft) -> str:
    is_error = finding.level == "error"
    mark = f'<mark class="{"bad" if is_error else "plain"}">{"错误" if is_error else "提醒"}</mark>'
    told = escape(f"{finding.message}{finding.fix}")
    place = f"<small>{escape(f'{finding.code} · {_place(finding, draft)}')}</small>"
    return f"<li>{mark}<div>{told}{place}</div></li>"


def _place(finding: Finding, draft: Draft) -> str:
    if finding.at is None:
        return "全部定义"
    within = finding.at.line - draft.block.first_line + 1
    is_here = finding.at.file.endswith(f"/{draft.file}")
    here = is_here and 1 <= within <= draft.block.text.count("\n")
    return f"{finding.at}" + (f",上面 YAML 的第{within}行" if here else "")
