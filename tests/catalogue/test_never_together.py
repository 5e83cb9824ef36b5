"""Zero is only answered where there could have been something."""

from __future__ import annotations

import pytest

from assistant.project import Assistant


@pytest.mark.parametrize(
    "question",
    [
        "股票交易额",
        "信用卡交易金额",
        "房贷客户的存款余额",
        "白金卡客户的存款余额",
        "保险手续费",
        "证券交易金额",
        "商务卡客户的贷款余额",
        "各分行股票交易额",
    ],
)
def test_rows_that_never_exist_are_not_answered_with_zero(
    small_assistant: Assistant, question: str
) -> None:
    answer = small_assistant.ask(question)
    assert answer.code == "value_not_in_data", answer.headline
    assert "从来没有" in (answer.message or "")
    assert not answer.rows
    for option in answer.options:
        assert small_assistant.run(option.query).outcome == "answer"


@pytest.mark.parametrize(
    "question", ["10月掌政分理处新增客户数", "2026年10月3日矿务街分理处交易笔数"]
)
def test_an_outlet_without_business_is_told_as_it_is(
    small_assistant: Assistant, question: str
) -> None:
    assert small_assistant.ask(question).code != "value_not_in_data"


def test_an_outlet_of_another_branch_contradicts_the_branch(small_assistant: Assistant) -> None:
    for question in ("西安分行五一路支行营业部10月末存款余额", "西安分行五一路支行10月交易金额"):
        answer = small_assistant.ask(question)
        assert answer.code == "contradictory_filter", answer.headline
        assert "西安分行" in (answer.message or "")
        assert "五一路支行" in (answer.message or "")
    assert small_assistant.ask("银川分行五一路支行营业部10月末存款余额").outcome == "answer"
