"""The page in a real browser, as `wenshu serve` serves it."""

from __future__ import annotations

import csv
import json
import urllib.request
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.ui.page.conftest import ASK, Visit

pytestmark = pytest.mark.browser
STILL = "[data-test-script-state=notRunning]"
"""Nothing more is drawn."""
QUESTION = "上个月各分行新增客户数是多少"


def ask(page: Any, text: str) -> None:
    asked = page.locator(".ws-asked").count()
    page.locator(ASK).fill(text)
    page.locator(ASK).press("Enter")
    settle(page, asked + 1)


def settle(page: Any, turns: int) -> None:
    """Until so many questions are on the page, and all of the last one's answer."""
    page.wait_for_function(
        f"document.querySelectorAll('.ws-asked').length === {turns}"
        " && !document.querySelector('[data-testid=stSpinner]')"
        " && document.querySelector('.st-key-answer .ws-headline')"
        f" && document.querySelector('{STILL}')"
    )


def table(page: Any) -> list[list[str]]:
    rows = page.locator(".st-key-table tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


def test_the_server_says_that_it_is_well(page_address: str):
    with urllib.request.urlopen(f"{page_address}/healthz") as answered:
        assert json.load(answered) == {"status": "ok"}


def test_a_question_gets_the_numbers_of_hand_written_sql(visit: Visit, demo_small: Path):
    with duckdb.connect(str(demo_small), read_only=True) as bank:
        by_hand = dict(
            bank.execute(
                "select o.branch, count(distinct c.customer_id) from dim_customer c "
                "join dim_org o using (org_id) "
                "where c.open_date between '2026-10-01' and '2026-10-31' group by 1"
            ).fetchall()
        )
    page = visit()
    ask(page, QUESTION)
    page.wait_for_selector(".st-key-chart canvas")
    shown = {name: int(number.replace(",", "")) for name, number in table(page)}
    assert {name: number for name, number in shown.items() if number} == by_hand
    assert page.locator(".st-key-table tfoot td").all_inner_texts() == [
        "合计",
        f"{sum(by_hand.values()):,}",
    ]
    assert f"{sum(by_hand.values()):,}户" in page.locator(".st-key-headline").inner_text()
    assert "2026年10月" in page.locator(".st-key-reading").inner_text()


def test_definition_sql_and_file_are_one_click_away(visit: Visit, tmp_path: Path):
    page = visit()
    ask(page, QUESTION)
    page.locator(".st-key-definition summary").click()
    page.locator(".st-key-definition >> text=归口部门").wait_for(state="visible")
    page.locator(".st-key-sql summary").click()
    page.locator(".st-key-sql >> text=COUNT").first.wait_for(state="visible")
    with page.expect_download() as waiting:
        page.locator(".st-key-csv button").click()
    waiting.value.save_as(tmp_path / "answer.csv")
    content = (tmp_path / "answer.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert lines[0] == ["分行", "新增客户数(户)"]
    assert ["问题", QUESTION] in lines


def test_choosing_an_option_goes_on_with_the_conversation(visit: Visit):
    page = visit()
    ask(page, "余额是多少")
    page.locator(".st-key-option-1 button").click()
    settle(page, 2)
    assert "个人存款余额" in page.locator(".st-key-answer .ws-headline").inner_text()
    assert page.locator(".st-key-option-1-1 button").is_disabled()


def test_suggestions_can_be_clicked(visit: Visit):
    page = visit()
    page.locator(".st-key-starter-1 button").click()
    settle(page, 1)
    page.locator(".st-key-suggestion-1 button").click()
    settle(page, 2)
    assert page.locator(".st-key-answer-1").count() == 1


BAD = ("😀😀😀", "问" * 10_000, "<script>document.title='x'</script>", "DROP TABLE dim_customer")


def test_bad_input_leaves_the_conversation_alive(visit: Visit):
    page = visit()
    for text in BAD:
        ask(page, text)
        assert "Traceback" not in page.inner_text("body")
        assert page.title() == "问数"
    ask(page, "上个月新增客户数是多少")
    assert "户" in page.locator(".st-key-answer .ws-headline").inner_text()


def test_blanks_ask_nothing(visit: Visit):
    page = visit()
    for blank in ("", "  "):
        page.locator(ASK).fill(blank)
        page.locator(ASK).press("Enter")
    ask(page, "上个月新增客户数是多少")
    assert page.locator(".ws-asked").count() == 1


def test_two_readers_do_not_see_each_other(visit: Visit):
    first, second = visit(), visit()
    ask(first, QUESTION)
    ask(second, "余额是多少")
    assert first.locator(".st-key-option-1").count() == 0
    assert QUESTION not in second.locator(".st-key-conversation").inner_text()
    ask(first, "1")
    assert "个人存款余额" not in first.locator(".st-key-answer .ws-headline").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_without_moving_sideways(visit: Visit, scheme: str):
    page = visit(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    ask(page, QUESTION)
    page.wait_for_selector(".st-key-chart canvas")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(
        "document.querySelector('[data-testid=stMain]').scrollWidth"
        " <= document.querySelector('[data-testid=stMain]').clientWidth"
    )


def test_the_page_says_that_it_is_chinese(visit: Visit):
    page = visit()
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")


def test_doubtful_and_hidden_numbers_are_signed_on_a_phone(visit: Visit):
    page = visit(viewport={"width": 390, "height": 844})
    ask(page, "按职业看客户数")
    assert ["飞行员", "***"] in table(page)
    ask(page, "10月Android各版本绑卡成功率")
    page.wait_for_selector(".st-key-table td.small sup", state="attached")
    assert "分母过少" in page.locator(".st-key-table .ws-note").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_metric_is_found_by_typing_and_asked_by_a_click(visit: Visit):
    page = visit()
    page.locator(".st-key-find input").fill("绑卡成功率")
    page.locator(".st-key-find input").press("Enter")
    page.locator("[data-testid=stSidebar] button", has_text="绑卡成功率").first.click()
    settle(page, 1)
    assert "绑卡成功率" in page.locator(".st-key-answer .ws-headline").inner_text()
