from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

import metrics
from demo.schema import schema_sql
from semantic_layer.model import Aggregate, Manifest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def catalogue() -> Manifest:
    manifest, findings = metrics.load(ROOT / "metrics" / "catalog")
    assert [str(f) for f in findings if f.code != "M223"] == []
    assert manifest is not None
    return manifest


@pytest.fixture(scope="module")
def tables() -> dict[str, dict[str, str]]:
    with duckdb.connect() as connection:
        connection.execute(schema_sql())
        rows = connection.sql(
            "select table_name, column_name, data_type from information_schema.columns"
        ).fetchall()
    schema: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        schema.setdefault(table, {})[column] = kind
    return schema


def test_every_table_and_column_of_the_catalogue_is_in_the_demonstration_bank(catalogue, tables):
    assert [str(f) for f in metrics.check_against(catalogue, tables)] == []


def test_the_keys_of_every_dataset_are_columns_of_its_table(catalogue, tables):
    for dataset in catalogue.datasets.values():
        if dataset.table is not None:
            assert set(dataset.key) <= set(tables[dataset.table])


def test_names_that_others_rely_on(catalogue):
    labels = {m.name: m.label for m in catalogue.metrics.values() if not m.hidden}
    assert labels.items() >= {
        "aum": "零售AUM", "aum_avg": "日均AUM", "aum_per_cust": "户均AUM",
        "net_inflow": "资金净流入",
        "new_cust": "新增客户数", "closed_cust": "销户客户数", "net_new_cust": "净增客户数",
        "cust_cnt": "客户数", "valid_cust": "有效客户数", "vip_cust": "贵宾及以上客户数",
        "pb_cust": "私行客户数", "mau": "月活跃客户数(全渠道)", "txn_cust": "动账客户数",
        "txn_cust_rate": "动户率", "dormant_cust": "睡眠客户数", "dormant_rate": "睡眠户占比",
        "churn_cust": "流失客户数", "churn_rate": "客户流失率", "retained_cust": "留存客户数",
        "retention_rate": "次月留存率", "products_per_cust": "户均产品数",
        "deposit": "个人存款余额", "deposit_avg": "个人日均存款", "demand_dep": "活期存款余额",
        "demand_ratio": "活期存款占比", "wealth_aum": "理财保有量", "fund_aum": "基金保有量",
        "loan_bal": "个人贷款余额", "npl_bal": "不良贷款余额", "npl_rate": "不良贷款率",
        "overdue_bal": "逾期贷款余额", "overdue_rate": "贷款逾期率",
        "overdue90_bal": "90天以上逾期余额", "overdue90_rate": "90天以上逾期率",
        "provision_bal": "贷款损失准备余额", "provision_cov": "拨备覆盖率",
        "loan_apply_cnt": "贷款申请数", "loan_approved": "审批通过数",
        "approve_rate": "贷款审批通过率", "disbursed": "贷款发放额",
        "txn_cnt": "交易笔数", "txn_amt": "交易金额", "amt_per_txn": "笔均交易金额",
        "online_txn_cnt": "线上交易笔数", "online_ratio": "线上交易占比",
        "wealth_sales": "理财销售额", "fund_buy": "基金销售额", "buyers": "购买客户数",
        "buy_amt": "购买金额", "ticket_size": "人均购买金额",
    }.items()  # fmt: skip


def test_every_metric_is_certified_by_somebody_and_owned(catalogue):
    for metric in catalogue.metrics.values():
        assert metric.status == "certified", metric.name
        assert metric.owner


def test_yesterdays_deposits_are_the_same_metric_on_the_day_table(catalogue):
    day = catalogue.metrics["deposit"].also[0]
    month = catalogue.metrics["deposit"].definition
    assert isinstance(month, Aggregate)
    assert (day.dataset, catalogue.datasets[day.dataset].grain) == ("balance_days", "date")
    assert (day.expr, day.filter) == (month.expr, month.filter)


def test_stocks_take_the_last_snapshot(catalogue):
    stocks = {m.name for m in catalogue.metrics.values() if m.is_stock}
    assert {"cust_cnt", "aum", "deposit", "loan_bal", "npl_bal", "dormant_cust"} <= stocks
    assert not {"new_cust", "txn_amt", "net_inflow", "mau", "deposit_avg"} & stocks


def test_each_fact_reaches_the_branch_that_rights_are_bound_to(catalogue):
    roles = {p.role: p.allow for p in catalogue.policies}
    assert roles == {
        "analyst": (),
        "branch_manager": (("branch", "user:branch"),),
        "customer_manager": (("manager", "user:manager"),),
        None: (),
    }


def test_the_catalogue_says_nothing_that_only_its_author_can_read(catalogue):
    for metric in catalogue.metrics.values():
        assert re.search(r"[\u4e00-\u9fff]", metric.label + metric.description)
        assert not re.search(r"\b(flag|sum|count)\b", metric.description)
