"""Funnels, retention and intervals by bands and by sets: each group as if asked alone."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from semantic_layer.result import Suppressed

T, D = dt.datetime, dt.date
X = Suppressed.SMALL_GROUP
OPENED, DONE = {"event": "打开"}, {"event": "成功"}


def scope(*spans: tuple[str, str], where: dict | None = None) -> dict:
    listed = [{"kind": "absolute", "start": s, "end": e} for s, e in spans]
    return {"period": {"spans": listed}, **({"where": where} if where else {})}


FORTNIGHT = scope(("2026-03-01", "2026-03-14"))
MAN = {"kind": "condition", "dimension": "gender", "op": "in", "values": ["男"]}
BUYER = {"kind": "event_condition", "event": "bought"}
MEN = {"kind": "set", "entity": "customer", "label": "男客户", "where": MAN}
BUYERS = {"kind": "set", "entity": "customer", "label": "买过的", "where": BUYER}
SIDE_BY_SIDE = {"kind": "sets", "sets": [BUYERS, MEN]}
BY_FUNDS = {"kind": "bucket", "of": "funds", "entity": "customer", "edges": [1, 2]}
BANDS = {"1以下": ("lt", 1), "1(含)—2": ("eq", 1), "2及以上": ("ge", 2)}


def funnel(**more) -> dict:
    base = {"kind": "funnel_query", "steps": [OPENED, DONE], "show": ["entities"]}
    return {**base, "scope": FORTNIGHT, "entity": "customer", **more}


def retention(**more) -> dict:
    base = {"kind": "retention_query", "start": OPENED, "comeback": DONE, "unit": "day"}
    return {**base, "periods": [1], "scope": FORTNIGHT, "entity": "customer", **more}


def interval(**more) -> dict:
    base = {"kind": "interval_query", "start": OPENED, "end": DONE, "show": ["mean"]}
    return {**base, "scope": FORTNIGHT, "entity": "customer", **more}


@pytest.fixture
def log(shop, visit, purchase):
    def fill(*lines, purchases=()):
        rows = [
            visit(f"e{n:02}{who}", T(2026, 3, day, hour), name, f"v{who}", who, org="东")
            for n, (day, hour, name, *people) in enumerate(lines) for who in people
        ]  # fmt: skip
        bought = [purchase(f"p{n}", D(2026, 3, day), who) for n, (day, who) in enumerate(purchases)]
        return shop.fill(rows, bought)

    return fill


@pytest.fixture
def opened(log):
    """c1、c2、c4、c7 打开,c1、c4 成功;c1 买两笔,c2 一笔,c8 一笔;男:c2、c4;女:c1、c7."""
    return log(
        (2, 9, "打开", "c1", "c2", "c4", "c7"), (3, 10, "成功", "c1", "c4"),
        purchases=[(2, "c1"), (4, "c1"), (5, "c2"), (5, "c8")],
    )  # fmt: skip


def test_sets_stand_side_by_side_and_who_is_in_both_counts_in_both(opened):
    answer = opened.ask(funnel(group_by=[SIDE_BY_SIDE]))
    assert answer.columns == ["set_group", "step", "entities"]
    assert answer.rows == [
        ("买过的", "1. 打开", 2), ("买过的", "2. 成功", 1),
        ("男客户", "1. 打开", 2), ("男客户", "2. 成功", 1),
    ]  # fmt: skip
    assert "overlap" in answer.warned
    assert answer.whole == [("合计", "1. 打开", 4), ("合计", "2. 成功", 2)]


def test_everybody_else_is_a_group_where_asked_for(opened):
    answer = opened.ask(funnel(group_by=[{**SIDE_BY_SIDE, "rest": True}]))
    assert answer.rows[-2:] == [("其余", "1. 打开", 1), ("其余", "2. 成功", 0)]


def test_bands_of_a_figure_over_the_period_of_the_starts(opened):
    answer = opened.ask(funnel(group_by=[BY_FUNDS]))
    assert [row[:3] for row in answer.rows] == [
        ("1以下", "1. 打开", 2), ("1以下", "2. 成功", 1),
        ("1(含)—2", "1. 打开", 1), ("1(含)—2", "2. 成功", 0),
        ("2及以上", "1. 打开", 1), ("2及以上", "2. 成功", 1),
    ]  # fmt: skip


def test_retention_and_intervals_by_the_same(opened):
    by = [SIDE_BY_SIDE]
    assert opened.ask(retention(group_by=by)).rows == [
        ("买过的", "2026-03", 2, 0.5), ("男客户", "2026-03", 2, 0.5),
    ]  # fmt: skip
    assert opened.ask(interval(group_by=by)).rows == [
        ("买过的", 2, 1, 25 * 60), ("男客户", 2, 1, 25 * 60),
    ]  # fmt: skip


def test_beside_a_dimension_and_by_week(opened):
    both = [{"kind": "time", "grain": "week"}, SIDE_BY_SIDE]
    rows = opened.ask(funnel(group_by=both)).rows
    assert [row[1:] for row in rows] == [
        ("买过的", "1. 打开", 2), ("买过的", "2. 成功", 1),
        ("男客户", "1. 打开", 2), ("男客户", "2. 成功", 1),
    ]  # fmt: skip
    by_org = [{"kind": "dimension", "dimension": "org"}, BY_FUNDS]
    assert len(opened.ask(funnel(group_by=by_org)).rows) == 6


def test_the_customers_of_the_groups_are_those_who_act(opened):
    """没有写主体:访问可以按访客,分客群就按客户;写了访客就拒答."""
    free = funnel(group_by=[SIDE_BY_SIDE])
    del free["entity"]
    answer = opened.ask(free)
    assert answer.resolved.behaviour.actor == "customer"
    assert "entity" in {assumed.slot for assumed in answer.resolved.assumptions}
    assert opened.ask({**free, "entity": "visitor"}).code == "dim_not_applicable"


def test_few_people_of_a_set_stay_hidden(opened):
    answer = opened.ask(funnel(group_by=[SIDE_BY_SIDE]), least=3)
    assert {row[-1] for row in answer.rows} == {X}
    assert answer.whole == []


def test_a_band_or_set_is_judged_within_the_rights_of_the_asker(
    opened, limited, teller, visit, purchase
):
    """柜员只看东:c1 的两笔购买在西,对他来说 c1 一笔都没有."""
    opened.fill(
        [visit("1", T(2026, 3, 2, 9), "打开", "v1", "c1", org="东")],
        [purchase("p1", D(2026, 3, 3), "c1", org="西"), purchase("p2", D(2026, 3, 4), "c1", org="西")],
    )  # fmt: skip
    seen = opened.ask(funnel(group_by=[BY_FUNDS]), teller, limited)
    assert [row[0] for row in seen.rows] == ["1以下", "1以下"]
    assert [row[0] for row in opened.ask(funnel(group_by=[BY_FUNDS])).rows] == ["2及以上"] * 2
    sets = funnel(group_by=[{"kind": "sets", "sets": [BUYERS]}])
    assert opened.ask(sets, teller, limited).rows == []


@pytest.mark.parametrize(
    ("group", "code"),
    [
        ({"kind": "bucket", "of": "funds", "entity": "customer"}, "invalid_query"),
        ({"kind": "bucket", "of": "gender", "entity": "customer", "edges": [1]}, "invalid_query"),
        ({"kind": "bucket", "of": "nothing", "entity": "customer", "edges": [1]}, "unknown_metric"),
        ({"kind": "sets", "sets": [MEN, MEN]}, "invalid_query"),
        ({"kind": "sets", "sets": [{**MEN, "entity": "kind"}]}, "dim_not_applicable"),
    ],
)
def test_groups_that_make_no_sense_are_refused(opened, group, code):
    assert opened.ask(funnel(group_by=[group])).code == code


@pytest.mark.parametrize("kind", [funnel, retention, interval])
@pytest.mark.parametrize("seed", range(2))
def test_each_group_is_as_if_asked_alone(shop, visit, purchase, kind, seed):
    """Random rows, one period and two side by side: the rows of a group are those of its filter."""
    found = random.Random(seed)
    people, days = [f"c{n}" for n in range(1, 9)], range(1, 15)
    visits = [
        visit(f"e{n:02}", T(2026, 3, found.choice(days), found.choice([8, 9])),
              found.choice(["打开", "成功"]), "v", found.choice(people))
        for n in range(40)
    ]  # fmt: skip
    bought = [
        purchase(f"p{n}", D(2026, 3, found.choice(days)), found.choice(people)) for n in range(8)
    ]
    shop.fill(visits, bought)
    weeks = (("2026-03-01", "2026-03-07"), ("2026-03-08", "2026-03-14"))
    for spans in (weeks[:1], weeks):
        at = len(spans) > 1
        alone: dict = {}
        for label, (op, value) in BANDS.items():
            leaf = {"kind": "metric_condition", "metric": "funds", "op": op, "value": value}
            alone[label] = _rows(shop, kind(scope=scope(*spans, where=_member(leaf))))
        grouped = shop.ask(kind(group_by=[BY_FUNDS], scope=scope(*spans)))
        assert _by_group(grouped.rows, at) == {k: v for k, v in alone.items() if _begun(v, kind)}
        sets = {"买过的": BUYER, "男客户": MAN}
        alone = {name: _rows(shop, kind(scope=scope(*spans, where=_member(leaf))))
                 for name, leaf in sets.items()}  # fmt: skip
        grouped = shop.ask(kind(group_by=[SIDE_BY_SIDE], scope=scope(*spans)))
        assert _by_group(grouped.rows, at) == {k: v for k, v in alone.items() if _begun(v, kind)}


def _member(leaf: dict) -> dict:
    return {"kind": "member", "set": {"kind": "set", "entity": "customer", "where": leaf}}


def _rows(shop, query: dict) -> list[tuple]:
    return sorted(shop.ask(query).rows, key=str)


def _by_group(rows: list[tuple], at: int) -> dict[str, list[tuple]]:
    found: dict[str, list[tuple]] = {}
    for row in rows:
        found.setdefault(row[at], []).append((*row[:at], *row[at + 1 :]))
    return {name: sorted(own, key=str) for name, own in found.items()}


def _begun(rows: list[tuple], kind) -> bool:
    """A group that nobody of began is not listed."""
    return any(cell for row in rows for cell in row if isinstance(cell, int))
