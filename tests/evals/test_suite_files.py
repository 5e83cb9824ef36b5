"""A suite that cannot be read says what is wrong and where."""

from datetime import date

import pytest

from evals.suite import SuiteError, load_suite

HEAD = "suite: s\ntitle: 一套题\nas_of: 2026-11-20\ncases:\n"
CASE = "  - id: one\n    ask: 存款\n    domain: 存款\n    shape: 单值\n"
GOLD = "    any_of: [{sql: SELECT 1 AS deposit, slots: {metrics: [deposit]}}]\n"


def load(folder, text):
    (folder / "s.yml").write_text(text, "utf-8")
    return load_suite("s", folder)


def test_a_case_is_read_with_its_line(tmp_path):
    suite = load(tmp_path, HEAD + CASE + GOLD)
    (case,) = suite.cases
    assert (suite.name, suite.as_of, len(suite.hash)) == ("s", date(2026, 11, 20), 16)
    assert (case.id, case.file, case.line, case.split) == ("one", "s.yml", 5, "dev")
    assert case.any_of[0].slots.metrics == ("deposit",)
    assert case.any_of[0].slots.period is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("suite: [", "s.yml 不是合法的 YAML"),
        (HEAD + CASE + GOLD + "    asks: 两次\n", "s.yml 的 cases.0.asks 写得不对"),
        (HEAD + CASE + GOLD + CASE + GOLD, "用例编号“one”重复"),
        (HEAD + CASE, "期望 answer 时要给 any_of"),
        (HEAD + CASE + GOLD + "    outcome: refusal\n", "其他结局不要给"),
        (HEAD + CASE + GOLD + "    outcome: perhaps\n", "s.yml 的 cases.0.outcome 写得不对"),
    ],
)
def test_a_broken_suite_is_one_sentence(tmp_path, text, message):
    with pytest.raises(SuiteError, match=message):
        load(tmp_path, text)


def test_an_unknown_suite_names_those_that_exist(tmp_path):
    load(tmp_path, HEAD + CASE + GOLD)
    with pytest.raises(SuiteError, match="没有评测套件“t”。现有套件:s"):
        load_suite("t", tmp_path)
