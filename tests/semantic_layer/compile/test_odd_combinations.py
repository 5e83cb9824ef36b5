"""Any combination of slots is answered or refused with a reason; nothing ever crashes."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    And,
    Arithmetic,
    ColumnRef,
    Comparison,
    Condition,
    Cumulative,
    DimensionGroup,
    Edge,
    EventCondition,
    Everything,
    Focus,
    Having,
    Holiday,
    InvalidQueryError,
    Latest,
    Limit,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Number,
    Or,
    Order,
    Period,
    Relative,
    Rolling,
    Scope,
    Set,
    Share,
    TimeGroup,
    TopMembership,
)

METRICS = (
    "deposit", "deposit_known", "deposit_first", "deposit_avg", "npl_rate", "cust_cnt", "new_cust",
    "active_rate", "txn_amount", "ok_amount", "txn_cust", "dau", "fee_rate", "median_amount",
    "net_amount", "deposit_minus_loan", "credit",
)  # fmt: skip
DIMENSIONS = ("branch", "outlet", "gender", "age_band", "is_vip", "owning_org.branch")
SPANS = (
    Relative("month", -1), Relative("month"), Relative("quarter", -1), Relative("year", to_date=True),
    Relative("day", 0, 7, anchor="data"), Relative("xun", -3, 2), Latest(), Latest("quarter"),
    Edge(Relative("quarter", -1)), Edge(Relative("month", -1), "opening"), Everything(),
    Absolute(date(2026, 8, 1), date(2026, 10, 31)), Holiday("国庆节"),
)  # fmt: skip
SETS = (
    MetricCondition("deposit", "gt", 20), EventCondition("txn_cnt", did=False),
    TopMembership("txn_amount", 2), And((MetricCondition("txn_amount", "ge", 0), Condition("gender", "not_null"))),
)  # fmt: skip
CONDITIONS = (
    Condition("branch", "in", ("银川分行", "未知")), Condition("gender", "not_in", ("男",)),
    Condition("age", "ge", (30,)), Not(Condition("outlet", "prefix", ("银川",))),
    Or((Condition("gender", "is_null"), Condition("is_vip", "in", ("是",)))),
    *(Membership(Set("customer", where)) for where in SETS),
)  # fmt: skip
GRAINS = ("date", "week", "xun", "month", "quarter", "half", "year")
WINDOWS = (Cumulative(), Cumulative("never"), Rolling("day", 7), Rolling("month", 3))


def _measures(random: Random) -> list:
    per = random.choice([None] * 8 + ["day", "month", "trading_day"])
    found = [MetricRef(m, per=per) for m in random.sample(METRICS, random.choice([1, 1, 2, 3]))]
    if random.random() < 0.1:
        found.append(Arithmetic(random.choice("+-*/"), found[0], Number(3)))
    return found


def _groups(random: Random) -> list:
    found = [DimensionGroup(d) for d in random.sample(DIMENSIONS, random.choice([0, 1, 1, 2]))]
    if random.random() < 0.4:
        found.append(TimeGroup(random.choice(GRAINS)))
    return found


def _compare(random: Random) -> tuple[Comparison, ...]:
    bases = random.sample(
        ["yoy", "mom", "ytd_open", "opening", "previous", "range"], random.choice([0, 0, 1, 2])
    )
    return tuple(
        Comparison(
            base,
            tuple(random.sample(["value", "diff", "rate", "pp", "rank"], 2)),
            random.choice([None, "full"]),
            random.choice(SPANS) if base == "range" else None,
        )
        for base in bases
    )  # fmt: skip


def _query(random: Random) -> MetricQuery:
    measures, groups, compare = _measures(random), _groups(random), _compare(random)
    ref = ColumnRef(random.randrange(len(measures)))
    if compare and random.random() < 0.5:
        ref = ColumnRef(ref.measure, random.choice(["value", "diff", "rate"]), compare[0].base)
    if groups and random.random() < 0.2:
        ref = ColumnRef(group=random.randrange(len(groups)))
    slots = {
        "order": (Order(ref, random.random() < 0.5, random.random() < 0.3),),
        "limit": random.choice([Limit(2), Limit(1, offset=1), Limit(percent=30), Limit(1, others=True)]),
        "having": (Having(ColumnRef(0), "gt", random.choice([0, 0.05, "average"])),),
        "share": Share(random.choice(["total", "parent", "unfiltered"]), random.choice([None, "gender"])),
        "window": random.choice(WINDOWS),
        "focus": Focus("branch", "银川分行"),
    }  # fmt: skip
    chosen = {name: value for name, value in slots.items() if random.random() < 0.2}
    spans = random.sample(SPANS, random.choice([1, 1, 1, 2]))
    period = Period(tuple(spans), random.choice([None] * 9 + ["workday"]))
    where = random.choice(CONDITIONS) if random.random() < 0.4 else None
    scope = Scope(random.choice([period, period, period, None]), where)
    return MetricQuery(tuple(measures), tuple(groups), scope, compare=compare, **chosen)


@pytest.mark.parametrize("seed", range(6))
def test_every_combination_is_answered_or_refused(ask, bank, seed):
    random, outcomes = Random(seed), []
    while len(outcomes) < 60:
        try:
            query = _query(random)
        except InvalidQueryError:
            continue
        answer = ask(query)
        outcomes.append(answer.code if isinstance(answer, Problem) else "answered")
        if isinstance(answer, Problem):
            assert answer.message.endswith(("。", "?")), answer
            continue
        assert answer.count is None or answer.count >= len(answer.rows)
        if answer.compiled.others is not None:
            bank.execute(answer.compiled.others(tuple(answer.rows)).select.sql("duckdb"))
    assert outcomes.count("answered") >= 12
    assert "internal" not in outcomes
