"""A beginner, an analyst and a branch manager at work in a real browser, from end to end.

The owner is in test_page_editing, the evaluator in test_page_evaluation.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.ui.page.conftest import ASK, Visit
from tests.ui.page.test_page_browser import STILL, ask, settle, table
from tests.ui.page.test_page_exploring import (
    by_hand,
    click_first_bar,
    compared,
    down,
    last_quarter,
    says,
    shown,
)

pytestmark = pytest.mark.browser
OCTOBER = "c.open_date between '2026-10-01' and '2026-10-31'"
SEPTEMBER = "c.open_date between '2026-09-01' and '2026-09-30'"


def test_a_beginner_clicks_a_suggestion_drills_down_and_takes_the_file(
    visit: Visit, demo_small: Path, tmp_path: Path
):
    page = visit()
    page.locator(".st-key-starter-1 button").click()
    settle(page, 1)
    page.wait_for_selector(".st-key-chart canvas")
    assert shown(page) == by_hand(demo_small, OCTOBER)
    first = table(page)[0][0]
    click_first_bar(page)
    down(page, first)
    lower = by_hand(demo_small, f"{OCTOBER} and o.branch = '{first}'", "o.sub_branch")
    assert shown(page) == lower
    with page.expect_download() as waiting:
        page.locator(".st-key-xlsx button").click()
    waiting.value.save_as(tmp_path / "answer.xlsx")
    rows = [
        [c.value for c in row] for row in openpyxl.load_workbook(tmp_path / "answer.xlsx")["数据"]
    ]
    assert {name: count for name, count, *_ in rows[1:-1] if count} == lower
    assert rows[-1][:2] == ["合计", sum(lower.values())]


def test_an_analyst_compares_asks_on_and_sends_a_link_that_shows_a_manager_other_numbers(
    visit: Visit, demo_small: Path
):
    page = visit()
    ask(page, "上个月各分行新增客户数是多少")
    last_quarter(page)
    before = by_hand(demo_small, "c.open_date between '2025-07-01' and '2025-09-30'")
    assert compared(page) == before
    ask(page, "9月呢")
    says(page, "2026年9月")
    everywhere = by_hand(demo_small, SEPTEMBER)
    assert shown(page) == everywhere
    page.locator("[class*=st-key-share-] button").last.click()
    page.locator("[class*=st-key-make-link] button").last.click()
    link = page.locator("[data-testid=stPopoverBody] code").inner_text()

    manager = visit()
    manager.goto(link)
    settle(manager, 1)
    assert shown(manager) == everywhere
    pick_user(manager, "银川行长")
    manager.locator(".st-key-answer .ws-headline", has_text="仅银川分行,非全行合计").wait_for()
    manager.wait_for_selector(STILL)
    own = {"银川分行": everywhere["银川分行"]}
    assert shown(manager) == own != everywhere
    assert "按您的权限" in manager.locator(".ws-from").inner_text()
    manager.reload()
    settle(manager, 1)
    assert manager.locator(".st-key-user input").input_value() == "银川行长"
    assert shown(manager) == own


def pick_user(page: Any, name: str) -> None:
    page.locator(".st-key-user input").fill(name)
    page.locator("div[role=option]", has_text=name).click()
    page.locator("[data-testid=stSidebar] .ws-note", has_text="仅银川分行").wait_for()


def test_a_page_opened_by_its_address_asks_for_nothing_that_is_not_there(visit: Visit):
    page = visit()
    address = page.url
    for path, part in {
        "catalogue?metrics=npl_rate": ".st-key-entry h3",
        "editing?dimensions=channel_group": ".st-key-lines textarea",
        "evaluation": ".ws-heading",
        "operation": ".ws-heading",
        "ask": ASK,
    }.items():
        page.goto(address + path)
        page.wait_for_selector(part)
