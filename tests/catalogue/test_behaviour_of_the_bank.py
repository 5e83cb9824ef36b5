"""Funnels, retention and intervals over the demonstration bank equal SQL written by hand."""

from __future__ import annotations

import json

import pytest


def days(start: str, end: str) -> dict:
    return {"period": {"spans": [{"kind": "absolute", "start": start, "end": end}]}}


def ask(assistant, kind: str, **slots):
    answer = assistant.run(json.dumps({"v": 1, "kind": kind, **slots}))
    assert answer.outcome == "answer", answer.message
    return answer


REGISTRATION = """
with e as (select * from fact_event where event_date <= '2026-11-19'),
a as (select visitor_id v, event_time t from e
      where event_name = '进入注册页' and event_date between '2026-01-01' and '2026-09-30'),
b as (select a.v, a.t t0, e.event_time t from a join e on e.visitor_id = a.v
      where event_name = '填写资料' and e.event_time between a.t and a.t + interval 30 day),
c as (select b.v, b.t0, e.event_time t from b join e on e.visitor_id = b.v
      where event_name = '短信验证' and e.event_time between b.t and b.t0 + interval 30 day),
d as (select c.v from c join e on e.visitor_id = c.v
      where event_name = '注册成功' and e.event_time between c.t and c.t0 + interval 30 day)
select (select count(distinct v) from a), (select count(distinct v) from b),
       (select count(distinct v) from c), (select count(distinct v) from d)
"""


def test_the_registration_funnel_and_its_governed_rate(small_assistant, small_bank):
    period = days("2026-01-01", "2026-09-30")
    names = ("进入注册页", "填写资料", "短信验证", "注册成功")
    answer = ask(
        small_assistant, "funnel_query", scope=period, steps=[{"event": name} for name in names]
    )
    assert tuple(row[1] for row in answer.rows) == small_bank.execute(REGISTRATION).fetchone()
    rate = ask(
        small_assistant, "metric_query", scope=period,
        measures=[{"kind": "metric", "metric": "reg_cvr"}],
    )  # fmt: skip
    assert answer.rows[-1][2] == pytest.approx(rate.rows[0][0])


BINDING = """
select coalesce(os, '未知'), coalesce(app_version, '未知'), count(distinct a.customer_id),
       count(distinct a.customer_id) filter (where exists (
         from fact_event b where b.event_name = '绑卡成功' and b.customer_id = a.customer_id
         and b.event_time between a.event_time and a.event_time + interval 7 day))
from fact_event a
where a.event_name = '发起绑卡' and a.event_date between '2026-01-01' and '2026-10-31'
group by 1, 2
"""


def test_card_binding_fails_on_one_version_of_one_system(small_assistant, small_bank):
    answer = ask(
        small_assistant, "funnel_query", scope=days("2026-01-01", "2026-10-31"),
        steps=[{"event": "发起绑卡"}, {"event": "绑卡成功"}], window_days=7, entity="customer",
        group_by=[{"kind": "dimension", "dimension": d} for d in ("os", "app_version")],
    )  # fmt: skip
    got = {(*row[:2], row[2][0]): row[3] for row in answer.rows}
    hand = {}
    for system, version, begun, bound in small_bank.execute(BINDING).fetchall():
        hand |= {(system, version, "1"): begun, (system, version, "2"): bound}
    assert got == hand
    assert "最低为Android 9.3.1(" in answer.headline


RETENTION = """
select strftime(open_date, '%Y-%m'), count(*), avg(case when exists (
         from fact_event e where e.event_name = '打开APP' and e.customer_id = c.customer_id
         and date_trunc('month', e.event_date) = date_trunc('month', c.open_date) + interval 1 month)
       then 1 else 0 end)
from dim_customer c where open_date between '2026-01-01' and '2026-06-30' group by 1 order by 1
"""


def test_new_customers_who_open_the_app_in_the_month_after(small_assistant, small_bank):
    answer = ask(
        small_assistant, "retention_query", scope=days("2026-01-01", "2026-06-30"),
        start={"event": "开户"}, comeback={"event": "打开APP"},
    )  # fmt: skip
    hand = small_bank.execute(RETENTION).fetchall()
    assert [row[:2] for row in answer.rows] == [row[:2] for row in hand]
    assert [row[2] for row in answer.rows] == pytest.approx([row[2] for row in hand])


INTERVALS = """
select count(*), avg(gap_days), median(gap_days) from fact_txn
where nth_buy = 2 and success = 1 and txn_date <= '2026-11-19' and customer_id in (
  select customer_id from fact_txn
  where nth_buy = 1 and success = 1 and txn_date between '2025-01-01' and '2025-12-31')
"""


def test_days_from_the_first_purchase_to_the_second(small_assistant, small_bank):
    answer = ask(
        small_assistant, "interval_query", scope=days("2025-01-01", "2025-12-31"),
        start={"event": "首购"}, end={"event": "bought_again"}, show=["mean", "median"],
    )  # fmt: skip
    assert answer.rows[0][1:] == pytest.approx(small_bank.execute(INTERVALS).fetchone())


def test_a_loan_application_goes_from_asking_to_money(small_assistant, small_bank):
    answer = ask(
        small_assistant, "funnel_query", scope=days("2026-01-01", "2026-06-30"), window_days=60,
        steps=[{"event": name} for name in ("loan_applied", "审批通过", "放款")],
        entity="application", show=["median_time"],
    )  # fmt: skip
    hand = small_bank.execute(
        """select count(*), count(*) filter (approved = 1), count(disburse_date),
           median(approve_date - apply_date) filter (approved = 1),
           median(disburse_date - approve_date)
           from fact_loan_apply where apply_date between '2026-01-01' and '2026-06-30'"""
    ).fetchone()
    assert [row[1] for row in answer.rows] == list(hand[:3])
    assert [row[2] for row in answer.rows[1:]] == list(hand[3:])


@pytest.mark.parametrize("first", ["touched", "touch_arrived"])
def test_marks_of_one_touch_are_no_funnel(small_assistant, first):
    steps = [{"event": first}, {"event": "touch_clicked"}]
    answer = small_assistant.run({"kind": "funnel_query", "v": 1, "steps": steps})
    assert (answer.outcome, answer.code) == ("refusal", "unsupported")
    assert "同一条记录上的标志" in (answer.message or "")
