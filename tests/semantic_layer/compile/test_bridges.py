"""Many-to-many joins: a customer with several tags, an account with several holders.

Month-end assets of October: c1 100, c2 40, c3 7, c4 3, and 1 of nobody known: 151 in all.
c1 has the tags 高频 and 代发 (both 行为), c2 代发, c3 投诉 (风险) and one that is in no list;
c4 has none, nobody has 沉睡.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from semantic_layer.compile import Compiled, compile_query
from semantic_layer.guard import allowed_tables, check
from semantic_layer.model import (
    Aggregate,
    Dataset,
    Dimension,
    Field,
    Hierarchy,
    Join,
    Manifest,
    Metric,
    Policy,
    Ratio,
    SemiAdditive,
    Validity,
)
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    And,
    ColumnRef,
    Condition,
    EntityQuery,
    Focus,
    Limit,
    Membership,
    MetricCondition,
    Not,
    Order,
    Period,
    Relative,
    Scope,
    Set,
    Share,
)
from semantic_layer.resolve import resolve
from semantic_layer.snapshot import Snapshot

D = Decimal
OCTOBER = Relative("month", -1)
EVERYBODY = Principal("甲", ("head_office",))
TABLES = """
create table client (client_id varchar, branch varchar);
insert into client values ('c1', '北'), ('c2', '北'), ('c3', '南'), ('c4', '南');
create table tag (tag_id varchar, tag varchar, tag_group varchar);
insert into tag values
  ('t1', '高频', '行为'), ('t2', '代发', '行为'), ('t3', '投诉', '风险'), ('t4', '沉睡', '风险');
create table client_tag (client_id varchar, tag_id varchar);
insert into client_tag values ('c1', 't1'), ('c1', 't2'), ('c2', 't2'), ('c3', 't3'), ('c3', 't9');
create table assets (month_end date, client_id varchar, aum decimal(18,2));
insert into assets values
  (date '2026-09-30', 'c1', 90), (date '2026-09-30', 'c2', 10),
  (date '2026-10-31', 'c1', 100), (date '2026-10-31', 'c2', 40), (date '2026-10-31', 'c3', 7),
  (date '2026-10-31', 'c4', 3), (date '2026-10-31', 'c8', 1);
create table trade (trade_id integer, day date, client_id varchar, amount decimal(18,2));
insert into trade values
  (1, date '2026-10-01', 'c1', 10), (2, date '2026-10-02', 'c1', 20),
  (3, date '2026-10-02', 'c2', 5), (4, date '2026-10-03', 'c4', 1);
-- a1 belongs to c1 and c2 until 15 October, to c1 and c3 since; a2 to c3 alone; nobody holds a3
create table balance (month_end date, account_id varchar, balance decimal(18,2));
insert into balance values
  (date '2026-09-30', 'a1', 50), (date '2026-09-30', 'a2', 60),
  (date '2026-10-31', 'a1', 100), (date '2026-10-31', 'a2', 60), (date '2026-10-31', 'a3', 9);
create table holder (account_id varchar, client_id varchar, part decimal(9,6),
                     valid_from date, valid_to date);
insert into holder values
  ('a1', 'c1', 0.6, date '2020-01-01', null), ('a1', 'c2', 0.4, date '2020-01-01', date '2026-10-15'),
  ('a1', 'c3', 0.4, date '2026-10-15', null), ('a2', 'c3', 1, date '2020-01-01', null);
