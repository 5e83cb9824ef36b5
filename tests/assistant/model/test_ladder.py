"""Servers in the wild: each is asked over the wire, by the real client."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from collections.abc import Callable

import pytest
from stub_server import (
    Call,
    Reply,
    Script,
    StubServer,
    answers,
    drips,
    fails,
    hangs,
    ignores_tool_choice,
    rejects,
    said,
    says,
    then,
)

from assistant.planners.llm.budget import Allowance, Budget
from assistant.planners.llm.chat import Chat, Endpoint
from assistant.planners.llm.draft import draft_schema
from assistant.planners.llm.failure import ModelError
from assistant.planners.llm.ladder import RUNGS, Ladder
from semantic_layer.engines import CancelToken

Serve = Callable[[Script], StubServer]
DRAFT = {"metrics": [{"id": "sales_amount", "words": "卖了多少"}], "time": "上个月"}
SCHEMA = draft_schema(["sales_amount"], ["shop"], ["shop"])
PATIENCE_S = 60.0
"""More than anything here takes on a slow machine; a silent server is silent ten times as long."""
MESSAGES = [("system", "拆开问题"), ("user", "上个月卖了多少")]


def ladder_to(server: StubServer) -> Ladder:
    return Ladder(Chat(Endpoint(server.url, "stub", "sk-1")))


def ask(ladder: Ladder, seconds: float = PATIENCE_S, **limits: int) -> dict[str, object]:
    return ladder.ask(MESSAGES, SCHEMA, Budget(Allowance(seconds, **limits)))


@pytest.mark.parametrize(
    ("refused", "held"),
    [
        ((), "json_schema"),
        (("json_schema",), "tool"),
        (("json_schema", "tool"), "json_object"),
        (("json_schema", "tool", "json_object"), "text"),
    ],
)
def test_the_ladder_is_climbed_down_once_and_remembered(
    serve: Serve, refused: tuple[str, ...], held: str
) -> None:
    server = serve(rejects(*refused, otherwise=answers(DRAFT)))
    ladder = ladder_to(server)
    assert (ask(ladder), ladder.rung) == (DRAFT, held)
    assert server.rungs == list(RUNGS[: RUNGS.index(held) + 1])
    assert ask(ladder) == DRAFT
    assert server.rungs[-1] == held
    assert len(server.rungs) == RUNGS.index(held) + 2


def test_json_in_the_text_is_taken_where_the_tool_was_not_called(serve: Serve) -> None:
    server = serve(rejects("json_schema", otherwise=ignores_tool_choice(DRAFT)))
    assert (ask(ladder_to(server)), server.rungs) == (DRAFT, ["json_schema", "tool"])


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "SELECT sum(amount) FROM sales",
        json.dumps(DRAFT)[:-9],
        "[1, 2, 3]",
        '<think>{"metrics": []}</think> 我不知道',
    ],
)
def test_what_is_no_json_object_is_a_failure_on_every_rung(serve: Serve, text: str | None) -> None:
    server = serve(says(text))
    with pytest.raises(ModelError) as failed:
        ask(ladder_to(server))
    assert failed.value.kind == "unusable"
    assert server.rungs == list(RUNGS)


def test_a_reply_cut_in_the_middle_is_not_read(serve: Serve) -> None:
    server = serve(says(json.dumps(DRAFT), finish="length"))
    with pytest.raises(ModelError) as failed:
        ask(ladder_to(server))
    assert failed.value.kind == "unusable"


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_server_is_asked_again(serve: Serve, status: int) -> None:
    server = serve(then(fails(status, Retry_After="0.01"), answers(DRAFT)))
    assert (ask(ladder_to(server)), len(server.calls)) == (DRAFT, 2)


def test_a_server_that_stays_busy_is_left_within_the_wait(serve: Serve) -> None:
    """After a quarter and a half of a second, the third wait would be too long."""
    server = serve(fails(429))
    with pytest.raises(ModelError) as failed:
        ask(ladder_to(server), seconds=1.0)
    assert failed.value.kind in ("busy", "slow")
    assert len(server.calls) <= 3


def test_a_server_that_asks_to_wait_longer_than_we_may_is_left_at_once(serve: Serve) -> None:
    server = serve(fails(429, Retry_After="3600"))
    with pytest.raises(ModelError) as failed:
        ask(ladder_to(server))
    assert (failed.value.kind, len(server.calls)) == ("busy", 1)


@pytest.mark.parametrize("script", [hangs(), drips(DRAFT, 0.05)], ids=["hang", "drip"])
def test_a_slow_server_is_left_within_the_wait(serve: Serve, script: Script) -> None:
    ladder = ladder_to(serve(script))
    ladder.chat.warm_up()
    started = time.monotonic()
    with pytest.raises(ModelError) as failed:
        ask(ladder, seconds=0.6)
    assert failed.value.kind == "slow"
    assert time.monotonic() - started < PATIENCE_S


def test_cancelling_does_not_wait_for_the_server(serve: Serve) -> None:
    cancel = CancelToken()

    def stopped_meanwhile(call: Call) -> Reply:
        cancel.cancel()
        return hangs()(call)

    ladder = ladder_to(serve(stopped_meanwhile))
    started = time.monotonic()
    with pytest.raises(ModelError) as failed:
        ladder.ask(MESSAGES, SCHEMA, Budget(Allowance(5 * PATIENCE_S), cancel))
    assert failed.value.kind == "cancelled"
    assert time.monotonic() - started < PATIENCE_S


def test_a_key_that_is_refused_is_not_tried_again(serve: Serve) -> None:
    server = serve(fails(401))
    with pytest.raises(ModelError) as failed:
        ask(ladder_to(server))
    assert (failed.value.kind, len(server.calls)) == ("denied", 1)


def test_nobody_there_is_told_as_such() -> None:
    with pytest.raises(ModelError) as failed:
        ask(Ladder(Chat(Endpoint("http://127.0.0.1:9/v1", "stub"))), seconds=1.0)
    assert failed.value.kind in ("down", "slow")


def test_a_server_that_takes_no_temperature_is_asked_without(serve: Serve) -> None:
    def script(call: Call) -> Reply:
        if "temperature" in call.body:
            return Reply(400, error="Unsupported value: 'temperature'")
        return answers(DRAFT)(call)

    server = serve(script)
    ladder = ladder_to(server)
    assert (ask(ladder), ladder.rung, len(server.calls)) == (DRAFT, "json_schema", 5)
    assert (ask(ladder), len(server.calls)) == (DRAFT, 6)


def test_calls_and_tokens_are_counted_and_bounded(serve: Serve) -> None:
    server = serve(lambda call: said("没有", tokens=(600, 5)))
    budget = Budget(Allowance(PATIENCE_S, calls=3))
    with pytest.raises(ModelError) as failed:
        ladder_to(server).ask(MESSAGES, SCHEMA, budget)
    assert (failed.value.kind, budget.calls, budget.tokens_in, budget.tokens_out) == (
        "spent", 3, 1800, 15,
    )  # fmt: skip
    with pytest.raises(ModelError) as failed:
        ask(ladder_to(server), tokens=1000)
    assert failed.value.kind == "spent"


def test_a_count_of_tokens_that_is_no_number_is_none(serve: Serve) -> None:
    completion = {
        "id": "1", "object": "chat.completion", "created": 1, "model": "stub",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": json.dumps(DRAFT)}}],
        "usage": {"prompt_tokens": "many", "completion_tokens": -5, "total_tokens": 0},
    }  # fmt: skip
    server = serve(lambda call: Reply(raw=json.dumps(completion).encode()))
    budget = Budget(Allowance(PATIENCE_S))
    assert ladder_to(server).ask(MESSAGES, SCHEMA, budget) == DRAFT
    assert (budget.tokens_in, budget.tokens_out) == (0, 0)


def test_a_compressed_reply_is_not_unpacked_beyond_measure(serve: Serve) -> None:
    bomb = gzip.compress(json.dumps(DRAFT).encode() + b" " * 60_000_000, 9)
    packed = Reply(raw=bomb, headers={"Content-Encoding": "gzip"})
    server = serve(then(answers(DRAFT), lambda call: packed, answers(DRAFT)))
    ladder = ladder_to(server)
    assert ask(ladder) == DRAFT  # everything that a call needs is imported
    tracemalloc.start()
    assert ask(ladder) == DRAFT
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000
    assert {call.headers["Accept-Encoding"] for call in server.calls} == {"identity"}


@pytest.mark.parametrize(
    "raw", [b"", b"<html>gateway</html>", b'{"choices": []}', b'{"error": "x"}', b"\xff\xfe"]
)
def test_a_body_that_is_no_completion_is_unusable(serve: Serve, raw: bytes) -> None:
    with pytest.raises(ModelError) as failed:
        ask(ladder_to(serve(lambda call: Reply(raw=raw))))
    assert failed.value.kind in ("unusable", "broken")


def test_a_schema_has_two_levels_and_closed_lists_of_ids() -> None:
    metric = SCHEMA["properties"]["metrics"]["items"]["properties"]["id"]
    assert metric == {"type": "string", "enum": ["sales_amount"]}
    deepest = SCHEMA["properties"]["filters"]["items"]["properties"]
    assert all(part["type"] == "string" for part in deepest.values())
