"""Every check of the data on a few rows that go wrong in one way each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from sqlglot import exp

import metrics
from metrics.live import LiveFinding, validate_live
from metrics.live.rows import LiveData
from metrics.live.validate import Accepted
from semantic_layer.calendars import bank_calendar
from semantic_layer.engines import EngineError, Table
from semantic_layer.snapshot import Snapshot

D = dt.date
CATALOG = """
version: 1
datasets:
  - name: balances
    label: 月末余额
    source: balances
    key: [account, month_end]
    grain: month
    time: month_end
    data_date: {from: etl_load}
    joins:
      - {to: branches, keys: branch_id, label: 机构}
    fields:
      - {name: line, label: 产品线, values: [存款, 理财, 基金], owner: 甲部}
  - name: days
    label: 每日余额
    source: days
    key: [day, branch_id]
    grain: date
    time: day
    joins:
      - {to: branches, keys: branch_id, label: 机构}
  - name: branches
    label: 机构
    source: branches
    key: branch_id
    fields:
      - {name: branch, label: 分行, owner: 甲部}
    hierarchies: {机构: [branch]}
metrics:
  - name: deposit
    label: 余额
    description: 月末余额
    owner: 甲部
    unit: CNY
    dataset: balances
    agg: sum
    expr: amount
    semi_additive: {over: month_end, take: last}
    also:
      - {dataset: days, agg: sum, expr: amount, semi_additive: {over: day, take: last}}
"""
TABLES = """
create table branches (branch_id varchar, branch varchar);
insert into branches values ('b1', '甲分行'), ('b2', '乙分行');
create table balances (account varchar, month_end date, branch_id varchar, line varchar,
                       amount decimal(18,2), vip_flag integer);
insert into balances values
  ('a1', date '2026-08-31', 'b1', '存款', 10, 0), ('a1', date '2026-09-30', 'b1', '存款', 20, 1),
  ('a1', date '2026-10-31', 'b1', '基金', 30, 1), ('a2', date '2026-10-31', 'b2', '理财', 5.5, 0);
create table days (day date, branch_id varchar, amount decimal(18,2));
insert into days values
  (date '2026-10-30', 'b1', 29), (date '2026-10-31', 'b1', 30), (date '2026-11-01', 'b1', 31),
  (date '2026-10-30', 'b2', 5), (date '2026-10-31', 'b2', 5.5), (date '2026-11-01', 'b2', 5.5);
