"""One question, one answer, in four formats, with its exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

QUESTION = "上个月各门店销售额是多少"
Run = Callable[..., tuple[int, str, str]]


def test_json_is_exactly_one_object(run: Run) -> None:
    code, out, _ = run("ask", QUESTION, "--format", "json")
    assert (code, out.count("\n")) == (0, 1)
    answer = json.loads(out)
    assert answer["rows"] == [["西店", 200.0], ["东店", 150.75], ["南店", 0.0]]
    assert '["西店", 200.00]' in out


def test_text_is_a_table_that_lines_up(run: Run) -> None:
    code, out, _ = run("ask", QUESTION)
    assert code == 0
    assert "门店  销售额(元)\n----  ----------\n西店      200.00\n东店      150.75\n" in out
    assert "合计      350.75" in out
    assert "读法:2026年10月" in out
    assert "口径:销售额" in out
    assert "数据截至:2026-11-19" in out


def test_csv_has_base_values_and_nothing_else(run: Run) -> None:
    code, out, _ = run("ask", QUESTION, "--format", "csv")
    assert code == 0
    assert list(csv.reader(io.StringIO(out))) == [
        ["门店", "销售额(元)"],
        ["西店", "200.00"],
        ["东店", "150.75"],
        ["南店", "0.00"],
    ]


def test_sql_is_the_statement(run: Run) -> None:
    asked = run("ask", QUESTION, "--format", "sql")
    shown = run("sql", QUESTION)
    assert asked.out == shown.out
    assert "SELECT" in shown.out
    assert shown.code == 0


@pytest.mark.parametrize(
    ("question", "exit_code", "outcome"),
    [
        (QUESTION, 0, "answer"),
        ("有哪些指标", 0, "info"),
        ("上个月流水", 3, "clarification"),
        ("", 3, "clarification"),
        ("明年销售额", 4, "refusal"),
        ("讲个笑话", 4, "refusal"),
    ],
)
def test_the_exit_code_follows_the_outcome(
    run: Run, question: str, exit_code: int, outcome: str
) -> None:
    code, out, _ = run("--format", "json", "ask", question)
    assert (code, json.loads(out)["outcome"]) == (exit_code, outcome)


def test_options_can_be_chosen_by_number(run: Run) -> None:
    asked = run("ask", "上个月流水", "--session", "早会")
    assert "1. 销售额(" in asked.out
    assert "选1" in asked.out
    chosen = run("ask", "2", "--session", "早会", "--format", "csv")
    assert chosen == (0, "退款额(元)\n10.00\n", "")
    assert run("ask", "上个月流水", "--choose", "2", "--format", "csv").out == chosen.out
    run("ask", "上个月流水", "--session", "新会")
    assert run("ask", "--session", "新会", "--choose", "2", "--format", "csv").out == chosen.out


def test_global_options_may_stand_anywhere(run: Run, shop_folder: Path) -> None:
    before = run(
        "--project", str(shop_folder), "--as-of=2026-11-03", "--format", "csv", "ask", "本月销售额"
    )
    after = run(
        "ask", "本月销售额", "--format=csv", "--as-of", "2026-11-03", "--project", str(shop_folder)
    )
    assert before == after == (0, "销售额(元)\n80.00\n", "")


def test_a_question_may_look_like_an_option(run: Run) -> None:
    code, out, _ = run("ask", "--format", "json", "--", "--format")
    assert (code, json.loads(out)["question"]) == (4, "--format")


def test_words_need_no_quotes(run: Run) -> None:
    assert run("ask", "上个月", "销售额", "--format", "csv").out == "销售额(元)\n350.75\n"


@pytest.mark.parametrize("output", ["text", "json", "csv", "sql"])
def test_errors_are_one_sentence(run: Run, shop_folder: Path, output: str) -> None:
    (shop_folder / "shop.duckdb").unlink()
    code, out, err = run("ask", QUESTION, "--format", output)
    told = json.loads(out)["message"] if output == "json" else err
    assert (code, "Traceback" in out + err) == (1, False)
    assert "shop.duckdb" in told
    if output != "json":
        assert (out, err.count("\n")) == ("", 1)


def test_an_unexpected_error_shows_its_traceback_only_when_debugging(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("innards")

    monkeypatch.setattr("assistant.pipeline.compiled_once", broken)
    code, out, err = run("ask", QUESTION, "--format", "json")
    assert (code, json.loads(out)["code"], "innards" in out + err) == (1, "internal", False)
    code, out, err = run("ask", QUESTION, "--format", "json", "--debug")
    assert (code, json.loads(out)["code"], "innards" in err) == (1, "internal", True)


def test_the_installed_command_answers(shop_folder: Path) -> None:
    command = [str(Path(sys.executable).parent / "wenshu"), "ask", QUESTION, "--format", "json"]
    environment = {k: v for k, v in os.environ.items() if k != "LANG"}
    done = subprocess.run(
        command, cwd=shop_folder, capture_output=True, check=True, env=environment | {"LC_ALL": "C"}
    )
    assert json.loads(done.stdout.decode("utf-8"))["row_count"] == 3
    assert done.stderr == b""