"""
TAG, GROUP = Field("tag", "标签"), Field("tag_group", "标签类别")
BRANCH, NUMBER = Field("branch", "分行"), Field("client_no", "持有人", expr="client_id")
TO_CLIENT = Join("clients", "client", (("client_id", "client_id"),), label="客户")
TAGGED = Join("client_tags", "tagged", (("client_id", "client_id"),), "many_to_many", label="标签")
HELD = Join(
    "holders", "held_by", (("account_id", "account_id"),), "many_to_many", label="持有人",
    validity=Validity("valid_from", "valid_to", "month_end"), weight="part",
)  # fmt: skip
DATASETS = (
    Dataset("clients", "客户", "client", ("client_id",), (BRANCH,), joins=(TAGGED,), entity="client"),
    Dataset("tags", "标签", "tag", ("tag_id",), (TAG, GROUP),
            hierarchies=(Hierarchy("标签", ("tag_group", "tag")),)),
    Dataset("client_tags", "客户标签", "client_tag", ("client_id", "tag_id"), (),
            joins=(Join("tags", "tag_of", (("tag_id", "tag_id"),)), TO_CLIENT)),
    Dataset("assets", "客户资产", "assets", ("client_id", "month_end"), (), grain="month",
            time="month_end", joins=(TO_CLIENT,)),
    Dataset("trades", "交易", "trade", ("trade_id",), (), time="day", joins=(TO_CLIENT,)),
    Dataset("balances", "账户余额", "balance", ("account_id", "month_end"), (), grain="month",
            time="month_end", joins=(HELD,)),
    Dataset("holders", "账户持有人", "holder", ("account_id", "client_id", "valid_from"), (NUMBER,),
            joins=(TO_CLIENT,)),
)  # fmt: skip
STOCK = SemiAdditive("month_end")
METRICS = (
    Metric("aum", "AUM", Aggregate("assets", "sum", "aum", semi_additive=STOCK), "CNY"),
    Metric("clients", "客户数", Aggregate("assets", "distinct", "client_id", semi_additive=STOCK), "户"),
    Metric("known_clients", "登记客户数", Aggregate("clients", "distinct", "client_id"), "户"),
    Metric("amount", "交易金额", Aggregate("trades", "sum", "amount"), "CNY"),
    Metric("trade_cnt", "交易笔数", Aggregate("trades", "count"), "笔"),
    Metric("average", "笔均金额", Ratio("amount", "trade_cnt"), "CNY"),
    Metric("balance", "余额", Aggregate("balances", "sum", "balance", semi_additive=STOCK), "CNY"),
    Metric("account_cnt", "账户数", Aggregate("balances", "count", semi_additive=STOCK), "户"),
)  # fmt: skip
DIMENSIONS = {
    "branch": Dimension("branch", "clients", BRANCH, ("clients",)),
    "tag": Dimension("tag", "tags", TAG, ("tags",)),
    "tag_group": Dimension("tag_group", "tags", GROUP, ("tags",)),
    "client_no": Dimension("client_no", "holders", NUMBER, ("holders",)),
}
POLICIES = (
    Policy("head_office", lists="full"),
    Policy("north", allow=(("branch", ("北",)),)),
    Policy("payroll", allow=(("tag", ("代发",)),)),
)
DAYS = {d.name: date(2026, 10, 31) for d in DATASETS if d.time}
FIRST = {d.name: date(2026, 9, 1) for d in DATASETS if d.time}


class World:
    """The tables above, asked as somebody."""

    def __init__(self, snapshot: Snapshot, bank: duckdb.DuckDBPyConnection) -> None:
        self.snapshot, self.bank = snapshot, bank
        self.compiled: Compiled | None = None
        self.warnings: dict[str, str] = {}

    def rows(self, query, user: Principal = EVERYBODY) -> list[tuple]:
        resolved = resolve(query, self.snapshot, user)
        assert not isinstance(resolved, Problem), resolved
        self.warnings = dict(resolved.warnings)
        compiled = compile_query(resolved, self.snapshot)
        assert isinstance(compiled, Compiled), compiled
        self.compiled = compiled
        check(
            compiled.statement, allowed_tables(self.snapshot.manifest, self.snapshot.column_types)
        )
        found = self.bank.execute(compiled.sql()).fetchall()
        return [row[: len(compiled.columns)] for row in found]

    def totals(self) -> tuple:
        assert self.compiled is not None
        assert self.compiled.totals is not None
        return self.bank.execute(self.compiled.totals.sql("duckdb")).fetchone() or ()

    def problem(self, query, user: Principal = EVERYBODY) -> Problem:
        resolved = resolve(query, self.snapshot, user)
        found = (
            resolved if isinstance(resolved, Problem) else compile_query(resolved, self.snapshot)
        )
        assert isinstance(found, Problem), found
        return found


def manifest_with(*datasets: Dataset) -> Manifest:
    """The definitions above, some datasets put in the place of others."""
    mine = {d.name: d for d in (*DATASETS, *datasets)}
    return Manifest("多对多", mine, {m.name: m for m in METRICS}, DIMENSIONS, policies=POLICIES)


@pytest.fixture(scope="module")
def open_world(make_snapshot) -> Callable[..., World]:
    bank = duckdb.connect()
    bank.execute(TABLES)
    types: dict[str, dict[str, str]] = {}
    names = "select table_name, column_name, data_type from information_schema.columns"
    for table, column, kind in bank.execute(names).fetchall():
        types.setdefault(table, {})[column] = kind

    def opened(*datasets: Dataset) -> World:
        snapshot = make_snapshot(manifest_with(*datasets))
        snapshot = replace(snapshot, column_types=types, data_dates=DAYS, first_dates=FIRST)
        return World(snapshot, bank)

    return opened


@pytest.fixture
def world(open_world) -> World:
    return open_world()


def those(dimension: str, *values: str, op: str = "in") -> Condition:
    return Condition(dimension, op, values)  # type: ignore[arg-type]


def test_a_row_counts_once_for_each_of_its_members(world, mq):
    """代发 100+40, 高频 100, 投诉 7; c4, nobody known and c3's unlisted tag: 未知 is 3+1."""
    rows = world.rows(mq(["aum", "clients"], "tag", OCTOBER))
    assert rows == [
        ("代发", 140, 2), ("高频", 100, 1), ("投诉", 7, 1), ("未知", 4, 2),
    ]  # fmt: skip
    assert world.totals()[:2] == (151, 5)
    assert world.warnings == {"overlapping_members": "一个客户可有多个标签,各组相加会大于合计。"}


