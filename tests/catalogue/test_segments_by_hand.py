"""Every governed segment equals SQL written from its description; list and count agree."""

from __future__ import annotations

import pytest

OCTOBER = {
    "spans": [{"kind": "absolute", "start": "2026-10-01", "end": "2026-10-31"}],
}
NORMAL = """customer_id in (select customer_id from fact_cust_month
            where month_end = date '2026-10-31' and status = '正常')"""
WEALTH = """select customer_id from fact_balance where month_end = date '2026-10-31'
            and product_line = '理财' group by customer_id having sum(end_balance) > 0"""
IDLE = """select customer_id from fact_cust_month where month_end = date '2026-10-31'
          and status = '正常' and months_idle {}"""
BY_HAND = {
    "potential_customers": """
        select customer_id from fact_cust_month where month_end = date '2026-10-31'
        and status = '正常' and potential_flag = 1""",
    "dormant_warn_customers": IDLE.format("between 3 and 5"),
    "dormant_customers": IDLE.format(">= 6"),
    "low_value_customers": f"""
        {IDLE.format(">= 3")} and customer_id not in (
            select customer_id from fact_touch where delivered = 1 and converted = 1
            and customer_id is not null
            and touch_date between date '2026-08-03' and date '2026-10-31')""",
    "lapsed_fund_buyers": f"""
        select distinct customer_id from fact_txn
        where success = 1 and txn_type in ('基金认购', '基金申购', '基金定投')
        and txn_date <= date '2026-10-31' and {NORMAL}
        and customer_id not in (
            select customer_id from fact_event where event_name = '打开APP'
            and customer_id is not null
            and event_date between date '2026-10-02' and date '2026-10-31')""",
    "churn_warn_customers": """
        select customer_id from fact_cust_month
        where month_end = date '2026-10-31' and churn_warn_flag = 1""",
    "newborn_families": f"select customer_id from dim_customer where has_newborn and {NORMAL}",
    "business_card_spenders": """
        select customer_id from fact_card_month
        where month_end = date '2026-10-31' and card_kind = '商务卡'
        group by customer_id having sum(spend_amount) > 20000""",
    "vip_without_wealth": f"""
        select customer_id from fact_cust_month where month_end = date '2026-10-31'
        and status = '正常' and aum_avg >= 500000
        and customer_id not in ({WEALTH})
        and customer_id in (select customer_id from fact_balance
            where month_end = date '2026-10-31' and product_line = '存款'
            group by customer_id having sum(end_balance) > 0)""",
    "unhappy_and_leaving": """
        select customer_id from fact_cust_month now
        join fact_cust_month before using (customer_id)
        where now.month_end = date '2026-10-31' and before.month_end = date '2026-09-30'
        and now.status <> '销户' and before.status <> '销户' and now.aum_end < before.aum_end
        and customer_id in (select customer_id from fact_service where kind = '投诉'
            and create_date between date '2026-10-21' and date '2026-11-19')""",
    "payroll_without_wealth": f"""
        select distinct customer_id from fact_txn
        where success = 1 and txn_type = '代发工资' and {NORMAL}
        and txn_date between date '2026-08-03' and date '2026-10-31'
        and customer_id not in ({WEALTH})""",
    "spending_doubled_no_loan": """
        select customer_id from fact_card_month group by customer_id
        having sum(spend_amount) filter (where month_end = date '2026-09-30') > 0
        and coalesce(sum(spend_amount) filter (where month_end = date '2026-10-31'), 0)
            >= 2 * sum(spend_amount) filter (where month_end = date '2026-09-30')
        and customer_id not in (select customer_id from fact_loan_month
            where month_end = date '2026-10-31' group by customer_id having sum(balance) > 0)""",
    "top_tenth": f"""
        with held as (select customer_id, sum(aum_end) as aum from fact_cust_month
            where month_end = date '2026-10-31' and status <> '销户' group by customer_id),
        placed as (select customer_id, rank() over (order by aum desc) as place,
            count(aum) over () as many from held where aum is not null)
        select customer_id from placed where place <= ceil(many * 0.1) and {NORMAL}""",
}


def listed(assistant, segment: str, **more):
    set_ = {"entity": "customer", "where": {"kind": "segment", "segment": segment}}
    query = {"kind": "entity_query", "set": set_, "scope": {"period": OCTOBER}, **more}
    return assistant.run(query)


@pytest.mark.parametrize("segment", BY_HAND)
def test_a_segment_lists_whom_its_description_names(small_assistant, small_bank, segment):
    expected = {row[0] for row in small_bank.execute(BY_HAND[segment]).fetchall()}
    answer = listed(small_assistant, segment)
    assert answer.code == "answered", answer.message
    assert {row[0] for row in answer.rows} == expected
    assert answer.total_rows == len(expected) == len(answer.rows)


def test_list_and_count_of_a_segment_agree(small_assistant):
    for segment in small_assistant.manifest.segments:
        counted = small_assistant.run(
            {
                "kind": "metric_query",
                "measures": [{"kind": "metric", "metric": "cust_cnt"}],
                "scope": {"period": OCTOBER, "where": {"kind": "segment", "segment": segment}},
            }
        )
        assert counted.rows == ((listed(small_assistant, segment, limit=1).total_rows,),), segment


