"""The guard knows the tables of the definitions, and what is compiled passes it."""

from itertools import product

import pytest
from sqlglot import exp

from semantic_layer.guard import UnsafeSQL, allowed_tables, check, check_sql
from semantic_layer.model import Dataset, Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    BucketGroup,
    Comparison,
    Condition,
    Cumulative,
    DimensionGroup,
    Limit,
    MetricQuery,
    MetricRef,
    Period,
    Relative,
    Scope,
    Share,
    TimeGroup,
)

METRICS = ("deposit", "npl_rate", "txn_amount", "dau", "net_amount", "deposit_minus_loan")
GROUPS = (
    (),
    (DimensionGroup("branch"),),
    (TimeGroup("month"),),
    (DimensionGroup("branch"), TimeGroup("month")),
    (DimensionGroup("age_band"),),
    (BucketGroup("age", "customer", (20, 40)),),
)
SHAPES = (
    {},
    {"compare": (Comparison("yoy"), Comparison("mom"))},
    {"share": Share()},
    {"window": Cumulative()},
    {"limit": Limit(2, others=True)},
)
SCOPE = Scope(
    Period((Relative("month", -1, span=3),)), Condition("branch", "in", ("银川分行", "'; --"))
)


def test_only_tables_of_datasets_are_open(make_manifest, column_types) -> None:
    allowed = allowed_tables(make_manifest(), column_types | {"salaries": {"name": "VARCHAR"}})
    assert set(allowed.columns) == set(column_types)
    assert "salaries" not in allowed.columns
    assert allowed.columns["dim_org"] == {"org_id", "outlet", "branch", "opened_on", "closed_on"}


def test_a_dataset_written_as_sql_opens_the_tables_it_reads() -> None:
    sql = "WITH w AS (SELECT * FROM ods.Loans) SELECT w.a FROM w JOIN orgs USING (a)"
    dataset = Dataset("loans", "贷款", None, ("a",), (), sql=sql)
    manifest = Manifest("某行", {"loans": dataset}, {}, {})
    schema = {"ods.loans": {"a": "INT"}, "orgs": {"A": "INT"}, "w": {"a": "INT"}}
    allowed = allowed_tables(manifest, schema)
    assert dict(allowed.columns) == {"ods.loans": {"a"}, "orgs": {"a"}}
    check_sql(f"SELECT x.a FROM ({sql}) AS x", allowed)


def test_a_table_the_database_lacks_stays_closed(make_manifest) -> None:
    allowed = allowed_tables(make_manifest(), {})
    with pytest.raises(UnsafeSQL):
        check_sql("SELECT branch FROM dim_org", allowed)


def statements(answered) -> list[exp.Select]:
    compiled = answered.compiled
    others = compiled.others(tuple(answered.rows)).select if compiled.others else None
    trees = (compiled.statement, compiled.totals, compiled.count, others)
    return [tree for tree in trees if tree is not None]


@pytest.mark.parametrize(("metric", "shape"), list(product(METRICS, SHAPES)))
def test_what_is_compiled_passes(ask, make_manifest, column_types, metric, shape) -> None:
    allowed = allowed_tables(make_manifest(), column_types)
    for groups in GROUPS:
        answered = ask(MetricQuery((MetricRef(metric),), groups, SCOPE, **shape))
        if isinstance(answered, Problem):
            continue
        for tree in statements(answered):
            assert check(tree, allowed) is tree


def test_some_compiled_query_was_there_to_pass(ask) -> None:
    assert not isinstance(ask(MetricQuery((MetricRef("deposit"),), GROUPS[1], SCOPE)), Problem)
