"""Every function that definitions may use: its value on DuckDB, its text elsewhere."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import sqlglot
import yaml

from metrics.vocabulary import FUNCTIONS
from semantic_layer.dialects import DIALECTS, render

TABLE = yaml.safe_load(Path(__file__).with_name("functions.yml").read_text(encoding="utf-8"))
ROW = (
    "SELECT 7 AS n, 2 AS m, 2.5 AS x, CAST(NULL AS INTEGER) AS gap, '中文Ab ' AS s, "
    "CAST(NULL AS VARCHAR) AS void, DATE '2026-01-31' AS d, DATE '2026-02-01' AS e, TRUE AS yes"
)


def test_every_function_of_definitions_stands_in_the_table() -> None:
    used = {name for line in TABLE for name in line["functions"]}
    assert used >= set(FUNCTIONS)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line["duckdb"])
def test_the_value_is_as_written(line: dict[str, str]) -> None:
    [(value,)] = duckdb.sql(f"SELECT {line['duckdb']} FROM ({ROW})").fetchall()
    assert str(value) == line["value"]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line["duckdb"])
@pytest.mark.parametrize("dialect", ["spark", "clickhouse"])
def test_other_engines_are_told_the_same(line: dict[str, str], dialect: str) -> None:
    text = render(sqlglot.parse_one(line["duckdb"], dialect="duckdb"), dialect)
    assert text == line[dialect]
    assert sqlglot.parse_one(text, dialect=dialect).sql(dialect=dialect) == text


def test_a_function_inside_another_is_told_too() -> None:
    tree = sqlglot.parse_one("left(lower(s), 2)", dialect="duckdb")
    assert render(tree, "clickhouse") == "leftUTF8(lowerUTF8(s), 2)"


def test_duckdb_gets_the_tree_as_it_is() -> None:
    tree = sqlglot.parse_one("SELECT n / m FROM t", dialect="duckdb")
    assert render(tree) == "SELECT n / m FROM t"
    assert set(DIALECTS) == {"duckdb", "spark", "clickhouse"}
