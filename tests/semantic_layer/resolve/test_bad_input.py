"""Bad input: every such query is a typed problem with code, place, sentence and candidates."""

from __future__ import annotations

from datetime import date

import pytest

from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    And,
    BucketGroup,
    ColumnRef,
    Condition,
    EntityQuery,
    EventCondition,
    Focus,
    Having,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Or,
    Period,
    Relative,
    Scope,
    SegmentCondition,
    Set,
)

OCTOBER = Relative("month", -1)


def is_(dimension, op, *values):
    return Condition(dimension, op, values)


def those(where, entity="customer"):
    return Membership(Set(entity, where))


def days(start, end):
    return Absolute(date.fromisoformat(start), date.fromisoformat(end))


def asking(where):
    return lambda mq: mq("txn_amount", period=OCTOBER, where=where)


def over(metric, span, *by):
    return lambda mq: mq(metric, by, span)


def banded(of):
    group = BucketGroup(of, "customer", (5,))
    return lambda mq: MetricQuery((MetricRef("deposit"),), (group,), Scope(Period((OCTOBER,))))


UNKNOWN_NAMES = [
    (lambda mq: mq("存款余"), "unknown_metric", "measures.0", "存款余额"),
    (lambda mq: mq(["deposit", "txn_amuont"]), "unknown_metric", "measures.1", "交易金额"),
    (lambda mq: mq("deposit", ["branch", "genter"]), "unknown_dimension", "group_by.1", "性别"),
    (asking(is_("brnch", "in", "x")), "unknown_dimension", "scope.where", "分行"),
    (asking(those(MetricCondition("depost", "gt", 1))), "unknown_metric", "scope.where", "存款余额"),
    (asking(those(is_("gendr", "in", "男"))), "unknown_dimension", "scope.where", "性别"),
    (banded("depositt"), "unknown_metric", "group_by.0", "存款余额"),
    (lambda mq: mq("deposit", "branch", OCTOBER, focus=Focus("brnch", "x")), "unknown_dimension",
     "focus", "分行"),
    (lambda mq: mq("deposit", "product_line", OCTOBER, focus=Focus("product_line", "储蓄存款")),
     "unknown_value", "focus", "存款"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "code", "at", "meant"), UNKNOWN_NAMES)
def test_an_unknown_name_is_refused_with_what_may_be_meant(ask, mq, query, code, at, meant):
    problem = ask(query(mq))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.at) == (code, at)
    assert meant in [candidate.label for candidate in problem.candidates]
    assert "您是不是想问" in problem.message


def test_a_member_in_focus_that_is_called_like_nothing_is_offered_all(ask, mq):
    problem = ask(mq("deposit", "is_demand", OCTOBER, focus=Focus("is_demand", "2")))
    assert (problem.code, problem.at, problem.subject) == ("unknown_value", "focus", "2")
    assert [candidate.label for candidate in problem.candidates] == ["活期", "定期"]


@pytest.mark.parametrize(
    "where",
    [
        SegmentCondition("sleepers"),
        those(EventCondition("logn")),
        those(MetricCondition("deposit", "gt", 1), "custmer"),
    ],
)
def test_segments_events_and_entities_nobody_defined(ask, mq, where):
    problem = ask(mq("cust_cnt", period=OCTOBER, where=where))
    assert (problem.code, problem.at) == ("unknown_term", "scope.where")


NOT_CONNECTED = [
    (lambda mq: mq("loan_balance", "product_line", OCTOBER), "group_by.0", "五级分类"),
    (lambda mq: mq("loan_balance", period=OCTOBER, where=is_("product_line", "in", "存款")),
     "scope.where", "五级分类"),
    (lambda mq: mq("txn_amount", "owner.branch", OCTOBER), "group_by.0", "分行"),
    (lambda mq: mq(["txn_amount", "deposit"], "success", OCTOBER), "group_by.0", "产品线"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "at", "offered"), NOT_CONNECTED)
def test_a_dimension_that_the_metric_lacks_names_those_it_has(ask, mq, query, at, offered):
    problem = ask(query(mq))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.at) == ("dim_not_applicable", at)
    assert offered in [candidate.label for candidate in problem.candidates]
    assert offered in problem.message


@pytest.mark.parametrize(
    ("query", "at", "offered"),
    [
        (over("new_cust", OCTOBER, "@date"), "group_by.0", "按月"),
        (over("new_cust", OCTOBER, "@week"), "group_by.0", "按月"),
        (over("new_cust", days("2026-10-05", "2026-10-20")), "scope.period", "2026年10月"),
        (over("loan_balance", Relative("day", -1)), "scope.period", "2026年10月末"),
        (lambda mq: mq(MetricRef("new_cust", stat="max", stat_over="date"), period=OCTOBER),
         "measures.0", None),
    ],
)  # fmt: skip
def test_a_grain_finer_than_the_source_names_the_grain_there_is(ask, mq, query, at, offered):
    problem = ask(query(mq))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.at) == ("grain_not_available", at)
    assert offered is None or offered in [candidate.label for candidate in problem.candidates]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (over("txn_amount", days("2030-01-01", "2030-12-31")), "no_data_yet"),
        (over("deposit", days("2027-01-01", "2027-01-31")), "no_data_yet"),
        (over("txn_amount", days("1999-01-01", "1999-12-31")), "no_data_before"),
        (over("txn_amount", Relative("year", 3)), "no_data_yet"),
    ],
)
def test_dates_beyond_the_data_name_the_nearest_period(ask, mq, query, code):
    problem = ask(query(mq))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.at) == (code, "scope.period")
    assert len(problem.candidates) == 1


