"""Zero is only answered where there could have been something."""

from __future__ import annotations

import duckdb
import pytest

from assistant.project import Assistant


@pytest.mark.parametrize(
    "question",
    [
        "股票交易额",
        "信用卡交易金额",
        "白金卡客户的存款余额",
        "保险手续费",
        "证券交易金额",
        "商务卡客户的贷款余额",
        "各分行股票交易额",
    ],
)
def test_rows_that_never_exist_are_not_answered_with_zero(
    small_assistant: Assistant, question: str
) -> None:
    answer = small_assistant.ask(question)
    assert answer.code == "value_not_in_data", answer.headline
    assert "从来没有" in (answer.message or "")
    assert not answer.rows
    for option in answer.options:
        assert small_assistant.run(option.query).outcome == "answer"


def test_customers_with_a_housing_loan_have_deposits(
    small_assistant: Assistant, small_bank: duckdb.DuckDBPyConnection
) -> None:
    (expected,) = small_bank.execute(
        "SELECT sum(end_balance) FROM fact_balance WHERE month_end = '2026-10-31' "
        "AND product_line = '存款' AND customer_id IN (SELECT customer_id FROM fact_loan_month "
        "JOIN dim_product USING (product_id) WHERE month_end = '2026-10-31' AND balance > 0 "
        "AND product_type = '个人住房贷款')"
    ).fetchone()
    assert small_assistant.ask("房贷客户的存款余额").rows[0][0] == expected


@pytest.mark.parametrize(
    "question", ["10月掌政分理处新增客户数", "2026年10月3日矿务街分理处交易笔数"]
)
def test_an_outlet_without_business_is_told_as_it_is(
    small_assistant: Assistant, question: str
) -> None:
    assert small_assistant.ask(question).code != "value_not_in_data"


def test_an_outlet_of_another_branch_contradicts_the_branch(small_assistant: Assistant) -> None:
    for question in ("西安分行五一路支行营业部10月末存款余额", "西安分行五一路支行10月交易金额"):
        answer = small_assistant.ask(question)
        assert answer.code == "contradictory_filter", answer.headline
        assert "西安分行" in (answer.message or "")
        assert "五一路支行" in (answer.message or "")
    assert small_assistant.ask("银川分行五一路支行营业部10月末存款余额").outcome == "answer"
