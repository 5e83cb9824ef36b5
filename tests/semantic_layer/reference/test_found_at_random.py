"""What random questions found, as small cases that can be worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest
from slow_reading.judge import compiled_answer
from slow_reading.world import World
from slow_reading.worlds import WorkWeek

from semantic_layer.model import (
    Aggregate,
    Dataset,
    Dimension,
    Field,
    Join,
    Manifest,
    Metric,
    Ratio,
    SemiAdditive,
)
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    Arithmetic,
    ChangeCondition,
    ColumnRef,
    Comparison,
    Condition,
    Cumulative,
    DimensionGroup,
    EntityQuery,
    Everything,
    Focus,
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
    SetGroup,
    Share,
    TimeGroup,
)

SIZE = "case when amount > 25 then '大' else '小' end"
TO_CLIENT = Join("clients", "client", (("client", "client"),))
TO_SHOP = Join("shops", "place", (("shop", "shop"),))
DATASETS = (
    Dataset("shops", "门店", "shops", ("shop",),
            (Field("city", "城市"), Field("each_city", "各城市", expr="city", spine=True),
             Field("name", "店名", expr="shop"))),
    Dataset("clients", "客户", "clients", ("client",), (), entity="client"),
    Dataset("sales", "销售", "sales", ("id",), (Field("shop", "门店"), Field("size", "大小", expr=SIZE, type="string")),
            time="day", joins=(TO_CLIENT, TO_SHOP)),
    Dataset("stocks", "余额快照", "stocks", ("client", "month_end"), (), time="month_end",
            grain="month", joins=(TO_SHOP, TO_CLIENT)),
)  # fmt: skip
METRICS = (
    Metric("amount", "销售额", Aggregate("sales", "sum", "amount"), "CNY"),
    Metric("cost", "成本", Aggregate("sales", "sum", "cost"), "CNY"),
    Metric("cost_rate", "成本率", Ratio("cost", "amount"), "percent"),
    Metric("opening", "期初余额", Aggregate("stocks", "sum", "amount",
           semi_additive=SemiAdditive("month_end", "first")), "CNY"),
    Metric("large", "大额余额", Aggregate("stocks", "sum", "amount", "amount >= 10",
           semi_additive=SemiAdditive("month_end")), "CNY"),
    Metric("accounts", "户数", Aggregate("stocks", "count",
           semi_additive=SemiAdditive("month_end")), "户"),
    Metric("large_each", "户均大额余额", Ratio("large", "accounts"), "CNY", native="month"),
)  # fmt: skip
TYPES = {
    "shops": {"shop": "VARCHAR", "city": "VARCHAR"},
    "clients": {"client": "VARCHAR"},
    "sales": {"id": "VARCHAR", "day": "DATE", "client": "VARCHAR", "shop": "VARCHAR",
              "amount": "DECIMAL(18,2)", "cost": "DECIMAL(18,2)"},
    "stocks": {"client": "VARCHAR", "month_end": "DATE", "shop": "VARCHAR",
               "amount": "DECIMAL(18,2)"},
}  # fmt: skip
SALES = """
create table shops (shop varchar, city varchar);
insert into shops values ('甲店', '北京'), ('乙店', '上海'), ('丙店', '上海');
create table clients (client varchar);
insert into clients values ('c1'), ('c2'), ('c3');
create table sales (id varchar, day date, client varchar, shop varchar,
                    amount decimal(18,2), cost decimal(18,2));
-- 甲店、乙店都正好涨一成,丙店涨得少一分钱;8月甲店有两笔一样的
insert into sales values
  ('s1', date '2026-09-10', 'c1', '甲店',   0.40,  0.04),
  ('s2', date '2026-10-10', 'c1', '甲店',   0.44,  0.04),
  ('s3', date '2026-09-11', 'c2', '乙店',   0.70,  0.07),
  ('s4', date '2026-10-11', 'c2', '乙店',   0.77,  0.07),
  ('s5', date '2026-09-12', 'c3', '丙店', 110.10,  5.00),
  ('s6', date '2026-10-12', 'c3', '丙店', 121.10,  5.00),
  ('s7', date '2026-08-01', 'c1', '甲店',  30.00,  3.00),
  ('s8', date '2026-08-01', 'c1', '甲店',  30.00,  3.00),
  ('s9', date '2026-08-02', 'c2', '乙店',   5.00,  3.00);
