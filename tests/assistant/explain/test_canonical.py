"""The canonical text: one wording for one query."""

from __future__ import annotations

from assistant.language.canonical import canonical
from semantic_layer.model import Aggregate, Dataset, Dimension, Field, Manifest, Metric
from semantic_layer.query import (
    ColumnRef,
    Comparison,
    Condition,
    DimensionGroup,
    Limit,
    MetricQuery,
    MetricRef,
    Order,
    Period,
    Relative,
    Scope,
)

BRANCH = Field("branch", "分行")
MANIFEST = Manifest(
    project="示例银行",
    datasets={"orgs": Dataset("orgs", "机构", "dim_org", ("org_id",), (BRANCH,))},
    metrics={"new_cust": Metric("new_cust", "新增客户数", Aggregate("orgs", "count"), "户")},
    dimensions={"branch": Dimension("branch", "orgs", BRANCH, ("orgs",))},
)


def test_everything_the_query_says_is_written() -> None:
    query = MetricQuery(
        (MetricRef("new_cust"),),
        (DimensionGroup("branch"),),
        Scope(Period((Relative("month", -1),)), Condition("branch", "not_in", ("银川分行",))),
        compare=(Comparison("yoy", ("rate",)),),
        order=(Order(ColumnRef(show="rate", base="yoy")),),
        limit=Limit(count=3),
    )
    assert canonical(query, MANIFEST) == (
        "上个月,分行不含银川分行,按分行,「新增客户数」,同比(增速),"
        "按新增客户数同比增速从高到低取前3名"
    )


def test_an_open_period_is_said_to_be_open() -> None:
    assert canonical(MetricQuery((MetricRef("new_cust"),)), MANIFEST) == "默认期间,「新增客户数」"
