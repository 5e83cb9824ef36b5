"""Every verb does what its line in the help says; wrong usage is told in Chinese."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from jsonschema import Draft202012Validator

Run = Callable[..., tuple[int, str, str]]
VERBS = (
    "ask", "chat", "query", "sql", "catalog", "schema", "lint", "validate", "eval", "rollup",
    "demo", "serve", "doctor",
)  # fmt: skip


def test_the_help_page_lists_every_verb_in_chinese(run: Run) -> None:
    for arguments in ((), ("--help",)):
        code, out, _ = run(*arguments)
        assert code == 0
        assert all(f"  {verb} " in out for verb in VERBS)
        assert "--as-of" in out
        assert "Usage" not in out


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_a_help_page(run: Run, verb: str) -> None:
    code, out, _ = run(verb, "--help")
    assert code == 0
    assert out.startswith(f"用法:wenshu {verb}")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("asks", "x"), "ask"),
        (("ask",), "问题"),
        (("ask", "--choose", "1"), "--session"),
        (("ask", "x", "--formt", "json"), "--format"),
        (("ask", "x", "--format", "xml"), "text"),
        (("ask", "x", "--as-of", "2026-02-30"), "2026-11-20"),
        (("ask", "x", "--choose", "eins"), "整数"),
        (("ask", "x", "--planner", "magic"), "grammar"),
        (("ask", "x", "--session"), "--session"),
        (("query", "nirgends.json"), "nirgends.json"),
        (("schema", "world"), "definitions"),
        (("catalog", "metric"), "metrics"),
        (("lint", "nirgends"), "nirgends"),
        (("demo",), "build"),
        (("demo", "build", "--size", "huge"), "standard"),
        (("serve", "--port", "0"), "65535"),
        (("schema", "query", "mehr"), "mehr"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_chinese_sentence(
    run: Run, arguments: tuple[str, ...], named: str
) -> None:
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert named in err
    assert err.endswith("用 wenshu --help 查看用法。\n")


def test_wrong_usage_of_a_question_is_an_object_in_json(run: Run) -> None:
    code, out, _ = run("ask", "x", "--as-of", "gestern", "--format", "json")
    answer = json.loads(out)
    assert (code, answer["outcome"], answer["code"]) == (2, "error", "usage")


def test_a_missing_project_is_an_object_in_json(run: Run) -> None:
    code, out, _ = run("ask", "x", "--project", "nirgends", "--format", "json")
    assert (code, json.loads(out)["code"]) == (1, "project_missing")


def test_a_query_is_read_from_a_file_or_standard_input(run: Run, shop_folder: Path) -> None:
    asked = json.loads(run("ask", "上个月各门店销售额", "--format", "json").out)
    text = json.dumps(asked["query"])
    (shop_folder / "query.json").write_text(text, encoding="utf-8")
    from_file = json.loads(run("query", "query.json", "--format", "json").out)
    from_input = json.loads(run("query", "-", "--format", "json", stdin=text).out)
    assert from_file["rows"] == from_input["rows"] == asked["rows"]
    assert from_file["sql"] == asked["sql"]


def test_a_broken_query_is_refused(run: Run) -> None:
    code, out, _ = run("query", "-", "--format", "json", stdin="{oops")
    assert (code, json.loads(out)["code"]) == (4, "invalid_query")


@pytest.mark.parametrize("of", ["definitions", "query", "patch", "answer"])
def test_schemas_are_json_schemas(run: Run, of: str) -> None:
    code, out, _ = run("schema", of)
    assert code == 0
    Draft202012Validator.check_schema(json.loads(out))


def test_the_answer_schema_describes_an_answer(run: Run) -> None:
    schema = json.loads(run("schema", "answer").out)
    for question in ("上个月各门店销售额", "上个月流水", "讲个笑话", "有哪些指标"):
        answer = json.loads(run("ask", question, "--format", "json").out)
        Draft202012Validator(schema).validate(answer)


def test_the_query_schema_describes_a_query(run: Run) -> None:
    schema = json.loads(run("schema", "query").out)
    answer = json.loads(run("ask", "上个月各门店销售额", "--format", "json").out)
    Draft202012Validator(schema).validate(answer["query"])


def test_the_catalogue_lists_and_shows_one_in_full(run: Run) -> None:
    listed = json.loads(run("catalog", "--format", "json").out)
    assert {kind: len(entries) for kind, entries in listed.items()} == {
        "metrics": 3,
        "dimensions": 3,
        "datasets": 2,
        "segments": 0,
    }
    for name in ("sales_amount", "销售额", "营业额"):
        shown = json.loads(run("catalog", "metrics", name, "--format", "json").out)
        assert (shown["id"], shown["owner"]) == ("sales_amount", "财务部")
    assert "归口:财务部" in run("catalog", "metrics", "销售额").out
    assert "13800000001" not in run("catalog", "datasets", "sales").out


def test_an_unknown_definition_is_refused_with_near_ones(run: Run) -> None:
    code, out, err = run("catalog", "metrics", "销售金额")
    assert (code, out) == (4, "")
    assert "销售额" in err


def test_lint_counts_errors(run: Run, shop_folder: Path) -> None:
    assert run("lint").code == 0
    (shop_folder / "catalog" / "bad.yml").write_text("version: 1\nmetrcs: []\n", encoding="utf-8")
    code, out, _ = run("lint", "--format", "json")
    findings = json.loads(out)["findings"]
    assert (code, findings[0]["file"], findings[0]["line"]) == (5, "catalog/bad.yml", 2)
    assert run("lint", "catalog").code == 5


def test_lint_tells_each_finding_once(run: Run, shop_folder: Path) -> None:
    text = (
        "datasets: [{name: notes, source: notes, key: id, time: day}]\n"
        "metrics: [{name: note_cnt, label: 笔记数, description: 条数, unit: 条, agg: count}]\n"
    )
    (shop_folder / "catalog" / "notes.yml").write_text(text, encoding="utf-8")
    told = run("lint").out.splitlines()
    assert any("M203" in line for line in told)
    assert len(told) == len(set(told))


def test_validate_holds_the_definitions_against_the_data(run: Run, shop_folder: Path) -> None:
    with duckdb.connect(str(shop_folder / "shop.duckdb")) as connection:
        connection.execute("insert into sales select * from sales limit 1")
    code, out, err = run("validate", "--live")
    assert (code, out.startswith("错误 V101 sales "), "1处错误" in err) == (5, True, True)
    code, out, _ = run("validate", "--live", "--format", "json")
    report = json.loads(out)
    assert (code, report["ok"], [f["code"] for f in report["findings"]]) == (5, False, ["V101"])


def test_validate_asks_for_live(run: Run) -> None:
    assert run("validate").code == 2


def test_doctor_says_what_works_and_what_does_not(run: Run, shop_folder: Path) -> None:
    code, out, _ = run("doctor", "--format", "json")
    checks = {check["name"]: check for check in json.loads(out)["checks"]}
    assert (code, checks["数据日期"]["value"]) == (0, {"sales": "2026-11-19"})
    (shop_folder / "shop.duckdb").unlink()
    code, out, _ = run("doctor")
    assert code == 1
    assert "异常  口径与数据库:" in out


class TestChat:
    """Questions line by line."""

    def test_one_object_per_line_until_the_end(self, run: Run) -> None:
        lines = "上个月销售额\n\n上个月流水\n2\n讲个笑话\n"
        code, out, _ = run("chat", "--format", "json", stdin=lines)
        answers = [json.loads(line) for line in out.splitlines()]
        assert (code, [a["code"] for a in answers]) == (
            0,
            ["answered", "empty_question", "ambiguous_metric", "answered", "out_of_scope"],
        )
        assert [a["turn"] for a in answers] == [1, 2, 3, 4, 5]
        assert answers[3]["rows"] == [[10.0]]

    def test_goodbye_ends_it(self, run: Run) -> None:
        code, out, _ = run("chat", "--format", "json", stdin="上个月销售额\n退出\n上个月订单数\n")
        assert (code, out.count("\n")) == (0, 1)

    def test_a_session_goes_on(self, run: Run) -> None:
        run("chat", "--session", "早会", "--format", "json", stdin="上个月流水")
        out = run("chat", "--session", "早会", "--format", "json", stdin="2").out
        assert json.loads(out)["turn"] == 2

    def test_broken_bytes_do_not_end_it(self, run: Run) -> None:
        lines = "\ufeff上个月销售额\r\n\x00\x07\n" + "长" * 10_000 + "\n上个月销售额\n"
        out = run("chat", "--format", "json", stdin=lines).out
        codes = [json.loads(line)["code"] for line in out.splitlines()]
        assert codes == ["answered", "empty_question", "question_too_long", "answered"]
