"""Groups of fewer than k people show nothing, and nothing gives them away."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from semantic_layer.engines import Table
from semantic_layer.model import Aggregate, Dataset, Dimension, Field, Metric
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Comparison,
    Condition,
    Cumulative,
    Focus,
    Limit,
    Membership,
    MetricCondition,
    MetricRef,
    Relative,
    Set,
    Share,
)
from semantic_layer.resolve.small_groups import is_personal
from semantic_layer.result import Suppressed
from semantic_layer.run import Running, run_query


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


D = Decimal
OCTOBER = Relative("month", -1)


MEN = Condition("gender", "in", ("男",))


@pytest.fixture
def trios(make_snapshot):
    """At least three people per group."""
    return replace(make_snapshot(), min_group_size=3)


@pytest.fixture
def pairs(make_snapshot):
    """At least two people per group."""
    return replace(make_snapshot(), min_group_size=2)


def test_small_groups_show_nothing(ask, mq, pairs):
    """交易:男 c1、c3 两人,女 c2 一人 —— 女被隐去;只隐一组会被合计反推,所以男也隐去."""
    answer = ask(mq("txn_amount", "gender", OCTOBER), at=pairs)
    assert answer.rows == [("男", None), ("女", None)]
    assert answer.totals == {"txn_amount": D(120)}
    assert answer.compiled.least_people == 2


def test_organisations_alone_point_at_nobody(ask, mq, pairs):
    """10 月存款:银川两户(c1、c2),未知一户(c4),固原一户(c3);机构不是个人特征."""
    answer = ask(mq("cust_cnt", "branch", OCTOBER), at=pairs)
    assert dict(answer.rows) == {"银川分行": 2, "未知": 1, "固原分行": 1, "中卫分行": None}
    assert answer.compiled.least_people == 0


def test_organisations_beside_a_personal_attribute_do(ask, mq, pairs):
    answer = ask(mq("cust_cnt", ("branch", "gender"), OCTOBER), at=pairs)
    assert {value for *_, value in answer.rows} == {None}
    assert answer.totals == {"cust_cnt": 4}


def test_a_total_about_too_few_is_hidden_too(ask, mq, pairs):
    women = Condition("gender", "in", ("女",))
    answer = ask(mq("txn_amount", "outlet", OCTOBER, women), at=pairs)
    assert {value for _, value in answer.rows} <= {None, 0}
    assert answer.totals == {"txn_amount": Suppressed.SMALL_GROUP}


def test_a_narrow_filter_shows_nothing_either(ask, mq, pairs):
    women = Condition("gender", "in", ("女",))
    assert ask(mq("txn_amount", period=OCTOBER, where=women), at=pairs).rows == [(None,)]
    assert ask(mq("txn_amount", period=OCTOBER), at=pairs).rows == [(D(120),)]


def test_a_personal_attribute_inside_a_set_counts(ask, mq, pairs):
    women = Membership(Set("customer", Condition("gender", "in", ("女",))))
    assert ask(mq("cust_cnt", period=OCTOBER, where=women), at=pairs).rows == [(None,)]


def test_what_is_cut_from_a_personal_attribute_is_personal(pairs, make_manifest):
    manifest = make_manifest()
    assert is_personal(manifest, "gender")
    assert is_personal(manifest, "customers.gender")
    assert not is_personal(manifest, "branch")


def test_the_people_behind_the_smallest_part_count(ask, mq, pairs):
    """不良贷款只有 c1 一人,不良率会透露其余额."""
    assert ask(mq("npl_rate", period=OCTOBER, where=MEN), at=pairs).rows == [(None,)]
    assert ask(mq("loan_balance", period=OCTOBER, where=MEN), at=pairs).rows == [(D(1400),)]


def test_a_base_with_few_people_hides_the_comparison(ask, mq, pairs):
    """9 月只有 c1 一人交易."""
    september = Comparison("mom", ("value", "diff"))
    answer = ask(mq("txn_amount", period=OCTOBER, where=MEN, compare=(september,)), at=pairs)
    assert answer.rows == [(None, None, None)]


def test_months_do_not_give_a_month_away(ask, mq, pairs):
    """男:10 月 c1、c3 两人,11 月只有 c1;合计两人可见,所以 10 月一并不显示."""
    answer = ask(mq("txn_amount", "@month", Relative("quarter"), MEN), at=pairs)
    assert [value for _, value in answer.rows] == [None, None]
    assert answer.totals == {"txn_amount": D(92)}


def test_daily_means_count_the_people_of_the_fullest_day(ask, mq, pairs):
    """10 月 5 日有 c1、c2 两人;男客户没有一天满两人."""
    named = Condition("gender", "in", ("男", "女"))
    mean = MetricRef("txn_amount", per="day")
    [(value,)] = ask(mq(mean, period=OCTOBER, where=named), at=pairs).rows
    assert float(value) == pytest.approx(120 / 31)
    assert ask(mq(mean, period=OCTOBER, where=MEN), at=pairs).rows == [(None,)]


def test_shares_are_shares_of_everybody(ask, mq, trios):
    """男 c1、c3 和女 c2 都不足三人:占比和数值一样不显示."""
    answer = ask(mq("txn_amount", "gender", OCTOBER, share=Share()), at=trios)
    assert answer.rows == [("男", None, None), ("女", None, None)]


def test_a_share_does_not_give_away_those_it_leaves_out(ask, mq, pairs):
    """男占全部的 80/120:全部减去男,就是女客户 c2 一人."""
    whole = Share("unfiltered", "gender")
    answer = ask(mq("txn_amount", period=OCTOBER, where=MEN, share=whole), at=pairs)
    assert answer.rows == [(None, None)]
    assert ask(mq("txn_amount", period=OCTOBER, where=MEN), at=pairs).rows == [(D(80),)]


def test_a_place_is_hidden_with_its_value(ask, mq, pairs):
    answer = ask(mq("txn_amount", "gender", OCTOBER, focus=Focus("gender", "女")), at=pairs)
    assert answer.rows == [("女", None, None)]


def test_a_ranking_leaves_small_groups_out(ask, mq, pairs):
    assert ask(mq("txn_amount", "gender", OCTOBER, limit=Limit(1)), at=pairs).rows == []


def test_daily_balances_without_people_hide_nothing(ask, mq, pairs):
    assert ask(mq("deposit", period=Relative("day", -1)), at=pairs).rows == [(D(157),)]


def test_somebody_in_a_set_is_still_judged_alone(ask, mq, pairs):
    savers = Membership(Set("customer", MetricCondition("deposit", "gt", 5)))
    assert ask(mq("cust_cnt", period=OCTOBER, where=savers), at=pairs).rows == [(3,)]


def test_what_cannot_be_protected_is_refused(ask, mq, pairs):
    running = mq("txn_amount", "@month", OCTOBER, window=Cumulative())
    assert not isinstance(ask(running, at=pairs), Problem)
    by_gender = mq("txn_amount", ("@month", "gender"), OCTOBER, window=Cumulative())
    assert ask(by_gender, at=pairs).code == "unsupported"


Counts = dict[tuple[str, str], int]
SOME = {
    ("东", "男"): 3,
    ("东", "女"): 4,
    ("西", "男"): 5,
    ("西", "女"): 1,
    ("南", "男"): 1,
    ("北", "女"): 6,
}


@pytest.fixture
def by_place(ask, mq, bank, make_snapshot, make_manifest):
    """What people of each place and sex spent, with 小计 by place, as it is shown."""

    def result(people: Counts):
        rows = ", ".join(
            f"('{place}{sex}{n}', '{place}', '{sex}', {10 + n})"
            for (place, sex), count in people.items()
            for n in range(count)
        )
        fields = (Field("place", "地点"), Field("sex", "性别", sensitivity="internal"))
        sql = f"select * from (values {rows}) as v(person, place, sex, amount)"
        table = Dataset("people", "人", None, ("person",), fields, sql=sql, entity="person")
        spent = Metric("spent", "花费", Aggregate("people", "sum", "amount"), "元")
        manifest = replace(
            make_manifest(metrics=(spent,)),
            datasets={"people": table},
            dimensions={f.name: Dimension(f.name, "people", f, ("people",)) for f in fields},
        )
        world = replace(make_snapshot(manifest), min_group_size=3)
        answer = ask(mq("spent", ("place", "sex"), subtotals=(0,)), at=world)
        return run_query(answer.resolved, answer.compiled, Running(Engine(bank)), manifest)

    return result


def test_subtotals_of_too_few_people_are_hidden_with_all_below_them(by_place):
    """西女1人、南1人不足3人:西男一并隐去;南的小计隐去,还要再隐一个小计,连同它下面各组."""
    result = by_place(SOME)
    hidden = {row[0] for row in result.subtotals if row[2] is Suppressed.SMALL_GROUP}
    shown = {row[:2]: row[2] for row in result.rows}
    assert "南" in hidden
    assert len(hidden) == 2
    assert shown["西", "女"] is shown["西", "男"] is shown["南", "男"] is Suppressed.SMALL_GROUP
    assert any(value is not Suppressed.SMALL_GROUP for value in shown.values())
    assert result.totals["spent"] == sum(10 + n for count in SOME.values() for n in range(count))


@pytest.mark.parametrize("seed", range(12))
def test_no_sum_of_hidden_groups_is_about_too_few(by_place, seed):
    random = Random(seed)
    people = {(p, s): random.choice([0, 1, 2, 3, 5, 8]) for p in "东西南北" for s in "男女他"}
    result = by_place(people)
    if result.totals["spent"] is Suppressed.SMALL_GROUP:
        return
    hidden = {row[:2] for row in result.rows if row[2] is Suppressed.SMALL_GROUP}
    places = {row[0] for row in result.subtotals if row[2] is Suppressed.SMALL_GROUP}
    assert {group for group, count in people.items() if 0 < count < 3} <= hidden
    assert all(group in hidden for group, count in people.items() if count and group[0] in places)
    sums = [{g for g in hidden if g[0] == place} for place in set("东西南北") - places]
    for groups in (*sums, {g for g in hidden if g[0] in places}):
        assert not groups or sum(people[group] for group in groups) >= 3
    assert len(places) != 1


def test_subtotals_that_would_give_people_away_are_refused(ask, mq, pairs):
    by_month = mq("txn_amount", ("gender", "@month"), OCTOBER, subtotals=(0,))
    assert ask(by_month, at=pairs).code == "unsupported"
    shared = mq("txn_amount", ("branch", "gender"), OCTOBER, subtotals=(0,), share=Share())
    assert ask(shared, at=pairs).code == "unsupported"


def test_a_table_that_cannot_count_people_refuses_personal_attributes(ask, mq, pairs):
    datasets = {n: replace(d, entity=None) for n, d in pairs.manifest.datasets.items()}
    blind = replace(pairs, manifest=replace(pairs.manifest, datasets=datasets))
    assert ask(mq("txn_amount", "gender", OCTOBER), at=blind).code == "sensitive_field"
