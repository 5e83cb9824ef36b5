"""The audit trail: filtered, opened, replayed; and whether its chain is whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import streamlit as st

from assistant import Assistant
from assistant.state import AuditTrail, Entry, Source, Wanted
from ui.page.literal import clipped, label, paragraph
from ui.page.operation.html import facts_html, moment
from ui.page.operation.replayed import draw_replay
from ui.page.visit import Visit

AT_ONCE = 20
WHAT = {
    "": "全部", "answer": "回答", "info": "说明", "clarification": "反问", "refusal": "拒答",
    "error": "出错", "export": "导出", "edit": "改口径",
}  # fmt: skip
SOURCES: Mapping[Source, str] = {"people": "提问", "evaluation": "评测", "": "全部"}
"""What an evaluation asks is in the trail, but not between what people asked."""
DAYS = {"今天": 1, "近7天": 7, "近30天": 30, "近一年": 366}
MONTH = "本月"
SINCE = ("", "今天", "近7天", MONTH, "近30天", "近一年")
_PAGE = "audit-page"


def draw_audit(visit: Visit) -> None:
    """Chain, filter, entries of one page."""
    trail = visit.assistant.store().audit()
    _draw_chain(visit.assistant, trail)
    wanted = _draw_filter(trail)
    count = trail.count(wanted)
    if not count:
        more = ",评测的提问另在“来源”里选" if wanted.source == "people" else ""
        st.html(paragraph(f"没有这样的记录{more}", "ws-note"))
        return
    page = min(int(st.session_state.get(_PAGE, 0)), (count - 1) // AT_ONCE)
    entries = trail.entries(wanted, AT_ONCE, page * AT_ONCE)
    asked = trail.questions(e.answer_id for e in entries if e.answer_id)
    for entry in entries:
        _draw_entry(visit.assistant, entry, asked.get(entry.answer_id, ""))
    _draw_pages(page, count)


def _draw_chain(assistant: Assistant, trail: AuditTrail) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("核对审计链", key="check-chain", icon=":material/link:"):
            broken = assistant.store().first_broken_audit_row()
            st.session_state["chain"] = (broken, trail.count(Wanted()), datetime.now().astimezone())
        if "chain" in st.session_state:
            st.html(chain_html(*st.session_state["chain"]))


def chain_html(broken: int | None, count: int, at: datetime) -> str:
    """What the check of the chain found."""
    when = f"{at:%H:%M:%S}核对"
    if broken is None:
        return paragraph(f"审计链完整,共{count:,}条({when})", "ws-chain good")
    told = f"审计记录从第{broken}条起被改动过,共{count:,}条({when})。请保留现场并报告"
    return paragraph(told, "ws-chain bad")


def _draw_filter(trail: AuditTrail) -> Wanted:
    with st.container(key="audit-filter", horizontal=True, vertical_alignment="bottom"):
        user = st.selectbox("用户", ("", *trail.users()), key="audit-user", on_change=_first_page,
                            format_func=lambda name: name or "全部", width=190)  # fmt: skip
        source = st.selectbox("来源", tuple(SOURCES), key="audit-source", on_change=_first_page,
                              format_func=SOURCES.__getitem__, width=110)  # fmt: skip
        what = st.selectbox("结局", tuple(WHAT), key="audit-what", on_change=_first_page,
                            format_func=WHAT.__getitem__, width=130)  # fmt: skip
        span = st.selectbox("时间", SINCE, key="audit-since", on_change=_first_page,
                            format_func=lambda name: name or "全部", width=130)  # fmt: skip
        text = st.text_input("文字", key="audit-text", on_change=_first_page,
                             placeholder="问题、SQL、代码、编号")  # fmt: skip
    since = beginning(span, datetime.now().astimezone()) if span else None
    return Wanted(user or "", what or "", text or "", since, source=source or "")


def beginning(span: str, now: datetime) -> datetime:
    """The first moment of the days named, today among them.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    >>> beginning("近7天", now).isoformat(), beginning("本月", now).isoformat()
    ('2026-11-14T00:00:00+00:00', '2026-11-01T00:00:00+00:00')
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if span == MONTH:
        return midnight.replace(day=1)
    return midnight - timedelta(days=DAYS[span] - 1)


def _first_page() -> None:
    st.session_state[_PAGE] = 0


def _draw_entry(assistant: Assistant, entry: Entry, asked: str) -> None:
    what = ("评测·" if entry.is_evaluation else "") + WHAT.get(entry.what, entry.what)
    shown = label(clipped(str(entry.told.get("question") or asked or _subject(entry)), 60))
    head = f":gray[{label(moment(entry.at))}] {label(entry.user)} **{what}** {shown}"
    with st.expander(head, key=f"entry-{entry.seq}"):
        st.html(facts_html(_facts(entry)))
        if sql := entry.told.get("sql"):
            st.code(str(sql), language="sql", wrap_lines=True)
        if diff := entry.told.get("diff"):
            st.code(str(diff), language="diff", wrap_lines=True)
        if entry.what == "answer":
            draw_replay(assistant, entry.answer_id)


def _subject(entry: Entry) -> str:
    if entry.what == "edit":
        name = entry.told.get("metric") or entry.told.get("dimension", "")
        return f"{name}({entry.told.get('file', '')})"
    return "(由点击得到的查询)" if entry.what != "export" else ""


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    told = entry.told
    rows = told.get("row_count")
    yield "序号", f"第{entry.seq}条"
    yield "代码", str(told.get("code") or "")
    yield "格式", str(told.get("format") or "").upper()
    yield "数据范围", str(told.get("scope") or "")
    yield "日期", str(told.get("as_of") or "")
    yield "行数", "" if rows is None else f"{rows:,}"
    yield "会话", f"{told['session']},第{told.get('turn')}轮" if told.get("session") else ""
    yield "答案编号", entry.answer_id
    yield "快照", str(told.get("snapshot") or "")
    yield "口径指纹", str(told.get("manifest") or told.get("manifest_after") or "")
    yield "链上指纹", entry.hash


def _draw_pages(page: int, count: int) -> None:
    last = (count - 1) // AT_ONCE
    with st.container(key="audit-pages", horizontal=True, vertical_alignment="center"):
        st.html(paragraph(f"共{count:,}条,第{page + 1}/{last + 1}页", "ws-note"))
        for name, to in (("上一页", page - 1), ("下一页", page + 1)):
            st.button(
                name, key=f"audit-{to > page}", disabled=not 0 <= to <= last,
                on_click=st.session_state.__setitem__, args=(_PAGE, to),
            )  # fmt: skip
