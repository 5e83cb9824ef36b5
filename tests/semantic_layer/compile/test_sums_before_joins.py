"""Rows are summed by their codes before the codes get their names; the sums stay the same."""

from __future__ import annotations

from decimal import Decimal

from semantic_layer.query import Condition, Relative

D = Decimal
YEAR, OCTOBER = Relative("year"), Relative("month", -1)
BY_CODE, BY_CODE_OF_BALANCES = "txns_by_code", "balances_by_code"
CUSTOMERS_BRANCH = "customers.customer_org.branch"


def test_sums_by_a_joined_name_are_those_of_the_rows(ask, mq):
    """2026年:银川的 o1 有 4+20+60+12,o2 有 40;固原的 o3 有 3。"""
    answer = ask(mq("txn_amount", "branch", YEAR))
    assert BY_CODE in answer.compiled.sql()
    assert [row for row in answer.rows if row[1]] == [
        ("银川分行", D("136.00")),
        ("固原分行", D("3.00")),
    ]


def test_months_are_told_apart_after_days_were_summed(ask, mq):
    answer = ask(mq("txn_amount", ("branch", "@month"), YEAR))
    assert BY_CODE in answer.compiled.sql()
    october = {row[0]: row[-1] for row in answer.rows if "2026-10" in row}
    assert sum(october.values()) == D("120.00")


def test_a_filter_on_the_joined_table_needs_the_join_first(ask, mq):
    where = Condition("branch", "in", ("银川分行",))
    answer = ask(mq("txn_amount", "branch", OCTOBER, where=where))
    assert BY_CODE not in answer.compiled.sql()


def test_distinct_people_are_never_summed(ask, mq):
    assert BY_CODE not in ask(mq("dau", "branch", OCTOBER)).compiled.sql()


def test_balances_are_summed_by_the_code_of_their_customer_before_branches_get_names(ask, mq):
    """10月末:银川 110.50+25.25,固原只有理财,中卫没有客户,o9 没有名称。"""
    answer = ask(mq("deposit", CUSTOMERS_BRANCH, OCTOBER))
    assert BY_CODE_OF_BALANCES in answer.compiled.sql()
    assert answer.rows == [
        ("银川分行", D("135.75")),
        ("未知", D("10.00")),
        ("固原分行", D("0.00")),
        ("中卫分行", None),
    ]


def test_a_mean_over_days_is_divided_once_after_all_sums(ask, mq):
    answer = ask(mq("deposit_avg", CUSTOMERS_BRANCH, OCTOBER))
    assert BY_CODE_OF_BALANCES in answer.compiled.sql()
    assert dict(answer.rows) == {"银川分行": 127, "未知": 10, "固原分行": 0, "中卫分行": 0}