"""


class Bank:
    """The definitions above over tables that a test may spoil."""

    def __init__(self, folder: Path) -> None:
        (folder / "bank.yml").write_text(CATALOG, encoding="utf-8")
        self.folder = folder
        self.connection = duckdb.connect()
        self.connection.execute(TABLES)
        self.dates = {"balances": D(2026, 10, 31)}

    def found(self, *accepted: Accepted, spoil: str = "") -> list[tuple[str, str, int]]:
        """Code, subject and count of every finding."""
        return [(f.code, f.subject, f.count) for f in self.findings(*accepted, spoil=spoil)]

    def findings(self, *accepted: Accepted, spoil: str = "") -> tuple[LiveFinding, ...]:
        self.connection.execute(spoil)
        return validate_live(self.data(), self.folder, accepted).findings

    def data(self) -> LiveData:
        manifest = metrics.load(self.folder).manifest
        assert manifest is not None
        types: dict[str, dict[str, str]] = {}
        for table, column, kind in self.connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() where not internal"
        ).fetchall():
            types.setdefault(table, {})[column] = kind
        today = D(2026, 11, 5)
        return LiveData(Snapshot(manifest, today, self.dates, {}, bank_calendar(), types), self.ask)

    def ask(self, tree: exp.Expr) -> Table:
        rows = self.connection.execute(tree.sql(dialect="duckdb")).fetchall()
        return Table((), (), tuple(rows))


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    made = Bank(tmp_path)
    yield made
    made.connection.close()


def test_good_data_has_no_findings(bank: Bank) -> None:
    assert bank.found() == []


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        pytest.param(
            "insert into branches values ('b1', '甲分行')", ("V101", "branches", 1), id="twice"
        ),
        pytest.param(
            "insert into branches values (null, '丙分行')", ("V102", "branches", 1), id="no key"
        ),
        pytest.param(
            "insert into balances values ('a3', date '2026-10-31', 'b9', '存款', 0, 0)",
            ("V201", "balances.branches", 1), id="orphan",
        ),
        pytest.param(
            "insert into balances values ('a3', date '2026-10-31', null, '存款', 0, 0)",
            ("V202", "balances.branches", 1), id="nameless",
        ),
        pytest.param(
            "update balances set line = '债券' where account = 'a2'",
            ("V301", "balances.line", 1), id="unknown value",
        ),
        pytest.param(
            "update balances set line = '存款' where line = '基金'",
            ("V302", "balances.line", 1), id="unused value",
        ),
        pytest.param(
            "insert into balances values ('a1', date '2027-01-31', 'b1', '存款', 30, 0)",
            ("V402", "balances", 1), id="future",
        ),
        pytest.param(
            "update balances set vip_flag = 2 where account = 'a2'",
            ("V502", "balances.vip_flag", 1), id="flag",
        ),
        pytest.param(
            "update balances set amount = 31 where account = 'a1' and month(month_end) = 10",
            ("V601", "deposit", 1), id="tables differ",
        ),
        pytest.param(
            "update balances set amount = 3000 where account = 'a1' and month(month_end) = 9",
            ("V501", "deposit", 1), id="jump",
        ),
    ],
)  # fmt: skip
def test_each_fault_is_found(bank: Bank, spoil: str, expected: tuple[str, str, int]) -> None:
    assert expected in bank.found(spoil=spoil)


def test_a_missing_month_among_many_is_told_by_its_name(bank: Bank) -> None:
    spoil = """
        insert into balances select 'a1', last_day(date '2023-01-31' + to_months(i)), 'b1', '存款', 10, 0
          from range(43) t(i) where i <> 20;
    """
    (missing,) = [f for f in bank.findings(spoil=spoil) if f.code == "V403"]
    assert (missing.subject, missing.count, missing.examples) == ("balances", 1, ("2024年9月",))


def test_a_column_that_is_nearly_always_0_or_1_is_a_flag_whatever_its_name(bank: Bank) -> None:
    spoil = """
        alter table branches add column approved integer; alter table branches add column visits integer;
        insert into branches select 'n' || i, '分行' || i, i % 2, i % 5 from range(400) t(i);
        update branches set approved = 7 where branch_id = 'n9';
    """
    flags = [f for f in bank.findings(spoil=spoil) if f.code == "V502"]
    assert [(f.subject, f.count) for f in flags] == [("branches.approved", 1)]


def test_a_check_that_could_not_be_made_is_an_error_of_its_own(bank: Bank) -> None:
    data = bank.data()

    def broken(tree: exp.Expr) -> Table:
        if "days" in tree.sql():
            raise EngineError("没有这张表")
        return bank.ask(tree)

    found = validate_live(replace(data, ask=broken), bank.folder).findings
    assert {f.code for f in found} == {"V901"}
    assert all(f.counts for f in found)


def test_a_late_load_is_told(bank: Bank) -> None:
    bank.dates = {"balances": D(2026, 8, 31)}
    assert [f[:2] for f in bank.found(spoil="delete from balances where month(month_end) > 8")] == [
        ("V401", "balances"),
        ("V302", "balances.line"),
    ]


def test_one_silent_branch_day_among_many_is_found(bank: Bank) -> None:
    spoil = """
        insert into branches select 'n' || i, '分行' || i from range(40) t(i);
        insert into days select d, 'n' || i, 1 from range(40) t(i),
          (values (date '2026-10-30'), (date '2026-10-31'), (date '2026-11-01')) u(d);
        delete from days where branch_id = 'n7' and day = date '2026-10-31';
        insert into balances select 'n' || i, date '2026-10-31', 'n' || i, '存款', 1, 0
          from range(40) t(i) where i <> 7;
    """
    assert bank.found(spoil=spoil) == [("V404", "days.branches", 1)]


def test_transfers_sent_in_twice_are_found_but_round_ones_agree_by_chance(bank: Bank) -> None:
    (bank.folder / "transfers.yml").write_text(
        "version: 1\ndatasets:\n  - {name: transfers, label: 转账, source: transfers, key: id,"
        " time: day}\n",
        encoding="utf-8",
    )
    spoil = """
        create table transfers (id integer, day date, amount decimal(18,2));
        insert into transfers values (1, date '2026-10-01', 812.35), (2, date '2026-10-01', 812.35),
          (3, date '2026-10-01', 500), (4, date '2026-10-01', 500);
    """
    assert bank.found(spoil=spoil) == [("V103", "transfers", 1)]


def test_a_known_finding_is_accepted_until_it_grows(bank: Bank) -> None:
    known = Accepted("V201", "balances.branches", "待补", at_most=1)
    row = "insert into balances values ('a{0}', date '2026-10-31', 'b9', '存款', 0, 0)"
    (one,) = bank.findings(known, spoil=row.format(3))
    assert (one.accepted, one.counts) == ("待补", False)
    (two,) = bank.findings(known, spoil=row.format(4))
    assert (two.accepted, two.counts) == (None, True)


def test_what_is_no_longer_found_may_be_taken_off_the_list(bank: Bank) -> None:
    known = Accepted("V201", "balances.branches", "待补")
    assert validate_live(bank.data(), bank.folder, (known,)).outdated == (known,)


def test_without_time_nothing_is_checked_and_that_is_said(bank: Bank) -> None:
    report = validate_live(bank.data(), bank.folder, budget_s=-1.0)
    assert report.checks == 0
    assert "balances:unique_keys" in report.skipped


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("deposit,全行,2026-10-31,35.50,0", []),
        ("余额,甲分行,2026-10-31,30,0", []),
        ("deposit,甲分行,2026-10-31,31,1", []),
        ("deposit,甲分行,2026-10-31,31.01,1", ["V801"]),
        ("deposit,丙分行,2026-10-31,30,0", ["V802"]),
        ("deposit,甲分行,十月,30,0", ["V802"]),
        ("deposit,甲分行,2026-10-31/2026-10-01,30,0", ["V802"]),
        ("deposit,甲分行,2026-10-31,三十,0", ["V802"]),
        ("deposit,甲分行,2026-10-31,nan,0", ["V802"]),
        ("deposit,甲分行,2026-10-31", ["V802"]),
    ],
)
def test_figures_of_another_report(bank: Bank, line: str, codes: list[str]) -> None:
    text = CATALOG.replace(
        "    agg: sum\n    expr: amount\n    semi",
        "    tie_out: {file: deposit.csv, source: 月报}\n    agg: sum\n    expr: amount\n    semi",
    )
    (bank.folder / "bank.yml").write_text(text, encoding="utf-8")
    (bank.folder / "deposit.csv").write_text(
        f"metric,org,date,value,tolerance\n{line}\n", encoding="utf-8"
    )
    assert [code for code, _, _ in bank.found()] == codes


def test_why_a_file_cannot_be_read_is_said_in_a_sentence(bank: Bank) -> None:
    text = CATALOG.replace(
        "    agg: sum\n    expr: amount\n    semi",
        "    tie_out: {file: deposit.csv, source: 月报}\n    agg: sum\n    expr: amount\n    semi",
    ).replace(
        "fields:\n      - {name: branch,",
        "fields:\n      - {name: rank, label: 等级, owner: 甲部}\n      - {name: branch,",
    )
    text = text.replace("{机构: [branch]}", "{机构: [rank, branch]}")
    (bank.folder / "bank.yml").write_text(text, encoding="utf-8")
    bank.connection.execute("alter table branches add column rank integer")
    file = bank.folder / "deposit.csv"

    def told(content: bytes | None) -> str:
        file.unlink(missing_ok=True)
        if content is not None:
            file.write_bytes(content)
        (finding,) = [f for f in bank.findings() if f.code == "V802"]
        return finding.message

    head = "metric,org,date,value,tolerance\n"
    assert told(None).endswith("没有这个文件")
    assert told("指标\n".encode("gb18030")).endswith("不是 UTF-8 编码")
    assert told(f"{head}deposit,,2026-10-31,三十,0\n".encode()).endswith(
        "第2行的 value“三十”不是数字"
    )
    assert told(f"{head}deposit,火星,2026-10-31,1,0\n".encode()).endswith("机构“火星”不存在")


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ("deposit by branch sums_to total", []),
        ("deposit adds up", ["V702"]),
        ("deposit by gender sums_to total", ["V701"]),
    ],
)
def test_rules_beside_the_definitions(bank: Bank, rule: str, codes: list[str]) -> None:
    with (bank.folder / "bank.yml").open("a", encoding="utf-8") as file:
        file.write(f"tests:\n  - {{rule: {rule}}}\n")
    assert [code for code, _, _ in bank.found()] == codes
