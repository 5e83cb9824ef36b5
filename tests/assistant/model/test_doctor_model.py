"""`wenshu doctor` tells what an endpoint can do, and what to do when it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from stub_server import Script, StubServer, answers, fails, hangs, rejects, says

from assistant import Assistant
from assistant.checkup import Check, checkup

Serve = Callable[[Script], StubServer]
DRAFT = {"metrics": [{"id": "sales", "words": "卖了多少"}], "time": "上个月"}


def model_check(folder: Path, url: str, **more: str) -> Check:
    environment = {"WENSHU_MODEL_BASE_URL": url, "WENSHU_MODEL_MODEL": "stub", **more}
    assistant = Assistant.open(folder, environment=environment)
    try:
        return next(c for c in checkup(assistant, environment) if c.name == "大模型")
    finally:
        assistant.close()


def test_a_good_endpoint_is_told_with_its_rung_streaming_and_time(
    shop_folder: Path, serve: Serve
) -> None:
    server = serve(answers(DRAFT))
    check = model_check(shop_folder, server.url, WENSHU_API_KEY="sk-1")
    assert check.ok
    assert check.value == {
        "base_url": server.url, "model": "stub", "rung": "json_schema", "streams": True,
        "seconds": check.value["seconds"], "failure": None,
    }  # fmt: skip
    assert check.told.startswith(f"stub({server.url}):可用,按给定结构(json_schema),支持流式,应答 ")


def test_a_server_that_only_talks_is_told_as_such(shop_folder: Path, serve: Serve) -> None:
    script = rejects("json_schema", "tool", "json_object", otherwise=answers(DRAFT))
    check = model_check(shop_folder, serve(script).url)
    assert (check.ok, check.value["rung"]) == (True, "text")


@pytest.mark.parametrize(
    ("script", "wait_s", "kind", "mend"),
    [
        (fails(401), "60", "denied", "密钥"),
        (fails(404), "60", "refused", "/v1"),
        (hangs(), "0.6", "slow", "model.wait_s"),
        (says("您好"), "60", "unusable", "换一个模型"),
    ],
)
def test_what_does_not_work_is_told_with_a_way_out(
    shop_folder: Path, serve: Serve, script: Script, wait_s: str, kind: str, mend: str
) -> None:
    check = model_check(shop_folder, serve(script).url, WENSHU_MODEL_WAIT_S=wait_s)
    assert (check.ok, check.value["failure"]) == (False, kind)
    assert mend in check.told
    assert "WENSHU_API_KEY" in check.told


def test_nothing_configured_is_fine(shop: Assistant) -> None:
    check = next(c for c in checkup(shop, {}) if c.name == "大模型")
    assert (check.ok, check.value) == (True, None)


def test_the_doctor_tells_the_server_nothing_of_the_project(
    shop_folder: Path, serve: Serve
) -> None:
    server = serve(answers(DRAFT))
    model_check(shop_folder, server.url)
    assert "东店" not in server.text_seen
    assert "sales_amount" not in server.text_seen