def test_two_tags_of_one_kind_count_the_customer_once(world, mq):
    rows = world.rows(mq(["aum", "clients"], "tag_group", OCTOBER))
    assert rows == [("行为", 140, 2), ("风险", 7, 1), ("未知", 4, 2)]


def test_clients_of_the_list_are_counted_once_in_each_group(world, mq):
    """行为:c1(两个标签)、c2;风险:c3;没有标签或标签不在表中的:c3、c4。分行:北、南各两位。"""
    assert set(world.rows(mq("known_clients", "tag_group"))) >= {("行为", 2), ("风险", 1)}
    assert sorted(world.rows(mq("known_clients", "branch"))) == [("北", 2), ("南", 2)]


def test_several_fields_of_a_member_are_of_the_same_member(world, mq):
    rows = world.rows(mq("clients", ("tag_group", "tag"), OCTOBER))
    assert sorted(rows) == [
        ("未知", "未知", 2), ("行为", "代发", 2), ("行为", "高频", 1), ("风险", "投诉", 1),
    ]  # fmt: skip


def test_counts_and_ratios_of_events(world, mq):
    """c1's two trades are 30; 代发 has three of 35, all four are 36."""
    rows = world.rows(mq(["amount", "trade_cnt", "average"], "tag", OCTOBER))
    assert rows[:2] == [("代发", 35, 3, pytest.approx(35 / 3)), ("高频", 30, 2, 15)]
    assert world.totals()[:3] == (36, 4, 9)


def test_a_mean_is_not_said_to_add_up(world, mq):
    world.rows(mq("average", "tag", OCTOBER))
    assert world.warnings == {"overlapping_members": "一个客户可有多个标签,在每个标签里都计算。"}


def test_a_condition_behind_the_bridge_multiplies_nothing(world, mq):
    for values, aum, clients in (
        (("代发",), 140, 2), (("代发", "高频"), 140, 2), (("投诉", "代发"), 147, 3), (("沉睡",), 0, 0),
    ):  # fmt: skip
        rows = world.rows(mq(["aum", "clients"], period=OCTOBER, where=those("tag", *values)))
        assert rows == [(aum, clients)], values
    assert world.warnings == {}


def test_without_a_tag_means_that_no_tag_is_that_one(world, mq):
    """没有代发标签: c3, c4 and nobody known, not c1 on account of his other tag."""
    for where in (those("tag", "代发", op="not_in"), Not(those("tag", "代发"))):
        assert world.rows(mq(["aum", "clients"], period=OCTOBER, where=where)) == [(11, 3)]
    nothing = Condition("tag", "is_null")
    assert world.rows(mq(["aum", "clients"], period=OCTOBER, where=nothing)) == [(4, 2)]
    unknown = those("tag", "未知", "投诉")
    assert world.rows(mq(["aum", "clients"], period=OCTOBER, where=unknown)) == [(11, 3)]


