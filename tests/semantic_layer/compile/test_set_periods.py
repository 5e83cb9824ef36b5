"""Sets judged period by period, in a row, and across entities, checked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from semantic_layer.model import Dataset, Field, Join, Policy, Segment
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    And,
    Between,
    ChangeCondition,
    Comparison,
    Condition,
    Edge,
    EntityQuery,
    EventCondition,
    Everything,
    Membership,
    MetricCondition,
    MetricRef,
    Not,
    Period,
    Predicate,
    Relative,
    SegmentCondition,
    Set,
    TopMembership,
)

D = Decimal
AUTUMN = Absolute(date(2026, 9, 1), date(2026, 10, 31))
OCTOBER = Absolute(date(2026, 10, 1), date(2026, 10, 31))
LAST_30_DAYS = Period((Relative("day", 0, 30, anchor="data"),))


def those(where: Predicate, entity: str = "customer", judged: str = "as_of") -> Membership:
    return Membership(Set(entity, where, judged=judged))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("where", "september", "october"),
    [
        # 9 月 c1 130、c2 20;10 月 c1 110.50、c2 25.25、c4 10
        (MetricCondition("deposit", "gt", 20), 1, 2),
        (Not(MetricCondition("deposit", "gt", 20)), 1, 2),
        # 9 月只有 c1 交易 4;10 月 c1 20、c2 40、c3 60
        (MetricCondition("txn_amount", "ge", 20), None, 3),
        (MetricCondition("txn_amount", "eq", 0), 1, 1),
        (TopMembership("deposit", count=1), 1, 1),
        # c1 8 月 90、9 月 130、10 月 110.50;c2 9 月 20、10 月 25.25
        (ChangeCondition("deposit", "mom", "diff", "gt", 0), 1, 1),
        (And((MetricCondition("deposit", "gt", 20), Condition("gender", "in", ("女",)))), None, 1),
    ],
)
def test_each_month_has_its_own_members(ask, mq, where, september, october):
    """客户月表里 9 月有 c1、c2,10 月有 c1–c4."""
    answer = ask(mq("cust_cnt", "@month", AUTUMN, those(where)))
    found = dict(answer.rows)
    assert (found.get("2026-09") or None, found.get("2026-10")) == (september, october)


def test_two_periods_side_by_side_have_their_own_members(ask, mq):
    rich = those(MetricCondition("deposit", "gt", 20))
    both = Period((Relative("month", -2), Relative("month", -1)))
    assert [row[-1] for row in ask(mq("cust_cnt", (), both, rich)).rows] == [1, 2]


def test_the_previous_month_is_judged_by_itself(ask, mq):
    rich = those(MetricCondition("deposit", "gt", 20))
    compare = (Comparison("mom", ("value",)),)
    answer = ask(mq("cust_cnt", "@month", OCTOBER, rich, compare=compare))
    assert answer.rows == [("2026-10", 2, 1)]


def test_a_running_total_takes_every_month_with_its_own_members(ask, mq):
    """9 月存款超过20的是 c1(4 元);10 月是 c1、c2(20 + 40 元)."""
    from semantic_layer.query import Cumulative

    rich = those(MetricCondition("deposit", "gt", 20))
    answer = ask(mq("txn_amount", "@month", AUTUMN, rich))
    assert answer.rows == [("2026-09", D("4.00")), ("2026-10", D("60.00"))]
    running = ask(mq("txn_amount", "@month", AUTUMN, rich, window=Cumulative("year")))
    assert running.rows == [("2026-09", D("4.00")), ("2026-10", D("64.00"))]


@pytest.mark.parametrize("base", ["average", "yoy", "ytd_open", "previous"])
def test_comparisons_beside_monthly_members_can_be_judged(ask, mq, base):
    rich = those(MetricCondition("deposit", "gt", 20))
    answer = ask(mq("cust_cnt", "@month", AUTUMN, rich, compare=(Comparison(base, ("diff",)),)))
    assert isinstance(answer, Problem) or [row[1] for row in answer.rows] == [1, 2]


@pytest.mark.parametrize(
    ("measure", "rows"),
    [
        # 每天的存款人数不适用;峰值按日:9 月 1 日 c1 4 元,10 月 5 日 c1、c2 合计 60
        (MetricRef("txn_amount", stat="max", stat_over="date"), [D("4.00"), D("60.00")]),
        (MetricRef("txn_amount", per="month"), [D("4.00"), D("60.00")]),
    ],
)
def test_statistics_follow_the_members_of_their_month(ask, mq, measure, rows):
    rich = those(MetricCondition("deposit", "gt", 20))
    answer = ask(mq(measure, "@month", AUTUMN, rich))
    assert [row[1] for row in answer.rows] == rows


def test_members_follow_in_groups_beside_time(ask, mq):
    rich = those(MetricCondition("deposit", "gt", 20))
    answer = ask(mq("txn_amount", ("branch", "@month"), AUTUMN, rich))
    assert {r[:2]: r[2] for r in answer.rows if r[2]} == {
        ("银川分行", "2026-09"): D("4.00"),
        ("银川分行", "2026-10"): D("60.00"),
    }


def test_what_has_no_date_is_the_same_in_every_month(ask, mq):
    """授信额度没有日期:超过 150 的是 c2、c3、c4;9 月客户里有 c2,10 月有三人."""
    answer = ask(mq("cust_cnt", "@month", AUTUMN, those(MetricCondition("credit", "gt", 150))))
    assert answer.rows == [("2026-09", 1), ("2026-10", 3)]


@pytest.mark.parametrize(
    ("judged", "september", "october"),
    [
        # 到 9 月 30 日的 30 天只有 c1 交易;到 10 月 31 日的 30 天只有 c4 没有
        ("period_end", 1, 1),
        # 到 11 月 19 日的 30 天只有 c1、c3 交易
        ("as_of", 1, 2),
    ],
)
def test_a_window_ends_where_the_segment_is_judged(
    ask, mq, make_snapshot, make_manifest, judged, september, october
):
    quiet = EventCondition("txn_cnt", did=False, within=LAST_30_DAYS)
    segments = {"quiet": Segment("quiet", "沉默客户", "customer", quiet, judged)}
    world = make_snapshot(replace(make_manifest(), segments=segments))
    where = SegmentCondition("quiet")
    answer = ask(mq("cust_cnt", "@month", AUTUMN, where), at=world)
    assert dict(answer.rows) == {"2026-09": september, "2026-10": october}
    assert ask(mq("cust_cnt", (), OCTOBER, where), at=world).rows == [(october,)]


@pytest.mark.parametrize(
    ("where", "customers"),
    [
        # c1 8 月没有交易,9、10 月有;c2、c3 只有 10 月有;c4 从来没有
        (EventCondition("txn_cnt", in_a_row=2), 1),
        (EventCondition("txn_cnt", in_a_row=3), 0),
        (EventCondition("txn_cnt", did=False, in_a_row=2), 1),
        (EventCondition("txn_cnt", in_a_row=2, at_least=2), 0),
        (EventCondition("txn_cnt", did=False, in_a_row=2, at_least=2), 4),
        # c1 90、130、110.50;c2 没有 8 月末,20、25.25
        (MetricCondition("deposit", "ge", 90, in_a_row=3), 1),
        (MetricCondition("deposit", "ge", 20, in_a_row=2), 2),
        (MetricCondition("deposit", "ge", 20, in_a_row=3), 1),
        # 9、10 两月都不到 30 元:c1(4、20)、c4(0、0)
        (MetricCondition("txn_amount", "lt", 30, in_a_row=2), 2),
        (Not(MetricCondition("txn_amount", "lt", 30, in_a_row=2)), 2),
        # 说明到 9 月为止:8、9 两月都有交易的没有人
        (EventCondition("txn_cnt", in_a_row=2, within=Period((Relative("month", -2),))), 0),
        # 今年以来的最后两个整月是 9、10 月:c1 都有交易;11 月也有,不影响
        (
            EventCondition("txn_cnt", in_a_row=2, within=Period((Relative("year", to_date=True),))),
            1,
        ),
    ],
)
def test_several_months_in_a_row(ask, mq, where, customers):
    assert ask(mq("cust_cnt", (), OCTOBER, those(where))).rows == [(customers,)]


def test_the_months_in_a_row_end_with_each_month(ask, mq):
    """两个月都有交易:9 月没有人(8 月没有交易),10 月 c1."""
    twice = those(EventCondition("txn_cnt", in_a_row=2))
    answer = ask(mq("cust_cnt", "@month", AUTUMN, twice))
    assert {month: n for month, n in answer.rows if n} == {"2026-10": 1}


ACCOUNTS = Dataset(
    "accounts",
    "账户",
    None,
    ("account_id",),
    (Field("is_demand_account", "活期户", expr="is_demand"),),
    sql="select account_id, customer_id, max(is_demand) as is_demand "
    "from fact_balance group by account_id, customer_id",
    joins=(Join("customers", "customers", (("customer_id", "customer_id"),), label="客户"),),
    entity="account",
)


@pytest.fixture
def with_accounts(make_snapshot, make_manifest):
    from semantic_layer.model import Dimension

    def make(policies=()):
        manifest = make_manifest(policies)
        field = ACCOUNTS.fields[0]
        dimension = Dimension(field.name, "accounts", field, ("accounts",))
        return make_snapshot(
            replace(
                manifest,
                datasets={**manifest.datasets, "accounts": ACCOUNTS},
                dimensions={**manifest.dimensions, field.name: dimension},
            )
        )

    return make


FIXED = those(Condition("is_demand_account", "in", (0,)), "account")


@pytest.mark.parametrize(
    ("where", "customers"),
    [
        # 定期户:c1 的 a2、c2 的 a3、c3 的 a4
        (FIXED, 3),
        (Not(FIXED), 1),
        (And((FIXED, MetricCondition("deposit", "gt", 30))), 1),
        # 分行:存款最多的是银川,有 c1、c2
        (those(TopMembership("deposit", count=1), "branch"), 2),
        (Not(those(TopMembership("deposit", count=1), "branch")), 2),
        # 有男客户的账户所属的客户
        (those(And((those(Condition("gender", "in", ("男",))),)), "account"), 2),
    ],
)
def test_customers_by_sets_of_other_things(ask, mq, with_accounts, where, customers):
    answer = ask(mq("cust_cnt", (), OCTOBER, those(where)), at=with_accounts())
    assert answer.rows == [(customers,)]


def test_branches_by_their_customers(ask, mq):
    """只有 c1 存款超过 100,他属于银川分行."""
    where = those(those(MetricCondition("deposit", "gt", 100)), "branch")
    answer = ask(mq("loan_balance", "branch", OCTOBER, where))
    assert answer.rows == [("银川分行", D("1000.00"))]


def test_rights_hold_in_sets_of_other_things(ask, mq, with_accounts):
    """固原只有 c3."""
    policies = (Policy("guyuan", allow=(("branch", ("固原分行",)),)),)
    user = Principal("丙", ("guyuan",))
    answer = ask(mq("cust_cnt", (), OCTOBER, those(FIXED)), user, with_accounts(policies))
    assert answer.rows == [(1,)]


@pytest.mark.parametrize(
    "where",
    [
        MetricCondition("txn_amount", "gt", 30),
        ChangeCondition("deposit", "mom", "diff", "gt", 0),
        EventCondition("txn_cnt", within=LAST_30_DAYS),
        EventCondition("txn_cnt", in_a_row=2),
        MetricCondition("deposit", "ge", 20, in_a_row=2),
        TopMembership("deposit", percent=50),
    ],
)
def test_no_leaf_counts_the_rows_of_others(ask, mq, make_snapshot, make_manifest, where):
    """银川只有 c1、c2;看不到的客户既不在名单里,也不占前几名的名额."""
    policies = (Policy("yinchuan", allow=(("branch", ("银川分行",)),)),)
    user, world = Principal("乙", ("yinchuan",)), make_snapshot(make_manifest(policies))
    allowed = ask(mq("cust_cnt", (), OCTOBER, those(where)), user, world)
    named = And((those(where), Condition("branch", "in", ("银川分行",))))
    everybody = ask(mq("cust_cnt", (), OCTOBER, named))
    if isinstance(where, TopMembership):
        assert allowed.rows == [(1,)]
    else:
        assert allowed.rows == everybody.rows


def test_a_set_that_cannot_be_judged_in_every_month_is_refused(ask, mq):
    """存款只到 10 月末,交易到 11 月 19 日."""
    rich = those(MetricCondition("deposit", "gt", 20))
    period = Absolute(date(2026, 10, 1), date(2026, 11, 30))
    problem = ask(mq("txn_amount", "@month", period, rich))
    assert isinstance(problem, Problem)
    assert problem.code == "no_data_yet"


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        # 交易只到 11 月 5 日,18、19 日判断不了;交易从 11 月 19 日才有,18 日判断不了
        ({"data_dates": date(2026, 11, 5)}, "no_data_yet"),
        ({"first_dates": date(2026, 11, 19)}, "no_data_before"),
    ],
)
def test_days_without_data_to_judge_by_are_refused(ask, mq, make_snapshot, dates, code):
    world = make_snapshot()
    [(name, day)] = dates.items()
    world = replace(world, **{name: {**getattr(world, name), "txns": day}})
    busy = those(MetricCondition("txn_amount", "gt", 0), "branch")
    days = Absolute(date(2026, 11, 18), date(2026, 11, 19))
    assert ask(mq("deposit", "@date", days, busy), at=world).code == code


@pytest.mark.parametrize(
    ("did", "days", "listed"),
    [
        # 首笔:c1 2024-02-29(365 天后第二笔)、c2 2025-10-25(345 天后第二笔)、c3 2026-10-31、c4 没有
        (True, 344, []),
        (True, 345, ["c2"]),
        (True, 365, ["c1", "c2"]),
        # 没做过首笔的不算;c3 的 345 天还没过完,也不算
        (False, 345, ["c1"]),
        (False, 19, ["c1", "c2", "c3"]),
        (False, 20, ["c1", "c2"]),
    ],
)
def test_days_are_counted_from_the_first_time_of_something(ask, did, days, listed):
    again = EventCondition("txn_cnt", did, 2, after="txn_cnt", after_days=days)
    answer = ask(EntityQuery(Set("customer", again)))
    assert [row[0] for row in answer.rows] == listed


def test_days_after_see_only_allowed_rows(ask, make_snapshot, make_manifest):
    policies = (Policy("yinchuan", allow=(("branch", ("银川分行",)),), lists="masked"),)
    user, world = Principal("乙", ("yinchuan",)), make_snapshot(make_manifest(policies))
    once = EventCondition("txn_cnt", after="ok_amount", after_days=1)
    assert [r[0] for r in ask(EntityQuery(Set("customer", once)), user, world).rows] == ["c1", "c2"]


@pytest.mark.parametrize(
    "leaf",
    [
        EventCondition("txn_cnt", after="txn_cnt"),
        EventCondition("txn_cnt", after_days=3),
        EventCondition("txn_cnt", after="txn_cnt", after_days=0),
        EventCondition("txn_cnt", in_a_row=2, after="txn_cnt", after_days=3),
    ],
)
def test_days_after_need_both_parts(ask, leaf):
    assert ask(EntityQuery(Set("customer", leaf))).code == "invalid_query"


def test_the_first_time_of_all_in_a_period(ask):
    """首笔交易在 2026 年的:以前没有过,今年有:只有 c3(c1 2024 年、c2 2025 年)."""
    year = Relative("year")
    before = Period((Between(Everything(), Edge(year, "opening")),))
    first = And(
        (
            EventCondition("txn_cnt", within=Period((year,))),
            EventCondition("txn_cnt", did=False, within=before),
        )
    )
    assert [row[0] for row in ask(EntityQuery(Set("customer", first))).rows] == ["c3"]


def test_months_before_the_data_are_not_months_without(ask, mq):
    """贷款从 2026 年 9 月末才有数据:到 10 月的三个月判断不了."""
    two, three = (MetricCondition("loan_balance", "ge", 1, in_a_row=n) for n in (2, 3))
    assert ask(mq("cust_cnt", (), OCTOBER, those(two))).rows == [(1,)]
    problem = ask(mq("cust_cnt", (), OCTOBER, those(three)))
    assert isinstance(problem, Problem)
    assert problem.code == "no_data_before"