def test_a_period_that_the_data_cover_in_part_is_clipped_and_said_so(ask, mq):
    answer = ask(mq("txn_amount", period=days("2026-11-01", "2026-12-31")))
    assert "incomplete_period" in answer.warned


@pytest.mark.parametrize(
    "where",
    [
        And((is_("branch", "in", "银川分行"), is_("branch", "in", "固原分行"))),
        And((is_("branch", "in", "银川分行"), is_("branch", "not_in", "银川分行", "固原分行"))),
        And((is_("branch", "in", "银川分行"), Not(is_("branch", "in", "银川分行")))),
        And((is_("age", "gt", 60), is_("age", "lt", 20))),
        And((is_("age", "gt", 60), is_("age", "le", 60))),
        And((is_("age", "in", 25, 35), is_("age", "ge", 40))),
        And((is_("age", "gt", 30), is_("age", "ge", 20), is_("age", "lt", 25))),
        And((is_("gender", "is_null"), is_("gender", "in", "男"))),
        And((is_("gender", "is_null"), is_("gender", "not_null"))),
        And((is_("age", "is_null"), is_("age", "gt", 20))),
        those(And((is_("gender", "in", "男"), is_("gender", "in", "女")))),
    ],
)
def test_conditions_that_rule_one_another_out_are_refused(ask, mq, where):
    problem = ask(asking(where)(mq))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.at) == ("contradictory_filter", "scope.where")
    assert "互相矛盾" in problem.message


@pytest.mark.parametrize(
    "where",
    [
        And((is_("branch", "in", "银川分行", "固原分行"), is_("branch", "in", "固原分行"))),
        And((is_("age", "ge", 60), is_("age", "le", 60))),
        And((is_("age", "gt", 20), is_("age", "gt", 30), is_("age", "lt", 40))),
        And((is_("gender", "is_null"), is_("gender", "in", "未知", "男"))),
        And((is_("gender", "is_null"), is_("gender", "not_in", "男"))),
        And((is_("gender", "is_null"), Not(is_("gender", "contains", "男")))),
        And((is_("age", "is_null"), Not(is_("age", "gt", 20)))),
        Or((is_("branch", "in", "银川分行"), is_("branch", "in", "固原分行"))),
        And((is_("branch", "in", "银川分行"), is_("outlet", "prefix", "银川"))),
    ],
)
def test_conditions_that_leave_something_are_answered(ask, mq, where):
    assert not isinstance(ask(asking(where)(mq)), Problem)


def test_contradictory_conditions_on_the_result(ask, mq):
    both = (Having(ColumnRef(0), "gt", 5), Having(ColumnRef(0), "lt", 1))
    problem = ask(mq("txn_amount", "branch", OCTOBER, having=both))
    assert (problem.code, problem.at) == ("contradictory_filter", "having")


def test_ten_thousand_values_are_only_a_long_list(ask, mq):
    many = [f"支行{number}" for number in range(9_999)]
    where = is_("outlet", "in", "银川城西支行", *many)
    assert [row[0] for row in ask(asking(where)(mq)).rows] == [40]


@pytest.mark.parametrize(
    "where",
    [
        is_("outlet", "contains", *(f"支行{number}" for number in range(10_000))),
        Or(tuple(is_("outlet", "in", f"支行{number}") for number in range(3_000))),
        those(Or(tuple(is_("gender", "in", f"男{number}") for number in range(3_000)))),
        those(is_("gender", "not_contains", *(f"男{number}" for number in range(3_000)))),
    ],
)
def test_more_conditions_than_anybody_means_are_refused(ask, mq, where):
    problem = ask(asking(where)(mq))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.at) == ("invalid_query", "scope.where")
    assert "最多" in problem.message


@pytest.mark.parametrize(
    "name", ["select", "deposit; drop table fact_txn", "it's", 'a"b', "--", "", "存款\n余额", "🙂"]
)
def test_quotes_and_keywords_in_names_are_only_names(ask, mq, name):
    for query, code in (
        (mq(name), "unknown_metric"),
        (mq("deposit", name), "unknown_dimension"),
        (asking(is_(name, "in", "x"))(mq), "unknown_dimension"),
    ):
        problem = ask(query)
        assert isinstance(problem, Problem)
        assert problem.code == code


@pytest.mark.parametrize("op", ["in", "not_in", "contains", "prefix", "suffix", "not_contains"])
@pytest.mark.parametrize(
    "value", ["'; drop table fact_txn; --", "a' or '1'='1", '"', "%", "_", "\\", "select", "\n"]
)
def test_quotes_and_keywords_in_values_are_only_values(ask, mq, op, value):
    [(found,)] = ask(asking(is_("outlet", op, value))(mq)).rows
    assert found == (120 if op.startswith("not") else 0)


@pytest.mark.parametrize(
    ("where", "code"),
    [
        (is_("age", "gt", "很多"), "invalid_query"),
        (is_("is_vip", "in", "也许"), "invalid_query"),
        (is_("due_date", "ge", "2026-13-01"), "invalid_date"),
        (is_("mobile", "in", "13900000001"), "sensitive_field"),
    ],
)
def test_values_of_another_kind_are_refused(ask, mq, where, code):
    problem = ask(mq("loan_balance", period=OCTOBER, where=where))
    assert (problem.code, problem.at) == (code, "scope.where")


@pytest.mark.parametrize(
    ("where", "code"),
    [
        (And((is_("gender", "in", "男"), is_("gender", "in", "女"))), "contradictory_filter"),
        (Or(tuple(is_("gender", "in", f"男{number}") for number in range(300))), "invalid_query"),
    ],
)
def test_lists_of_nobody_are_refused_too(ask, where, code):
    assert ask(EntityQuery(Set("customer", where))).code == code