def test_two_tags_at_once_are_no_contradiction(world, mq):
    both = And((those("tag", "高频"), those("tag", "代发")))
    assert world.rows(mq("aum", period=OCTOBER, where=both)) == [(100,)]


def test_conditions_on_two_fields_are_about_one_member(world, mq):
    """c3 has a tag of 风险, and the tag 投诉; c1's 代发 is not of 风险."""
    where = And((those("tag_group", "风险"), those("tag", "代发", "投诉")))
    assert world.rows(mq("aum", period=OCTOBER, where=where)) == [(7,)]


def test_only_the_members_asked_for_are_shown(world, mq):
    """c1 has 高频 too, but it was not asked for."""
    rows = world.rows(mq("clients", "tag", OCTOBER, where=those("tag", "代发", "投诉")))
    assert rows == [("代发", 2), ("投诉", 1)]
    assert world.totals()[0] == 3
    assert set(world.warnings) == {"overlapping_members"}
    rows = world.rows(mq("clients", "tag", OCTOBER, where=those("tag_group", "行为")))
    assert rows == [("代发", 2), ("高频", 1)]
    both = And((those("tag", "高频"), those("tag", "代发")))
    assert world.rows(mq("clients", "tag", OCTOBER, where=both)) == [("代发", 1), ("高频", 1)]


def test_one_member_alone_overlaps_with_nothing(world, mq):
    assert world.rows(mq("aum", "tag", OCTOBER, where=those("tag", "代发"))) == [("代发", 140)]
    assert world.warnings == {}


def test_beside_another_dimension(world, mq):
    rows = world.rows(mq("clients", ("branch", "tag"), OCTOBER))
    assert sorted(rows) == [
        ("北", "代发", 2), ("北", "高频", 1), ("南", "投诉", 1), ("南", "未知", 1), ("未知", "未知", 1),
    ]  # fmt: skip


def test_month_by_month_and_compared(world, mq):
    months = Period((Absolute(date(2026, 9, 1), date(2026, 10, 31)),))
    rows = world.rows(mq("aum", ("tag", "@month"), months, where=those("tag", "代发")))
    assert sorted(rows) == [("代发", "2026-09", 100), ("代发", "2026-10", 140)]


def test_shares_are_of_the_whole_and_say_that_they_overlap(world, mq):
    rows = world.rows(mq("aum", "tag", OCTOBER, share=Share("total")))
    assert rows[0] == ("代发", 140, pytest.approx(140 / 151))
    assert rows[1] == ("高频", 100, pytest.approx(100 / 151))
    assert world.warnings == {
        "overlapping_members": "一个客户可有多个标签,各组有重叠,占比相加会超过100%。"
    }


def test_the_rest_of_overlapping_members_is_refused(world, mq):
    limit = Limit(1, others=True)
    query = mq("aum", "tag", OCTOBER, order=(Order(ColumnRef(0)),), limit=limit)
    assert (world.problem(query).code, world.problem(query).at) == ("invalid_query", "limit")
    plain = replace(query, limit=Limit(1))
    assert world.rows(plain) == [("代发", 140)]


def test_customers_chosen_by_tag(world, mq):
    """Conditions of a set: customers with 代发 and more than 50."""
    chosen = Set("client", And((those("tag", "代发"), MetricCondition("aum", "gt", 50))))
    assert world.rows(mq("amount", period=OCTOBER, where=Membership(chosen))) == [(30,)]
    listed = EntityQuery(chosen, ("branch",), scope=Scope(Period((OCTOBER,))))
    assert [row[-1] for row in world.rows(listed)] == ["北"]
    tags = EntityQuery(chosen, ("tag",), scope=Scope(Period((OCTOBER,))))
    assert (world.problem(tags).code, world.problem(tags).at) == ("invalid_query", "attributes")


