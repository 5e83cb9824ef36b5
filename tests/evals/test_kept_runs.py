"""Runs are kept for the page: read back whole, compared, sliced; what is broken is passed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant import Assistant
from evals.command import run
from evals.figures import rates, slices, times
from evals.kept import Head, KeptCase, KeptRun
from evals.runner import run_suite
from evals.shelf import from_shelf, names_on_shelf
from evals.store import RunStore
from evals.suite import SuiteError, load_suite
from evals.two_runs import two_runs

SUITE = (Path(__file__).parents[1] / "fixtures" / "one_right_one_wrong.yml").read_text("utf-8")
AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
HEAD = Head("r", AT, "s", "题", "", 1.0, 0, 0, 0, 0, 0, 0, 0, {"suite": "s", "data_row_hash": "a"})
CASE = KeptCase("c", "问", "存款", "单值", "dev", "c", "", (), "", "answer", (), (), (), "right",
                "answer", "answered", "", "", "", "", 10.0, 1.0, "grammar")  # fmt: skip


def kept(verdicts: dict[str, str], **setting: str) -> KeptRun:
    cases = tuple(replace(CASE, id=name, verdict=v) for name, v in verdicts.items())  # type: ignore[arg-type]
    return KeptRun(replace(HEAD, setting={**HEAD.setting, **setting}), cases)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mixed.yml").write_text(SUITE, "utf-8")
    return tmp_path


def test_a_run_is_read_back_with_rows_expected_and_got_of_what_is_wrong(
    bank_assistant: Assistant, folder: Path
):
    store = RunStore(folder / "runs")
    watched: list[int] = []
    done = run_suite(load_suite("mixed", folder), bank_assistant, watch=watched.append)
    head = store.keep(done, AT, 1.26, "演示用户")
    found = store.read(head.id)
    assert watched == [0, 1]
    assert store.heads() == (head,)
    assert found is not None
    assert (found.head.right, found.head.wrong, found.head.user) == (1, 1, "演示用户")
    (wrong,) = found.of("wrong")
    assert wrong.id == "doubled"
    assert wrong.beside is not None
    assert wrong.beside.got is not None
    expected, got = float(wrong.beside.expected[0].rows[0][0]), float(wrong.beside.got.rows[0][0])
    assert expected == pytest.approx(2 * got)
    assert found.of("right")[0].beside is None


def test_runs_of_the_command_line_are_kept_too(bank_assistant: Assistant, folder: Path):
    store = RunStore.beside(bank_assistant.state_file)
    before = len(store.heads())
    assert run(bank_assistant, output="json", folder=folder) == 0
    newest, *others = store.heads()
    assert len(others) == before
    assert (newest.suite, newest.user, newest.wrong) == ("mixed", "", 1)


def test_a_run_that_is_stopped_leaves_nothing(bank_assistant: Assistant, folder: Path):
    class StoppedError(Exception):
        pass

    def stop(done: int) -> None:
        if done == 1:
            raise StoppedError

    with pytest.raises(StoppedError):
        run_suite(load_suite("mixed", folder), bank_assistant, watch=stop)


def test_newest_first_and_broken_files_are_passed_over(bank_assistant: Assistant, tmp_path: Path):
    store = RunStore(tmp_path)
    done = run_suite(replace(load_suite("bank"), cases=()), bank_assistant)
    old = store.keep(done, AT - timedelta(days=1), 1)
    new = store.keep(done, AT, 1)
    (tmp_path / "20270101T000000-torn.jsonl").write_text('{"id": "torn"', "utf-8")
    assert store.heads() == (new, old)
    assert store.read("20270101T000000-torn") is None
    assert store.read("../state") is None


def test_two_runs_tell_what_is_newly_wrong_and_newly_right():
    before = kept({"a": "right", "b": "wrong", "c": "right", "d": "abstained", "gone": "right"})
    now = kept({"a": "wrong", "b": "right", "c": "abstained", "d": "abstained", "new": "wrong"})
    found = two_runs(before, now)
    assert [str(c) for c in found.newly_wrong] == ["a:对→错"]
    assert [str(c) for c in found.newly_right] == ["b:错→对"]
    assert [str(c) for c in found.others] == ["c:对→弃答"]
    assert (found.new, found.gone, found.refusal) == (("new",), ("gone",), "")


def test_runs_on_other_data_are_not_compared_but_other_definitions_are_told():
    first = kept({"a": "right"}, catalog="1")
    assert "数据原为 a,现为 b" in two_runs(first, kept({"a": "right"}, data_row_hash="b")).refusal
    assert two_runs(first, kept({"a": "right"}, catalog="2")).notes == ("两次的口径不同",)


def test_bounds_of_a_run_say_what_the_count_proves():
    head = replace(HEAD, right=296, wrong=3, abstained=1, answered=299, units=300)
    answered, whole = rates(head)
    assert answered.share == 3 / 299
    assert round(whole.bound, 3) == 0.026  # 3 of 300 proves at most 2.6 %
    assert rates(HEAD)[0].share is None


def test_slices_begin_with_those_that_have_errors():
    cases = [
        replace(CASE, domain="信用卡"),
        CASE,
        replace(CASE, verdict="wrong", requirement=("R1",)),
    ]
    found = slices(cases, "业务域")
    assert [(s.name, s.right, s.wrong) for s in found] == [("存款", 1, 1), ("信用卡", 1, 0)]
    assert [s.name for s in slices(cases, "需求")] == ["R1"]


def test_times_are_counted_in_bands_up_to_the_slowest():
    found = times([replace(CASE, milliseconds=ms) for ms in (10.0, 50.0, 60.0, 210.0)])
    assert found.bins == (("0–50", 1), ("50–100", 2), ("100–200", 0), ("200–500", 1))
    assert (found.median, found.longest) == (60.0, 210.0)
    assert times(()).longest == 0.0


def test_a_project_suite_comes_before_a_built_in_one(folder: Path, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "mixed.yml").write_text(SUITE.replace("一对一错", "另一套"), "utf-8")
    (other / "more.yml").write_text(SUITE.replace("mixed", "more"), "utf-8")
    assert names_on_shelf((folder, other)) == ("mixed", "more")
    assert from_shelf("mixed", (folder, other)).title == "一对一错"
    with pytest.raises(SuiteError, match="mixed、more"):
        from_shelf("none", (folder, other))
