"""What the page asks of the assistant beside answers: words, numbers of options, follow-ups."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from assistant import Assistant
from assistant.answer import Answer, Option
from assistant.option_numbers import option_numbers
from semantic_layer.engines import CancelToken

OWNER, KEEPER = "掌柜", "东店店长"


def values(assistant: Assistant, user: str) -> set[str]:
    return {word.text for word in assistant.vocabulary(user) if word.kind == "value"}


def test_names_are_offered_with_their_synonyms(guarded_shop: Assistant) -> None:
    words = {word.text: word for word in guarded_shop.vocabulary(OWNER)}
    assert (words["销售额"].kind, words["销售额"].also) == ("metric", ("营业额",))
    assert words["城市"].kind == "dimension"
    assert words["东店"].note == "门店"
    assert "手机号" not in words


def test_values_are_offered_as_far_as_their_rows_may_be_seen(guarded_shop: Assistant) -> None:
    assert values(guarded_shop, OWNER) == {"东店", "西店", "南店", "银川", "北京", "茶叶", "茶具"}
    assert values(guarded_shop, KEEPER) == {"东店", "银川", "茶叶", "茶具"}
    assert guarded_shop.vocabulary("路人") == ()


def test_each_option_comes_with_the_number_of_its_asker(guarded_shop: Assistant) -> None:
    """October in shop.sql: 100.50 + 200.00 + 50.25, of which the east shop 150.75 in two sales."""
    asked_back = guarded_shop.ask("上个月", user=OWNER)
    assert [option.label for option in asked_back.options] == ["销售额", "退款额", "订单数"]
    whole = dict(guarded_shop.option_numbers(asked_back, OWNER, seconds=600))
    assert whole == {1: "350.75元", 2: "10.00元", 3: "3笔"}
    own = dict(guarded_shop.option_numbers(asked_back, KEEPER, seconds=600))
    assert own == {1: "150.75元", 2: "0.00元", 3: "2笔"}


def test_numbers_that_take_too_long_are_left_out() -> None:
    ended: list[tuple[int, bool]] = []

    def run(option: Option, cancel: CancelToken) -> Answer:
        stopped = Event()
        cancel.subscribe(stopped.set)
        ended.append((option.id, stopped.wait(60)))
        return Answer(code="cancelled")

    options = tuple(Option(n, f"第{n}项", "", {}) for n in (1, 2, 3))
    assert list(option_numbers(Answer(options=options), run, seconds=0.5)) == []
    assert ended == [(1, True)]


def follow_ups(assistant: Assistant, questions: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for question in questions:
        for text in assistant.ask(question, user=KEEPER).suggestions:
            yield text, assistant.ask(text, user=KEEPER).outcome


def test_follow_ups_keep_the_period_and_are_answered(guarded_shop: Assistant) -> None:
    asked = guarded_shop.ask("上个月销售额", user=KEEPER)
    assert asked.suggestions[0] == "2026年10月各门店销售额是多少"
    assert len(asked.suggestions) == 3
    told = dict(follow_ups(guarded_shop, ("上个月销售额", "今年订单数", "销售额近12个月的走势")))
    assert set(told.values()) <= {"answer", "info"}


def test_a_query_is_written_down_with_the_words_it_stands_for(shop: Assistant) -> None:
    query = shop.ask("上个月销售额").query
    assert query is not None
    answer = shop.run(query, session="链接", question="上月卖了多少")
    assert answer.question == "上月卖了多少"
    assert shop.history().conversations()[0].title == "上月卖了多少"
