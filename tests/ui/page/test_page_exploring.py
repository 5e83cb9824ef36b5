"""Exploring an answer in a real browser, by clicks alone; numbers are those of hand-written SQL."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.ui.page.conftest import Visit
from tests.ui.page.test_page_browser import QUESTION, STILL, ask, table

pytestmark = pytest.mark.browser
OPENED = (
    "select {group}, count(distinct c.customer_id) from dim_customer c join dim_org o using (org_id) "
    "where {where} group by 1"
)
FIRST_BAR = """() => {
  const canvas = document.querySelector(".st-key-chart canvas");
  if (!canvas) return null;
  const frame = canvas.getBoundingClientRect(), scale = canvas.height / frame.height;
  const left = Math.round(canvas.width * 0.3);
  const {data} = canvas.getContext("2d").getImageData(left, 0, 1, canvas.height);
  let thick = 0;
  for (let at = 0; at < canvas.height; at += 1) {
    const [red, green, blue, seen] = data.subarray(4 * at, 4 * at + 4);
    const isColoured = seen > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40;
    thick = isColoured ? thick + 1 : 0;
    if (thick >= 6 * scale) return {x: frame.x + left / scale, y: frame.y + at / scale};
  }
  return null;
}"""
"""Where a bar begins at three tenths of the width: colour all over at least six pixels."""


def by_hand(bank: Path, where: str, group: str = "o.branch") -> dict[str, int]:
    with duckdb.connect(str(bank), read_only=True) as connection:
        return dict(connection.execute(OPENED.format(group=group, where=where)).fetchall())


def shown(page: Any, column: int = 1) -> dict[str, int]:
    """First column → a figure, without noughts."""
    rows = ((row[0], int(row[column].replace(",", ""))) for row in table(page))
    return {name: number for name, number in rows if number}


def says(page: Any, text: str) -> None:
    """Until the reading of the answer holds the words, and the rest is drawn."""
    page.locator(".st-key-reading .reading", has_text=text).wait_for()
    page.wait_for_selector(STILL)


def pick(page: Any, name: str) -> None:
    """Chooses a row from the list above the figures."""
    page.locator(".st-key-drill input").fill(name)
    page.locator("div[role=option]", has_text=name).first.click()


def click_first_bar(page: Any) -> None:
    """The first from the top of the chart, once it is drawn."""
    place = page.wait_for_function(FIRST_BAR).json_value()
    page.mouse.click(place["x"], place["y"])
    page.wait_for_selector("[class*=st-key-move-]")


def last_quarter(page: Any) -> None:
    """Another time, by its chip."""
    page.locator(".st-key-chip-time button").first.click()
    page.locator("[class*=st-key-rows-time] button", has_text="上季度").click()
    says(page, "2026年三季度")


def down(page: Any, branch: str) -> None:
    """From the branch that is picked to its own."""
    page.locator(".st-key-drill button", has_text="看各支行").click()
    says(page, f"分行为{branch}")


def compared(page: Any) -> dict[str, int]:
    """同比 by its switch; the figures of a year before."""
    page.locator(".st-key-switches button", has_text="同比").click()
    says(page, "同比")
    return shown(page, 2)


def test_a_chip_edited_in_place_gives_the_new_number(visit: Visit, demo_small: Path):
    page = visit()
    ask(page, QUESTION)
    last_quarter(page)
    expected = by_hand(demo_small, "c.open_date between '2026-07-01' and '2026-09-30'")
    assert shown(page) == expected
    assert page.locator(".ws-asked").count() == 1
    assert page.locator(".st-key-chip-time").inner_text().startswith("时间 2026年三季度")


def test_a_click_on_a_bar_leads_down_and_a_step_leads_back(visit: Visit, demo_small: Path):
    october = "c.open_date between '2026-10-01' and '2026-10-31'"
    page = visit()
    ask(page, QUESTION)
    page.wait_for_selector(".st-key-chart canvas")
    first = table(page)[0][0]
    click_first_bar(page)
    down(page, first)
    lower = by_hand(demo_small, f"{october} and o.branch = '{first}'", "o.sub_branch")
    assert shown(page) == lower
    page.locator(".st-key-step-1 button").click()
    page.wait_for_selector(".st-key-path", state="detached")
    page.locator(".st-key-reading .reading", has_text="按支行").wait_for(state="detached")
    page.locator(".st-key-table th", has_text=re.compile("^分行")).wait_for()
    page.wait_for_function("![...document.querySelectorAll('[data-stale=true]')].length")
    assert shown(page) == by_hand(demo_small, october)


def test_a_switch_compares_and_a_question_goes_on_from_there(visit: Visit, demo_small: Path):
    page = visit()
    ask(page, QUESTION)
    before = by_hand(demo_small, "c.open_date between '2025-10-01' and '2025-10-31'")
    assert compared(page) == before
    pick(page, "银川分行")
    down(page, "银川分行")
    ask(page, "9月呢")
    says(page, "按支行")
    september = "c.open_date between '2026-09-01' and '2026-09-30' and o.branch = '银川分行'"
    assert shown(page) == by_hand(demo_small, september, "o.sub_branch")


def test_members_to_filter_by_are_those_in_sight(visit: Visit):
    page = visit()
    page.locator(".st-key-user input").fill("银川行长")
    page.locator("div[role=option]", has_text="银川行长").click()
    page.locator(".ws-note", has_text="仅银川分行").wait_for()
    ask(page, "上个月新增客户数是多少")
    page.locator(".st-key-chip-narrow button").first.click()
    page.locator("[class*=st-key-narrow-by] input").fill("支行")
    page.locator("div[role=option]", has_text="支行").first.click()
    page.locator("[class*=st-key-narrow-sub_branch] input").click()
    page.locator("div[role=option]", has_text="兴庆支行").wait_for()
    offered = page.locator("div[role=option]").all_inner_texts()
    assert not {"宁波分行", "吴忠分行"} & set(offered)
    page.locator("div[role=option]", has_text="兴庆支行").click()
    page.locator("button", has_text="应用").click()
    says(page, "支行为兴庆支行")
