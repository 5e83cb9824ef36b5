from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
import yaml

import metrics
from demo.schema import schema_sql
from semantic_layer.model import Aggregate, Manifest
from semantic_layer.query import Condition, EventCondition, SegmentCondition
from semantic_layer.resolve.paths import reaches
from semantic_layer.resolve.sets import memberships, set_parts, spelled_out

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
    text = (Path(__file__).parent / "bank_labels.yml").read_text(encoding="utf-8")
    due = {
        name: label for labels in yaml.safe_load(text).values() for name, label in labels.items()
    }
    assert {name: catalogue.metrics[name].label for name in due} == due


def test_dimensions_that_others_rely_on(catalogue):
    assert set(catalogue.dimensions) >= {
        "head_office", "branch", "sub_branch", "outlet", "is_township", "manager",
        "area", "province", "city", "county",
        "xun", "weekday", "is_workday", "is_trading_day", "holiday",
        "cust_type", "gender", "generation", "age_band", "education", "occupation", "income_band",
        "family_stage", "cust_level", "lifecycle", "risk_tolerance", "risk_then", "interest",
        "is_rural", "aum_band", "tenure", "tag", "tag_group",
        "business", "product_line", "product_type", "product", "product_risk", "term_band",
        "deposit_type", "currency", "currency_group",
        "channel_group", "channel", "media", "ad_series", "keyword",
        "class5", "overdue_band", "guarantee",
    }  # fmt: skip


def test_short_governed_dimensions_list_members_without_data(catalogue):
    spines = {d.name for d in catalogue.dimensions.values() if d.field.spine}
    assert spines >= {
        "branch", "product_line", "cust_level", "class5", "risk_tolerance", "product_risk"
    }  # fmt: skip


def test_valid_customers_changed_their_threshold_in_2026(catalogue):
    valid = catalogue.metrics["valid_cust"]
    (change,) = valid.changes
    assert (valid.version, change.version, change.effective_from) == (2, 2, "2026-01-01")
    assert dict(change.was) == {"filter": "status = '正常' and aum_avg >= {valid_aum_2025}"}
    values = {name: catalogue.parameters[name].value for name in ("valid_aum", "valid_aum_2025")}
    assert values == {"valid_aum": 1000, "valid_aum_2025": 500}


def test_segments_are_made_of_governed_metrics_and_dimensions(catalogue):
    assert {s.label for s in catalogue.segments.values()} >= {
        "高净值潜力客户", "睡眠预警客户", "低效客户", "基金沉睡客户", "流失预警客户", "有新生儿客户",
        "商务卡高消费客户", "存款贵宾无理财客户", "近期投诉且AUM下降客户",
    }  # fmt: skip
    for segment in catalogue.segments.values():
        assert segment.description
        assert segment.owner
        for whole in memberships(spelled_out(SegmentCondition(segment.name), catalogue)):
            for part in (placed.part for placed in set_parts(whole)):
                if isinstance(part, Condition):
                    assert reaches(catalogue, "customers", part.dimension), segment.name
                elif isinstance(part, EventCondition):
                    assert part.event in catalogue.metrics, segment.name
                else:
                    assert part.metric in catalogue.metrics, segment.name


def test_the_order_of_purchases_is_never_split_by_product(catalogue):
    """Counted over all products, the first purchase of one product is another number."""
    for name in ("first_buyers", "rebuyers", "all_buyers", "rebuy_gap"):
        definition = catalogue.metrics[name].definition
        assert isinstance(definition, Aggregate)
        assert not reaches(catalogue, definition.dataset, "product_line")


def test_day_tables_stand_in_for_stocks_of_deposits_loans_and_assets(catalogue):
    days = {
        name: [a.dataset for a in catalogue.metrics[name].also]
        for name in ("deposit", "wealth_aum", "loan_bal", "aum")
    }
    assert days == {
        "deposit": ["balance_days"], "wealth_aum": ["balance_days"],
        "loan_bal": ["loan_days"], "aum": ["aum_days"],
    }  # fmt: skip


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
