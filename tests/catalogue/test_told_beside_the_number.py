"""What a reader would otherwise take wrongly stands beside the number."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from assistant.answer import Answer
from assistant.project import Assistant


def codes(answer: Answer) -> set[str]:
    return {warning.code for warning in answer.warnings}


@pytest.mark.parametrize("question", ["平均理赔时效最长的险种", "NPS最高的分行"])
def test_nobody_is_the_first_where_most_are_too_few(
    small_assistant: Assistant, question: str
) -> None:
    answer = small_assistant.ask(question)
    assert "样本不足" in (answer.headline or "")
    assert not any(str(row[0]) in (answer.headline or "") for row in answer.rows)


def test_a_ranking_of_enough_cases_has_a_first_one(small_assistant: Assistant) -> None:
    assert "样本不足" not in (small_assistant.ask("不良率最高的分行").headline or "")


def test_the_target_of_a_year_is_that_of_its_end(small_assistant: Assistant) -> None:
    asked = small_assistant.ask("全年存款目标")
    assert asked.code == "no_data_yet", asked.headline
    assert "2026年12月末" in (asked.message or "")
    assert small_assistant.ask("10月末存款目标").outcome == "answer"
    assert small_assistant.ask("2025年存款目标").outcome == "answer"
    assert small_assistant.ask("2026年各月存款目标").outcome == "answer"


def test_days_off_are_named(small_assistant: Assistant) -> None:
    answer = small_assistant.ask("10月节假日交易金额")
    assert "法定节假日和双休日" in (answer.reading or "")
    assert "法定节假日和双休日" in (answer.headline or "")


def test_people_in_several_groups_are_told(small_assistant: Assistant) -> None:
    shares = small_assistant.ask("今年各活动形式转化人数占比")
    assert sum(row[2] for row in shares.rows) > 1
    [told] = [w.message for w in shares.warnings if w.code == "overlapping"]
    assert "超过100%" in told
    assert "overlapping" not in codes(small_assistant.ask("10月末各客户等级客户数占比"))
    assert "overlapping" not in codes(small_assistant.ask("10月末各产品类型存款占比"))


def test_a_rate_of_all_beyond_every_group_is_told(small_assistant: Assistant) -> None:
    answer = small_assistant.ask("今年各渠道营销转化率")
    values = [row[1] for row in answer.rows]
    beyond = not min(values) <= answer.totals["cvr"] <= max(values)
    assert beyond == ("overlapping" in codes(answer))
    assert beyond


def test_a_stock_over_years_says_since_when_there_is_data(small_assistant: Assistant) -> None:
    assert "partial_history" in codes(small_assistant.ask("近五年存款"))
    assert "partial_history" not in codes(small_assistant.ask("2024年末存款"))
    assert "partial_history" not in codes(small_assistant.ask("近一年存款"))


def test_a_day_before_the_log_knows_all_of_the_month_before(small_assistant: Assistant) -> None:
    """The log of 客户 has one row, of 11月19日: on 11月1日 all of October was in."""
    day = dt.date(2026, 11, 1)
    answer = small_assistant.ask("上个月新增客户数", as_of=day)
    assert "incomplete_period" not in codes(answer)
    assert answer.periods[0].end == dt.date(2026, 10, 31)


def test_metrics_side_by_side_say_that_they_end_together(small_assistant: Assistant) -> None:
    [told] = [
        w.message
        for w in small_assistant.ask("今年车险新单保费和赔付率").warnings
        if w.code == "common_end"
    ]
    assert "一并统计到2026年10月31日" in told
    assert "common_end" not in codes(small_assistant.ask("10月新单保费和赔付率"))
    assert "common_end" not in codes(small_assistant.ask("今年新单保费"))


def test_no_column_of_the_database_stands_in_a_definition(small_assistant: Assistant) -> None:
    cards = small_assistant.catalogue("metrics")
    assert cards
    for card in cards:
        words = re.sub("deposit|loan_bal|aum|new_cust|App", "", str(card["formula"]))
        assert not re.search("[a-z]{2,}|见说明", words), card["formula"]


def test_formulas_read_as_words(small_assistant: Assistant) -> None:
    told = {card["id"]: card["formula"] for card in small_assistant.catalogue("metrics")}
    assert told["valid_cust"] == (
        "“客户月宽表”的客户号去重计数;条件:客户状态为正常且月日均AUM≥1,000;"
        "时点数,取期间最后一个快照"
    )
    assert told["mau"] == "“客户月宽表”的客户号去重计数;条件:当月活跃"