create table stocks (client varchar, month_end date, shop varchar, amount decimal(18,2));
-- 大额(10元起):甲店两个月都有,乙店只有10月有,丙店两个月都没有
insert into stocks values
  ('c1', date '2026-09-30', '甲店', 10), ('c1', date '2026-10-31', '甲店', 20),
  ('c2', date '2026-09-30', '乙店',  5), ('c2', date '2026-10-31', '乙店', 70),
  ('c3', date '2026-09-30', '丙店',  3), ('c3', date '2026-10-31', '丙店',  3);
"""
OCTOBER = Absolute(date(2026, 10, 1), date(2026, 10, 31))
SHOP, NAME, CITY = (DimensionGroup(name) for name in ("shop", "name", "each_city"))
SEPTEMBER_ON = Absolute(date(2026, 9, 1), date(2026, 10, 31))
KNOWN_FROM = {"sales": date(2025, 1, 1), "stocks": date(2026, 9, 1)}
GROWTH = (Comparison("mom", ("rate",)),)


@pytest.fixture(scope="module")
def answered():
    connection = duckdb.connect()
    connection.execute(SALES)
    fields = {f.name: (d.name, f) for d in DATASETS for f in d.fields}
    manifest = Manifest(
        "小店",
        {d.name: d for d in DATASETS},
        {m.name: m for m in METRICS},
        {name: Dimension(name, home, field, (home,)) for name, (home, field) in fields.items()},
        hash="小店",
    )
    days = dict.fromkeys(("sales", "stocks"), date(2026, 10, 31))
    clients = [{"client": f"c{n}"} for n in (1, 2, 3)]
    known = {"clients": clients, "stocks": clients}

    def run(query, first=KNOWN_FROM):
        world = World(
            manifest, known, date(2026, 11, 20), days, first, WorkWeek(), Principal("某人"), TYPES
        )
        return compiled_answer(world, query, connection)

    return run


@pytest.fixture(scope="module")
def ask(answered):
    def run(metric, by=(SHOP,), where=None, period=OCTOBER, first=KNOWN_FROM, only=None, **more):
        spans = period if isinstance(period, tuple) else (period,)
        scope = Scope(Period(spans, days=only), where)
        measures = metric if isinstance(metric, tuple) else (metric,)
        refs = tuple(MetricRef(m) if isinstance(m, str) else m for m in measures)
        return answered(MetricQuery(refs, tuple(by), scope, **more), first)

    return run


def growing(op: str) -> Membership:
    """Those whose purchases grew by a tenth, or by more."""
    return Membership(Set("client", ChangeCondition("amount", "mom", "rate", op, 0.1)))


def test_a_column_called_like_the_metric_is_not_taken_for_it(ask):
    """8月:甲店的两笔 30 元是大的,合计 60;乙店的一笔是小的。先按金额汇总再找城市也一样。"""
    august = Absolute(date(2026, 8, 1), date(2026, 8, 31))
    found = ask("amount", [DimensionGroup("city"), DimensionGroup("size")], period=august)
    assert found.rows == [["北京", "大", Decimal("60.00")], ["上海", "小", Decimal("5.00")]]


def test_two_shops_that_grew_by_a_tenth_share_the_place(ask):
    order = (Order(ColumnRef(0, "rate", "mom")),)
    found = ask("amount", compare=GROWTH, order=order, limit=Limit(1))
    assert {row[0] for row in found.rows} == {"甲店", "乙店"}
    for shop, place in (("甲店", 1), ("乙店", 1), ("丙店", 3)):
        focus = ask("amount", compare=GROWTH, order=order, focus=Focus("shop", shop))
        assert focus.rows[0][2] == place


@pytest.mark.parametrize(
    ("op", "shops"), [("ge", {"甲店", "乙店"}), ("gt", set()), ("lt", {"丙店"})]
)
def test_a_tenth_is_no_less_than_a_tenth(ask, op, shops):
    having = (Having(ColumnRef(0, "rate", "mom"), op, 0.1),)
    found = ask("amount", compare=GROWTH, having=having)
    assert {row[0] for row in found.rows} == shops
    assert {row[0] for row in ask("amount", where=growing(op)).rows} == shops


def test_equal_rates_are_equal_to_their_bound(ask):
    """9月:甲店 0.04 / 0.40,乙店 0.07 / 0.70,都是一成。"""
    september = Absolute(date(2026, 9, 1), date(2026, 9, 30))
    dear = Membership(Set("client", MetricCondition("cost_rate", "ge", 0.1)))
    of_the_dear = ask("cost_rate", where=dear, period=september)
    a_tenth = ask("cost_rate", period=september, having=(Having(ColumnRef(0), "eq", 0.1),))
    for found in (of_the_dear, a_tenth):
        assert {row[0] for row in found.rows} == {"甲店", "乙店"}


def test_people_of_one_rate_stand_in_the_order_of_their_keys(answered):
    """9月:c1 0.04 / 0.40,c2 0.07 / 0.70,都是一成;c3 不到半成。"""
    september = Scope(Period((Absolute(date(2026, 9, 1), date(2026, 9, 30)),)))
    buyers = Set("client", MetricCondition("amount", "gt", 0))
    for down, keys in ((True, ["c1", "c2", "c3"]), (False, ["c3", "c1", "c2"])):
        order = (Order(ColumnRef(0), descending=down),)
        found = answered(EntityQuery(buyers, (), (MetricRef("cost_rate"),), september, order))
        assert [row[0] for row in found.rows] == keys
    found = answered(EntityQuery(buyers, (), (MetricRef("cost_rate"),), september, limit=1))
    assert [row[0] for row in found.rows] == ["c1"]


@pytest.mark.parametrize("apart", [False, True])
def test_who_belongs_is_not_judged_on_each_of_three_hundred_days(ask, apart):
    chosen = Set("client", growing("ge").set.where, "增长的")
    year = Absolute(date(2026, 1, 1), date(2026, 10, 31))
    if apart:
        found = ask("amount", [TimeGroup("date"), SetGroup((chosen,))], period=year)
    else:
        found = ask("amount", [TimeGroup("date")], Membership(chosen), year)
    assert isinstance(found, Problem)
    assert found.code == "too_expensive"
    assert "304期" in found.message


def test_a_running_total_ends_with_its_period_not_with_its_ten_days(ask):
    """9月只问到11日:中旬累计 0.40+0.70,不含12日的 110.10,虽然10月也要读。"""
    until_11 = Absolute(date(2026, 9, 1), date(2026, 9, 11))
    found = ask(
        "amount", [TimeGroup("xun")], period=(until_11, OCTOBER), window=Cumulative("month")
    )
    assert [row[1] for row in found.rows] == [
        Decimal("0.40"), Decimal("1.10"), Decimal("0.44"), Decimal("122.31"), Decimal("122.31"),
    ]  # fmt: skip


def test_the_best_day_is_told_of_the_months_with_a_day(ask):
    """单日最高:8月只有甲店、乙店卖过,丙店只列在9月。"""
    months = (
        Absolute(date(2026, 8, 1), date(2026, 8, 31)),
        Absolute(date(2026, 9, 1), date(2026, 9, 30)),
    )
    found = ask(MetricRef("amount", stat="max", stat_over="date"), period=months)
    best = sorted((row[0], row[2]) for row in found.rows)
    assert best == [
        ("丙店", Decimal("110.10")), ("乙店", Decimal("0.70")), ("乙店", Decimal("5.00")),
        ("甲店", Decimal("0.40")), ("甲店", Decimal("60.00")),
    ]  # fmt: skip


def test_what_is_left_of_each_of_two_periods_of_the_same_days(ask):
    """同一个10月问两遍:两遍的第一名都是丙店,两遍的其他都是 0.44+0.77。"""
    again = Relative("month", -1)
    found = ask("amount", period=(OCTOBER, again), limit=Limit(1, others=True))
    assert [row[0] for row in found.rows] == ["丙店", "丙店"]
    assert [row[-1] for row in found.apart] == [Decimal("1.21"), Decimal("1.21")]


def test_more_periods_than_rows_are_not_listed(ask):
    """从1900年起逐日是四万多期。"""
    found = ask("amount", [TimeGroup("date")], period=Everything(), first={})
    assert isinstance(found, Problem)
    assert found.code == "too_expensive"


def test_periods_that_end_on_one_day_are_told_apart(ask):
    """两段的期末是同一天,期初不是:最多的是乙店10月末的70;9—10月的其他 10+5+3,10月的 20+3。"""
    found = ask("opening", [NAME], period=(SEPTEMBER_ON, OCTOBER), limit=Limit(1, others=True))
    assert found.rows == [["乙店", "2026年10月", Decimal(70)]]
    assert found.apart == [
        ["其他", "2026年9—10月", Decimal(18)],
        ["其他", "2026年10月", Decimal(23)],
    ]


@pytest.mark.parametrize(
    ("stat", "of_each"), [("max", (20, 70, 0)), ("min", (10, 0, 0)), ("median", (15, 35, 0))]
)
def test_an_extreme_of_a_balance_is_0_where_only_small_accounts_are(ask, stat, of_each):
    """乙店9月没有大额,丙店一直没有:有户、大额为0,不是未报数;单看大额,丙店不列。"""
    large = MetricRef("large", stat=stat, stat_over="month")
    beside = ask((large, "accounts"), [NAME], period=SEPTEMBER_ON)
    assert {row[0]: row[1] for row in beside.rows} == dict(
        zip(("甲店", "乙店", "丙店"), of_each, strict=True)
    )
    alone = ask(large, [NAME], period=SEPTEMBER_ON)
    assert {row[0]: row[1] for row in alone.rows} == dict(
        zip(("甲店", "乙店"), of_each[:2], strict=True)
    )


def test_a_month_without_a_workday_lists_nobody(ask):
    """2026年10月31日是星期六:逐月逐店看工作日,没有一个月可列。"""
    assert date(2026, 10, 31).weekday() == 5
    saturday = Absolute(date(2026, 10, 31), date(2026, 10, 31))
    by = [DimensionGroup("each_city"), TimeGroup("month")]
    found = ask("amount", by, period=saturday, only="workday")
    assert found.rows == []


def test_the_lowest_month_of_a_month_asked_twice(ask):
    """同一个10月问两遍:每遍只有一个月,最低的就是它,没有哪个月是0。"""
    again = Relative("month", -1)
    found = ask(MetricRef("amount", stat="min", stat_over="month"), period=(OCTOBER, again))
    assert sorted((row[0], row[2]) for row in found.rows) == sorted(
        [("甲店", Decimal("0.44")), ("乙店", Decimal("0.77")), ("丙店", Decimal("121.10"))] * 2
    )


def test_months_listed_by_definition_keep_those_chosen_over_the_period_asked(ask):
    """9—10月买过1元1角以上的:c2 共 1.47、c3 共 231.20;按月分开看 c2 哪个月都不到。

    大额:9月 c2、c3 都没有;10月 c2 有70,两户平均35。
    """
    chosen = Membership(Set("client", MetricCondition("amount", "ge", 1.1)))
    found = ask("large_each", [], chosen, SEPTEMBER_ON)
    assert [(row[0], float(row[1])) for row in found.rows] == [("2026-09", 0), ("2026-10", 35)]


def test_the_place_beside_the_first_ones_is_the_one_they_are_chosen_by(ask):
    """两个月六行一起排:丙店占前两名,甲店10月第五、9月第六;每月取第一的,甲店都排第三。"""
    by, focus = [SHOP, TimeGroup("month")], Focus("shop", "甲店")
    order = (Order(ColumnRef(0)),)

    def places(limit):
        found = ask("amount", by, period=SEPTEMBER_ON, order=order, limit=limit, focus=focus)
        return [(row[0], row[1], row[3]) for row in found.rows]

    assert places(Limit(2)) == [
        ("丙店", "2026-10", 1), ("丙店", "2026-09", 2), ("甲店", "2026-10", 5), ("甲店", "2026-09", 6),
    ]  # fmt: skip
    assert set(places(Limit(1, partition_by=(1,)))) == {
        ("丙店", "2026-10", 1), ("丙店", "2026-09", 1), ("甲店", "2026-10", 3), ("甲店", "2026-09", 3),
    }  # fmt: skip


AUGUST = Absolute(date(2026, 8, 1), date(2026, 8, 31))
YEAR, QUARTER, MONTH = TimeGroup("year"), TimeGroup("quarter"), TimeGroup("month")


@pytest.mark.parametrize(
    ("by", "subtotals"), [((YEAR,), ()), ((YEAR, MONTH), (0,)), ((SHOP, YEAR, MONTH), (1,))]
)
def test_two_periods_within_one_year_are_not_told_by_that_year(ask, by, subtotals):
    """8月和10月:一行“2026年”不知道说的是哪一段,原来只算了后一段。"""
    found = ask("amount", by, period=(AUGUST, OCTOBER), subtotals=subtotals)
    assert isinstance(found, Problem)
    assert found.code == "invalid_query"


def test_periods_that_share_whole_months_list_each_month_once(ask):
    """9—10月和10月:10月是同一个月,列一次。"""
    found = ask("amount", [MONTH], period=(SEPTEMBER_ON, OCTOBER))
    assert found.rows == [["2026-09", Decimal("111.20")], ["2026-10", Decimal("122.31")]]


def test_a_year_of_a_monthly_rate_has_no_subtotal(ask):
    """9月 (10)/3,10月 (20+70)/3;全年不能把两个月合成一个数。"""
    found = ask("large_each", [YEAR, MONTH], period=SEPTEMBER_ON, subtotals=(0,))
    assert [(row[1], round(row[2], 2)) for row in found.rows] == [
        ("2026-09", 3.33), ("2026-10", 30.0),
    ]  # fmt: skip
    assert found.apart == [["2026", "小计", None]]


def test_the_first_of_each_year_becomes_the_first_of_each_month(ask):
    """按月的指标把年换成月,“每年第一”就是每月第一:期初余额9月甲店10,10月乙店70。"""
    first = Limit(1, partition_by=(0,))
    measures, order = ("large_each", "opening"), (Order(ColumnRef(1)),)
    found = ask(measures, [YEAR, NAME], period=SEPTEMBER_ON, order=order, limit=first)
    assert [[*row[:2], row[3]] for row in found.rows] == [
        ["甲店", "2026-09", Decimal(10)], ["乙店", "2026-10", Decimal(70)],
    ]  # fmt: skip


def test_days_stand_in_their_ten_days(ask):
    """10月10日在上旬,11日在中旬;按旬从先到后。"""
    days = Absolute(date(2026, 10, 9), date(2026, 10, 22))
    order = (Order(ColumnRef(group=0), descending=False),)
    found = ask("amount", [TimeGroup("xun"), TimeGroup("date")], period=days, order=order)
    said = [(row[0][-2:], row[1].day) for row in found.rows]
    tens = ["上旬"] * 2 + ["中旬"] * 10 + ["下旬"] * 2
    assert said == list(zip(tens, range(9, 23), strict=True))


def test_two_years_side_by_side_have_a_subtotal_each(ask):
    """去年9月没有销售(数据从2025年起),今年9月 111.20;各年小计是各年的那一段。"""
    last = Absolute(date(2025, 9, 1), date(2025, 9, 30))
    this = Absolute(date(2026, 9, 1), date(2026, 9, 30))
    found = ask("amount", [YEAR, MONTH], period=(last, this), subtotals=(0,))
    assert found.apart == [["2025", "小计", Decimal(0)], ["2026", "小计", Decimal("111.20")]]


def test_the_lowest_month_of_the_one_year_there_is(ask):
    """大额余额按月取最低:甲店9月10、10月20;乙店9月没有大额,是0;丙店一直没有大额,不列。"""
    lowest = MetricRef("large", stat="min", stat_over="month")
    found = ask(lowest, [NAME, YEAR], period=SEPTEMBER_ON)
    assert {tuple(row) for row in found.rows} == {
        ("甲店", "2026", Decimal(10)), ("乙店", "2026", Decimal(0)),
    }  # fmt: skip


@pytest.mark.parametrize("by", [(CITY,), (CITY, TimeGroup("date"))])
def test_the_rest_keeps_its_own_share_where_the_first_has_no_whole(ask, by):
    """9月10日只有北京有销售(0.40,都是小额):上海 0÷0 没有占比,其他(北京)占自己的100%。"""
    found = ask(
        "amount", by, period=Absolute(date(2026, 9, 10), date(2026, 9, 10)),
        where=Condition("size", "in", ("小",)), share=Share("unfiltered"),
        order=(Order(ColumnRef(0), descending=False),), limit=Limit(1, others=True),
    )  # fmt: skip
    assert found.rows[0][-2:] == [Decimal(0), None]
    rest = found.apart[0][-2:] if len(by) > 1 else list((found.others or {}).values())
    assert rest == [Decimal("0.40"), 1.0]


def test_who_did_not_change_is_told_in_the_period_with_a_base(ask):
    """数据从去年10月开始:9月没有同期,谁没变不知道;10月下旬和去年同期三人都没买,都算没变。"""
    unchanged = Membership(Set("client", ChangeCondition("amount", "yoy", "diff", "eq", 0)))
    periods = (
        Absolute(date(2026, 9, 1), date(2026, 9, 30)),
        Absolute(date(2026, 10, 21), date(2026, 10, 31)),
    )
    known = {"sales": date(2025, 10, 1), "stocks": date(2026, 9, 1)}
    found = ask("accounts", [NAME], unchanged, periods, known)
    assert {tuple(row) for row in found.rows if row[2]} == {
        (shop, "2026年10月末", 1) for shop in ("甲店", "乙店", "丙店")
    }


MONTHS = Absolute(date(2026, 8, 1), date(2026, 10, 31))
ZEROS = {"max": Decimal("121.10"), "min": Decimal(0), "median": Decimal("1.10")}


@pytest.mark.parametrize(("stat", "value"), ZEROS.items())
def test_a_month_that_begins_on_a_weekend_has_workdays(ask, stat, value):
    """工作日的销售:8月没有(1日是星期六,不等于8月不算),9月 0.40+0.70,10月 121.10。"""
    assert MONTHS.start.weekday() == 5
    monthly = MetricRef("amount", stat=stat, stat_over="month")
    assert ask(monthly, [], period=MONTHS, only="workday").rows == [[value]]
    assert ask(monthly, [], period=AUGUST, only="workday").rows == [[0]]


def test_ten_days_that_begin_on_a_sunday_have_workdays(ask):
    """10月中旬从星期日开始,12日(星期一)卖了 121.10;9月最高的是上旬的 0.40 和中旬的 0.70。"""
    assert date(2026, 10, 11).weekday() == 6
    best = MetricRef("amount", stat="max", stat_over="xun")
    found = ask(best, [MONTH], period=SEPTEMBER_ON, only="workday")
    assert found.rows == [["2026-09", Decimal("0.70")], ["2026-10", Decimal("121.10")]]


@pytest.mark.parametrize(
    ("ref", "units"),
    [
        (MetricRef("amount", per="day"), 65),
        (MetricRef("amount", per="month"), 3),
        (MetricRef("amount", stat="mean", stat_over="week"), 12),
        (MetricRef("amount", stat="mean", stat_over="month"), 3),
        (MetricRef("amount", stat="mean", stat_over="xun"), 9),
    ],
)
def test_a_mean_per_month_of_workdays_divides_by_months(ask, ref, units):
    """8—10月工作日共卖 122.20:月均除以3个月,不是65个工作日;整周是8月3日到10月25日的12周。"""
    found = ask(ref, [], period=MONTHS, only="workday")
    assert found.rows == [[pytest.approx(122.20 / units)]]


def test_a_quotient_of_amounts_changes_in_points_like_any_rate(ask):
    """成本÷销售额:甲店、乙店由 10% 到 1/11,降0.91个百分点;丙店由 4.54% 到 4.13%,降0.41个百分点。"""
    quotient = Arithmetic("/", MetricRef("cost"), MetricRef("amount"))
    having = (Having(ColumnRef(0, "rate", "mom"), "lt", -0.005),)
    found = ask((quotient,), compare=GROWTH, having=having)
    assert {row[0] for row in found.rows} == {"甲店", "乙店"}
    assert found.columns[-1].endswith(".mom.pp")
    assert {round(row[-1], 6) for row in found.rows} == {round(1 / 11 - 1 / 10, 6)}
