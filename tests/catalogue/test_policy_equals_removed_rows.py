"""A policy shows what would be left if everybody else's rows did not exist, in every question."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from assistant.project import Assistant
from semantic_layer.query import (
    ColumnRef,
    Comparison,
    Condition,
    DimensionGroup,
    Having,
    Limit,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Order,
    Period,
    Relative,
    Scope,
    Set,
    Share,
    TimeGroup,
)

ROOT = Path(__file__).parents[2]
SEEDS = range(50)
BRANCH = "吴忠分行"
METRICS = (
    "cust_cnt", "new_cust", "net_new_cust", "deposit", "deposit_avg", "loan_bal", "npl_rate", "aum",
    "txn_cust", "mau", "wealth_aum", "products_per_cust", "churn_rate", "app_mau", "pv", "in_force",
    "card_spend", "commission", "conv_cust", "cvr", "revenue", "tagged_cust", "reg_enter",
    "accounts_opened",
)  # fmt: skip
GROUPS = (
    "branch", "outlet", "gender", "age_band", "cust_level", "product_line", "currency", "tenure", "tag",
    "reg_channel.channel", "risk_tolerance", "manager", "lifecycle",
)  # fmt: skip
PERIODS = (Relative("month", -1), Relative("quarter", -1), Relative("year", to_date=True))
BASES = ("mom", "yoy", "ytd_open")


class Two(NamedTuple):
    """The same person twice: limited by policy, and alone in a bank without the others."""

    limited: Assistant
    alone: Assistant
    unlisted: frozenset[str]
    """Dimensions whose table the person may not list, although names that rows reach are shown."""


def project(folder: Path, database: Path, user: str) -> Assistant:
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("wenshu.toml").write_text(
        f"""
[project]
name = "示例银行(虚拟数据)"
catalog = "{ROOT / "metrics" / "catalog"}"
as_of = "2026-11-20"
default_user = "甲"
[database]
path = "{database}"
[limits]
min_group_size = 3
[state]
path = "state.db"
[[users]]
name = "甲"
{user}
""",
        encoding="utf-8",
    )
    return Assistant.open(folder, environment={})


def leave_only(bank: Path, customers: str, orgs: str | None) -> None:
    """Takes away all rows of other people; orgs None: rows without a customer are unreachable."""
    with duckdb.connect(str(bank)) as connection:
        connection.execute(
            f"CREATE TEMP TABLE mine AS SELECT customer_id FROM dim_customer WHERE {customers}"
        )
        columns = connection.execute(
            "SELECT table_name, list(column_name) FROM information_schema.columns "
            "WHERE table_catalog = current_database() GROUP BY 1"
        ).fetchall()
        for table, names in columns:
            if table == "mine":
                continue
            if "customer_id" in names:
                others = "customer_id IS NULL OR customer_id NOT IN (SELECT customer_id FROM mine)"
                connection.execute(f'DELETE FROM "{table}" WHERE {others}')
            elif orgs is not None and "org_id" in names and table != "dim_org":
                connection.execute(
                    f'DELETE FROM "{table}" WHERE org_id IS NULL OR org_id NOT IN '
                    f"(SELECT org_id FROM dim_org WHERE {orgs})"
                )
        if orgs is not None:
            connection.execute(f"DELETE FROM dim_org WHERE NOT ({orgs})")


@pytest.fixture(scope="module")
def manager_name(small_bank: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """The customer manager with most customers: number, and name as shown."""
    rows = small_bank.execute(
        "SELECT m.manager_id, m.manager_name || '(' || m.manager_id || ')' "
        "FROM dim_manager AS m JOIN dim_customer AS c USING (manager_id) "
        "GROUP BY ALL ORDER BY count(*) DESC, 1 LIMIT 1"
    ).fetchall()
    return rows[0]


@pytest.fixture(scope="module", params=["branch_manager", "customer_manager"])
def two(
    request: pytest.FixtureRequest,
    demo_small: Path,
    manager_name: tuple[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp(request.param)
    copy = folder / "alone.duckdb"
    shutil.copy(demo_small, copy)
    number, name = manager_name
    if request.param == "branch_manager":
        orgs = f"branch = '{BRANCH}'"
        leave_only(copy, f"org_id IN (SELECT org_id FROM dim_org WHERE {orgs})", orgs)
        attributes = f'{{ branch = "{BRANCH}" }}'
    else:
        leave_only(copy, f"manager_id = '{number}'", None)
        attributes = f'{{ manager = "{name}" }}'
    user = f'roles = ["{request.param}"]\nattributes = {attributes}'
    limited = project(folder / "limited", demo_small, user)
    alone = project(folder / "alone", copy, 'roles = ["analyst"]')
    unlisted = () if request.param == "branch_manager" else ("branch", "outlet")
    yield Two(limited, alone, frozenset(unlisted))
    limited.close()
    alone.close()


def question(seed: int) -> MetricQuery:
    """A random question; many are refused, both times for the same reason."""
    draw = random.Random(seed)
    groups = draw.sample(GROUPS, draw.choice((0, 1, 1, 1, 2)))
    by_time = draw.random() < 0.3
    measures = draw.sample(METRICS, draw.choice((1, 1, 2)))
    compare = (Comparison(draw.choice(BASES), ("value", "diff")),) if draw.random() < 0.4 else ()
    share = None
    if groups and not compare and draw.random() < 0.3:
        share = Share()
    limit, order, having = None, (), ()
    if groups and not by_time and draw.random() < 0.3:
        limit = Limit(draw.choice((1, 3)), others=draw.random() < 0.7)
        order = (Order(ColumnRef(0)),)
    elif groups and draw.random() < 0.2:
        having = (Having(ColumnRef(0), "gt", "average"),)
    return MetricQuery(
        tuple(MetricRef(name) for name in measures),
        tuple(DimensionGroup(name) for name in groups) + ((TimeGroup("month"),) if by_time else ()),
        Scope(Period((draw.choice(PERIODS),)), _filter(draw)),
        compare=compare, share=share, limit=limit, order=order, having=having,
    )  # fmt: skip


def _filter(draw: random.Random) -> Condition | Membership | None:
    return draw.choice(
        (
            None,
            None,
            Condition("gender", "in", ("女",)),
            Condition("branch", "not_in", ("银川分行",)),
            Membership(Set("customer", MetricCondition("deposit_avg", "gt", 1000))),
            Membership(Set("customer", MetricCondition("aum", "ge", 50000))),
        )
    )


def test_a_policy_equals_removed_rows(two: Two) -> None:
    answered = 0
    for seed in SEEDS:
        query = question(seed)
        if any(getattr(g, "dimension", "") in two.unlisted for g in query.group_by):
            continue
        limited, alone = two.limited.run(query), two.alone.run(query)
        if limited.code == "permission":
            continue
        assert limited.code == alone.code, (seed, limited.message, alone.message)
        if limited.outcome != "answer":
            continue
        answered += 1
        assert limited.columns == alone.columns
        assert _rows(limited.rows) == _rows(alone.rows), (seed, limited.sql)
        assert _cells(limited.totals) == _cells(alone.totals), (seed, limited.sql)
        assert _cells(limited.others) == _cells(alone.others), (seed, limited.sql)
    assert answered >= 15


def _rows(rows: object) -> list[tuple[str, ...]]:
    return [tuple(map(_cell, row)) for row in rows]  # type: ignore[attr-defined]


def _cells(values: object) -> dict[str, str]:
    return {name: _cell(value) for name, value in (values or {}).items()}  # type: ignore[attr-defined]


def _cell(value: object) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)
