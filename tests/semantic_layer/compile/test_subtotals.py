"""小计 by the first groups, each recomputed from the base and told apart from the rows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from semantic_layer.engines import Table
from semantic_layer.query import (
    ColumnRef,
    Comparison,
    Having,
    Limit,
    MetricRef,
    Order,
    Period,
    Relative,
    Share,
)
from semantic_layer.run import Running, run_query

D = Decimal
OCTOBER = Relative("month", -1)
PLACES = ["branch", "outlet"]


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
        running = Running(Engine(bank))
        return run_query(answer.resolved, answer.compiled, running, snapshot.manifest)

    return result


def test_subtotals_stand_beside_the_rows_never_among_them(run, mq):
    result = run(mq("txn_amount", PLACES, OCTOBER, subtotals=(0,)))
    assert [row for row in result.rows if "小计" in row] == []
    assert result.subtotals == (
        ("银川分行", "小计", D(120)), ("中卫分行", "小计", D(0)), ("固原分行", "小计", D(0)),
    )  # fmt: skip
    assert result.totals == {"txn_amount": D(120)}


def test_ratios_and_distinct_counts_are_recomputed(run, mq):
    # 银川:手续费4.60÷120;三位客户(c1、c2、c3)
    result = run(mq(["fee_rate", "txn_cust"], PLACES, OCTOBER, subtotals=(0,)))
    rows = {row[0]: row[2:] for row in result.subtotals}
    assert rows["银川分行"] == (pytest.approx(4.60 / 120), 3)


def test_a_filter_on_rows_does_not_cut_the_subtotals(run, mq):
    having = (Having(ColumnRef(0), "gt", 50),)
    result = run(mq("txn_amount", PLACES, OCTOBER, having=having, subtotals=(0,)))
    assert [row[1] for row in result.rows] == ["银川城东支行"]
    assert result.subtotals[0] == ("银川分行", "小计", D(120))


def test_months_within_branches(run, mq):
    result = run(mq("txn_amount", ["branch", "@month"], Relative("month", -1, 2), subtotals=(0,),
                    compare=(Comparison("yoy", ("value",)), Comparison("mom", ("diff",)))))  # fmt: skip
    # 9—10月:4+120=124,去年同期40;分行小计没有环比
    first = result.subtotals[0]
    assert first == ("银川分行", "小计", D(124), D(40), None)


def test_stocks_take_the_end_of_the_whole_period(run, mq):
    result = run(mq("deposit", ["branch", "@month"], Relative("month", -1, 2), subtotals=(0,)))
    assert result.subtotals[0] == ("银川分行", "小计", D("135.75"))


def test_every_level_and_shares_of_the_total(run, mq):
    result = run(mq("deposit", ["branch", "outlet", "product_line"], OCTOBER, share=Share(),
                    subtotals=(0, 1)))  # fmt: skip
    by_place = {row[:3]: row[3:] for row in result.subtotals}
    assert by_place["银川分行", "小计", None] == (D("135.75"), pytest.approx(135.75 / 145.75))
    assert by_place["银川分行", "银川城西支行", "小计"][0] == D("25.25")


def test_the_year_above_its_months(run, mq):
    result = run(mq("txn_amount", ["@year", "@month"], Relative("month", -1, 2), subtotals=(0,)))
    assert result.subtotals == (("2026", "小计", D(124)),)


def test_highest_days_and_means_are_taken_again(run, mq):
    measures = [
        MetricRef("txn_amount", stat="max", stat_over="date"),
        MetricRef("txn_amount", per="txn"),
    ]
    result = run(mq(measures, PLACES, OCTOBER, subtotals=(0,), order=(Order(ColumnRef(0)),)))
    rows = {row[0]: row[2:] for row in result.subtotals}
    assert rows["银川分行"] == (D(60), 40.0)


def test_the_rest_of_every_branch_beside_its_first(run, mq):
    # 10月:银川城东80、城西40;其余分行各一家支行
    result = run(mq("txn_amount", PLACES, OCTOBER, order=(Order(ColumnRef(0)),),
                    limit=Limit(1, partition_by=(0,), others=True)))  # fmt: skip
    assert [row for row in result.rows if row[0] == "银川分行"] == [
        ("银川分行", "银川城东支行", D(80))
    ]
    assert result.subtotals == (("银川分行", "其他", D(40)),)
    assert result.others == {}


def test_two_periods_have_no_subtotal_that_would_not_say_which(ask, run, mq):
    both = Period((Relative("month", -2), Relative("month", -1)))
    assert ask(mq("deposit", ["branch", "@month"], both, subtotals=(0,))).code == "invalid_query"
    by_year = ["@year", "@month"]
    assert ask(mq("deposit", by_year, both, subtotals=(0,))).code == "invalid_query"
    years = Period((Relative("month", -12), Relative("month", -1)))
    told = run(mq("txn_amount", by_year, years, subtotals=(0,)))
    assert told.subtotals == (("2025", "小计", D(107)), ("2026", "小计", D(120)))


def test_a_branch_of_two_roles_keeps_its_column_in_the_subtotal(run, mq):
    # 10月:交易机构都是银川;客户归属银川的c1 20、c2 40,固原的c3 60
    roles = ["customer_org.branch", "txn_org.branch"]
    result = run(mq("txn_amount", roles, OCTOBER, subtotals=(0,)))
    assert [column.id for column in result.columns][:2] == roles
    assert {row[0]: row[1:] for row in result.subtotals if row[2]} == {
        "银川分行": ("小计", D(60)), "固原分行": ("小计", D(60)),
    }  # fmt: skip