def test_a_policy_on_the_table_of_customers_holds_for_pairs_too(world, mq):
    north = Principal("乙", ("north",))
    rows = world.rows(mq(["aum", "clients"], "tag", OCTOBER), north)
    assert rows == [("代发", 140, 2), ("高频", 100, 1)]
    sql = world.compiled.sql()
    assert sql.count("IN ('北')") == 2
    alone = world.rows(mq("clients", period=OCTOBER, where=those("tag", "投诉")), north)
    assert alone == [(0,)]


def test_a_policy_on_tags_shows_their_customers_and_no_other_tag(world, mq):
    payroll = Principal("丙", ("payroll",))
    assert world.rows(mq("aum", period=OCTOBER), payroll) == [(140,)]
    assert world.rows(mq(["aum", "clients"], "tag", OCTOBER), payroll) == [("代发", 140, 2)]


def test_weights_share_amounts_out_at_the_day_of_each_row(world, mq):
    """a1's 100 of October: c1 60, c3 40 (c2 left on the 15th); a2 60 to c3; nobody holds a3."""
    rows = world.rows(mq("balance", "client_no", OCTOBER))
    assert rows == [("c3", 100), ("c1", 60), ("未知", 9)]
    assert world.totals()[0] == 169
    assert world.warnings == {
        "allocated": "一个账户余额可有多个持有人,金额按权重分摊到各持有人,各组相加等于合计。"
    }
    september = Absolute(date(2026, 9, 1), date(2026, 9, 30))
    assert world.rows(mq("balance", "client_no", september)) == [("c3", 60), ("c1", 30), ("c2", 20)]


def test_counts_are_not_shared_out(world, mq):
    rows = world.rows(mq(["balance", "account_cnt"], "client_no", OCTOBER))
    assert rows == [("c3", 160, 2), ("c1", 100, 1), ("未知", 9, 1)]
    assert set(world.warnings) == {"overlapping_members"}


def test_conditions_at_the_day_of_each_row(world, mq):
    """c2 held a1 in September only."""
    where = those("client_no", "c2")
    months = Period((Absolute(date(2026, 9, 1), date(2026, 10, 31)),))
    assert world.rows(mq("balance", "@month", months, where=where)) == [
        ("2026-09", 50), ("2026-10", 0),
    ]  # fmt: skip


def test_through_pairs_to_what_stands_behind(world, mq):
    """By branch of the holders: 北 60 (c1), 南 100 (c3)."""
    rows = world.rows(mq("balance", "branch", OCTOBER))
    assert rows == [("南", 100), ("北", 60), ("未知", 9)]


def test_several_ways_are_asked(open_world, mq):
    balances = next(d for d in DATASETS if d.name == "balances")
    opened_by = Join("clients", "opened_by", (("account_id", "client_id"),), label="开户人")
    world = open_world(replace(balances, joins=(HELD, opened_by)))
    problem = world.problem(mq("balance", "branch", OCTOBER))
    assert (problem.code, [c.id for c in problem.candidates]) == (
        "ambiguous_path", ["held_by.client.branch", "opened_by.branch"],
    )  # fmt: skip
    assert world.rows(mq("balance", "held_by.client.branch", OCTOBER))[0] == ("南", 100)
    world = open_world(replace(balances, joins=(HELD, replace(opened_by, default=True))))
    assert world.rows(mq("balance", "branch", OCTOBER)) == [("未知", 169)]


def test_a_member_in_focus(world, mq):
    query = mq("aum", "tag", OCTOBER, focus=Focus("tag", "高频"))
    assert [row[:2] for row in world.rows(query)] == [("高频", 100)]


def test_overlapping_pairs_count_a_member_once(open_world, mq):
    """Two validity rows of one holder that overlap: still one holder, once."""
    holders = next(d for d in DATASETS if d.name == "holders")
    twice = replace(holders, table=None, sql=(
        "select account_id, client_id, valid_from, valid_to from holder union all "
        "select 'a2', 'c3', date '2026-01-01', null"))  # fmt: skip
    balances = next(d for d in DATASETS if d.name == "balances")
    world = open_world(twice, replace(balances, joins=(replace(HELD, weight=None),)))
    rows = world.rows(mq(["balance", "account_cnt"], "client_no", OCTOBER))
    assert rows == [("c3", 160, 2), ("c1", 100, 1), ("未知", 9, 1)]
