"""Exploring an answer without a browser: what clicks leave on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import ui
from assistant.answer import Answer
from tests.ui.page.conftest import PATIENCE_S
from tests.ui.page.test_page_runs import ask, shown
from ui.page.explore.change import changed_turn
from ui.page.session import Turn

APP = Path(ui.__file__).with_name("app.py")
BY_BRANCH = "上个月各分行新增客户数是多少"


@pytest.fixture
def page(page_project: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("WENSHU_PROJECT", str(page_project))
    return AppTest.from_file(str(APP), default_timeout=PATIENCE_S).run()


def pick(page: AppTest, row: int) -> AppTest:
    """Chooses a row from the list above the figures."""
    picker = next(box for box in page.selectbox if (box.key or "").startswith("row-"))
    return picker.set_value(row).run()


def click(page: AppTest, label: str) -> str:
    return shown(next(button for button in page.button if button.label == label).click().run())


def chat(page: AppTest) -> list[Turn]:
    found: list[Turn] = page.session_state["chat"].turns
    return found


def test_a_click_changes_the_answer_and_a_step_leads_back(page: AppTest):
    ask(page, BY_BRANCH)
    first = chat(page)[0].answer
    click(pick(page, 0), "看各支行")
    (turn,) = chat(page)
    assert [step.label for step in turn.steps] == [BY_BRANCH, f"{first.rows[0][0]}各支行"]
    assert f"{first.rows[0][0]}" in (turn.answer.headline or "")
    assert shown(page.run()).count("ws-asked") == 1
    click(page, "上一步")
    assert chat(page)[0].answer.rows == first.rows
    assert len(chat(page)[0].steps) == 1


def test_only_the_latest_answer_can_be_changed(page: AppTest):
    ask(page, BY_BRANCH)
    ask(page, "个人存款余额是多少")
    assert not any((box.key or "").startswith("row-") for box in page.selectbox)


def test_a_single_number_shows_how_it_has_changed(page: AppTest):
    text = ask(page, "个人存款余额是多少")
    assert "同比<small>2025年10月末" in text
    assert "较年初<small>2025年12月末" in text
    assert "compare" not in (chat(page)[0].answer.query or {})


def test_questions_back_and_refusals_have_nothing_to_click_through(page: AppTest):
    ask(page, "余额是多少")
    assert not page.session_state["chat"].turns[0].steps
    assert not any((box.key or "").startswith("row-") for box in page.selectbox)


def test_a_click_that_leads_nowhere_leaves_the_answer(page: AppTest):
    ask(page, BY_BRANCH)
    turn = chat(page)[0]
    failed = changed_turn(turn, Answer(code="timeout", message="查询超时。"), "看各支行")
    assert (failed.answer, failed.complaint) == (turn.answer, "查询超时。")
    page.session_state["chat"].turns[0] = failed
    assert "刚才的一步没有做成:查询超时。" in shown(page.run())
