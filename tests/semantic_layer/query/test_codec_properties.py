"""Every query that can be built survives JSON, and one meaning has one text."""

import json
import random
from datetime import date
from functools import cache
from typing import Any, get_args

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semantic_layer import query as q
from semantic_layer.query import period as period_words
from semantic_layer.query import predicate as predicate_words
from semantic_layer.query.metric_query import Per
from semantic_layer.query.patch import PatchOp

FEW = settings(max_examples=40, deadline=None)


def a(literal: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(get_args(literal))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any], least: int = 0, most: int = 3) -> Any:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


names = st.sampled_from(["branch", "owning_org.branch", "deposit", "分行", "it's", 'say "x"', "\\"])
whole = st.integers(1, 400)
numbers = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
values = st.booleans() | numbers | st.text(max_size=6)
units = a(period_words.Unit)
days = st.dates(date(2000, 1, 1), date(2040, 12, 31))

absolute = st.tuples(days, days).map(lambda pair: q.Absolute(min(pair), max(pair)))
parts = st.builds(q.Part, units, st.integers(-9, 9).filter(bool), whole)
relative = st.builds(
    q.Relative, units, st.integers(-9, 9), whole, some(parts), st.booleans(),
    st.sampled_from(["as_of", "data"]),
)  # fmt: skip
sides = st.just(("during", 0)) | st.tuples(st.sampled_from(["before", "after"]), whole)
holiday = st.builds(
    lambda name, offset, year, side, unit: q.Holiday(name, offset, year, *side, unit),
    st.sampled_from(["春节", "国庆"]), st.integers(-3, 3), maybe(st.integers(2000, 2040)), sides,
    st.sampled_from(["day", "workday", "trading_day"]),
)  # fmt: skip
simple_spans = st.one_of(
    absolute, relative, holiday, st.builds(q.Latest, maybe(units)), st.just(q.Everything())
)
spans = st.recursive(
    simple_spans,
    lambda inner: st.one_of(
        st.builds(q.Between, inner, maybe(inner)),
        st.builds(q.Edge, inner, st.sampled_from(["opening", "end"])),
        st.builds(q.Shifted, inner, units, st.integers(-9, 9), a(period_words.Align)),
    ),
    max_leaves=3,
)
periods = st.builds(q.Period, some(spans, 1), maybe(a(period_words.DayFilter)), maybe(names))


def condition(dimension: str, op: str, found: tuple[Any, ...]) -> q.Condition:
    count = {"is_null": 0, "not_null": 0, "gt": 1, "ge": 1, "lt": 1, "le": 1}.get(op, len(found))
    return q.Condition(dimension, op, found[:count])


number_ops = a(predicate_words.NumberOp)
bases = a(predicate_words.Base)
shows = a(predicate_words.Show)
counted = st.tuples(whole, st.none()) | st.tuples(st.none(), numbers)
leaves = st.one_of(
    st.builds(condition, names, a(predicate_words.DimensionOp), some(values, 1)),
    st.builds(q.MetricCondition, names, number_ops, numbers, maybe(periods), maybe(names)),
    st.builds(q.ChangeCondition, names, bases, shows, number_ops, numbers, maybe(periods)),
    st.builds(q.SegmentCondition, names),
    st.builds(
        lambda metric, n, descending, period: q.TopMembership(metric, *n, descending, period),
        names, counted, st.booleans(), maybe(periods),
    ),
)  # fmt: skip
predicates = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(q.And, some(inner, 2)),
        st.builds(q.Or, some(inner, 2)),
        st.builds(q.Not, inner),
        st.builds(q.Membership, st.builds(q.Set, names, inner, maybe(names))),
        st.builds(
            q.EventCondition, names, st.booleans(), whole, maybe(periods),
            maybe(st.integers(2, 9)), st.sampled_from(["date", "month"]), maybe(inner),
        ),
        st.builds(
            q.FunnelCondition, st.lists(st.builds(q.Step, names, maybe(inner)), min_size=3,
            max_size=3).map(tuple), st.integers(1, 2), maybe(st.just(3)), maybe(periods),
            maybe(st.integers(1, 99)),
        ),
    ),
    max_leaves=4,
)  # fmt: skip
sets = st.builds(q.Set, names, predicates, maybe(names))

