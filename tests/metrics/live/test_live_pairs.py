"""What a look at the data says of joins by validity and of joins to several members."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from sqlglot import exp

import metrics
from metrics.live import validate_live
from metrics.live.rows import LiveData
from semantic_layer.calendars import bank_calendar
from semantic_layer.engines import Table
from semantic_layer.snapshot import Snapshot

CATALOG = """
datasets:
  - name: balances
    label: 余额
    source: balances
    key: [account, month_end]
    grain: month
    time: month_end
    joins:
      - {to: levels, keys: account, valid: {from: since, to: until}, as_of: month_end, label: 等级}
      - {to: holders, keys: account, type: many_to_many, weight: part, label: 持有人}
  - name: levels
    label: 等级历史
    source: levels
    key: [account, since]
    fields: [{name: level, label: 等级, owner: 甲部}]
  - name: holders
    label: 持有人
    source: holders
    key: [account, client]
    fields: [{name: client, label: 持有客户, owner: 甲部}]
metrics:
  - name: deposit
    label: 存款
    description: 月末存款
    owner: 甲部
    unit: CNY
    dataset: balances
    agg: sum
    expr: amount
    semi_additive: {over: month_end, take: last}
"""
TABLES = """
create table balances (account varchar, month_end date, amount decimal(18,2));
insert into balances values ('a1', date '2026-10-31', 10), ('a2', date '2026-10-31', 20);
create table levels (account varchar, since date, until date, level varchar);
insert into levels values
  ('a1', date '2026-01-01', date '2026-06-01', '低'), ('a1', date '2026-06-01', null, '高'),
  ('a2', date '2026-01-01', null, '低');
create table holders (account varchar, client varchar, part decimal(9,6));
insert into holders values ('a1', 'c1', 0.4), ('a1', 'c2', 0.6), ('a2', 'c3', 1);
"""


def found(folder: Path, spoil: str) -> list[tuple[str, str, int]]:
    """Code, subject and count of every finding, after something went wrong in the tables."""
    (folder / "bank.yml").write_text(CATALOG, encoding="utf-8")
    bank = duckdb.connect()
    bank.execute(TABLES + spoil)
    types: dict[str, dict[str, str]] = {}
    names = "select table_name, column_name, data_type from duckdb_columns() where not internal"
    for table, column, kind in bank.execute(names).fetchall():
        types.setdefault(table, {})[column] = kind
    manifest = metrics.load(folder).manifest
    assert manifest is not None
    dates = {"balances": date(2026, 10, 31)}
    snapshot = Snapshot(manifest, date(2026, 11, 5), dates, {}, bank_calendar(), types)

    def ask(tree: exp.Expr) -> Table:
        return Table((), (), tuple(bank.execute(tree.sql(dialect="duckdb")).fetchall()))

    report = validate_live(LiveData(snapshot, ask), folder, ())
    return [(f.code, f.subject, f.count) for f in report.findings]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        pytest.param("", None, id="good"),
        pytest.param(
            "update levels set until = date '2026-07-01' where level = '低' and account = 'a1'",
            ("V203", "balances.levels", 1), id="validities that overlap",
        ),
        pytest.param(
            "update levels set until = null where account = 'a1'",
            ("V203", "balances.levels", 1), id="two that never end",
        ),
        pytest.param(
            "insert into levels values ('a1', date '2026-05-01', date '2026-06-15', '中'), "
            "('a2', date '2026-03-01', null, '中')",
            ("V203", "balances.levels", 3), id="three places where validities overlap",
        ),
        pytest.param(
            "insert into levels values (null, date '2026-01-01', null, '中'), "
            "(null, date '2026-03-01', null, '中')",
            ("V102", "levels", 2), id="rows of nobody are joined to nobody",
        ),
        pytest.param(
            "delete from levels where account = 'a2'",
            ("V202", "balances.levels", 1), id="no history at all",
        ),
        pytest.param(
            "update holders set part = 0.5 where client = 'c2'",
            ("V204", "balances.holders", 1), id="weights below one",
        ),
        pytest.param(
            "insert into holders values ('a2', 'c1', null)", None, id="a part that is not known",
        ),
        pytest.param(
            "insert into holders values ('a3', 'c1', null)",
            ("V204", "balances.holders", 1), id="no part known at all",
        ),
    ],
)  # fmt: skip
def test_what_is_found(tmp_path: Path, spoil: str, expected: tuple[str, str, int] | None) -> None:
    assert found(tmp_path, spoil) == ([expected] if expected else [])
