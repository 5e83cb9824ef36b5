"""A model may say what words stand for in any kind of question that the grammar reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stub_server import StubServer, answers, says, sections

from assistant import Assistant
from assistant.locations import demo_project


@pytest.fixture(scope="module")
def bank(
    demo_small: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Assistant, StubServer]]:
    server = StubServer(says(None))
    environment = {
        "WENSHU_DATABASE_PATH": str(demo_small),
        "WENSHU_STATE_PATH": str(tmp_path_factory.mktemp("kinds") / "state.db"),
        "WENSHU_MODEL_BASE_URL": server.url,
        "WENSHU_MODEL_WAIT_S": "600",
    }
    assistant = Assistant.open(demo_project(), environment=environment)
    yield assistant, server
    assistant.close()
    server.close()


def named(name: str, words: str) -> dict[str, str]:
    return {"id": name, "words": words}


KINDS = [
    (
        "从登门到首购的转化率", {"events": [named("注册成功", "登门")]},
        "从注册到首购的转化率", "funnel_query",
    ),
    (
        "从注册到买基银子的漏斗",
        {"events": [named("注册成功", "注册"), named("first_bought", "买基银子")]},
        "从注册到首购的漏斗", "funnel_query",
    ),
    (
        "登门客户次月留存", {"events": [named("注册成功", "登门")]},
        "注册客户次月留存", "retention_query",
    ),
    (
        "10月末揽储银子超过100万的客户有多少", {"metrics": [named("deposit", "揽储银子")]},
        "10月末个人存款余额超过100万的客户有多少", "metric_query",
    ),
    (
        "潜力苗子的存款余额",
        {"metrics": [named("deposit", "存款余额")],
         "sets": [named("potential_customers", "潜力苗子")]},
        "高净值潜力客户的存款余额", "metric_query",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("question", "draft", "governed", "kind"), KINDS)
def test_what_the_words_stand_for_is_confirmed_and_then_read(
    bank: tuple[Assistant, StubServer], question: str, draft: Any, governed: str, kind: str
) -> None:
    assistant, server = bank
    server.script = answers(draft)
    asked = assistant.ask(question, session=question)
    assert (asked.outcome != "answer", asked.rows) == (True, ())
    chosen = assistant.ask("1", session=question)
    alone = assistant.ask(governed, planner="grammar")
    assert alone.query is not None
    assert (chosen.query, chosen.rows) == (alone.query, alone.rows)
    assert alone.query["kind"] == kind


@pytest.mark.parametrize(
    ("question", "draft"),
    [
        ("从登门到首购的转化率", {"events": [named("注册成功", "登门"), named("left", "首购")]}),
        ("登门客户次月留存", {"events": [named("no_such_event", "登门")]}),
        ("登门客户次月留存", {"sets": [named("potential_customers", "登门")]}),
        ("潜力苗子的存款余额", {"sets": [named("people", "潜力苗子")]}),
        ("10月末揽储银子超过100万的客户有多少", {"metrics": [named("loan_balance", "揽储银子")]}),
        ("列出10月末揽储银子超过100万的客户", {"metrics": [named("deposit", "揽储银子")]}),
    ],
)
def test_what_is_not_so_changes_nothing(
    bank: tuple[Assistant, StubServer], question: str, draft: Any
) -> None:
    assistant, server = bank
    server.script = answers(draft)
    answer, alone = assistant.ask(question), assistant.ask(question, planner="grammar")
    assert (answer.code, answer.message, answer.options) == (
        alone.code, alone.message, alone.options,
    )  # fmt: skip


def test_sets_and_events_are_told_and_a_known_event_is_no_unknown_word(
    bank: tuple[Assistant, StubServer],
) -> None:
    assistant, server = bank
    server.script = answers({"cannot": "没有"})
    assistant.ask("从登门到首购的转化率")
    told = sections(server.calls[-1])
    assert "first_bought | 首次购买" in told["events"]
    assert "potential_customers | 高净值潜力客户" in told["sets"]
    assert "首购 = 事件 first_bought" in told["known"]
    assert told["unknown"] == ["登门"]
