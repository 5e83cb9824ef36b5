"""Choosing among options, within a session and across processes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from assistant import Answer, Assistant

QUESTION = "上个月流水"
SALES = ((Decimal("350.75"),),)
REFUNDS = ((Decimal("10.00"),),)


def asked_back(shop: Assistant, session: str = "早会") -> Answer:
    answer = shop.ask(QUESTION, session=session)
    assert (answer.code, answer.turn) == ("ambiguous_metric", 1)
    assert [(o.id, o.label) for o in answer.options] == [(1, "销售额"), (2, "退款额")]
    return answer


@pytest.mark.parametrize(
    "said", ["2", "２", "②", "选2", "选 2", "第二个", "选择2", "退款额", "退款额。"]
)
def test_the_next_input_chooses(shop: Assistant, said: str) -> None:
    asked_back(shop)
    chosen = shop.ask(said, session="早会")
    assert (chosen.code, chosen.turn, chosen.rows) == ("answered", 2, REFUNDS)


def test_a_choice_is_made_in_another_process_too(shop_folder: Path) -> None:
    asked_back(Assistant.open(shop_folder, environment={}))
    other = Assistant.open(shop_folder, environment={})
    assert other.ask("1", session="早会").rows == SALES


def test_every_option_is_a_complete_query_with_its_reading(shop: Assistant) -> None:
    options = asked_back(shop).options
    assert [shop.run(o.query).rows for o in options] == [SALES, REFUNDS]
    assert all(o.label in o.reading for o in options)


def test_the_choice_is_remembered_for_the_session(shop: Assistant) -> None:
    asked_back(shop)
    shop.ask("2", session="早会")
    assert shop.ask("上个月各门店流水", session="早会").columns[1].id == "refund_amount"
    assert shop.ask("上个月各门店流水", session="另一个会").code == "ambiguous_metric"


def test_choose_answers_at_once_without_a_session(shop: Assistant) -> None:
    assert shop.ask(QUESTION, choose=2).rows == REFUNDS
    assert shop.ask("上个月销售额", choose=2).rows == SALES


def test_choose_alone_takes_up_the_open_question(shop: Assistant) -> None:
    asked_back(shop)
    assert shop.ask("", session="早会", choose=2).rows == REFUNDS


def test_a_number_that_is_no_option_keeps_the_options_open(shop: Assistant) -> None:
    asked_back(shop)
    again = shop.ask("7", session="早会")
    assert (again.code, again.exit_code, len(again.options)) == ("invalid_choice", 3, 2)
    assert shop.ask("2", session="早会").rows == REFUNDS


def test_only_the_very_next_input_chooses(shop: Assistant) -> None:
    asked_back(shop)
    shop.ask("上个月订单数", session="早会")
    assert shop.ask("2", session="早会").outcome != "answer"


def test_a_number_without_open_options_is_no_choice(shop: Assistant) -> None:
    assert shop.ask("2", session="早会").outcome != "answer"
    assert shop.ask("", session="早会", choose=2).code == "nothing_to_change"


def test_a_clarification_leaves_the_last_answered_query(shop: Assistant) -> None:
    shop.ask("上个月销售额", session="早会")
    before = shop.conversation("早会").last_query
    shop.ask(QUESTION, session="早会")
    assert shop.conversation("早会").last_query == before
    assert before is not None


def test_sessions_of_two_users_do_not_meet(guarded_shop: Assistant) -> None:
    guarded_shop.ask(QUESTION, session="早会", user="掌柜")
    other = guarded_shop.ask("2", session="早会", user="东店店长")
    assert (other.outcome != "answer", other.turn) == (True, 1)


def test_turns_can_be_read_back(shop: Assistant) -> None:
    asked_back(shop)
    shop.ask("2", session="早会")
    turns = shop.turns("早会")
    assert [(t["turn"], t["question"], t["code"]) for t in turns] == [
        (1, QUESTION, "ambiguous_metric"),
        (2, "2", "answered"),
    ]


def test_a_follow_up_after_an_unread_one_says_what_is_left_out(shop: Assistant) -> None:
    shop.ask("上个月各门店销售额", session="早会")
    assert shop.ask("把它翻个面呗", session="早会").outcome != "answer"
    answer = shop.ask("那东店呢", session="早会")
    said = [a.text for a in answer.assumptions if a.slot == "inherited"]
    assert said[0] == "上一句“把它翻个面呗”没有答出来,不算在内"
    again = shop.ask("那西店呢", session="早会")
    assert "没有答出来" not in "".join(a.text for a in again.assumptions)


def test_the_question_before_the_last_comes_back(shop: Assistant) -> None:
    first = shop.ask("上个月各门店销售额", session="早会")
    assert shop.ask("那东店呢", session="早会").rows == ((Decimal("150.75"),),)
    back = shop.ask("上一个问题", session="早会")
    assert back.rows == first.rows
