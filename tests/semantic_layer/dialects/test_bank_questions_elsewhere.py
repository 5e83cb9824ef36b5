"""Every question of the suites, as Spark and ClickHouse would be asked it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from assistant.project import Assistant
from evals.suite import load_suite
from semantic_layer.compile import Compiled, compile_query
from semantic_layer.dialects import outline, render, translated
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import query_from_json
from semantic_layer.resolve import resolve

ROOT = Path(__file__).parents[3]
SUITES = sorted((ROOT / "evals" / "suites").glob("*.yml"))
ANALYST = Principal("甲", ("analyst",))


@pytest.fixture(scope="module")
def bank(demo_small: Path, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("elsewhere")
    folder.joinpath("wenshu.toml").write_text(
        f"""
[project]
name = "示例银行"
catalog = "{ROOT / "metrics" / "catalog"}"
as_of = "2026-11-20"
default_user = "甲"
[database]
path = "{demo_small}"
[state]
path = "state.db"
[[users]]
name = "甲"
roles = ["analyst"]
""",
        encoding="utf-8",
    )
    assistant = Assistant.open(folder, environment={})
    yield assistant
    assistant.close()


def compiled_questions(bank: Assistant, suite: Path) -> list[Compiled]:
    """The questions that can be read and compiled; no number is computed."""
    snapshot, found = bank.snapshot(), []
    for case in load_suite(suite.stem).cases:
        query = bank.sql(case.ask).query
        if query is None:
            continue
        resolved = resolve(query_from_json(query), snapshot, ANALYST)
        compiled = None if isinstance(resolved, Problem) else compile_query(resolved, snapshot)
        if isinstance(compiled, Compiled):
            found.append(compiled)
    return found


@pytest.mark.parametrize("suite", SUITES, ids=lambda path: path.stem)
def test_every_question_can_be_asked_elsewhere(bank: Assistant, suite: Path) -> None:
    for compiled in compiled_questions(bank, suite):
        for tree in (compiled.statement, compiled.totals, compiled.count):
            for dialect in ("spark", "clickhouse") if tree is not None else ():
                check_round_trip(tree, dialect)


def check_round_trip(tree: exp.Expr, dialect: str) -> None:
    """The text reads back to the tree that was written."""
    text = render(tree, dialect)
    again = sqlglot.parse_one(text, dialect=dialect)
    assert again.sql(dialect=dialect) == text
    assert list(outline(again)) == list(outline(translated(tree, dialect)))
