"""The rows: marginals of the bank, tables that agree with each other, planted truths."""

import re
from datetime import date
from pathlib import Path

import pytest

from demo.truths import POSITIVE, truths

INVARIANTS = [
    found
    for file in sorted(Path(__file__).with_name("invariants").glob("*.sql"))
    for found in re.findall(
        r"-- ([^\n]+)\n(SELECT .+?);", file.read_text(encoding="utf-8"), flags=re.DOTALL
    )
]


def test_the_network_has_385_outlets_in_20_branches(bank):
    assert bank.execute(
        "SELECT count(*) FILTER (org_kind = '网点'), count(*) FILTER (is_township), "
        "count(DISTINCT branch) FILTER (branch <> '总行直属'), "
        "count(*) FILTER (branch = '总行直属'), count(DISTINCT outlet), count(*) FROM dim_org"
    ).fetchone() == (385, 207, 20, 2, 388, 388)


def test_the_branches_that_people_ask_about_exist(bank):
    branches = {row[0] for row in bank.execute("SELECT DISTINCT branch FROM dim_org").fetchall()}
    assert {"银川分行", "固原分行", "北京分行", "上海分行", "杭州分行", "宁波分行"} <= branches


def test_customers_have_the_marginals_of_the_bank(bank):
    age, income, men = bank.execute(
        "SELECT avg(datesub('year', birth_date, DATE '2026-11-20')), avg(annual_income), "
        "avg((gender = '男')::INTEGER) FROM dim_customer"
    ).fetchone()
    assert age == pytest.approx(38, abs=0.5)
    assert income == pytest.approx(95_700, abs=200)
    assert men == pytest.approx(0.63, abs=0.01)


def test_people_are_online_for_thirty_hours_a_week_as_far_as_they_say(bank):
    mean, silent = bank.execute(
        "SELECT avg(weekly_online_hours), avg((weekly_online_hours IS NULL)::INTEGER) "
        "FROM dim_customer"
    ).fetchone()
    assert mean == pytest.approx(30, abs=0.05)
    assert 0 < silent < 0.25


def test_a_customer_pays_a_few_payees_some_of_them_at_this_bank(bank):
    payees, own = bank.execute(
        "SELECT avg(payees), avg(own) FROM (SELECT count(DISTINCT payee_account) AS payees, "
        "avg((payee_account LIKE 'A%')::INTEGER) AS own FROM fact_txn WHERE payee_account IS NOT NULL "
        "GROUP BY customer_id)"
    ).fetchone()
    assert 2 < payees < 7
    assert 0.2 < own < 0.5


def test_people_in_their_twenties_are_the_largest_band(bank):
    band, share = bank.execute(
        "SELECT datesub('year', birth_date, DATE '2026-11-20') // 10 * 10 AS band, "
        "count(*) / (SELECT count(*) FROM dim_customer) FROM dim_customer "
        "GROUP BY band ORDER BY 2 DESC LIMIT 1"
    ).fetchone()
    assert band == 20
    assert share == pytest.approx(0.1933, abs=0.006)


def test_tables_cover_25_months_and_the_days_up_to_yesterday(bank):
    assert bank.execute(
        "SELECT (SELECT count(DISTINCT month_end) FROM fact_balance), "
        "(SELECT min(month_end) FROM fact_cust_month), (SELECT max(month_end) FROM fact_balance), "
        "(SELECT max(date) FROM fact_balance_day)"
    ).fetchone() == (25, date(2024, 10, 31), date(2026, 10, 31), date(2026, 11, 19))


def test_data_dates_are_told(bank):
    told = dict(
        bank.execute("SELECT table_name, max(data_date) FROM etl_load GROUP BY 1").fetchall()
    )
    assert told["fact_txn"] == told["fact_balance_day"] == date(2026, 11, 19)
    assert told["fact_cust_month"] == told["fact_balance"] == date(2026, 10, 31)


