"""分析步骤: every query of an analysis stands beneath its answer."""

from __future__ import annotations

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from assistant.agent.step import Step
from tests.ui.page.conftest import PATIENCE_S
from tests.ui.page.written_answers import BRANCH, NEW, bars

OCTOBER = Step(
    reading="2026年10月 · 按分行 · 新增客户数",
    canonical="",
    query={},
    sql="SELECT branch, new FROM october",
    columns=(BRANCH, NEW),
    rows=(("银川分行", 82), ("西吉分行", 3)),
    totals={"new": 85},
    headline="2026年10月全行新增客户数85户。",
)


def drawn(steps: tuple[Step, ...]) -> AppTest:
    def page() -> None:
        import streamlit as st

        from ui.page.analysis import draw_steps

        draw_steps(st.session_state["answer"])

    opened = AppTest.from_function(page, default_timeout=PATIENCE_S)
    opened.session_state["answer"] = replace(bars((("银川分行", 82),)), steps=steps)
    return opened.run()


def test_each_step_shows_reading_sentence_rows_and_sql():
    page = drawn((OCTOBER, replace(OCTOBER, reading="2026年9月 · 新增客户数", sql="SELECT 1")))
    assert not page.exception
    assert [expander.label for expander in page.expander] == ["分析步骤(2步)"]
    text = "\n".join(str(element.proto.body) for element in page.get("html"))
    assert "1. 2026年10月 · 按分行 · 新增客户数" in text
    assert "2. 2026年9月 · 新增客户数" in text
    assert "全行新增客户数85户" in text
    assert "西吉分行" in text
    assert [code.value for code in page.code] == [OCTOBER.sql, "SELECT 1"]


def test_an_answer_of_one_query_has_no_steps():
    assert not drawn(()).expander
