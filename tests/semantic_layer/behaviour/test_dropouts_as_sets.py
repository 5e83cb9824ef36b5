"""How far somebody gets in a funnel, as a set that filters, groups and lists.

Logs are written in lines of (几号, 几点, 做了什么, 谁, 谁 …); people are those of the shop.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
import sqlglot

from semantic_layer.compile import compile_query
from semantic_layer.model import Policy
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import query_from_json
from semantic_layer.resolve import resolve
from semantic_layer.result import Suppressed

T, D = dt.datetime, dt.date
X = Suppressed.SMALL_GROUP
OPENED, FILLED, DONE = {"event": "打开"}, {"event": "填表"}, {"event": "成功"}
MARCH = {"spans": [{"kind": "absolute", "start": "2026-03-01", "end": "2026-03-12"}]}


def walked(*steps: dict, reached: int = 1, missed: int | None = 2, **more) -> dict:
    slots = {"steps": list(steps or (OPENED, FILLED)), "reached": reached, **more}
    return {"kind": "funnel", **slots, **({"missed": missed} if missed else {})}


def chosen(where: dict, **more) -> dict:
    return {"kind": "member", "set": {"kind": "set", "entity": "customer", "where": where, **more}}


def counted(where: dict, metric: str = "customers_seen", **more) -> dict:
    measures = [{"kind": "metric", "metric": metric}]
    return {"kind": "metric_query", "measures": measures, "scope": {"where": where}, **more}


def listed(where: dict, attributes=("gender",), **more) -> dict:
    inner = {"kind": "set", "entity": "customer", "where": where}
    return {"kind": "entity_query", "set": inner, "attributes": list(attributes), **more}


@pytest.fixture
def log(shop, visit):
    def fill(*lines, purchases=()):
        rows = [
            visit(f"e{n:02}{who}", T(2026, 3, day, hour), name, f"v{who}", who, org="东")
            for n, (day, hour, name, *people) in enumerate(lines) for who in people
        ]  # fmt: skip
        return shop.fill(rows, purchases)

    return fill


@pytest.fixture
def walkers(log, purchase):
    """c1 走完三步;c2 停在填表;c3 先填表后打开;c4 打开后第8天才填表;c5 13日才打开;c6 只填表."""
    return log(
        (1, 9, "打开", "c1", "c2", "c4"), (1, 10, "填表", "c1", "c2"), (1, 11, "成功", "c1"),
        (2, 8, "填表", "c3"), (2, 9, "打开", "c3"), (9, 10, "填表", "c4"),
        (13, 9, "打开", "c5"), (1, 9, "填表", "c6"),
        purchases=[purchase("p1", D(2026, 3, 3), "c3"), purchase("p2", D(2026, 3, 4), "c2"),
                   purchase("p3", D(2026, 3, 4), "c1")],
    )  # fmt: skip


def number(answer) -> float:
    assert not isinstance(answer, Problem), answer
    return answer.rows[0][-1]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (walked(), 2),  # 打开后至今没有填表:c3(填在前)、c5
        (walked(window_days=7), 3),  # 7天内没有填表:再加 c4
        (walked(period=MARCH), 1),  # 期内打开的:只有 c3
        (walked(OPENED, FILLED, DONE, reached=2, missed=3), 2),  # 停在填表:c2、c4
        (walked(OPENED, FILLED, DONE, missed=3), 4),  # 打开了没有成功:c2、c3、c4、c5
        (walked(OPENED, FILLED, reached=2, missed=None), 3),  # 打开后填过表:c1、c2、c4
        (walked(OPENED, FILLED, DONE, reached=3, missed=None), 1),  # 走完:c1
        (walked(FILLED, OPENED), 4),  # 填表后没有打开:c1、c2、c4、c6
    ],
)
def test_those_who_stop_are_counted(walkers, where, expected):
    assert number(walkers.ask(counted(chosen(where)))) == expected


def test_they_filter_the_figures_of_other_tables(walkers):
    """打开后没有成功的 c2、c3、c4、c5 里,买过基金的是 c2、c3,各一笔."""
    stopped = chosen(walked(OPENED, FILLED, DONE, missed=3))
    assert number(walkers.ask(counted(stopped, "funds"))) == 2
    assert number(walkers.ask(counted({"kind": "not", "child": stopped}, "funds"))) == 1


def test_they_are_listed_by_name(walkers):
    answer = walkers.ask(listed(walked(OPENED, FILLED, DONE, reached=2, missed=3)))
    assert sorted(answer.rows) == [("c2", "男"), ("c4", "男")]


def test_they_stand_side_by_side(walkers):
    sets = [
        {"kind": "set", "entity": "customer", "label": "停在打开", "where": walked()},
        {"kind": "set", "entity": "customer", "label": "走到填表",
         "where": walked(reached=2, missed=None)},
    ]  # fmt: skip
    query = counted(chosen({"kind": "condition", "dimension": "gender", "op": "not_null"}))
    group = [{"kind": "sets", "sets": sets, "rest": True}]
    answer = walkers.ask({**query, "group_by": group})
    assert dict(answer.rows) == {"停在打开": 1, "走到填表": 3, "其余": 3}  # 不算 c3,他没有性别


def test_they_join_other_conditions_and_narrow_a_step(walkers):
    """打开后没有填表的男客户:c5;3月2日以后才打开的另写在步骤上."""
    man = {"kind": "condition", "dimension": "gender", "op": "in", "values": ["男"]}
    both = {"kind": "and", "children": [man, walked()]}
    assert number(walkers.ask(counted(chosen(both)))) == 1
    east = {"kind": "condition", "dimension": "visits.org", "op": "in", "values": ["西"]}
    nobody = walked({**OPENED, "where": {**east, "dimension": "org"}}, FILLED)
    assert number(walkers.ask(counted(chosen(nobody)))) == 0


def test_they_start_a_behaviour_query_too(walkers):
    """填过表但没有成功的 c2、c3、c4、c6 里,期内打开过的是 c2、c3、c4,其中填表在后的两人."""
    funnel = {"kind": "funnel_query", "steps": [OPENED, FILLED], "window_days": 30,
              "entity": "customer",
              "scope": {"period": MARCH, "where": chosen(walked(FILLED, DONE))}}  # fmt: skip
    assert [row[1] for row in walkers.ask(funnel).rows] == [3, 2]


def test_as_many_as_the_funnel_says_have_dropped_out(walkers):
    steps = [OPENED, FILLED, DONE]
    funnel = {"kind": "funnel_query", "steps": steps, "window_days": 7, "entity": "customer",
              "show": ["dropped"], "scope": {"period": MARCH}}  # fmt: skip
    dropped = [row[1 + 1] for row in walkers.ask(funnel).rows]
    for at, people in enumerate(dropped[:-1], 1):
        leaf = walked(*steps, reached=at, missed=at + 1, period=MARCH, window_days=7)
        assert number(walkers.ask(counted(chosen(leaf)))) == people


def test_who_may_see_a_part_judges_by_that_part(walkers, limited, teller, visit, purchase):
    """柜员只看东:c1 的填表在西,对他来说 c1 打开后没有填表."""
    walkers.fill(
        [visit("1", T(2026, 3, 2, 9), "打开", "v1", "c1", org="东"),
         visit("2", T(2026, 3, 2, 10), "填表", "v1", "c1", org="西"),
         visit("3", T(2026, 3, 2, 9), "打开", "v2", "c2", org="西")],
    )  # fmt: skip
    query = counted(chosen(walked()))
    assert number(walkers.ask(query, teller, limited)) == 1
    assert number(walkers.ask(query)) == 1
    assert "limited_rows" in walkers.ask(query, teller, limited).warned


def test_a_masked_field_narrows_no_step(walkers, masked, teller):
    android = {"kind": "condition", "dimension": "os", "op": "in", "values": ["安卓"]}
    narrowed = {**OPENED, "where": android}
    query = counted(chosen(walked(narrowed, FILLED)))
    assert walkers.ask(query, teller, masked).code == "sensitive_field"
    lister = replace(masked, policies=(Policy("teller", mask=("visits.os",), lists="full"),))
    hidden = (walked(narrowed, FILLED), {"kind": "event_condition", "event": "打开",
                                         "where": narrowed["where"]})  # fmt: skip
    for where in hidden:
        assert walkers.ask(listed(where), teller, lister).code == "sensitive_field"
    assert len(walkers.ask(listed(walked()), teller, lister).rows) == 2


def test_few_people_stay_hidden(walkers):
    """按性别:打开后没有填表的只有 c3(性别未知)、c5(男),都不足两人."""
    by_gender = [{"kind": "dimension", "dimension": "gender"}]
    answer = walkers.ask(counted(chosen(walked()), group_by=by_gender, totals=False), least=2)
    assert {row[-1] for row in answer.rows} == {X}


def test_windows_that_are_not_over_are_told(walkers):
    late = chosen(walked(window_days=10))
    assert "open_window" in walkers.ask(counted(late)).warned
    assert "open_window" not in walkers.ask(counted(chosen(walked()))).warned


def test_judged_at_the_end_of_the_period_later_steps_are_not_known_yet(log, purchase):
    """c1 2日打开、9日填表;按周看:第一周末还没有填表,第二周末已经填了."""
    shop = log(
        (2, 9, "打开", "c1"), (10, 9, "填表", "c1"),
        purchases=[purchase("p1", D(2026, 3, 3), "c1"), purchase("p2", D(2026, 3, 12), "c1")],
    )  # fmt: skip
    query = counted(chosen(walked(), judged="period_end"), "funds")
    spans = {"spans": [{"kind": "absolute", "start": "2026-03-02", "end": "2026-03-15"}]}
    query["scope"]["period"] = spans
    weekly = {**query, "group_by": [{"kind": "time", "grain": "week"}]}
    assert [row[-1] for row in shop.ask(weekly).rows] == [1, 0]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (counted(walked()), "unattached_condition"),
        (counted(chosen(walked({"event": "跳舞"}, FILLED))), "unknown_term"),
        (counted(chosen(walked({"event": "买"}, FILLED))), "ambiguous_phrase"),
        (counted({"kind": "member", "set": {"kind": "set", "entity": "order", "where": walked()}}),
         "unknown_term"),
    ],
)  # fmt: skip
def test_what_is_nobody_s_or_unknown_is_refused(walkers, query, code):
    assert walkers.ask(query).code == code


def test_before_there_is_a_customer_nobody_is_counted_as_one(walkers):
    """进页时还没有客户号:按客户拒答,按访客照数."""
    visits = walkers.manifest.datasets["visits"]
    assert visits.events is not None
    by = tuple(replace(actor, not_in=("进页",)) if actor.name == "customer" else actor
               for actor in visits.events.by)  # fmt: skip
    known = {
        **walkers.manifest.datasets,
        "visits": replace(visits, events=replace(visits.events, by=by)),
    }
    shop = replace(walkers.manifest, datasets=known, hash="early")
    early = counted(chosen(walked({"event": "进页"}, FILLED)))
    refused = walkers.ask(early, manifest=shop)
    assert (refused.code, [c.label for c in refused.candidates]) == ("dim_not_applicable", ["访客"])
    funnel = {
        "kind": "funnel_query",
        "steps": [{"event": "进页"}, FILLED],
        "scope": {"period": MARCH},
    }
    assert walkers.ask(funnel, manifest=shop).resolved.behaviour.actor == "visitor"
    assert number(walkers.ask(counted(chosen(walked())), manifest=shop)) == 2


@pytest.mark.parametrize("seed", range(12))
def test_the_set_agrees_with_loops_over_the_rows(shop, visit, limited, teller, seed):
    """Random logs and funnels; with a policy as if the other rows were not there."""
    found = random.Random(seed)
    people, names, days = (
        ["c1", "c2", "c3", "c4"],
        ["打开", "填表", "成功"],
        [1, 2, 3, 9, 10, 20, 21],
    )
    rows = [
        visit(f"e{n:02}", T(2026, 3, found.choice(days), found.choice([0, 9])), found.choice(names),
              "v", found.choice([*people, None]), org=found.choice(["东", "西"]))
        for n in range(found.randrange(4, 20))
    ]  # fmt: skip
    steps = found.choices(names, k=found.choice([2, 3]))
    reached = found.randrange(1, len(steps))
    missed = found.choice([None, *range(reached + 1, len(steps) + 1)])
    window, limits = found.choice([None, 1, 7]), found.choice([None, MARCH])
    leaf = walked(*({"event": s} for s in steps), reached=reached, missed=missed,
                  **({"window_days": window} if window else {}),
                  **({"period": limits} if limits else {}))  # fmt: skip
    shop.fill(rows)
    for user, manifest in ((None, None), (teller, limited)):
        seen = [row for row in rows if manifest is None or row.org == "东"]
        last = D(2026, 3, 12) if limits else D(2026, 3, 20)
        expected = sum(_belongs(seen, who, steps, reached, missed, window, last) for who in people)
        asked = (user, manifest) if manifest else ()
        assert number(shop.ask(counted(chosen(leaf)), *asked)) == expected, (seed, user)


def _belongs(rows, who, steps, reached, missed, window, last) -> bool:
    own = [row for row in rows if row.customer == who and row.at.date() <= D(2026, 3, 20)]
    own.sort(key=lambda row: (row.at, min((i for i, s in enumerate(steps) if s == row.name),
                                          default=9), row.id))  # fmt: skip
    furthest = 0

    def walk(start, at, step):
        nonlocal furthest
        furthest = max(furthest, step)
        for later in range(at + 1, len(own)) if step < len(steps) else ():
            in_time = window is None or own[later].at <= own[start].at + dt.timedelta(days=window)
            if in_time and own[later].name == steps[step]:
                walk(start, later, step + 1)

    for index, row in enumerate(own):
        if row.name == steps[0] and row.at.date() <= last:
            walk(index, index, 1)
    return furthest >= reached and (missed is None or furthest < missed)


@pytest.mark.parametrize("dialect", ["duckdb", "spark", "clickhouse"])
def test_the_set_is_written_for_other_engines(walkers, dialect):
    snapshot = walkers.snapshot()
    query = query_from_json({"v": 1, **counted(chosen(walked(window_days=7)))})
    resolved = resolve(query, snapshot, Principal("甲"))
    text = compile_query(resolved, snapshot).sql(dialect)
    assert sqlglot.parse_one(text, dialect=dialect).sql(dialect)