metrics = st.builds(
    q.MetricRef, names, maybe(a(Per)), maybe(st.sampled_from(["max", "median"])),
    maybe(a(period_words.Grain)),
)  # fmt: skip
measures = st.recursive(
    metrics | st.builds(q.Number, numbers),
    lambda inner: st.builds(q.Arithmetic, st.sampled_from("+-*/"), inner, inner, maybe(names)),
    max_leaves=3,
)
groups = st.one_of(
    st.builds(q.DimensionGroup, names),
    st.builds(q.TimeGroup, a(period_words.Grain)),
    st.builds(q.BucketGroup, names, names, some(numbers), maybe(numbers), maybe(whole)),
    st.builds(q.SetGroup, some(sets, 0, 2), st.booleans()),
)
comparisons = st.builds(
    lambda base, show, align, span: q.Comparison(
        base, show, align, span if base == "range" else None
    ),
    bases, some(shows, 1), maybe(a(period_words.Align)), spans,
)  # fmt: skip
scopes = st.builds(q.Scope, maybe(periods), maybe(predicates))
limits = st.builds(
    lambda n, offset, others: q.Limit(*n, offset=offset, others=others),
    counted, st.integers(0, 9), st.booleans(),
)  # fmt: skip
windows = st.one_of(
    st.builds(q.Cumulative, st.sampled_from(["month", "year", "never"])),
    st.builds(q.Rolling, st.sampled_from(["day", "month"]), whole),
)
shares = st.builds(q.Share, st.sampled_from(["total", "parent", "unfiltered"]), maybe(names))


@st.composite
def metric_queries(draw: st.DrawFn) -> q.MetricQuery:
    asked = draw(some(measures, 1))
    by = draw(some(groups))
    compare = draw(some(comparisons, 0, 2))
    columns = st.builds(
        q.ColumnRef,
        st.integers(0, len(asked) - 1),
        shows,
        maybe(st.sampled_from([c.base for c in compare])) if compare else st.none(),
    )
    if by:
        columns |= st.builds(lambda n: q.ColumnRef(group=n), st.integers(0, len(by) - 1))
    return q.MetricQuery(
        measures=asked,
        group_by=by,
        scope=draw(scopes),
        having=draw(
            some(st.builds(q.Having, columns, number_ops, numbers | st.just("average")), 0, 2)
        ),
        compare=compare,
        order=draw(some(st.builds(q.Order, columns, st.booleans(), st.booleans()), 0, 2)),
        limit=draw(maybe(limits)),
        focus=draw(maybe(st.builds(q.Focus, names, names))),
        share=draw(maybe(shares)),
        window=draw(maybe(windows)),
        totals=draw(st.booleans()),
        subtotals=draw(some(st.integers(0, 3))),
    )


steps = st.builds(q.Step, names, maybe(predicates))
orders = st.builds(q.Order, st.builds(q.ColumnRef, st.integers(0, 3)), st.booleans())
queries = st.one_of(
    metric_queries(),
    st.builds(
        q.EntityQuery, sets, some(names), some(measures), scopes, some(orders), maybe(whole)
    ),
    st.builds(
        q.FunnelQuery, some(steps, 2), whole,
        some(st.sampled_from(["entities", "conversion", "dropped"])), some(groups), scopes,
    ),
    st.builds(
        q.RetentionQuery, steps, steps, st.sampled_from(["day", "month"]), some(whole),
        st.sampled_from(["day", "month"]), some(groups), scopes,
    ),
    st.builds(q.PathQuery, steps, st.sampled_from(["from", "to"]), whole, whole, scopes),
    st.builds(
        q.IntervalQuery, steps, steps, some(st.sampled_from(["mean", "distribution"])),
        maybe(whole), some(groups), scopes,
    ),
)  # fmt: skip
slot_values = st.one_of(
    measures, groups, periods, predicates, comparisons, limits, shares, windows,
    st.builds(q.Flag, st.booleans()), st.builds(q.Indices, some(st.integers(0, 3))),
)  # fmt: skip
patches = st.builds(
    q.Patch,
    some(st.builds(q.Change, a(PatchOp), a(q.Slot), maybe(slot_values), maybe(slot_values))),
)


@cache
def validator(of: str) -> jsonschema.Draft202012Validator:
    schema = q.query_schema() if of == "query" else q.patch_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@FEW
@given(queries)
def test_a_query_survives_json(query: q.Query) -> None:
    written = q.to_json(query)
    read = q.query_from_json(written)
    assert read == query
    assert hash(read) == hash(query)
    assert q.query_from_json(json.dumps(written, ensure_ascii=False)) == query
    assert q.query_from_json(q.canonical_text(query)) == query
    assert json.dumps(q.to_json(read)) == json.dumps(written)


@FEW
@given(queries)
def test_the_json_of_a_query_fits_the_schema(query: q.Query) -> None:
    validator("query").validate(q.to_json(query))


@FEW
@given(patches)
def test_a_patch_survives_json_and_fits_the_schema(patch: q.Patch) -> None:
    written = q.to_json(patch)
    assert q.patch_from_json(written) == patch
    validator("patch").validate(written)


