"""Cards and profit: the shares that a banker would expect."""

import pytest


def test_a_third_of_the_adults_hold_a_credit_card(one):
    held = one(
        "SELECT count(DISTINCT k.customer_id) / count(DISTINCT c.customer_id) "
        "FROM dim_customer AS c LEFT JOIN fact_card AS k USING (customer_id) "
        "WHERE birth_date <= DATE '2008-11-20'"
    )
    assert held == pytest.approx(0.33, abs=0.05)


def test_three_in_five_usable_cards_are_used_in_a_month(one):
    used = one(
        "SELECT avg(active_flag) FROM fact_card_month WHERE status = '正常' AND activated = 1"
    )
    assert used == pytest.approx(0.60, abs=0.05)


def test_card_arrears_are_a_few_percent_of_what_is_owed(one):
    overdue = one("SELECT sum(overdue_amount) / sum(used_limit) FROM fact_card_month")
    assert 0.01 < overdue < 0.04


def test_telemarketing_activates_twenty_points_less_than_the_other_channels(bank):
    slow, others = bank.execute(
        "SELECT avg(prompt) FILTER (channel_id = 'CH18'), avg(prompt) FILTER (channel_id <> 'CH18') "
        "FROM (SELECT channel_id, coalesce(activate_date <= issue_date + 60, false)::INTEGER "
        "AS prompt FROM fact_card WHERE issue_date + 60 <= DATE '2026-11-19')"
    ).fetchone()
    assert others - slow == pytest.approx(0.20, abs=0.04)


def test_people_spend_more_before_spring_festival_and_in_november(bank):
    spent = dict(
        bank.execute(
            "SELECT month_end::VARCHAR, sum(spend_amount) / count(*) FROM fact_card_month GROUP BY 1"
        ).fetchall()
    )
    assert spent["2025-01-31"] > spent["2025-02-28"]
    assert spent["2025-11-30"] > spent["2025-10-31"]


def test_some_business_cards_spend_more_than_20000_in_most_months(one):
    assert (
        one(
            "SELECT count(*) FROM (SELECT card_id FROM fact_card_month WHERE card_kind = '商务卡' "
            "GROUP BY card_id HAVING avg((spend_amount > 20000)::INTEGER) > 0.5 AND count(*) > 6)"
        )
        > 0
    )


def test_small_sleeping_accounts_lose_money(one):
    assert (
        one(
            "SELECT max(net_interest + fee_income - op_cost - credit_cost - tax) FROM fact_profit "
            "JOIN fact_balance USING (month_end, account_id) "
            "WHERE avg_balance < 100 AND fee_income = 0"
        )
        < 0
    )
