"""The page 评测: start a suite, the runs so far, one of them in full."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.duties import has_duty, lacking
from evals.figures import SLICES, rates, slices, times
from evals.kept import Head, KeptRun
from evals.store import RunStore
from ui.page.evaluation.cases import draw_cases
from ui.page.evaluation.comparison import draw_comparison
from ui.page.evaluation.html import (
    counts_html,
    facts_html,
    moment,
    rates_html,
    slices_html,
    times_html,
)
from ui.page.evaluation.running import track_of
from ui.page.evaluation.start import draw_start
from ui.page.literal import label, paragraph
from ui.page.visit import Visit

MOST_LISTED = 40
INSTEAD = "不能查看评测:评测结果里有全部数据的数字"
PARTS = ("题目", "分组", "比较", "用时", "清单")
_FACTS = {
    "planner": "读问题的方式", "as_of": "日期", "data_size": "数据规模", "data_as_of": "数据到",
    "data_row_hash": "数据指纹", "catalog": "口径", "suite_hash": "套件指纹", "versions": "版本",
    "python": "Python", "machine": "机器",
}  # fmt: skip


def draw_evaluation(visit: Visit) -> None:
    """Only for evaluators: the cases show figures of the whole data."""
    principal = visit.assistant.settings.user(visit.user)
    if not has_duty(principal, "evaluator"):
        st.html(paragraph(lacking(principal, "evaluator", INSTEAD) + "。", "ws-headline refusal"))
        return
    if visit.found is None:
        return
    store = RunStore.beside(visit.assistant.state_file)
    with st.container(key="evaluation"):
        draw_start(visit, track_of(visit.assistant))
        heads = store.heads()
        if not heads:
            st.html(paragraph("还没有评测过。选一个套件,点“开始评测”;"
                              "命令行 wenshu eval 的结果也会列在这里。", "ws-note"))  # fmt: skip
            return
        chosen = _chosen(heads)
        left, right = st.columns([10, 31], gap="large")
        with left:
            _draw_list(heads, chosen)
        with right:
            _draw_run(_read(store, str(visit.assistant.state_file), chosen.id), heads, store)


def _chosen(heads: Sequence[Head]) -> Head:
    """The run that the address names, else the newest."""
    wanted = str(st.query_params.get("run", ""))
    return next((head for head in heads if head.id == wanted), heads[0])


@st.cache_resource(show_spinner=False, max_entries=16)
def _read(_store: RunStore, state_file: str, run_id: str) -> KeptRun | None:
    """A kept run never changes."""
    return _store.read(run_id)


def _draw_list(heads: Sequence[Head], chosen: Head) -> None:
    suites = sorted({head.suite for head in heads})
    only = ""
    if len(suites) > 1:
        titles = {head.suite: head.title for head in reversed(heads)}
        only = st.selectbox(
            "看哪个套件", ("", *suites), key="runs-of", label_visibility="collapsed",
            format_func=lambda s: titles.get(s, "全部套件"),
        ) or ""  # fmt: skip
    shown = [head for head in heads if not only or head.suite == only]
    for head in shown[:MOST_LISTED]:
        state = "chosen" if head.id == chosen.id else "pick"
        st.button(
            _line(head), key=f"{state}-run-{head.id}", type="tertiary", width="stretch",
            on_click=_choose, args=(head.id,),
        )  # fmt: skip
    if len(shown) > MOST_LISTED:
        st.html(paragraph(f"共{len(shown)}次,这里是最近{MOST_LISTED}次", "ws-note"))


def _line(head: Head) -> str:
    wrong = f":red[错 {head.wrong}]" if head.wrong else ":green[无错]"
    return f"{label(head.title)} {wrong} :gray[{label(moment(head)[5:])}]"


def _choose(run_id: str) -> None:
    st.query_params["run"] = run_id


def _draw_run(run: KeptRun | None, heads: Sequence[Head], store: RunStore) -> None:
    if run is None:
        st.html(paragraph("这一次的结果读不出来", "ws-headline error"))
        return
    head = run.head
    by = head.user or "命令行"
    st.html(
        paragraph(head.title, "ws-headline")
        + paragraph(f"{moment(head)},{by},{head.total}题,用时{head.seconds:,.0f}秒", "ws-source")
    )
    if head.leaks:
        told = f"有{head.leaks}题让用户看到了权限以外的内容,必须先处理"
        st.html(paragraph(told, "ws-headline error"))
    with st.container(key="run-figures", horizontal=True, vertical_alignment="center", gap="large"):
        st.html(counts_html(head))
        st.html(rates_html(rates(head)))
    part = st.segmented_control(
        "看什么", PARTS, default=PARTS[0], key="run-part", label_visibility="collapsed",
        required=True,
    )  # fmt: skip
    _draw_part(part or PARTS[0], run, heads, store)


def _draw_part(part: str, run: KeptRun, heads: Sequence[Head], store: RunStore) -> None:
    if part == "题目":
        draw_cases(run)
    elif part == "分组":
        by = st.segmented_control("按", tuple(SLICES), default="业务域", key="slice-by",
                                  label_visibility="collapsed", required=True)  # fmt: skip
        found = slices(run.cases, by or "业务域")
        st.html(slices_html(by or "业务域", found))
    elif part == "比较":
        draw_comparison(run, heads, store)
    elif part == "用时":
        st.html(times_html(times(run.cases)))
    else:
        setting = run.head.setting
        st.html(facts_html((name, setting.get(key, "")) for key, name in _FACTS.items()))
