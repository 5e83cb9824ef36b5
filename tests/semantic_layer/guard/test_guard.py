"""The guard lets exactly the harmless statements through."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from sqlglot import exp, parse_one

from semantic_layer.guard import AllowedTables, UnsafeSQL, check, check_sql
from semantic_layer.statement import Statement

HERE = Path(__file__).parent
SCHEMA = {
    "deposits": ("branch", "month_end", "balance", "customer_id"),
    "customers": ("customer_id", "cust_name", "org_id"),
    "orgs": ("org_id", "branch"),
    "ods.loans": ("amount",),
}
ALLOWED = AllowedTables.of(SCHEMA, incomplete=["customers"])
BANK = """
CREATE TABLE deposits(branch VARCHAR, month_end DATE, balance DECIMAL(18, 2), customer_id VARCHAR);
CREATE TABLE customers(
    customer_id VARCHAR, cust_name VARCHAR, org_id VARCHAR, mobile VARCHAR, id_no VARCHAR);
CREATE TABLE orgs(org_id VARCHAR, branch VARCHAR);
CREATE SCHEMA ods;
CREATE TABLE ods.loans(amount DECIMAL(18, 2));
"""


def lines(name: str) -> Iterator[str]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


ATTACKS = [tuple(line.split(maxsplit=1)) for line in lines("attacks.txt")]


@pytest.fixture(scope="module")
def bank() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(BANK)
        yield connection


@pytest.mark.parametrize(("code", "sql"), ATTACKS, ids=[sql for _, sql in ATTACKS])
def test_an_attack_is_refused_for_its_reason(code: str, sql: str) -> None:
    with pytest.raises(UnsafeSQL) as caught:
        check_sql(sql, ALLOWED)
    assert caught.value.code == code


@pytest.mark.parametrize("sql", list(lines("allowed.txt")))
def test_a_harmless_query_passes_and_runs(sql: str, bank: duckdb.DuckDBPyConnection) -> None:
    bank.execute(Statement.of(check_sql(sql, ALLOWED)).text).fetchall()


def test_the_text_that_runs_holds_no_comments() -> None:
    tree = check_sql("SELECT branch /* a */ FROM deposits -- b", ALLOWED)
    assert Statement.of(tree).text == "SELECT branch FROM deposits"


def test_a_refusal_is_one_chinese_sentence() -> None:
    with pytest.raises(UnsafeSQL) as caught:
        check_sql("SELECT mobile FROM customers", ALLOWED)
    assert str(caught.value) == "查询用到了未开放的字段“mobile”,没有执行"
    assert caught.value.subject == "mobile"


@pytest.mark.parametrize(
    "value",
    ["'; DROP TABLE deposits; --", "a'b''c", 'a"b', "\\'; SELECT 1", "*/ SELECT 1 /*", "a\x00b"],
)
def test_a_filter_value_stays_a_value(value: str, bank: duckdb.DuckDBPyConnection) -> None:
    tree = exp.select(exp.alias_(exp.Literal.string(value), "v"))
    assert bank.execute(Statement.of(check(tree, ALLOWED)).text).fetchall() == [(value,)]


def select_of(node: exp.Expr) -> exp.Select:
    return exp.select(exp.alias_(node, "a")).from_("deposits")


def words(text: str) -> exp.Select:
    tree = exp.select("d.branch").from_("deposits AS d").join("orgs AS o", on="TRUE")
    tree.args["joins"][0].set("kind", text)
    return tree


FORGED = {
    "number": select_of(exp.Literal(this="1 FROM salaries --", is_string=False)),
    "name": select_of(exp.column(exp.Identifier(this="branch FROM salaries --", quoted=False))),
    "alias": exp.select(
        exp.Alias(
            this=exp.Literal.number(1),
            alias=exp.Identifier(this="a FROM salaries --", quoted=False),
        )
    ).from_("deposits"),
    "join": words("CROSS JOIN salaries CROSS"),
    "unit": select_of(
        exp.Interval(this=exp.Literal.string("1"), unit=exp.Var(this="DAY FROM salaries --"))
    ),
    "function": select_of(exp.Anonymous(this="prefix(1,1) FROM salaries --")),
    "type": select_of(exp.Cast(this=exp.Null(), to=exp.DataType.build("x y", udt=True))),
    "not_a_node": exp.Select(expressions=["1 FROM salaries"]),
    "from": exp.select("branch").from_(exp.Identifier(this="salaries", quoted=False)),
}


@pytest.mark.parametrize("tree", FORGED.values(), ids=FORGED.keys())
def test_a_forged_tree_carries_no_text_into_the_sql(tree: exp.Expr) -> None:
    with pytest.raises(UnsafeSQL):
        check(tree, ALLOWED)


def test_deep_nesting_is_refused() -> None:
    tree: exp.Expr = exp.Literal.number(1)
    for _ in range(100_000):
        tree = exp.Paren(this=tree)
    with pytest.raises(UnsafeSQL) as caught:
        check(exp.Select(expressions=[tree]), ALLOWED)
    assert caught.value.code == "too_deep"


def test_the_guard_hands_back_the_tree_it_was_given() -> None:
    tree = parse_one("SELECT branch FROM deposits", dialect="duckdb")
    assert check(tree, ALLOWED) is tree
