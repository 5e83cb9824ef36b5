"""A word that means one thing beside one metric and another beside the next is asked back."""

from __future__ import annotations

import pytest

from assistant.project import Assistant

OCTOBER = "month_end = date '2026-10-31'"


@pytest.mark.parametrize(
    "question",
    ["10月手机银行交易笔数和月活", "10月手机银行交易金额和日活", "10月微信银行交易笔数和访客数"],
)
def test_a_channel_is_not_two_roles_at_once(small_assistant: Assistant, question: str) -> None:
    answer = small_assistant.ask(question)
    assert answer.outcome == "clarification", answer.headline
    assert answer.options
    for option in answer.options:
        assert small_assistant.run(option.query).outcome == "answer"


def test_the_app_metric_alone_takes_the_terminal(small_assistant: Assistant, small_bank) -> None:
    counted = small_bank.execute(
        "select count(distinct visitor_id) from fact_event where terminal = '微信银行' "
        "and event_date between date '2026-10-01' and date '2026-10-31'"
    ).fetchone()[0]
    answer = small_assistant.ask("10月微信银行交易笔数和访客数")
    [alone] = [option for option in answer.options if "访客数" in option.label]
    assert small_assistant.run(alone.query).rows == ((counted,),)


def test_a_branch_is_one_thing_to_both(small_assistant: Assistant) -> None:
    assert small_assistant.ask("10月银川分行交易笔数和新增客户数").outcome == "answer"


def test_what_was_spent_and_reached_by_one_channel_goes_together(
    small_assistant: Assistant,
) -> None:
    assert small_assistant.ask("10月抖音渠道营销费用和触达客户数").outcome == "answer"


@pytest.mark.parametrize(
    "question",
    ["手机银行活跃客户数", "手机银行交易客户数", "10月柜面动账客户数", "线上交易客户数",
     "10月动账客户数按渠道", "手机银行客户数"],
)  # fmt: skip
def test_customers_of_a_channel_are_not_those_who_registered_there(
    small_assistant: Assistant, question: str
) -> None:
    answer = small_assistant.ask(question)
    assert answer.code == "ambiguous_path", answer.headline
    assert any("注册渠道" in option.label for option in answer.options)


def test_the_role_named_is_answered(small_assistant: Assistant, small_bank) -> None:
    counted = small_bank.execute(
        f"""
        select count(distinct customer_id) from fact_cust_month
        join dim_customer using (customer_id) join dim_channel on reg_channel_id = channel_id
        where {OCTOBER} and fact_cust_month.txn_flag = 1 and channel_name = '手机银行'
        """
    ).fetchone()[0]
    answer = small_assistant.ask("10月注册渠道为手机银行的动账客户数")
    assert answer.rows == ((counted,),)


def test_upgrades_are_told_by_the_level_before(small_assistant: Assistant, small_bank) -> None:
    rates = dict(
        small_bank.execute(
            f"""
            select ['大众', '金卡', '贵宾', '私行'][prev_level_rank],
                   count(*) filter (level_rank > prev_level_rank) / count(*)
            from fact_cust_month
            where {OCTOBER} and status = '正常' and prev_level_rank is not null group by 1
            """
        ).fetchall()
    )
    asked = small_assistant.ask("10月升级率最高的客户等级")
    assert asked.code == "ambiguous_path", asked.headline
    [option] = asked.options
    assert "上月末客户等级" in option.label
    answer = small_assistant.ask("10月各上月末客户等级的升级率")
    assert {name: pytest.approx(value) for name, value in rates.items()} == dict(answer.rows)
    best = small_assistant.run(option.query)
    assert best.rows[0][0] == max(("大众", "金卡"), key=lambda name: rates[name])


def test_a_downgrade_from_gold_is_asked_back_about(small_assistant: Assistant, small_bank) -> None:
    before = small_bank.execute(
        f"select count(*) from fact_cust_month where {OCTOBER} and status = '正常' "
        "and prev_level_rank = 2 and level_rank < 2"
    ).fetchone()[0]
    asked = small_assistant.ask("10月金卡客户的降级客户数")
    assert [option.label for option in asked.options] == ["上月末客户等级", "本月末客户等级"]
    assert small_assistant.run(asked.options[0].query).rows == ((before,),)
    named = small_assistant.ask("10月上月末客户等级为金卡的降级客户数")
    assert named.rows == ((before,),), named.message
    assert small_assistant.ask("10月从金卡降级的客户有多少").outcome != "answer"


def test_a_value_grown_together_with_one_metric_does_not_narrow_the_other(
    small_assistant: Assistant,
) -> None:
    assert small_assistant.ask("农村客户数和普惠贷款余额").outcome == "clarification"
    both = small_assistant.ask("农村客户的客户数和普惠贷款余额")
    assert both.outcome == "answer"
    assert small_assistant.ask("农村客户数和新增客户数").outcome == "answer"


@pytest.mark.parametrize("question", ["成功率", "短信成功率", "贷款笔数", "信用卡发卡量"])
def test_words_of_several_metrics_are_asked_back_about(
    small_assistant: Assistant, question: str
) -> None:
    answer = small_assistant.ask(question)
    assert answer.code == "ambiguous_metric", answer.headline or answer.message
    assert len(answer.options) > 1


def test_a_number_of_deals_says_what_it_was_taken_for(small_assistant: Assistant) -> None:
    answer = small_assistant.ask("10月各渠道的笔数")
    assert answer.outcome == "answer"
    assert any("笔数" in said.text for said in answer.assumptions)
