"""Rights: every scan is limited, anything unclear is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from semantic_layer.model import Policy
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    ColumnRef,
    Comparison,
    Condition,
    Limit,
    Membership,
    Not,
    Order,
    Relative,
    Set,
    Share,
)

D = Decimal
OCTOBER = Relative("month", -1)
POLICIES = (
    Policy("head_office"),
    Policy("manager", allow=(("owning_org.branch", "user:branch"),), mask=("balances.is_demand",)),
    Policy("yinchuan", allow=(("branch", ("银川分行",)),)),
    Policy("guyuan", allow=(("branch", ("固原分行",)),)),
    Policy(None, unrestricted=("orgs",)),
)


def user(*roles: str, **attributes: str) -> Principal:
    return Principal("乙", roles, tuple((name, (value,)) for name, value in attributes.items()))


@pytest.fixture
def restricted(make_snapshot, make_manifest):
    return make_snapshot(make_manifest(POLICIES))


@pytest.mark.parametrize(
    "who", [user(), user("stranger"), user("manager"), user("manager", city="银川")]
)
def test_unknown_users_and_missing_attributes_are_refused(ask, mq, restricted, who):
    problem = ask(mq("deposit", period=OCTOBER), who, restricted)
    assert isinstance(problem, Problem)
    assert problem.code == "permission"


def test_without_policies_everything_is_allowed(ask, mq):
    assert ask(mq("deposit", period=OCTOBER), user()).rows == [(D("145.75"),)]


def test_a_role_without_rows_to_hide_sees_everything(ask, mq, restricted):
    answer = ask(mq("deposit", period=OCTOBER), user("head_office"), restricted)
    assert answer.rows == [(D("145.75"),)]
    assert answer.resolved.scope_text == "全行"


def test_every_branch_of_the_statement_is_limited(ask, mq, restricted):
    query = mq(
        ["deposit", "new_cust"],
        "branch",
        OCTOBER,
        compare=(Comparison("mom", ("value",)),),
    )
    answer = ask(query, user("manager", branch="固原分行"), restricted)
    assert answer.rows == [("固原分行", D("0.00"), D("0.00"), 1, 0)]
    assert answer.totals["new_cust"] == 1
    assert answer.resolved.scope_text == "仅固原分行"


def test_the_policy_equals_removing_the_rows(ask, mq, restricted):
    limited = ask(mq("deposit", "outlet", OCTOBER), user("yinchuan"), restricted)
    assert limited.rows == [("银川城东支行", D("110.50")), ("银川城西支行", D("25.25"))]
    assert limited.totals == {"deposit": D("135.75")}


def test_several_roles_see_what_any_of_them_sees(ask, mq, restricted):
    both = user("yinchuan", "guyuan")
    answer = ask(mq("new_cust", "branch", OCTOBER), both, restricted)
    assert [row[0] for row in answer.rows] == ["固原分行", "银川分行"]


def test_a_table_that_cannot_be_limited_is_refused(ask, mq, restricted):
    problem = ask(mq("txn_amount", period=OCTOBER), user("manager", branch="银川分行"), restricted)
    assert problem.code == "permission"
    assert "交易流水" in problem.message


def test_a_masked_column_is_no_group(ask, mq, restricted):
    query = mq("deposit", "is_demand", OCTOBER)
    assert ask(query, user("manager", branch="银川分行"), restricted).code == "sensitive_field"
    assert ask(query, user("manager", "head_office", branch="银川分行"), restricted).rows


@pytest.mark.parametrize(
    "more",
    [
        {"where": Condition("is_demand", "in", ("活期",))},
        {"where": Not(Condition("is_demand", "in", ("活期",)))},
        {"where": Membership(Set("customer", Condition("is_demand", "in", ("活期",))))},
        {"share": Share("unfiltered", "is_demand")},
    ],
)
def test_a_masked_column_is_no_filter_and_no_share_either(ask, mq, restricted, more):
    query = mq("deposit", "branch", OCTOBER, **more)
    assert ask(query, user("manager", branch="银川分行"), restricted).code == "sensitive_field"


def test_a_column_masked_in_any_table_is_masked(ask, mq, make_snapshot, make_manifest):
    policies = (Policy("clerk", mask=("customers.gender",)),)
    snapshot = make_snapshot(make_manifest(policies))
    assert ask(mq("deposit", "gender", OCTOBER), user("clerk"), snapshot).code == "sensitive_field"


def test_a_policy_on_an_unknown_dimension_refuses(ask, mq, make_snapshot, make_manifest):
    broken = (Policy("lost", allow=(("no_such_dimension", ("银川分行",)),)),)
    snapshot = make_snapshot(make_manifest(broken))
    assert ask(mq("deposit", period=OCTOBER), user("lost"), snapshot).code == "permission"


def test_a_policy_with_several_ways_and_no_default_refuses(ask, mq, make_snapshot, make_manifest):
    manifest = make_manifest((Policy("lost", allow=(("branch", ("银川分行",)),)),))
    customers = manifest.datasets["customers"]
    joins = tuple(replace(join, default=False) for join in customers.joins)
    twice = (*joins, *(replace(join, name=f"{join.name}_2") for join in joins))
    unclear = replace(customers, joins=twice)
    manifest = replace(manifest, datasets={**manifest.datasets, "customers": unclear})
    problem = ask(mq("credit"), user("lost"), make_snapshot(manifest))
    assert problem.code == "permission"


def test_a_dataset_given_as_a_query_is_limited_too(ask, mq, make_snapshot, make_manifest):
    manifest = make_manifest(POLICIES)
    balances = manifest.datasets["balances"]
    as_query = replace(balances, table=None, sql="select * from fact_balance where end_balance > 0")
    manifest = replace(manifest, datasets={**manifest.datasets, "balances": as_query})
    answer = ask(
        mq("deposit", "outlet", OCTOBER, totals=True), user("yinchuan"), make_snapshot(manifest)
    )
    assert answer.rows == [("银川城东支行", D("110.50")), ("银川城西支行", D("25.25"))]
    assert answer.totals == {"deposit": D("135.75")}


def test_private_fields_are_neither_group_nor_filter(ask, mq):
    assert ask(mq("deposit", "mobile", OCTOBER)).code == "sensitive_field"
    spying = Condition("mobile", "in", ("13900000001",))
    assert ask(mq("deposit", period=OCTOBER, where=spying)).code == "sensitive_field"


def test_rights_may_be_written_with_the_labels_people_use(ask, mq, make_snapshot, make_manifest):
    policies = (Policy("demand_desk", allow=(("is_demand", ("活期",)),)),)
    snapshot = make_snapshot(make_manifest(policies))
    answer = ask(mq("deposit", period=OCTOBER), user("demand_desk"), snapshot)
    by_code = Policy("demand_desk", allow=(("is_demand", ("1",)),))
    expected = ask(
        mq("deposit", period=OCTOBER), user("demand_desk"), make_snapshot(make_manifest((by_code,)))
    )
    assert answer.rows == expected.rows
    assert answer.rows[0][0] not in (None, 0)
    assert answer.resolved.scope_text == "仅活期"


def test_shares_and_places_in_the_whole_need_the_whole(ask, mq, restricted):
    whole = mq("deposit", "branch", OCTOBER, share=Share("unfiltered", "branch"))
    assert ask(whole, user("yinchuan"), restricted).code == "permission"
    own = mq("deposit", "branch", OCTOBER, share=Share())
    assert ask(own, user("yinchuan"), restricted).rows[0][0] == "银川分行"


def test_who_sees_one_branch_is_not_told_which_branch_has_least(ask, mq, restricted):
    least = Order(ColumnRef(0), descending=False)
    yinchuan = user("yinchuan")
    refused = ask(
        mq("deposit", "branch", OCTOBER, order=(least,), limit=Limit(1)), yinchuan, restricted
    )
    assert isinstance(refused, Problem)
    assert refused.code == "permission"
    outlets = ask(
        mq("deposit", "outlet", OCTOBER, order=(least,), limit=Limit(1)), yinchuan, restricted
    )
    assert outlets.rows == [("银川城西支行", D("25.25"))]
