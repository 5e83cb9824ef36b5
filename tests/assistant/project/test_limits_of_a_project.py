"""The limits of `wenshu.toml` hold for every question, before and while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant import Assistant

BY_SHOP = "上个月各门店销售额"
Opened = Callable[[str], Assistant]


@pytest.fixture
def opened(shop_folder: Path) -> Iterator[Opened]:
    """The tea shops with limits of their own."""
    found: list[Assistant] = []

    def with_limits(limits: str) -> Assistant:
        file = shop_folder / "wenshu.toml"
        file.write_text(f"{file.read_text('utf-8')}\n[limits]\n{limits}\n", "utf-8")
        found.append(Assistant.open(shop_folder, environment={}))
        return found[-1]

    yield with_limits
    for assistant in found:
        assistant.close()


def test_a_question_over_too_many_rows_is_refused_before_it_runs(opened: Opened) -> None:
    answer = opened("max_scan_rows = 1").ask("上个月各门店销售额同比")
    assert (answer.outcome, answer.code, answer.rows) == ("refusal", "too_expensive", ())
    assert answer.message is not None
    assert "请缩小时间范围" in answer.message


def test_rows_beyond_the_cap_are_cut_and_said(opened: Opened) -> None:
    answer = opened("max_result_rows = 1").ask(BY_SHOP)
    assert (len(answer.rows), answer.truncated) == (1, True)
    assert "truncated" in {warning.code for warning in answer.warnings}


def test_twenty_people_ask_at_once_and_each_gets_the_own_answer(shop: Assistant) -> None:
    questions = [BY_SHOP, "上个月销售额", "昨天天气", "上上个月销售额"] * 5
    alone = [shop.ask(question) for question in questions[:4]]
    with ThreadPoolExecutor(20) as pool:
        together = list(pool.map(shop.ask, questions))
    for number, answer in enumerate(together):
        same = alone[number % 4]
        assert (answer.code, answer.rows, answer.sql) == (same.code, same.rows, same.sql)
