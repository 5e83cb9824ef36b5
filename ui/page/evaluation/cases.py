"""The cases that are not right: what was asked, expected and got, side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from evals.case import Verdict
from evals.kept import KeptCase, KeptRun
from ui.page.evaluation.html import (
    facts_html,
    in_order_of,
    outcome_text,
    reason_text,
    rows_html,
)
from ui.page.literal import label, paragraph

AT_ONCE = 20
_KINDS: dict[str, tuple[Verdict, ...]] = {
    "错和弃答": ("wrong", "abstained"), "错": ("wrong",), "弃答": ("abstained",), "对": ("right",),
}  # fmt: skip
_WORDS: dict[Verdict, str] = {"right": "对", "wrong": "错", "abstained": "弃答"}
_COLOURS: dict[Verdict, str] = {"right": "green", "wrong": "red", "abstained": "gray"}


def draw_cases(run: KeptRun) -> None:
    """A filter, and each case to open."""
    kinds = [kind for kind, verdicts in _KINDS.items() if run.of(*verdicts)]
    if not kinds:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        kind = st.segmented_control(
            "哪些题", kinds, default=kinds[0], key=f"cases-kind-{run.head.id}",
            label_visibility="collapsed", required=True,
        )  # fmt: skip
        text = st.text_input(
            "找题", key=f"cases-find-{run.head.id}", placeholder="找题:编号、问题、业务域、原因",
            label_visibility="collapsed",
        )  # fmt: skip
    found = cases_like(run.of(*_KINDS[kind or kinds[0]]), text)
    if not found:
        st.html(paragraph("没有这样的题", "ws-note"))
    for case in found[:AT_ONCE]:
        _draw_case(case)
    if len(found) > AT_ONCE:
        st.html(paragraph(f"共{len(found)}题,这里是前{AT_ONCE}题;再输入几个字来找", "ws-note"))


def cases_like(cases: Sequence[KeptCase], text: str) -> tuple[KeptCase, ...]:
    """The cases with the text in id, question, domain or reason; wrong ones first."""
    wanted = text.strip().casefold()
    found = [
        case
        for case in cases
        if wanted in f"{case.id}\n{case.ask}\n{case.domain}\n{case.shape}\n{case.reason}".casefold()
    ]
    return tuple(sorted(found, key=lambda case: case.verdict != "wrong"))


def _draw_case(case: KeptCase) -> None:
    mark = f":{_COLOURS[case.verdict]}[{_WORDS[case.verdict]}]"
    with st.expander(f"{mark} {label(case.ask)} :gray[{label(case.id)}]"):
        if case.reason:
            st.html(paragraph(reason_text(case), "ws-why"))
        if case.cause and case.cause != case.id:
            st.html(paragraph(f"由 {case.cause} 而来", "ws-note"))
        left, right = st.columns(2, gap="large")
        with left:
            _draw_expected(case)
        with right:
            _draw_got(case)


def _draw_expected(case: KeptCase) -> None:
    wanted = facts_html([("结局", outcome_text(case.wanted, case.wanted_codes))])
    st.html('<h4 class="ws-part">期望</h4>' + wanted)
    got = case.beside.got if case.beside else None
    several = len(case.golds) > 1
    for number, (sql, words) in enumerate(zip(case.golds, case.must_state, strict=True)):
        if several:
            st.html(paragraph(f"可接受的读法{number + 1}", "ws-note"))
        if case.beside and number < len(case.beside.expected):
            st.html(rows_html(in_order_of(case.beside.expected[number], got), got))
        if words:
            st.html(facts_html([("必须说明", "、".join(words))]))
        st.code(sql, language="sql", wrap_lines=True)
    st.html(facts_html(_facts(case)))


def _facts(case: KeptCase) -> list[tuple[str, str]]:
    return [
        ("业务域", f"{case.domain} · {case.shape}"),
        ("用户", case.user),
        ("需求", "、".join(case.requirement)),
        ("出处", case.place),
    ]


def _draw_got(case: KeptCase) -> None:
    st.html(
        '<h4 class="ws-part">得到</h4>'
        + facts_html([("结局", outcome_text(case.outcome, (case.code,)))])
    )
    if case.beside and case.beside.got:
        expected = case.beside.expected[0] if len(case.beside.expected) == 1 else None
        st.html(rows_html(case.beside.got, expected))
    st.html(facts_html([("理解" if case.sql else "说法", case.reading)]))
    if case.sql:
        st.code(case.sql, language="sql", wrap_lines=True)
    sure = "" if case.confidence is None else f"{case.confidence:.2f}"
    st.html(facts_html([("置信度", sure), ("用时", f"{case.milliseconds:,.0f}毫秒")]))
