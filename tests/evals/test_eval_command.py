"""`wenshu eval` prints a report and ends with 5 when something got worse, 2 when asked wrongly."""

import json
from pathlib import Path

import pytest

from evals.command import run

SUITE = """\
suite: two
title: 两题
as_of: 2026-11-20
cases:
  - id: deposit
    ask: 10月末全行存款余额是多少
    domain: 存款
    shape: 单值
    requirement: [R2, R10]
    any_of:
      - sql: >-
          SELECT sum(end_balance) AS deposit FROM fact_balance
          WHERE month_end = '2026-10-31' AND product_line = '存款'
  - id: weather
    ask: 今天天气怎么样
    domain: 安全
    shape: 拒答
    split: sealed
    outcome: refusal
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "two.yml").write_text(SUITE, "utf-8")
    return tmp_path


@pytest.fixture
def report(bank_assistant, folder, capsys):
    assert run(bank_assistant, output="json", folder=folder) == 0
    (found,) = json.loads(capsys.readouterr().out)
    return found


def kept(folder: Path, report, **verdicts) -> str:
    """A baseline with these verdicts."""
    report["cases"] = {name: {"verdict": verdict} for name, verdict in verdicts.items()}
    path = folder / "baseline.json"
    path.write_text(json.dumps(report), "utf-8")
    return str(path)


def test_the_report_for_programs(report):
    assert (report["right"], report["wrong"], report["abstained"]) == (2, 0, 0)
    assert report["comparison"] is None
    assert report["cases"]["deposit"]["reading"] == "2026年10月末 · 个人存款余额"
    setting = report["setting"]
    assert (setting["data_size"], setting["as_of"]) == ("small", "2026-11-20")
    assert {"data_row_hash", "catalog", "suite_hash", "versions"} <= setting.keys()


def test_the_report_for_people(bank_assistant, folder, capsys):
    assert run(bank_assistant, ["two"], folder=folder) == 0
    shown = capsys.readouterr()
    assert "| 2 | 2 | 0 | 0 |" in shown.out
    assert "错/已答:0.00%(0/1),95% 置信上界 95.00%" in shown.out
    assert "| 保留集 | 1 | 0 | 0 |" in shown.out
    assert shown.out.index("| R2 | deposit |") < shown.out.index("| R10 | deposit |")
    assert "two:共 2 题,对 2,错 0,弃答 0" in shown.err


def test_all_suites_of_the_folder_make_one_report_with_a_total(bank_assistant, folder, capsys):
    other = SUITE.replace("suite: two", "suite: more").replace("10月末全行", "9月末全行")
    (folder / "more.yml").write_text(other, "utf-8")
    assert run(bank_assistant, folder=folder) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("# 评测总览")
    assert "| 两题(more) | 2 | 1 | 1 | 0 |\n| 两题(two) | 2 | 2 | 0 | 0 |" in shown.out
    assert "| 合计 | 4 | 3 | 1 | 0 |" in shown.out
    assert "- 保留集:共 2 题,对 2,错 0,弃答 0" in shown.out
    assert "合计:共 4 题,对 3,错 1,弃答 0" in shown.err


def test_a_regression_ends_with_5_and_is_named(bank_assistant, folder, report, capsys):
    (folder / "two.yml").write_text(SUITE.replace("10月末全行", "9月末全行"), "utf-8")
    baseline = kept(folder, report, deposit="right", weather="abstained")
    assert run(bank_assistant, ["two"], baseline=baseline, folder=folder) == 5
    shown = capsys.readouterr()
    assert "退步 deposit:对→错" in shown.err
    assert "进步 weather:弃答→对" in shown.out


def test_an_improvement_ends_with_0(bank_assistant, folder, report, capsys):
    baseline = kept(folder, report, deposit="wrong")
    assert run(bank_assistant, ["two"], baseline=baseline, folder=folder) == 0
    assert "新增 1 题:weather" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("suites", "baseline", "sentence"),
    [
        (["nix"], None, "没有评测套件“nix”。现有套件:two"),
        (["two"], "/nowhere/b.json", "没有基线文件 /nowhere/b.json"),
    ],
)
def test_what_does_not_exist_ends_with_2(
    bank_assistant, folder, capsys, suites, baseline, sentence
):
    assert run(bank_assistant, suites, baseline=baseline, folder=folder) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.strip()) == ("", sentence)


def test_a_gold_that_does_not_run_ends_with_2(bank_assistant, folder, capsys):
    (folder / "two.yml").write_text(SUITE.replace("fact_balance", "fact_nothing"), "utf-8")
    assert run(bank_assistant, ["two"], folder=folder) == 2
    assert "用例“deposit”的标准答案" in capsys.readouterr().err
