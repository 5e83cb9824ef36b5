"""Suites are never worse with a model than without, whatever the model says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from stub_server import (
    Script,
    StubServer,
    drops_the_unknown,
    fails,
    says,
    takes_the_next_best,
    wrong_meaning,
    wrong_names,
)

from assistant import Assistant
from assistant.locations import demo_project
from evals.case import Result
from evals.command import run
from evals.model_report import beside_grammar, model_json, model_section
from evals.runner import Run, run_suite
from evals.suite import Suite, load_suite

HELPED = {
    "honest": ("religion", "rival-bank", "branch-that-is-not-ours", "only-a-time"),
    "rights": ("own-a-colleague",),
    "sayings": ("new-customers-yoy/5",),
}
"""Cases of which the grammar asks a model; all others never reach it."""
ONE = """\
suite: one
title: 一题
as_of: 2026-11-20
cases:
  - id: deposit
    ask: 10月末全行存款余额是多少
    domain: 存款
    shape: 单值
    requirement: [R2]
    any_of:
      - sql: >-
          SELECT sum(end_balance) AS deposit FROM fact_balance
          WHERE month_end = '2026-10-31' AND product_line = '存款'
"""
RANK = {"right": 2, "abstained": 1, "wrong": 0}


@dataclass
class Bank:
    assistant: Assistant
    server: StubServer
    suites: tuple[Suite, ...]
    grammar: tuple[Run, ...]

    def runs(self, script: Script, planner: str = "auto") -> tuple[Run, ...]:
        self.server.script = script
        return tuple(run_suite(suite, self.assistant, planner) for suite in self.suites)


@pytest.fixture(scope="module")
def bank(demo_small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    server = StubServer(says(None))
    environment = {
        "WENSHU_DATABASE_PATH": str(demo_small),
        "WENSHU_STATE_PATH": str(tmp_path_factory.mktemp("model") / "state.db"),
        "WENSHU_MODEL_BASE_URL": server.url,
        "WENSHU_MODEL_PRICE_IN": "2.0",
        "WENSHU_MODEL_PRICE_OUT": "8.0",
        "WENSHU_MODEL_WAIT_S": "600",
        "WENSHU_MODEL_MAX_CALLS": "3",
    }
    assistant = Assistant.open(demo_project(), environment=environment)
    suites = tuple(_sample(name, ids) for name, ids in HELPED.items())
    grammar = tuple(run_suite(suite, assistant, "grammar") for suite in suites)
    yield Bank(assistant, server, suites, grammar)
    assistant.close()
    server.close()


def _sample(name: str, ids: tuple[str, ...]) -> Suite:
    suite = load_suite(name)
    cases = tuple(case for case in suite.cases if case.id in ids)
    assert len(cases) == len(ids)
    return replace(suite, cases=cases)


def _results(runs: tuple[Run, ...]) -> list[Result]:
    return [result for run in runs for result in run.results]


@pytest.mark.parametrize(
    "script",
    [
        takes_the_next_best(),
        drops_the_unknown(),
        wrong_meaning(1),
        wrong_names(),
        says("SELECT count(*) FROM dim_customer"),
        fails(403),
    ],
    ids=["next_best", "drops", "wrong_meaning", "wrong_names", "sql", "denied"],
)
def test_no_case_gets_worse_whatever_the_model_says(bank: Bank, script: Script) -> None:
    helped, alone = _results(bank.runs(script)), _results(bank.grammar)
    worse = [
        (b.case.id, a.verdict, b.verdict)
        for a, b in zip(alone, helped, strict=True)
        if RANK[b.verdict] < RANK[a.verdict] or b.leaked
    ]
    assert worse == []
    assert all(result.model_use is not None for result in helped)


def test_a_model_asked_about_everything_is_never_wrong_where_the_grammar_is_not(bank: Bank) -> None:
    runs = bank.runs(takes_the_next_best(), "llm")
    for with_model, alone in zip(_results(runs), _results(bank.grammar), strict=True):
        assert with_model.verdict != "wrong" or alone.verdict == "wrong"


def test_the_command_sets_both_readings_side_by_side(
    bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.yml").write_text(ONE, "utf-8")
    bank.server.script = says("不会")
    assert run(bank.assistant, ("one",), "llm", folder=tmp_path) == 0
    told = capsys.readouterr().out
    assert "| one | 大模型 | 1 | 1 | 0 | 0 |" in told
    assert "| one | 内置规则 | 1 | 1 | 0 | 0 |" in told
    assert "## 大模型" in told
    run(bank.assistant, ("one",), "llm", output="json", folder=tmp_path)
    found = json.loads(capsys.readouterr().out)[0]
    assert (found["model"]["asked"], found["grammar"]["right"]) == (1, 1)


def test_without_a_model_there_is_nothing_to_evaluate(
    shop: Assistant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.yml").write_text(ONE, "utf-8")
    assert run(shop, ("one",), "llm", folder=tmp_path) == 2
    assert "还没有配置大模型" in capsys.readouterr().err


def test_the_report_tells_calls_tokens_and_cost(bank: Bank) -> None:
    runs = bank.runs(lambda call: replace(says("不会")(call), tokens=(1000, 10)))
    found = model_json(_results(runs))
    assert found is not None
    asked = sum(len(ids) for ids in HELPED.values())
    assert (found["asked"], found["answered"], found["wrong"]) == (asked, 0, 0)
    assert found["tokens_in"] == 1000 * found["calls"]
    cost = found["calls"] * (1000 * 2.0 + 10 * 8.0) / 1_000_000
    assert found["cost"] == pytest.approx(cost)
    assert f"调用 {found['calls']} 次" in model_section(_results(runs))[0]
    assert "| honest | 内置规则 | 4 |" in beside_grammar(runs, bank.grammar)
    assert model_section(_results(bank.grammar)) == []
