"""Figures by tag and of customers with a tag equal SQL written by hand, each customer once."""

from __future__ import annotations

import pytest

MONTH = "from fact_cust_month as m where m.month_end = date '2026-10-31'"
HAVE = """m.customer_id in (select customer_id from bridge_customer_tag
          join dim_tag using (tag_id) where tag_name = '{}')"""
WEALTHY, LEAVING = HAVE.format("理财达人"), HAVE.format("流失预警")
TAGGED = """
    select {name}, {value} from fact_cust_month as m
    join (select distinct customer_id, {name} from bridge_customer_tag
          join dim_tag using (tag_id)) using (customer_id)
    where m.month_end = date '2026-10-31' and {rows} group by 1"""
COUNTED, NORMAL = "count(distinct m.customer_id)", "m.status = '正常'"
HELD, STAYED = "sum(m.aum_end)", "m.status <> '销户'"


@pytest.mark.parametrize(
    ("question", "name", "value", "rows"),
    [
        ("按标签看客户数", "tag_name", COUNTED, NORMAL),
        ("按标签类别看客户数", "tag_group", COUNTED, NORMAL),
        ("上月末按标签看AUM", "tag_name", HELD, STAYED),
        ("上月末按标签类别看AUM", "tag_group", HELD, STAYED),
    ],
)
def test_by_tag(small_assistant, small_bank, question, name, value, rows):
    answer = small_assistant.ask(question)
    by_hand = small_bank.execute(TAGGED.format(name=name, value=value, rows=rows)).fetchall()
    known = {row for row in answer.rows if row[0] != "未知"}
    assert known == set(by_hand)
    ((whole,),) = small_bank.execute(f"select {value} {MONTH} and {rows}").fetchall()
    assert list(answer.totals.values()) == [whole]
    assert [notice.code for notice in answer.warnings] == ["overlapping_members"]


@pytest.mark.parametrize(
    ("question", "value", "rows"),
    [
        ("理财达人标签客户的AUM", HELD, f"{STAYED} and {WEALTHY}"),
        ("流失预警标签的客户数", COUNTED, f"{NORMAL} and {LEAVING}"),
    ],
)
def test_of_customers_with_a_tag(small_assistant, small_bank, question, value, rows):
    answer = small_assistant.ask(question)
    ((expected,),) = small_bank.execute(f"select {value} {MONTH} and {rows}").fetchall()
    assert answer.rows[0][-1] == expected
    assert answer.outcome == "answer"


def test_without_a_tag(small_assistant, small_bank):
    where = {"kind": "condition", "dimension": "tag", "op": "not_in", "values": ["理财达人"]}
    answer = small_assistant.run(
        {
            "v": 1,
            "kind": "metric_query",
            "measures": [{"kind": "metric", "metric": "cust_cnt"}],
            "scope": {"where": where},
        }
    )
    without = f"{NORMAL} and not {WEALTHY}"
    ((expected,),) = small_bank.execute(f"select {COUNTED} {MONTH} and {without}").fetchall()
    assert answer.rows == ((expected,),)