@pytest.mark.parametrize(("claim", "breaks_it"), INVARIANTS, ids=[claim for claim, _ in INVARIANTS])
def test_holds_for_every_row(bank, claim, breaks_it):
    assert bank.execute(breaks_it).fetchmany(3) == [], claim


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("dim_org", "org_id"),
        ("dim_manager", "manager_id"),
        ("dim_customer", "customer_id"),
        ("dim_product", "product_id"),
        ("dim_channel", "channel_id"),
        ("dim_calendar", "date"),
        ("fact_cust_month", "(month_end, customer_id)"),
        ("fact_balance", "(month_end, account_id)"),
        ("fact_balance_day", "(date, org_id, product_line, is_demand)"),
        ("fact_loan_month", "(month_end, loan_id)"),
        ("fact_loan_apply", "apply_id"),
        ("fact_txn", "txn_id"),
        ("fact_target", "(month_end, org_id, metric_id)"),
        ("fact_broker_month", "(month_end, customer_id)"),
        ("fact_trade", "trade_id"),
        ("fact_policy", "policy_id"),
        ("fact_policy_month", "(month_end, policy_id)"),
        ("fact_claim", "claim_id"),
        ("fact_service", "ticket_id"),
        ("dim_tag", "tag_id"),
        ("bridge_customer_tag", "(customer_id, tag_id)"),
        ("dim_customer_risk_hist", "(customer_id, valid_from)"),
        ("dim_campaign", "campaign_id"),
        ("fact_event", "event_id"),
        ("fact_touch", "touch_id"),
        ("fact_cost", "(cost_date, campaign_id, org_id, channel_id)"),
        ("etl_load", "(table_name, data_date)"),
        ("fact_card", "card_id"),
        ("fact_card_month", "(month_end, card_id)"),
        ("fact_aum_day", "(date, org_id)"),
        ("fact_loan_day", "(date, org_id)"),
        ("fact_profit", "(month_end, account_id)"),
    ],
)
def test_keys_are_unique(one, table, key):
    assert one(f"SELECT count(*) - count(DISTINCT {key}) FROM {table}") == 0


@pytest.mark.parametrize(
    ("dimension", "key", "facts"),
    [
        ("dim_org", "org_id", "fact_cust_month fact_balance fact_balance_day fact_target"),
        ("dim_org", "org_id", "dim_customer dim_manager fact_loan_month fact_loan_apply"),
        ("dim_customer", "customer_id", "fact_cust_month fact_balance"),
        ("dim_customer", "customer_id", "fact_loan_month fact_loan_apply"),
        ("dim_product", "product_id", "fact_balance fact_loan_month fact_loan_apply fact_txn"),
        ("dim_channel", "channel_id", "fact_loan_apply fact_txn"),
        ("dim_org", "org_id", "fact_touch fact_cost"),
        ("dim_customer", "customer_id", "fact_touch"),
        ("dim_channel", "channel_id", "fact_touch fact_cost"),
        ("dim_campaign", "campaign_id", "fact_touch fact_cost"),
        ("dim_org", "org_id", "fact_card fact_card_month fact_aum_day fact_loan_day fact_profit"),
        ("dim_customer", "customer_id", "fact_card fact_card_month fact_profit"),
        ("dim_product", "product_id", "fact_card fact_profit"),
        ("dim_channel", "channel_id", "fact_card"),
        ("dim_org", "org_id", "fact_broker_month fact_trade fact_policy fact_policy_month"),
        ("dim_org", "org_id", "fact_claim fact_service"),
        ("dim_customer", "customer_id", "fact_broker_month fact_trade fact_policy fact_claim"),
        ("dim_customer", "customer_id", "fact_policy_month fact_service bridge_customer_tag"),
        ("dim_customer", "customer_id", "dim_customer_risk_hist"),
        ("dim_product", "product_id", "fact_policy fact_policy_month fact_claim"),
        ("dim_channel", "channel_id", "fact_policy fact_service"),
        ("fact_policy", "policy_id", "fact_policy_month fact_claim"),
        ("dim_tag", "tag_id", "bridge_customer_tag"),
    ],
)
def test_references_hold_where_no_fault_is_planted(one, dimension, key, facts):
    for fact in facts.split():
        assert one(f"SELECT count(*) FROM {fact} ANTI JOIN {dimension} USING ({key})") == 0, fact


@pytest.mark.parametrize("truth", truths(), ids=lambda truth: truth.title)
def test_planted_truth_is_there(one, truth):
    found = one(truth.sql)
    assert found > 0 if truth.answer == POSITIVE else found == truth.answer


def test_spring_festival_is_quiet_and_sundays_are_quieter_than_mondays(bank):
    festival, before, sunday, monday = bank.execute(
        "SELECT count(*) FILTER (txn_date BETWEEN '2026-02-16' AND '2026-02-22'), "
        "count(*) FILTER (txn_date BETWEEN '2026-02-05' AND '2026-02-11'), "
        "count(*) FILTER (dayofweek(txn_date) = 0), count(*) FILTER (dayofweek(txn_date) = 1) "
        "FROM fact_txn"
    ).fetchone()
    assert festival * 2 < before
    assert sunday < monday


def test_each_of_the_eleven_truths_is_planted():
    assert {truth.number for truth in truths()} == set(range(1, 12))
