"""户均, 持有户均, 笔均: recomputed wherever they are shown, from sums and counts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from semantic_layer.query import ColumnRef, Comparison, Having, MetricRef, Order, Relative

D = Decimal
OCTOBER = Relative("month", -1)
PER_CUSTOMER = MetricRef("deposit", per="customer")
PER_HOLDER = MetricRef("deposit", per="holder")
PER_TXN = MetricRef("txn_amount", per="txn")


@pytest.fixture
def counted(make_snapshot, make_manifest):
    """户均 divides by cust_cnt; groups need no least number of cases."""
    from semantic_layer.model import Parameter

    manifest = replace(make_manifest(), divisors={"customer": "cust_cnt"})
    least = Parameter("small_denominator", "比率分母下限", 0)
    return make_snapshot(replace(manifest, parameters={**manifest.parameters, least.name: least}))


def test_a_balance_per_customer_divides_by_the_customers_of_the_same_group(ask, mq, counted):
    # 10月末存款:城东110.50、城西25.25、未知10.00;客户:各1户(固原c3没有存款)
    answer = ask(mq(PER_CUSTOMER, "outlet", OCTOBER), at=counted)
    assert answer.columns == ["outlet", "deposit.per_customer"]
    assert dict(answer.rows) == {
        "银川城东支行": 110.5,
        "银川城西支行": 25.25,
        "未知": 10.0,
        "固原支行": 0.0,
        "中卫支行": None,
    }
    assert answer.totals == {"deposit.per_customer": pytest.approx(145.75 / 4)}


def test_per_holder_leaves_out_who_holds_none(ask, mq, counted):
    # 持有存款的客户:c1、c2、c4,共3户;c3只有理财
    answer = ask(mq(PER_HOLDER, "branch", OCTOBER), at=counted)
    assert dict(answer.rows)["银川分行"] == pytest.approx(135.75 / 2)
    assert answer.totals == {"deposit.per_holder": pytest.approx(145.75 / 3)}
    assert "end_balance > 0" in answer.sql


def test_per_transaction_divides_by_the_rows_of_the_same_metric(ask, mq, counted):
    # 10月三笔:20+40+60;成功的两笔:20+60
    assert ask(mq(PER_TXN, period=OCTOBER), at=counted).rows == [(40.0,)]
    succeeded = mq(MetricRef("ok_amount", per="txn"), period=OCTOBER)
    assert ask(succeeded, at=counted).rows == [(40.0,)]
    by_outlet = ask(mq(PER_TXN, "outlet", OCTOBER), at=counted)
    assert dict(by_outlet.rows)["银川城东支行"] == 40.0
    assert by_outlet.totals == {"txn_amount.per_txn": 40.0}


def test_a_metric_may_name_its_own_divisor(ask, mq, counted):
    metrics = dict(counted.manifest.metrics)
    metrics["fee"] = replace(metrics["fee"], divisors=(("txn", "txn_cust"),))
    world = replace(counted, manifest=replace(counted.manifest, metrics=metrics))
    # 手续费0.20+3.80+0.60,三位客户
    answer = ask(mq(MetricRef("fee", per="txn"), period=OCTOBER), at=world)
    assert answer.rows == [(pytest.approx(4.60 / 3),)]


def test_ratios_are_compared_as_ratios(ask, mq, counted):
    # 9月末存款150,客户2户:75;10月末145.75,4户:36.4375
    answer = ask(mq(PER_CUSTOMER, period=OCTOBER, compare=(Comparison("mom"),)), at=counted)
    assert answer.rows == [
        (36.4375, 75.0, pytest.approx(-38.5625), pytest.approx(-38.5625 / 75)),
    ]


def test_by_month_with_an_order_and_a_condition(ask, mq, counted):
    column = ColumnRef(0)
    answer = ask(
        mq(PER_CUSTOMER, "@month", Relative("month", -1, 2), order=(Order(column),),
           having=(Having(column, "gt", 40),)),
        at=counted,
    )  # fmt: skip
    assert answer.rows == [("2026-09", 75.0)]


@pytest.mark.parametrize(
    ("ref", "code"),
    [
        (MetricRef("npl_rate", per="customer"), "invalid_query"),
        (MetricRef("median_amount", per="txn"), "invalid_query"),
        (MetricRef("cust_cnt", per="customer"), "invalid_query"),
        (MetricRef("deposit", per="txn"), "invalid_query"),
        (MetricRef("deposit_minus_loan", per="holder"), "invalid_query"),
        (MetricRef("net_amount", per="txn"), "invalid_query"),
    ],
)
def test_what_has_no_mean_per_head_is_refused(ask, mq, counted, ref, code):
    assert ask(mq(ref, period=OCTOBER), at=counted).code == code


def test_without_a_governed_count_there_is_no_mean_per_customer(ask, mq):
    assert ask(mq(PER_CUSTOMER, period=OCTOBER)).code == "invalid_query"


def test_a_dimension_that_the_customers_lack_is_refused(ask, mq, counted):
    problem = ask(mq(PER_CUSTOMER, "product_line", OCTOBER), at=counted)
    assert (problem.code, problem.subject) == ("dim_not_applicable", "product_line")
    by_line = ask(mq(PER_HOLDER, "product_line", OCTOBER), at=counted)
    assert by_line.rows == [("存款", pytest.approx(145.75 / 3))]


def test_few_cases_take_no_place(ask, mq, make_snapshot, make_manifest):
    manifest = replace(make_manifest(), divisors={"customer": "cust_cnt"})
    answer = ask(mq(PER_CUSTOMER, "outlet", OCTOBER), at=make_snapshot(manifest))
    assert answer.compiled.hidden == ("deposit.per_customer.small",)
