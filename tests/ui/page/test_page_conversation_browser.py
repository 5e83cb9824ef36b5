"""Conversations in a real browser: completed while typed, found again, shared, judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from tests.ui.page.conftest import ASK, Visit
from tests.ui.page.test_page_browser import QUESTION, ask, settle

pytestmark = pytest.mark.browser
OFFER = "#ws-offer li"


def opened(page: Any, title: str) -> Any:
    return page.locator("[class*=st-key-open-] button", has_text=title)


def menu(page: Any, choice: str) -> None:
    """Chooses from the menu of the conversation that is shown."""
    page.locator("[class*=st-key-current-] [class*=st-key-menu-] button").click()
    page.get_by_role("menuitem", name=choice).click()


def left(page: Any, question: str) -> str:
    """Asks, then begins a new conversation; what was answered."""
    ask(page, question)
    told: str = page.locator(".st-key-answer .ws-headline").inner_text()
    page.locator(".st-key-new-chat button").click()
    page.wait_for_selector(".ws-welcome")
    return told


def test_a_name_is_completed_with_the_keyboard(visit: Visit):
    page = visit()
    page.wait_for_function("window.wenshuOffer && window.wenshuOffer.offers('新增客').length > 0")
    box = page.locator(ASK)
    box.press_sequentially("上个月新增客")
    page.locator(OFFER, has_text="新增客户数").first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_function(f"document.querySelector('{ASK}').value === '上个月新增客户数'")
    assert not page.locator("#ws-offer").is_visible()
    box.press("Enter")
    settle(page, 1)
    assert "新增客户数" in page.locator(".st-key-answer .ws-headline").inner_text()


def test_options_show_their_numbers_and_the_one_chosen_is_answered(visit: Visit):
    page = visit()
    ask(page, "余额是多少")
    number = page.locator(".st-key-choice-1 .ws-option-number").inner_text()
    page.locator(".st-key-option-1 button").click()
    settle(page, 2)
    assert number in page.locator(".st-key-answer .ws-headline").inner_text()


def test_an_earlier_conversation_is_found_asked_again_renamed_and_deleted(visit: Visit):
    page = visit()
    told = left(page, "2026年3月新增客户数是多少")
    opened(page, "2026年3月").click()
    page.wait_for_selector(".ws-banner")
    settle(page, 1)
    assert page.locator(".st-key-answer .ws-headline").inner_text() == told
    menu(page, "改名")
    page.locator(".st-key-new-title input").fill("三月周报")
    page.locator(".st-key-new-title input").press("Enter")
    page.locator(".st-key-save-title button").click()
    opened(page, "三月周报").wait_for()
    menu(page, "删除")
    page.locator(".st-key-delete-past button").click()
    page.wait_for_selector(".ws-welcome")
    opened(page, "三月周报").wait_for(state="detached")


def test_back_leads_to_the_conversation_before(visit: Visit):
    page = visit()
    told = left(page, "2026年3月新增客户数是多少")
    ask(page, "2026年2月新增客户数是多少")
    page.go_back()
    page.wait_for_selector(".ws-welcome")
    page.go_back()
    settle(page, 1)
    assert page.locator(".st-key-answer .ws-headline").inner_text() == told
    page.go_forward()
    page.wait_for_selector(".ws-welcome")


def test_a_thumb_and_its_reason_are_kept(visit: Visit, page_project: Path):
    page = visit()
    ask(page, QUESTION)
    page.locator("[class*=st-key-thumbs-] button").last.click()
    page.get_by_text("口径不合适").click()
    page.get_by_role("button", name="提交").click()
    page.get_by_text("谢谢").wait_for()
    assistant = Assistant.open(page_project, environment={})
    kept = (
        assistant.store()
        .history("")
        .ledger.read(
            lambda state: state.execute(
                "SELECT verdict, comment FROM feedback ORDER BY id"
            ).fetchall()
        )
    )
    assistant.close()
    assert [tuple(row) for row in kept[-2:]] == [("wrong", ""), ("wrong", "口径不合适")]
