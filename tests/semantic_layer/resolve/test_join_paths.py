"""Which way leads to a dimension: own field, the only one, the default visibly, or ask."""

from __future__ import annotations

from dataclasses import replace

from semantic_layer.model import Aggregate, Dataset, Dimension, Field, Join, Manifest, Metric
from semantic_layer.principal import Principal
from semantic_layer.query import DimensionGroup, Latest, MetricQuery, MetricRef, Period, Scope
from semantic_layer.resolve import metric_closure, resolve


def _world(*joins: Join, own: bool = False) -> Manifest:
    branch = Field("branch", "分行")
    fields = (Field("branch", "分行", conforms=True),) if own else ()
    datasets = (
        Dataset("orgs", "机构", "dim_org", ("org_id",), (branch,)),
        Dataset("clients", "客户", "dim_client", ("id",), (), joins=(_to("home_org", "归属机构"),)),
        Dataset("trades", "交易", "fact_trade", ("id",), fields, time="day", joins=joins),
    )
    metric = Metric("amount", "金额", Aggregate("trades", "sum", "amount"), "CNY")
    return Manifest(
        "路径",
        {d.name: d for d in datasets},
        {"amount": metric},
        {"branch": Dimension("branch", "orgs", branch, ("orgs", "trades") if own else ("orgs",))},
    )


def _to(role: str, label: str, *, default: bool = False) -> Join:
    return Join("orgs", role, (("org_id", "org_id"),), label=label, default=default)


CLIENT = Join("clients", "client", (("client_id", "id"),), label="客户")


def _ask(make_snapshot, manifest: Manifest, dimension: str):
    query = MetricQuery(
        (MetricRef("amount"),), (DimensionGroup(dimension),), Scope(Period((Latest(),)))
    )
    return resolve(query, make_snapshot(manifest), Principal("甲"))


def test_an_own_field_comes_first(make_snapshot):
    resolved = _ask(make_snapshot, _world(_to("trade_org", "交易机构"), own=True), "branch")
    assert resolved.paths[0].joins == ()


def test_the_only_way_needs_no_words(make_snapshot):
    resolved = _ask(make_snapshot, _world(CLIENT), "branch")
    assert resolved.paths[0].joins == ("client", "home_org")
    assert resolved.assumptions == ()


def test_several_ways_without_default_are_asked(make_snapshot):
    problem = _ask(make_snapshot, _world(_to("trade_org", "交易机构"), CLIENT), "branch")
    assert (problem.code, problem.at) == ("ambiguous_path", "group_by.0")
    assert [(c.id, c.label) for c in problem.candidates] == [
        ("trade_org.branch", "交易机构的分行"),
        ("client.home_org.branch", "客户的归属机构的分行"),
    ]


def test_a_join_without_a_name_of_its_own_is_called_like_its_table(make_snapshot):
    plain = Join("clients", "clients", (("client_id", "id"),))
    problem = _ask(make_snapshot, _world(_to("trade_org", "交易机构"), plain), "branch")
    assert [c.label for c in problem.candidates] == ["交易机构的分行", "客户的归属机构的分行"]


def test_the_default_way_is_taken_and_said(make_snapshot):
    world = _world(_to("trade_org", "交易机构", default=True), CLIENT)
    resolved = _ask(make_snapshot, world, "branch")
    assert resolved.paths[0].joins == ("trade_org",)
    assert [a.text for a in resolved.assumptions] == ["分行按交易机构统计"]


def test_a_role_names_the_way(make_snapshot):
    world = _world(_to("trade_org", "交易机构", default=True), CLIENT)
    for name, joins in (
        ("home_org.branch", ("client", "home_org")),
        ("client.home_org.branch", ("client", "home_org")),
        ("trade_org.branch", ("trade_org",)),
    ):
        assert _ask(make_snapshot, world, name).paths[0].joins == joins


def test_an_unknown_role_is_no_way(make_snapshot):
    problem = _ask(make_snapshot, _world(CLIENT), "nowhere.branch")
    assert problem.code == "dim_not_applicable"


MANY = Join("orgs", "tags", (("id", "org_id"),), type="many_to_many", label="协办机构")


def test_a_way_to_several_members_is_taken_and_told(make_snapshot):
    resolved = _ask(make_snapshot, _world(MANY), "branch")
    assert resolved.paths[0].joins == ("tags",)
    assert [code for code, _ in resolved.warnings] == ["overlapping_members"]


def test_one_value_or_several_is_asked(make_snapshot):
    problem = _ask(make_snapshot, _world(MANY, _to("trade_org", "交易机构")), "branch")
    assert [c.id for c in problem.candidates] == ["tags.branch", "trade_org.branch"]


def test_no_way_leads_over_two_many_to_many_joins_or_back(make_snapshot):
    """Customers of one tag are no members of a customer, nor are tags of tags."""
    manifest = _world(replace(CLIENT, type="many_to_many"))
    back = Join("trades", "trades", (("id", "client_id"),))
    clients = replace(
        manifest.datasets["clients"],
        joins=(back, replace(_to("home_org", "归属机构"), type="many_to_many")),
    )
    manifest = replace(manifest, datasets={**manifest.datasets, "clients": clients})
    assert _ask(make_snapshot, manifest, "branch").code == "dim_not_applicable"


def test_the_parts_of_a_metric(make_manifest):
    manifest = make_manifest()
    assert metric_closure(manifest, "npl_rate") == ("npl_rate", "npl_balance", "loan_balance")
    assert metric_closure(manifest, "deposit") == ("deposit",)


def test_the_same_client_by_a_detour_is_no_second_way(make_snapshot):
    """trades → clients and trades → months → clients lead to one client by one key."""
    manifest = _world(CLIENT, Join("months", "month", (("client_id", "client_id"), ("day", "day"))))
    months = Dataset(
        "months",
        "客户月",
        "fact_month",
        ("client_id", "day"),
        (),
        joins=(Join("clients", "client", (("client_id", "id"),), label="客户"),),
    )
    manifest = replace(manifest, datasets={**manifest.datasets, "months": months})
    resolved = _ask(make_snapshot, manifest, "branch")
    assert resolved.paths[0].joins == ("client", "home_org")