def test_a_list_reads_like_a_report(small_assistant):
    answer = listed(
        small_assistant,
        "lapsed_fund_buyers",
        attributes=["branch", "mobile"],
        measures=[{"kind": "metric", "metric": "aum"}],
        limit=20,
    )
    many = answer.total_rows
    assert answer.headline == (
        f"2026年10月末全行基金沉睡客户共{many}户,按零售AUM从高到低列出前20户。"
    )
    assert answer.reading == (
        "2026年10月末 · 基金沉睡客户的名单 · 列出分行、手机号、零售AUM · 按零售AUM从高到低取前20户"
    )
    assert [column.name for column in answer.columns] == ["客户", "分行", "手机号", "零售AUM"]
    assert answer.columns[-1].unit == "CNY"
    assert all("****" in row[2] for row in answer.rows if row[2])
    assert answer.certified
    assert answer.data_dates["events"].isoformat() == "2026-11-19"
    assert [row[3] for row in answer.rows] == sorted((row[3] for row in answer.rows), reverse=True)


def test_segments_follow_the_months(small_assistant, small_bank):
    """每个月末各判断一次."""
    answer = small_assistant.run(
        {
            "kind": "metric_query",
            "measures": [{"kind": "metric", "metric": "cust_cnt"}],
            "group_by": [{"kind": "time", "grain": "month"}],
            "scope": {
                "period": {
                    "spans": [{"kind": "absolute", "start": "2026-05-01", "end": "2026-10-31"}]
                },
                "where": {"kind": "segment", "segment": "low_value_customers"},
            },
        }
    )
    by_hand = small_bank.execute(
        """
        select strftime(month_end, '%Y-%m'), count(distinct customer_id) from fact_cust_month c
        where month_end between date '2026-05-31' and date '2026-10-31'
        and status = '正常' and months_idle >= 3 and not exists (
            select 1 from fact_touch t where t.customer_id = c.customer_id and delivered = 1
            and converted = 1 and touch_date between month_end - interval 89 day and month_end)
        group by 1 order by 1
        """
    ).fetchall()
    assert list(answer.rows) == by_hand


@pytest.mark.parametrize("times", [2, 3])
def test_customers_without_a_transaction_for_months(small_assistant, small_bank, times):
    """连续几个月没交易:到 10 月末为止的完整月,一笔都没有."""
    condition = {"kind": "event_condition", "event": "txn_cnt", "did": False, "in_a_row": times}
    where = {"kind": "member", "set": {"entity": "customer", "where": condition}}
    answer = small_assistant.run(
        {
            "kind": "metric_query",
            "measures": [{"kind": "metric", "metric": "cust_cnt"}],
            "scope": {"period": OCTOBER, "where": where},
        }
    )
    first = {2: "2026-09-01", 3: "2026-08-01"}[times]
    metric = small_assistant.manifest.metrics["txn_cnt"].definition
    by_hand = small_bank.execute(
        f"""select count(*) from fact_cust_month where month_end = date '2026-10-31'
        and status = '正常' and customer_id not in (select customer_id from fact_txn
            where txn_date between date '{first}' and date '2026-10-31'
            and customer_id is not null and {metric.filter or "true"})"""
    ).fetchone()
    assert answer.rows == (by_hand,)


def test_a_governed_event_can_be_a_condition(small_assistant, small_bank):
    condition = {"kind": "event_condition", "event": "绑卡成功", "at_least": 2}
    query = {
        "kind": "entity_query",
        "set": {"entity": "customer", "where": condition},
    }
    answer = small_assistant.run(query)
    by_hand = small_bank.execute(
        """select customer_id from fact_event where event_name = '绑卡成功'
        and customer_id in (select customer_id from dim_customer)
        group by 1 having count(*) >= 2"""
    ).fetchall()
    assert sorted(answer.rows) == sorted(by_hand)


LAST_MONTH = {"spans": [{"kind": "relative", "unit": "month", "offset": -1}]}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (
            {"kind": "event_condition", "event": "打开APP", "at_least": 3, "within": LAST_MONTH},
            "上个月有打开APP至少3次的客户",
        ),
        (
            {"kind": "event_condition", "event": "txn_cnt", "did": False, "in_a_row": 3},
            "连续3个月没有交易的客户",
        ),
        (
            {"kind": "event_condition", "event": "left", "within": LAST_MONTH},
            "上个月有销户的客户",
        ),
        (
            {"kind": "metric_condition", "metric": "aum", "per": "month", "op": "ge", "value": 500000},
            "月均零售AUM不低于50万元的客户",
        ),
        (
            {"kind": "metric_condition", "metric": "deposit", "op": "gt", "value": 1, "in_a_row": 2},
            "连续2个月个人存款余额大于1元的客户",
        ),
    ],
)  # fmt: skip
def test_a_condition_is_read_back_with_all_it_says(small_assistant, condition, words):
    query = {"kind": "entity_query", "set": {"entity": "customer", "where": condition}, "limit": 1}
    answer = small_assistant.run(query)
    assert f"{words}的名单" in answer.reading
    assert words in answer.headline


def test_a_list_is_recorded_like_every_answer(small_assistant):
    set_ = {"entity": "customer", "where": {"kind": "segment", "segment": "newborn_families"}}
    asked = {"kind": "entity_query", "set": set_, "limit": 1}
    answer = small_assistant.run(asked, session="清单")
    kept = small_assistant.turns("清单")[-1]
    assert (kept["headline"], kept["sql"]) == (answer.headline, answer.sql)
    assert answer.query["kind"] == "entity_query"
    assert answer.resolved_query["listing"]["dataset"] == "customers"
