"""A click on a step of a funnel: the people who stop there, as a number and as a list."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from assistant import Answer, Assistant
from assistant.explore import Choice

BOUND = "10月绑卡漏斗每步转化率"
BY_CHANNEL = "10月各渠道绑卡漏斗每步转化率"
REGISTERED = "10月注册漏斗每步转化率"


def offered(bank: Assistant, answer: Answer, user: str = "分析员", **row: Any) -> dict[str, Choice]:
    with bank.exploring(answer.query or {}, user) as explorer:
        return {c.label: c for section in explorer.drills(row) for c in section.choices}


def test_those_who_stop_are_the_difference_of_two_steps(
    bank: Assistant, rows: duckdb.DuckDBPyConnection
) -> None:
    """Who began in October, less those who got through within 30 days of a beginning."""
    begun = (
        "select customer_id, event_time as at from fact_event where event_name = '发起绑卡' "
        "and event_time >= '2026-10-01' and event_time < '2026-11-01'"
    )
    (by_hand,) = rows.execute(
        f"with begun as ({begun}) select count(distinct customer_id) filter (not customer_id in ("
        "select b.customer_id from begun b join fact_event e using (customer_id) "
        "where e.event_name = '绑卡成功' and e.event_time >= b.at "
        "and e.event_time <= b.at + interval 30 day)) from begun"
    ).fetchall()[0]
    answer = bank.ask(BOUND)
    choices = offered(bank, answer, step="1. 发起绑卡")
    assert list(choices) == ["看发起绑卡后没有绑卡成功的客户", "看客户名单"]
    counted = bank.run(choices["看发起绑卡后没有绑卡成功的客户"].change)
    listed = bank.run(choices["看客户名单"].change)
    assert [row[0] for row in counted.rows] == [by_hand]
    assert listed.total_rows == by_hand
    assert answer.rows[0][1] - answer.rows[1][1] == by_hand  # type: ignore[operator]


def test_the_group_of_the_row_and_the_condition_of_the_funnel_hold(bank: Assistant) -> None:
    answer = bank.ask(BY_CHANNEL)
    people = {(row[0], row[1]): row[2] for row in answer.rows}
    left: Any = people["短信", "1. 发起绑卡"] - people["短信", "2. 绑卡成功"]  # type: ignore[operator]
    choices = offered(bank, answer, channel="短信", step="1. 发起绑卡")
    counted = bank.run(choices["看发起绑卡后没有绑卡成功的客户"].change)
    assert counted.rows == ((left,),)
    assert "渠道为短信" in (counted.headline or "")


def test_they_can_be_split_by_what_they_are(bank: Assistant) -> None:
    answer = bank.ask(BOUND)
    with bank.exploring(answer.query or {}) as explorer:
        angles = {c.label: c for c in explorer.angles({"step": "1. 发起绑卡"})}
    by_age = bank.run(angles["年龄段"].change)
    assert by_age.outcome == "answer"
    assert sum(row[1] for row in by_age.rows if isinstance(row[1], int)) > 0


def test_the_last_step_leads_to_those_who_got_through(bank: Assistant) -> None:
    answer = bank.ask(BOUND)
    choices = offered(bank, answer, step="2. 绑卡成功")
    counted = bank.run(choices["看走到绑卡成功的客户"].change)
    assert counted.rows == ((answer.rows[1][1],),)


@pytest.mark.parametrize("user", ["分析员", "银川行长"])
def test_visitors_whom_nobody_knows_lead_nowhere(bank: Assistant, user: str) -> None:
    answer = bank.ask(REGISTERED, user=user)
    assert offered(bank, answer, user, step="1. 进入注册页") == {}


def test_a_count_that_ends_before_they_came_is_not_offered(bank: Assistant) -> None:
    """客户数 is known for the end of October: of those who came in November there is a list."""
    answer = bank.ask("11月开户到首购的转化率")
    choices = offered(bank, answer, step="1. 开户")
    assert list(choices) == ["看客户名单"]
    assert bank.run(choices["看客户名单"].change).outcome == "answer"


def test_people_chosen_by_what_they_did_have_no_growth_of_their_own(bank: Assistant) -> None:
    """All 29 of October are there at its end, fewer a year before: that is no growth."""
    choices = offered(bank, bank.ask(BOUND), step="1. 发起绑卡")
    counted = bank.run(choices["看发起绑卡后没有绑卡成功的客户"].change)
    with bank.exploring(counted.query or {}) as explorer:
        assert explorer.with_usual() is None
    with bank.exploring(bank.ask("客户数是多少").query or {}) as explorer:
        assert explorer.with_usual() is not None
