"""掌政分理处 sent nothing on 2026-10-15: that is a gap, not a balance of nought."""

from datetime import date

from assistant.project import Assistant
from semantic_layer.query import Absolute, And, Condition, MetricQuery, MetricRef, Period, Scope


def test_a_day_without_a_report_is_not_nought(small_assistant: Assistant) -> None:
    answer = small_assistant.ask("10月15日掌政分理处存款余额")
    assert (answer.outcome, answer.code) == ("refusal", "not_reported")
    assert "未报数" in (answer.message or "")
    assert not answer.rows


def test_the_days_beside_it_are_answered(small_assistant: Assistant, small_bank) -> None:
    (expected,) = small_bank.execute(
        "SELECT sum(end_balance) FROM fact_balance_day JOIN dim_org USING (org_id) "
        "WHERE outlet = '掌政分理处' AND date = '2026-10-16' AND product_line = '存款'"
    ).fetchone()
    assert small_assistant.ask("10月16日掌政分理处存款余额").rows[0][0] == expected


def test_a_total_names_who_is_missing(small_assistant: Assistant) -> None:
    answer = small_assistant.ask("10月15日银川分行存款余额")
    assert answer.outcome == "answer"
    assert "掌政分理处2026年10月15日未报数,不在数内。" in [w.message for w in answer.warnings]


def test_a_closed_outlet_owes_no_report(small_assistant: Assistant) -> None:
    answer = small_assistant.ask("2025年7月1日存款余额")
    assert answer.outcome == "answer"
    assert "not_reported" not in [w.code for w in answer.warnings]


def test_a_closed_outlet_has_no_balance_of_nought(small_assistant: Assistant) -> None:
    answer = small_assistant.ask("10月末矿务街分理处存款余额")
    assert (answer.outcome, answer.code) == ("refusal", "not_reported")
    assert "已经撤并" in (answer.message or "")
    assert small_assistant.ask("2025年5月末矿务街分理处存款余额").outcome == "answer"


def test_another_condition_beside_the_outlet_changes_nothing(small_assistant: Assistant) -> None:
    day = date(2026, 10, 15)
    where = And((Condition("outlet", "in", ("掌政分理处",)), Condition("is_demand", "in", (1,))))
    scope = Scope(Period((Absolute(day, day),)), where)
    answer = small_assistant.run(MetricQuery((MetricRef("deposit"),), (), scope))
    assert (answer.outcome, answer.code) == ("refusal", "not_reported")