@FEW
@given(periods, sets)
def test_periods_and_sets_survive_json(period: q.Period, crowd: q.Set) -> None:
    assert q.value_from_json(q.Period, q.to_json(period)) == period
    assert q.value_from_json(q.Set, q.to_json(crowd)) == crowd


@FEW
@given(queries, queries)
def test_texts_are_equal_exactly_when_queries_are(one: q.Query, other: q.Query) -> None:
    assert (q.canonical_text(one) == q.canonical_text(other)) == (one == other)


@FEW
@given(st.lists(predicates, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_and_repetition_of_conditions_mean_nothing(
    children: list[Any], shuffle: random.Random
) -> None:
    mixed = [*children, children[0]]
    shuffle.shuffle(mixed)
    for kind in (q.And, q.Or):
        one, other = kind(tuple(children)), kind(tuple(mixed))
        assert one == other
        assert hash(one) == hash(other)
        assert q.canonical_text(one) == q.canonical_text(other)
        assert q.value_from_json(kind, q.to_json(one)) == one


@FEW
@given(st.lists(values, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_and_repetition_of_values_mean_nothing(
    chosen: list[Any], shuffle: random.Random
) -> None:
    mixed = [*chosen, *chosen]
    shuffle.shuffle(mixed)
    one = q.Condition("branch", "in", tuple(chosen))
    other = q.Condition("branch", "in", tuple(mixed))
    assert one == other
    assert q.canonical_text(one) == q.canonical_text(other)


def test_nested_conditions_of_one_kind_are_one_condition() -> None:
    north, south, east = (q.Condition("area", "in", (name,)) for name in ("北", "南", "东"))
    assert q.And((north, q.And((south, east)))) == q.And((east, south, north))
    assert q.And((north, q.Or((south, east)))) != q.And((north, south, east))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (q.Number(3), q.Number(3.0)),
        (q.Limit(percent=10), q.Limit(percent=10.0)),
        (q.MetricCondition("aum", "gt", 10**6), q.MetricCondition("aum", "gt", 1e6)),
        (q.Condition("age", "in", (1, 2)), q.Condition("age", "in", (2.0, 1.0, 2))),
        (q.BucketGroup("aum", "customer", (0, 5)), q.BucketGroup("aum", "customer", (0.0, 5.0))),
        (
            q.And((q.MetricCondition("aum", "gt", 3), q.MetricCondition("aum", "gt", 20))),
            q.And((q.MetricCondition("aum", "gt", 3.0), q.MetricCondition("aum", "gt", 20.0))),
        ),
    ],
)
def test_three_is_three_point_zero(one: object, other: object) -> None:
    assert one == other
    assert hash(one) == hash(other)
    assert q.canonical_text(one) == q.canonical_text(other)


def test_true_is_not_one_among_values() -> None:
    assert len(q.Condition("flag", "in", (True, 1)).values) == 2


def test_empty_slots_are_left_out_and_chosen_emptiness_is_kept() -> None:
    plain = q.MetricQuery((q.MetricRef("deposit"),))
    assert q.to_json(plain) == {
        "kind": "metric_query",
        "v": 1,
        "measures": [{"kind": "metric", "metric": "deposit"}],
        "totals": True,
    }
    steps = (q.Step("注册"), q.Step("交易"))
    nothing_shown = q.FunnelQuery(steps, show=())
    assert q.query_from_json(q.to_json(nothing_shown)) == nothing_shown
    assert nothing_shown != q.FunnelQuery(steps)


def test_the_text_of_a_query_never_changes() -> None:
    query = q.MetricQuery(
        measures=(q.MetricRef("deposit", per="day"),),
        group_by=(q.DimensionGroup("branch"), q.TimeGroup("month")),
        scope=q.Scope(
            q.Period((q.Relative("month", -1),)), q.Condition("branch", "in", ("银川分行",))
        ),
        compare=(q.Comparison("yoy"),),
        limit=q.Limit(10),
    )
    assert q.canonical_text(query) == (
        '{"compare":[{"base":"yoy","kind":"comparison","show":["value","diff","rate"]}],'
        '"group_by":[{"dimension":"branch","kind":"dimension"},{"grain":"month","kind":"time"}],'
        '"kind":"metric_query","limit":{"count":10,"kind":"limit","offset":0,"others":false},'
        '"measures":[{"kind":"metric","metric":"deposit","per":"day"}],'
        '"scope":{"period":{"kind":"period","spans":[{"anchor":"as_of","kind":"relative",'
        '"offset":-1,"span":1,"to_date":false,"unit":"month"}]},'
        '"where":{"dimension":"branch","kind":"condition","op":"in","values":["银川分行"]}},'
        '"totals":true,"v":1}'
    )
