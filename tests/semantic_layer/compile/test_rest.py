"""其他 beside the first ones: of everything, of every period, of every group, with its share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from semantic_layer.compile.buckets import bucket_label, bucket_text, key_literal
from semantic_layer.engines import Table
from semantic_layer.query import (
    Absolute,
    BucketGroup,
    ColumnRef,
    Comparison,
    Cumulative,
    DimensionGroup,
    Limit,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Order,
    Period,
    Relative,
    Rolling,
    Scope,
    Set,
    SetGroup,
    Share,
    TimeGroup,
)
from semantic_layer.resolve.units import unit_of
from semantic_layer.run import Running, run_query

D = Decimal
OCTOBER = Relative("month", -1)
AUTUMN = Absolute(date(2026, 9, 1), date(2026, 10, 31))
FIRST = (Order(ColumnRef(0)),)
ONE_EACH_MONTH = {"order": FIRST, "limit": Limit(1, partition_by=(1,), others=True)}


class Engine:
    """The small bank, answering statements."""

    def __init__(self, bank) -> None:
        self.bank = bank

    def run(self, query, limits, cancel=None):
        cursor = self.bank.execute(query.text)
        names = tuple(column[0] for column in cursor.description)
        return Table(names, (), tuple(cursor.fetchall()))

    def run_all(self, queries, limits, cancel=None):
        return tuple(self.run(query, limits, cancel) for query in queries)


@pytest.fixture
def run(ask, bank, snapshot):
    def result(query):
        answer = ask(query)
        return run_query(answer.resolved, answer.compiled, Running(Engine(bank)), snapshot.manifest)

    return result


def test_the_rest_of_every_month(run, mq):
    # 9月:城东4;10月:城东80(c1 20、c3 60)、城西40
    result = run(mq("txn_amount", ("outlet", "@month"), AUTUMN, **ONE_EACH_MONTH))
    assert result.rows == (
        ("银川城东支行", "2026-09", D(4)), ("银川城东支行", "2026-10", D(80)),
    )  # fmt: skip
    assert result.subtotals == (("其他", "2026-09", D(0)), ("其他", "2026-10", D(40)))
    assert result.others == {}


def test_the_rest_of_a_month_is_of_those_not_listed_in_that_month(run, mq):
    # 10月末存款:城东110.50、城西25.25、未知10;9月末:城东130、城西20
    only = {"order": FIRST, "limit": Limit(2, others=True)}
    result = run(mq("deposit", ("outlet", "@month"), AUTUMN, **only))
    assert {row[:2] for row in result.rows} == {
        ("银川城东支行", "2026-09"), ("银川城东支行", "2026-10"),
    }  # fmt: skip
    assert {row[1]: row[2] for row in result.subtotals} == {
        "2026-09": D(20), "2026-10": D("35.25"),
    }  # fmt: skip


def test_rates_distinct_counts_and_bases_of_the_rest(run, mq):
    # 10月城西:c2 一人,手续费3.80÷40;去年10月城西30
    query = mq(
        ("txn_amount", "fee_rate", "txn_cust"),
        ("outlet", "@month"),
        OCTOBER,
        compare=(Comparison("yoy", ("value",)),),
        **ONE_EACH_MONTH,
    )
    result = run(query)
    names = [column.id for column in result.columns]
    rest = dict(zip(names, result.subtotals[0], strict=True))
    assert rest["txn_amount"] == D(40)
    assert rest["txn_amount.yoy.value"] == D(30)
    assert rest["fee_rate"] == pytest.approx(3.8 / 40)
    assert rest["txn_cust"] == 1


def test_the_rest_of_a_base_leaves_out_the_same_members(run, mq):
    # 9月城东130、城西20;10月第一是城东,其他是城西25.25和未知10,上月城西20
    query = mq(
        "deposit", ("outlet", "@month"), OCTOBER, compare=(Comparison("mom", ("value",)),),
        **ONE_EACH_MONTH,
    )  # fmt: skip
    assert run(query).subtotals == (("其他", "2026-10", D("35.25"), D(20)),)


@pytest.mark.parametrize(
    ("window", "september", "october"),
    [
        # 今年到9月只有城东4;到10月:城东84,城西40
        (Cumulative(), D(0), D(40)),
        (Rolling("month", 2), D(0), D(40)),
    ],
)
def test_running_totals_of_the_rest(run, mq, window, september, october):
    query = mq("txn_amount", ("outlet", "@month"), AUTUMN, window=window, **ONE_EACH_MONTH)
    assert [row[2] for row in run(query).subtotals] == [september, october]


def test_a_running_total_without_months_has_one_rest(run, mq):
    limit = Limit(1, others=True)
    result = run(mq("txn_amount", "outlet", OCTOBER, window=Cumulative(), order=FIRST, limit=limit))
    assert result.rows[0][:2] == ("银川城东支行", D(84))
    assert result.others == {"txn_amount": D(40)}


def test_highest_days_and_means_of_the_rest(run, mq):
    # 10月城西只有5日一天40
    measures = (
        MetricRef("txn_amount", stat="max", stat_over="date"),
        MetricRef("txn_amount", per="month"),
    )
    result = run(mq(measures, ("outlet", "@month"), OCTOBER, **ONE_EACH_MONTH))
    assert result.subtotals == (("其他", "2026-10", D(40), D(40)),)


def test_the_rest_of_each_of_several_periods(run, mq):
    both = Period((Relative("month", -2), Relative("month", -1)))
    query = mq("txn_amount", "outlet", both, order=FIRST, limit=Limit(2, others=True))
    result = run(query)
    assert [row[::2] for row in result.rows] == [
        ("银川城东支行", D(80)), ("银川城西支行", D(40)),
    ]  # fmt: skip
    assert [row[::2] for row in result.subtotals] == [("其他", D(4)), ("其他", D(0))]


def test_the_rest_of_every_branch_and_month(run, mq):
    limit = Limit(1, partition_by=(0, 2), others=True)
    query = mq("txn_amount", ("branch", "outlet", "@month"), AUTUMN, order=FIRST, limit=limit)
    assert {row[:3]: row[3] for row in run(query).subtotals if row[3]} == {
        ("银川分行", "其他", "2026-10"): D(40),
    }


def test_the_rest_of_months_with_members_of_their_own(run, mq):
    # 存款超过20的:9月c1(城东4);10月c1(城东20)、c2(城西40)
    rich = Membership(Set("customer", MetricCondition("deposit", "gt", 20)))
    result = run(mq("txn_amount", ("outlet", "@month"), AUTUMN, rich, **ONE_EACH_MONTH))
    assert [row[:3] for row in result.rows] == [
        ("银川城东支行", "2026-09", D(4)), ("银川城西支行", "2026-10", D(40)),
    ]  # fmt: skip
    assert [row[2] for row in result.subtotals] == [D(0), D(20)]


BANDS = BucketGroup("deposit", "customer", (20, 100))


def banded(groups, **more):
    scope = Scope(Period((more.pop("span", OCTOBER),)))
    return MetricQuery((MetricRef("deposit"),), groups, scope, order=FIRST, **more)


def test_the_rest_of_bands(run):
    # 100及以上 c1 110.50;20—100 c2 25.25;20以下 c4 10
    result = run(banded((BANDS,), limit=Limit(1, others=True)))
    assert result.rows == (("100及以上", D("110.50")),)
    assert result.others == {"deposit": D("35.25")}


@pytest.mark.parametrize("turned", [False, True])
def test_the_rest_of_bands_in_every_branch(run, turned):
    groups = (DimensionGroup("branch"), BANDS)
    place = int(turned)
    limit = Limit(1, partition_by=(place,), others=True)
    result = run(banded(groups[::-1] if turned else groups, limit=limit))
    assert len(result.subtotals) == 1
    [rest] = result.subtotals
    assert rest[place] == "银川分行"
    assert rest[1 - place] == "其他"
    assert rest[2] == D("25.25")


def test_the_rest_of_outlets_in_every_band(run):
    # 100以下:城西25.25、未知10
    limit = Limit(1, partition_by=(1,), others=True)
    bands = BucketGroup("deposit", "customer", (100,))
    result = run(banded((DimensionGroup("outlet"), bands), limit=limit))
    assert result.subtotals == (("其他", "100以下", D(10)),)


def test_the_rest_of_bands_in_every_month(run):
    # 9月:c1 130 | c2 20;10月:c1 110.50 | c2 25.25、c4 10
    limit = Limit(1, partition_by=(1,), others=True)
    bands = BucketGroup("deposit", "customer", (25, 100))
    result = run(banded((bands, TimeGroup("month")), span=AUTUMN, limit=limit))
    assert [row[:2] for row in result.rows] == [
        ("100及以上", "2026-09"), ("100及以上", "2026-10"),
    ]  # fmt: skip
    assert result.subtotals == (("其他", "2026-09", D(20)), ("其他", "2026-10", D("35.25")))


def test_the_rest_of_outlets_in_every_set(run):
    rich = Set("customer", MetricCondition("deposit", "ge", 20), "存款20元以上")
    limit = Limit(1, partition_by=(0,), others=True)
    result = run(banded((SetGroup((rich,)), DimensionGroup("outlet")), limit=limit))
    assert result.rows == (("存款20元以上", "银川城东支行", D("110.50")),)
    assert result.subtotals == (("存款20元以上", "其他", D("25.25")),)


def test_shares_of_the_first_and_the_rest_make_up_the_whole(run, mq):
    result = run(mq("deposit", "outlet", OCTOBER, share=Share(), order=FIRST,
                    limit=Limit(1, others=True)))  # fmt: skip
    assert result.rows[0][2] == pytest.approx(110.5 / 145.75)
    assert result.others == {"deposit": D("35.25"), "deposit.share": pytest.approx(35.25 / 145.75)}


def test_the_rest_has_no_share_where_nobody_has_one(run, mq):
    # 存贷差:城东110.50-1000、固原0-400 都是负数
    result = run(mq("deposit_minus_loan", "branch", OCTOBER, share=Share(), order=FIRST,
                    limit=Limit(1, others=True)))  # fmt: skip
    assert [row[2] for row in result.rows] == [None]
    assert result.others["deposit_minus_loan.share"] is None


def test_shares_of_the_rest_in_every_branch(run, mq):
    limit = Limit(1, partition_by=(0,), others=True)
    query = mq("txn_amount", ("branch", "outlet"), OCTOBER, order=FIRST, limit=limit)
    of_all = run(mq("txn_amount", ("branch", "outlet"), OCTOBER, order=FIRST, limit=limit,
                    share=Share()))  # fmt: skip
    assert of_all.subtotals == (("银川分行", "其他", D(40), pytest.approx(40 / 120)),)
    of_branch = run(mq("txn_amount", ("branch", "outlet"), OCTOBER, order=FIRST, limit=limit,
                       share=Share("parent")))  # fmt: skip
    assert of_branch.subtotals == (("银川分行", "其他", D(40), pytest.approx(40 / 120)),)
    assert run(query).subtotals == (("银川分行", "其他", D(40)),)


def test_the_rest_without_a_filter_divides_by_everybody(run, mq):
    from semantic_layer.query import Condition

    where = Condition("outlet", "in", ("银川城东支行", "银川城西支行"))
    result = run(mq("deposit", "outlet", OCTOBER, where, order=FIRST,
                    share=Share("unfiltered", "outlet"), limit=Limit(1, others=True)))  # fmt: skip
    assert result.others["deposit.share"] == pytest.approx(25.25 / 145.75)


@pytest.mark.parametrize(
    ("by", "limit"),
    [
        ("@month", Limit(1, others=True)),
        (("outlet", "@month"), Limit(1, partition_by=(0, 1), others=True)),
        ("outlet", Limit(1, partition_by=(0,), others=True)),
    ],
)
def test_periods_alone_have_no_rest(ask, mq, by, limit):
    problem = ask(mq("txn_amount", by, AUTUMN, order=FIRST, limit=limit))
    assert (problem.code, problem.at) == ("invalid_query", "limit")


@pytest.mark.parametrize("grain", ["date", "week", "xun", "month", "quarter", "half", "year"])
@pytest.mark.parametrize(
    "day", [date(2024, 12, 30), date(2026, 1, 31), date(2026, 11, 11), date(2026, 6, 21)]
)
def test_periods_are_called_alike_in_rows_and_in_sql(bank, grain, day):
    first = unit_of("day" if grain == "date" else grain, day).start
    label = bucket_label(grain, key_literal(first)).sql("duckdb")
    assert bank.execute(f"select {label}").fetchone()[0] == bucket_text(grain, first)
