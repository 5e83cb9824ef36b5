"""Customers are counted at month end 2026-10-31; who bought in November is not all among them."""

import duckdb
import pytest

from assistant.project import Assistant


@pytest.mark.parametrize("question", ["昨天买了理财的客户数", "11月买过理财的客户数"])
def test_a_count_that_ends_before_its_condition_is_not_shown(
    small_assistant: Assistant, question: str
) -> None:
    answer = small_assistant.ask(question)
    assert (answer.outcome, answer.code) == ("refusal", "no_data_yet")
    assert "新来的不在内,所以不出这个数" in (answer.message or "")
    assert not answer.rows


def test_the_count_of_the_latest_month_is_offered_and_answers(small_assistant: Assistant) -> None:
    (option,) = small_assistant.ask("11月买过理财的客户数").options
    answer = small_assistant.run(option.query)
    assert answer.outcome == "answer"
    assert (answer.headline or "").startswith("截至2026年10月31日")


def test_an_amount_says_who_is_not_in_it(small_assistant: Assistant) -> None:
    answer = small_assistant.ask("昨天买了理财的客户的存款")
    assert answer.outcome == "answer"
    assert "later_condition" in [warning.code for warning in answer.warnings]


def test_a_condition_before_the_snapshot_is_counted(
    small_assistant: Assistant, small_bank: duckdb.DuckDBPyConnection
) -> None:
    (expected,) = small_bank.execute(
        "SELECT count(DISTINCT customer_id) FROM fact_cust_month "
        "WHERE month_end = '2026-10-31' AND status = '正常' AND customer_id IN "
        "(SELECT customer_id FROM fact_txn WHERE txn_type = '理财购买' AND success = 1 "
        "AND txn_date BETWEEN '2026-10-01' AND '2026-10-31')"
    ).fetchone()
    answer = small_assistant.ask("10月买过理财的客户数")
    assert answer.outcome == "answer"
    assert answer.rows[0][0] == expected
