"""Lists of customers: who is on it, what is shown, to whom; checked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from semantic_layer.model import Policy, Segment
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    ColumnRef,
    Condition,
    DimensionGroup,
    EntityQuery,
    EventCondition,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Order,
    Period,
    Predicate,
    Relative,
    Scope,
    SegmentCondition,
    Set,
    TopMembership,
)

D = Decimal
OCTOBER = Period((Absolute(date(2026, 10, 1), date(2026, 10, 31)),))
EVERYBODY = Condition("age", "not_in", (1000,))
BY_NAME = (Order(ColumnRef(group=0), descending=False),)
MASK = "left(mobile, 3) || '****' || right(mobile, 4)"


def people(where: Predicate = EVERYBODY, *measures: str, entity: str = "customer", **more):
    scope = Scope(more.pop("period", OCTOBER), more.pop("filter", None))
    return EntityQuery(
        Set(entity, where), measures=tuple(map(MetricRef, measures)), scope=scope, **more
    )


@pytest.fixture
def world(make_snapshot, make_manifest):
    def make(policies=(), mask: str | None = MASK, **more):
        manifest = make_manifest(policies)
        mobile = manifest.dimensions["mobile"]
        masked = replace(mobile, field=replace(mobile.field, mask=mask))
        dimensions = {**manifest.dimensions, "mobile": masked}
        customers = manifest.datasets["customers"]
        fields = tuple(masked.field if f.name == "mobile" else f for f in customers.fields)
        datasets = {**manifest.datasets, "customers": replace(customers, fields=fields)}
        changed = replace(manifest, dimensions=dimensions, datasets=datasets, **more)
        return make_snapshot(changed)

    return make


def test_a_list_shows_fields_and_figures_once_per_customer(ask):
    """10 月末存款 c1 110.50、c2 25.25、c4 10、c3 只有理财;贷款 c1 900+100."""
    answer = ask(
        people(
            EVERYBODY, "deposit", "loan_balance", "txn_amount", attributes=("gender", "age_band")
        )
    )
    assert answer.columns == [
        "customer_id",
        "gender",
        "age_band",
        "deposit",
        "loan_balance",
        "txn_amount",
    ]
    assert [(r[0], r[1], r[3] or None, *r[4:]) for r in answer.rows] == [
        ("c1", "男", D("110.50"), D("1000.00"), D("20.00")),
        ("c2", "女", D("25.25"), None, D("40.00")),
        ("c4", "未知", D("10.00"), None, D("0.00")),
        ("c3", "男", None, D("400.00"), D("60.00")),
    ]
    assert answer.count == 4


@pytest.mark.parametrize(
    ("where", "listed"),
    [
        (MetricCondition("deposit", "gt", 20), ["c1", "c2"]),
        (Not(MetricCondition("deposit", "gt", 20)), ["c3", "c4"]),
        (EventCondition("txn_cnt", did=False), ["c4"]),
        (EventCondition("txn_cnt", in_a_row=2), ["c1"]),
        (TopMembership("deposit", count=2), ["c1", "c2"]),
        (Condition("gender", "is_null"), ["c4"]),
        (MetricCondition("deposit", "gt", 10**6), []),
    ],
)
def test_the_members_are_those_of_the_set(ask, where, listed):
    answer = ask(people(where))
    assert [row[0] for row in answer.rows] == listed
    assert answer.count == len(listed)


def test_order_limit_and_the_number_of_all(ask):
    order = (Order(ColumnRef(1), descending=False),)
    answer = ask(people(EVERYBODY, "deposit", "txn_amount", order=order, limit=2))
    assert [row[0] for row in answer.rows] == ["c4", "c1"]
    assert answer.count == 4
    by_age = (Order(ColumnRef(group=0)),)
    answer = ask(people(attributes=("age",), order=by_age))
    assert [row[:2] for row in answer.rows] == [("c3", 65), ("c2", 35), ("c1", 25), ("c4", None)]


def test_no_more_rows_than_the_project_allows(ask, snapshot):
    answer = ask(people(), at=replace(snapshot, max_result_rows=3))
    assert len(answer.rows) == 3
    assert answer.count == 4


def test_the_filter_of_the_scope_narrows_the_list(ask):
    yinchuan = Condition("branch", "in", ("银川分行",))
    answer = ask(people(MetricCondition("deposit", "gt", 0), "deposit", filter=yinchuan))
    assert answer.rows == [("c1", D("110.50")), ("c2", D("25.25"))]


def test_a_governed_segment_is_listed(ask, world):
    savers = Segment("savers", "储户", "customer", MetricCondition("deposit", "gt", 20))
    at = world(segments={"savers": savers})
    assert [r[0] for r in ask(people(SegmentCondition("savers")), at=at).rows] == ["c1", "c2"]


def test_without_a_period_each_condition_says_what_it_took(ask):
    answer = ask(people(MetricCondition("deposit", "gt", 20), period=None))
    assert [row[0] for row in answer.rows] == ["c1", "c2"]
    assert [a.text for a in answer.resolved.assumptions] == ["存款余额:没有说时间,取最新的月末数"]


def test_branches_can_be_listed_too(ask):
    answer = ask(people(MetricCondition("deposit", "gt", 20), "deposit", entity="branch"))
    assert answer.rows == [("银川分行", D("135.75"))]


MASKED = Policy("analyst", lists="masked")
FULL = Policy("manager", allow=(("branch", ("银川分行",)),), lists="full")
FULL_BUT = Policy("teller", mask=("customers.mobile",), lists="full")
SILENT = Policy("auditor")


@pytest.mark.parametrize(
    ("roles", "phones"),
    [
        (("analyst",), {"c1": "139****0001", "c2": "139****0002", "c3": "139****0003", "c4": "139****0004"}),
        (("manager",), {"c1": "13900000001", "c2": "13900000002"}),
        (("teller",), {"c1": "139****0001", "c2": "139****0002", "c3": "139****0003", "c4": "139****0004"}),
        (("manager", "auditor"), {"c1": "13900000001", "c2": "13900000002"}),
        (("manager", "analyst"), {"c1": "139****0001", "c2": "139****0002", "c3": "139****0003", "c4": "139****0004"}),
    ],
)  # fmt: skip
def test_a_role_sees_what_its_lists_say(ask, world, roles, phones):
    at = world((MASKED, FULL, FULL_BUT, SILENT))
    answer = ask(people(attributes=("mobile",)), Principal("某", roles), at)
    assert dict(answer.rows) == phones
    assert answer.count == len(phones)


def test_a_project_without_policies_lists_masked(ask, world):
    answer = ask(people(Condition("age", "lt", (30,)), attributes=("mobile",)), at=world())
    assert answer.rows == [("c1", "139****0001")]


@pytest.mark.parametrize(
    ("query", "roles", "code"),
    [
        (people(), ("auditor",), "permission"),
        (people(), ("stranger",), "permission"),
        (people(Condition("mobile", "prefix", ("139",))), ("analyst",), "sensitive_field"),
        (people(Condition("mobile", "prefix", ("139",))), ("manager",), "sensitive_field"),
        (people(attributes=("mobile",), order=BY_NAME), ("analyst",), "sensitive_field"),
        (people(attributes=("mobil",)), ("analyst",), "unknown_dimension"),
        (people(attributes=("class5",)), ("analyst",), "dim_not_applicable"),
        (people(attributes=("age", "age")), ("analyst",), "invalid_query"),
        (people(EVERYBODY, "depositt"), ("analyst",), "unknown_metric"),
        (people(limit=0), ("analyst",), "invalid_query"),
        (people(order=BY_NAME), ("analyst",), "invalid_query"),
        (people(entity="planet"), ("analyst",), "unknown_term"),
        (people(filter=Condition("class5", "in", ("正常",))), ("analyst",), "dim_not_applicable"),
        (people(entity="branch", where=Condition("branch", "not_null"), attributes=("outlet",)),
         ("analyst",), "dim_not_applicable"),
        (people(EVERYBODY, "deposit", period=Period((Relative("month", 3),))), ("analyst",), "no_data_yet"),
    ],
)  # fmt: skip
def test_what_may_not_be_listed_is_refused(ask, world, query, roles, code):
    problem = ask(query, Principal("某", roles), world((MASKED, FULL, FULL_BUT, SILENT)))
    assert isinstance(problem, Problem)
    assert problem.code == code


def test_a_private_field_without_a_mask_is_not_listed(ask, world):
    at = world((MASKED, FULL), mask=None)
    problem = ask(people(attributes=("mobile",)), Principal("某", ("analyst",)), at)
    assert (problem.code, problem.at) == ("sensitive_field", "attributes.0")
    plain = ask(people(attributes=("mobile",)), Principal("某", ("manager",)), at)
    assert dict(plain.rows) == {"c1": "13900000001", "c2": "13900000002"}


def test_a_policy_is_as_if_the_other_rows_were_not_there(ask, world):
    """固原只有 c3,贷款 400;看不到的 c1 不占第一名."""
    at = world((Policy("guyuan", allow=(("branch", ("固原分行",)),), lists="masked"),))
    user = Principal("丙", ("guyuan",))
    answer = ask(people(TopMembership("loan_balance", count=1), "loan_balance"), user, at)
    assert answer.rows == [("c3", D("400.00"))]
    assert answer.resolved.scope_text == "仅固原分行"


def test_a_group_by_single_customers_is_no_way_around_the_right(ask):
    query = MetricQuery((MetricRef("deposit"),), (DimensionGroup("@customer"),), Scope(OCTOBER))
    assert ask(query).code == "sensitive_field"
