"""A baseline tells what got worse, and refuses other data."""

import json
from dataclasses import replace

import pytest

from evals.baseline import compare, comparison_markdown, save_baseline
from evals.case import Result
from evals.runner import Run
from evals.suite import SuiteError

SETTING = {"suite": "s", "as_of": "2026-11-20", "planner": "auto", "data_size": "small"}


@pytest.fixture
def run_of(case):
    def make(data="d1", catalog="c1", **verdicts):
        results = tuple(
            Result(case(id=name), verdict, (), "answer", "answered", "", "", 1.0)
            for name, verdict in verdicts.items()
        )
        setting = {**SETTING, "data_row_hash": data, "catalog": catalog, "machine": "m"}
        return Run("s", "一套题", results, setting)

    return make


@pytest.fixture
def baseline(tmp_path, run_of):
    path = tmp_path / "s.json"
    save_baseline(run_of(a="right", b="right", c="abstained", d="wrong", e="right"), path)
    return path


def test_worse_is_right_to_abstained_to_wrong(run_of, baseline):
    now = run_of(a="abstained", b="wrong", c="wrong", d="right", f="right")
    found = compare(now, baseline)
    assert [str(c) for c in found.regressions] == ["a:对→弃答", "b:对→错", "c:弃答→错"]
    assert [str(c) for c in found.improvements] == ["d:错→对"]
    assert (found.new, found.gone) == (("f",), ("e",))
    assert "退步 b:对→错" in comparison_markdown(found)


def test_an_equal_run_has_no_changes(run_of, baseline):
    same = run_of(a="right", b="right", c="abstained", d="wrong", e="right")
    found = compare(same, baseline)
    assert (found.changes, found.new, found.gone) == ((), (), ())
    assert found.same_definitions


def test_other_data_or_another_day_are_refused(run_of, baseline):
    with pytest.raises(SuiteError, match="数据原为 d1,现为 d2"):
        compare(run_of(data="d2", a="right"), baseline)
    other_day = run_of(a="right")
    other_day = replace(other_day, setting={**other_day.setting, "as_of": "2026-11-21"})
    with pytest.raises(SuiteError, match="日期原为 2026-11-20"):
        compare(other_day, baseline)


def test_other_definitions_are_compared_and_said(run_of, baseline):
    found = compare(run_of(catalog="c2", a="right"), baseline)
    assert not found.same_definitions
    assert "口径文件与基线时不同" in comparison_markdown(found)


def test_the_machine_is_no_part_of_a_baseline(baseline):
    assert "machine" not in json.loads(baseline.read_text("utf-8"))["setting"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "不是合法的 JSON"), ("[]", "不是基线文件"), ('{"setting": {}}', "不是基线文件")],
)
def test_a_broken_baseline_is_one_sentence(tmp_path, run_of, text, message):
    path = tmp_path / "broken.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SuiteError, match=message):
        compare(run_of(a="right"), path)


def test_no_baseline_is_one_sentence(tmp_path, run_of):
    with pytest.raises(SuiteError, match="没有基线文件"):
        compare(run_of(a="right"), tmp_path / "none.json")
