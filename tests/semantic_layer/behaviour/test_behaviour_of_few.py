"""Cells about too few people are ***, and no cell gives another one away.

女 are c1, c7, c8; 男 are c2, c4, c5, c6; nobody knows of c3.
"""

from __future__ import annotations

import datetime as dt

import pytest

from semantic_layer.result import Suppressed

T = dt.datetime
X = Suppressed.SMALL_GROUP
MARCH = {"period": {"spans": [{"kind": "absolute", "start": "2026-03-01", "end": "2026-03-12"}]}}
BY_GENDER = [{"kind": "dimension", "dimension": "gender"}]
OPENED, FILLED, DONE = {"event": "打开"}, {"event": "填表"}, {"event": "成功"}


@pytest.fixture
def log(shop, visit):
    """(几号, 几点, 做了什么, 谁, 谁 …)."""

    def fill(*lines, session=False):
        rows = [
            visit(f"e{n:02}{who}", T(2026, 3, day, hour), name, f"v{who}", who,
                  f"s{who}" if session else None)
            for n, (day, hour, name, *people) in enumerate(lines) for who in people
        ]  # fmt: skip
        return shop.fill(rows)

    return fill


def funnel(**more) -> dict:
    base = {"kind": "funnel_query", "steps": [OPENED, DONE], "entity": "customer", "scope": MARCH}
    return {**base, "show": ["entities", "conversion", "dropped"], "group_by": BY_GENDER, **more}


def test_one_small_group_hides_a_second_one(log):
    """男3、女2、未知1 人打开,男3 人成功.至少2人:未知藏,女(次少)陪藏;成功一步未知差1人,男陪藏."""
    shop = log(
        (2, 9, "打开", "c2", "c4", "c5", "c1", "c7", "c3"), (2, 10, "成功", "c2", "c4", "c5")
    )
    answer = shop.ask(funnel(), least=2)
    assert answer.rows == [
        ("男", "1. 打开", 3, 1, None, X), ("男", "2. 成功", X, X, X, None),
        ("女", "1. 打开", X, X, None, X), ("女", "2. 成功", 0, X, X, None),
        ("未知", "1. 打开", X, X, None, X), ("未知", "2. 成功", X, X, X, None),
    ]  # fmt: skip
    assert answer.whole == []
    assert "suppressed" in answer.warned
    assert shop.ask(funnel()).rows[2][2:] == (2, 1, None, 2)


def test_a_step_that_gives_a_few_away_by_subtraction_is_hidden(log):
    """只看男:4人打开、3人填表、3人成功;差1人,填表与成功都不显示."""
    people = ("c2", "c4", "c5", "c6")
    shop = log((2, 9, "打开", *people), (2, 10, "填表", *people[:3]), (2, 11, "成功", *people[:3]))
    men = {"kind": "condition", "dimension": "gender", "op": "in", "values": ["男"]}
    query = funnel(
        steps=[OPENED, FILLED, DONE], show=["entities", "median_time"], group_by=[],
        scope={**MARCH, "where": men},
    )  # fmt: skip
    assert [row[1:] for row in shop.ask(query, least=2).rows] == [(4, None), (X, X), (X, X)]
    assert [row[1:] for row in shop.ask(query).rows] == [(4, None), (3, 60), (3, 60)]
    in_a_set = {"kind": "member", "set": {"kind": "set", "entity": "customer", "where": men}}
    chosen = {**query, "scope": {**MARCH, "where": in_a_set}}
    assert [row[1] for row in shop.ask(chosen, least=2).rows] == [4, X, X]


def test_nobody_is_pointed_at_by_system_or_channel(log):
    shop = log((2, 9, "打开", "c1"))
    plain = funnel(group_by=[])
    assert [row[1] for row in shop.ask(plain, least=5).rows] == [1, 0]
    assert "suppressed" not in shop.ask(plain, least=5).warned


def test_cohorts_of_a_few_and_those_that_nearly_all_came_back_are_hidden(log):
    """男4人、女3人;次日回来男3人(差1人)、女2人(差1人):人数都在,留存率都藏."""
    shop = log(
        (2, 9, "打开", "c2", "c4", "c5", "c6", "c1", "c7", "c8"),
        (3, 9, "成功", "c2", "c4", "c5", "c1", "c7"),
    )
    query = {
        "kind": "retention_query", "start": OPENED, "comeback": DONE, "unit": "day",
        "periods": [1, 2], "cohort_unit": "day", "group_by": BY_GENDER, "entity": "customer",
        "scope": MARCH,
    }  # fmt: skip
    day = dt.date(2026, 3, 2)
    answer = shop.ask(query, least=2)
    assert answer.rows == [("男", day, 4, X, 0), ("女", day, 3, X, 0)]
    assert answer.totals is None
    shop = log((2, 9, "打开", "c2", "c4", "c1"), (3, 9, "成功", "c2", "c4"))
    assert shop.ask(query, least=2).rows == [("女", day, X, X, X), ("男", day, X, X, X)]


def test_gaps_of_a_few_show_no_mean(log):
    """男3人都走完;女3人开始、1人走完:女的完成数与均值藏,男的完成数陪藏,起始数都在."""
    shop = log(
        (2, 9, "打开", "c2", "c4", "c5", "c1", "c7", "c8"), (2, 10, "成功", "c2", "c4", "c5", "c1"),
    )  # fmt: skip
    query = {
        "kind": "interval_query", "start": OPENED, "end": DONE, "show": ["mean"],
        "entity": "customer", "group_by": BY_GENDER, "scope": MARCH,
    }  # fmt: skip
    assert sorted(shop.ask(query, least=2).rows) == [("女", 3, X, X), ("男", 3, X, X)]
    assert sorted(shop.ask(query).rows) == [("女", 3, 1, 60), ("男", 3, 3, 60)]


def test_a_band_is_covered_by_those_who_never_ended(log):
    """男4人:两人1小时、一人4天、一人没走完.4天一档1人藏;没走完的1人不列,也算陪藏."""
    shop = log(
        (2, 9, "打开", "c2", "c4", "c5", "c6"), (2, 10, "成功", "c2", "c4"), (6, 9, "成功", "c5"),
    )  # fmt: skip
    query = {
        "kind": "interval_query", "start": OPENED, "end": DONE, "show": ["distribution", "median"],
        "entity": "customer", "group_by": BY_GENDER, "scope": MARCH,
    }  # fmt: skip
    assert shop.ask(query, least=2).rows == [
        ("男", "1—6小时", 2, X, 60), ("男", "3—7天", X, X, X),
    ]  # fmt: skip
    assert [row[2:4] for row in shop.ask(query).rows] == [
        (2, pytest.approx(2 / 3)), (1, pytest.approx(1 / 3)),
    ]  # fmt: skip


def test_paths_of_a_few_are_not_listed_and_no_share_tells_the_rest(log):
    """男3人:两人打开→成功,一人只打开."""
    shop = log((2, 9, "打开", "c2", "c4", "c5"), (2, 10, "成功", "c2", "c4"), session=True)
    men = {"kind": "condition", "dimension": "gender", "op": "in", "values": ["男"]}
    query = {"kind": "path_query", "anchor": OPENED, "length": 3, "scope": {**MARCH, "where": men}}
    answer = shop.ask(query, least=2)
    assert (answer.rows, answer.totals, answer.count) == ([("打开 → 成功", 2, X)], None, 1)
    assert shop.ask(query).count == 2
