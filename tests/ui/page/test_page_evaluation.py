"""评测: what a run comes to as text and HTML; an evaluator runs a suite and opens a wrong case."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evals.beside import Rows
from evals.case import Case
from evals.figures import Rate, Slice, Times
from evals.kept import KeptCase
from evals.suite import Suite, SuiteError
from evals.two_runs import TwoRuns
from tests.ui.page.conftest import REPOSITORY
from ui.page.evaluation import running
from ui.page.evaluation.cases import cases_like
from ui.page.evaluation.comparison import comparison_html
from ui.page.evaluation.html import (
    in_order_of,
    outcome_text,
    rates_html,
    reason_text,
    rows_html,
    slices_html,
    times_html,
)
from ui.page.evaluation.running import EvalJob, Track

SUITE = REPOSITORY / "tests" / "fixtures" / "one_right_one_wrong.yml"
CASE = KeptCase("c", "存款余额", "存款", "单值", "dev", "c", "", (), "", "answer", (), (), (), "wrong",
                "answer", "answered", "", "", "", "", 10.0, 1.0, "grammar")  # fmt: skip


def test_a_rate_is_told_with_its_bound():
    told = rates_html([Rate("错 / 已答", 3, 300), Rate("错 / 全部", 0, 0)])
    assert "<b>1.00%</b>(3/300),95% 置信上界 <b>2.56%</b>" in told
    assert "<dd>—</dd>" in told


def test_reasons_name_their_layer_in_chinese():
    case = replace(CASE, reason="slots: 期间不对;rows: 应有 1 行;headline: rows: 原文")
    assert reason_text(case) == "查询要素:期间不对;数字:应有 1 行;结论句:rows: 原文"
    assert outcome_text("refusal", ("permission",)) == "拒答(permission)"
    assert outcome_text("answer", ("answered",)) == "给出答案"


def test_cells_that_differ_are_marked_and_equal_numbers_are_not():
    got = Rows(("branch", "deposit"), (("银川分行", "5"), ("固原分行", "7.0")), 2)
    gold = Rows(("branch", "deposit"), (("固原分行", "7.00"), ("银川分行", "6")), 2)
    assert in_order_of(gold, got).rows == (("银川分行", "6"), ("固原分行", "7.00"))
    told = rows_html(gold, got)
    assert '<td class="num differs">6</td>' in told
    assert told.count("differs") == 1
    assert "没有数字" in rows_html(None, gold)


def test_texts_of_suites_and_data_are_never_html():
    evil = "<img src=x onerror=alert(1)>"
    rows = Rows((evil,), ((evil,),), 40)
    told = (
        rows_html(rows, None)
        + slices_html("业务域", [Slice(evil, 1, 0, 0)])
        + comparison_html(TwoRuns(refusal=evil), {})
    )
    assert "<img" not in told
    assert "共40行,这里是前1行" in told


def test_times_are_drawn_in_proportion():
    told = times_html(Times(10, 20, 30, (("0–50", 4), ("50–100", 0), ("100–200", 1))))
    assert 'width:100.0%"></i>4题' in told
    assert "<dd>0题</dd>" in told
    assert 'width:25.0%"></i>1题' in told


def test_cases_are_found_by_reason_and_wrong_ones_come_first():
    unread = replace(CASE, id="u", verdict="abstained", reason="outcome: 反问")
    assert cases_like([unread, CASE], "") == (CASE, unread)
    assert cases_like([unread, CASE], "反问") == (unread,)


class _Run:
    """Stands for `run_suite`: waits, watched, until the test lets it go on."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def __call__(self, suite: Suite, assistant: Any, planner: str, watch: Any) -> Any:
        watch(1)
        assert self.go_on.wait(600)
        watch(2)
        raise SuiteError("标准答案的 SQL 不能执行")


def ended(job: EvalJob) -> EvalJob:
    until = threading.Event()
    for _ in range(12_000):
        if job.state != "running":
            break
        until.wait(0.05)
    return job


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> _Run:
    run = _Run()
    monkeypatch.setattr(running, "run_suite", run)
    return run


def make() -> EvalJob:
    case = Case("c", "问", "存款", "单值", "refusal")
    suite = Suite("s", "题", datetime(2026, 11, 20, tzinfo=UTC).date(), (case, case, case))
    return EvalJob(suite, None, "auto", "评测员")  # type: ignore[arg-type]


def test_one_run_at_a_time_and_stopping_leaves_nothing(held: _Run):
    track = Track()
    job = track.start(make)
    assert job is not None
    assert track.start(make) is None
    assert track.running is job
    job.stop()
    held.go_on.set()
    assert (ended(job).state, job.head, job.done) == ("stopped", None, 2)
    assert "没有留下结果" in job.told
    assert track.running is None


def test_a_broken_suite_ends_with_its_sentence(held: _Run):
    held.go_on.set()
    job = ended(make())
    assert (job.state, job.told) == ("failed", "标准答案的 SQL 不能执行")


@pytest.mark.browser
def test_an_evaluator_runs_a_suite_and_opens_a_wrong_case(visit: Any, page_project: Path):
    folder = page_project / "evals"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(SUITE, folder / "mixed.yml")
    page = visit()
    go(page, "评测")
    page.get_by_text("当前用户“分析员”不是评测人").wait_for()
    page.locator(".st-key-user input").fill("评测员")
    page.locator("div[role=option]", has_text="评测员").click()
    page.locator(".st-key-eval-go button").click()
    page.locator(".ws-counts .wrong b", has_text="1").wait_for()
    assert page.locator(".ws-counts .right b").inner_text() == "1"
    assert page.locator(".ws-rates").inner_text().count("95% 置信上界") == 2
    page.locator("summary", has_text="9月末全行存款余额是多少").click()
    page.locator(".ws-beside td.differs").nth(1).wait_for()
    expected, got = page.locator(".ws-beside td.differs").all_inner_texts()
    assert float(expected) == pytest.approx(2 * float(got))
    page.get_by_text("2026年9月末 · 个人存款余额").wait_for()
    go(page, "运维")
    page.locator(".st-key-operation-part button", has_text="审计").click()
    page.locator(".st-key-audit-source input").fill("评测")
    page.locator("div[role=option]", has_text="评测").click()
    page.get_by_text("评测·回答").first.wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.locator(".st-key-audit-text input").fill("9月末全行存款余额是多少")
    page.keyboard.press("Enter")
    page.get_by_text("共1条").wait_for()
    page.wait_for_function("document.querySelectorAll('.st-key-operation summary').length == 1")
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.locator(".st-key-operation summary").click()
    page.get_by_role("button", name="重放").click()
    told = page.locator(".stExpander .ws-chain")
    told.wait_for()
    assert told.inner_text().startswith("与当时逐字节一致")


def go(page: Any, name: str) -> None:
    page.get_by_role("link", name=name).click()
