"""The canonical text of an answer is that of the query asked, and can be asked again."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.language.canonical import read_canonical
from semantic_layer.query import query_from_json


@pytest.mark.parametrize("question", ["各门店销售额", "销售额同比", "10月销售额最高的门店"])
def test_the_text_of_an_answer_is_the_query_asked(shop: Assistant, question: str) -> None:
    answer = shop.ask(question)
    assert answer.canonical
    assert answer.query
    assert read_canonical(answer.canonical, shop.manifest) == query_from_json(answer.query)
    again = shop.run(f"{answer.canonical}\n")
    assert (again.rows, again.query) == (answer.rows, answer.query)
    assert shop.sql(question).canonical == answer.canonical


def test_a_default_is_not_written_as_if_it_were_asked(shop: Assistant) -> None:
    assert (shop.ask("销售额").canonical or "").startswith("默认期间,")


def test_a_text_that_is_no_query_is_told_with_its_place(shop: Assistant) -> None:
    answer = shop.run("默认期间,各门店销售额")
    assert answer.code == "invalid_query"
    assert "第6个字" in (answer.message or "")
