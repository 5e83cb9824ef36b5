"""Random logs: what stands side by side equals asking for each part alone, and *** hides well."""

from __future__ import annotations

import datetime as dt
import os
import random

import pytest

from semantic_layer.result import Suppressed

D, T = dt.date, dt.datetime
MARKED = Suppressed.SMALL_GROUP
SEEDS = range(int(os.environ.get("BEHAVIOUR_SEEDS", "3")))
FIRST, SECOND = (D(2026, 3, 1), D(2026, 3, 5)), (D(2026, 3, 7), D(2026, 3, 12))
WOMEN = {"kind": "condition", "dimension": "gender", "op": "in", "values": ["女"]}
BUYERS = {"kind": "metric_condition", "metric": "funds", "op": "ge", "value": 1}
CAME = {"kind": "event_condition", "event": "打开", "at_least": 2}


def member(where: dict) -> dict:
    return {"kind": "member", "set": {"kind": "set", "entity": "customer", "where": where}}


CONDITIONS = [
    None,
    member(WOMEN),
    member(BUYERS),
    {"kind": "not", "child": member(BUYERS)},
    member({"kind": "and", "children": [CAME, BUYERS]}),
]
KINDS = {
    "funnel": {
        "kind": "funnel_query", "steps": [{"event": "进页"}, {"event": "填表"}, {"event": "成功"}],
        "window_days": 4, "show": ["entities", "conversion", "median_time", "dropped"],
    },
    "interval": {
        "kind": "interval_query", "start": {"event": "进页"}, "end": {"event": "bought"},
        "show": ["mean", "median"],
    },
    "retention": {
        "kind": "retention_query", "start": {"event": "进页"}, "comeback": {"event": "填表"},
        "unit": "day", "periods": [1, 3, 10], "cohort_unit": "week",
    },
}  # fmt: skip


def scope(*spans, where=None, **more) -> dict:
    dates = [{"kind": "absolute", "start": f"{a}", "end": f"{b}"} for a, b in spans]
    found = {"period": {"spans": dates, **more}}
    return {**found, "where": where} if where else found


@pytest.fixture
def filled(shop, visit, purchase):
    """A shop with visits and purchases of eight people, the same for the same seed."""

    def fill(seed: int, *, most: int = 50):
        dice = random.Random(seed)
        people = [*(f"c{n}" for n in range(1, 9)), None]
        visits = [
            visit(f"e{n:02}", T(2026, 3, dice.randint(1, 21), dice.choice([0, 9, 23])),
                  dice.choice(["进页", "填表", "成功", "打开"]), f"v{n}", dice.choice(people),
                  os=dice.choice(["甲", "乙", None]))
            for n in range(dice.randint(most // 2, most))
        ]  # fmt: skip
        bought = [
            purchase(f"p{n}", D(2026, 3, dice.randint(1, 20)), dice.choice(people),
                     dice.choice(["基金", "理财"]))
            for n in range(dice.randint(0, 10))
        ]  # fmt: skip
        return shop.fill(visits, bought), dice

    return fill


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_periods_side_by_side_equal_each_alone(filled, seed, kind):
    shop, dice = filled(seed)
    where = dice.choice(CONDITIONS)
    query = {**KINDS[kind], "entity": "customer"}
    both = shop.ask({**query, "scope": scope(SECOND, FIRST, where=where)})
    alone = [shop.ask({**query, "scope": scope(span, where=where)}) for span in (FIRST, SECOND)]
    labels = ["2026年3月1—5日", "2026年3月7—12日"]
    assert both.rows == [
        (label, *row)
        for label, answer in zip(labels, alone, strict=True)
        if answer.rows and _started(kind, answer.rows[0])
        for row in answer.rows
    ]


def _started(kind: str, first: tuple) -> bool:
    """A period in which nobody started has no rows beside others."""
    return kind == "retention" or first[1 if kind == "funnel" else 0] > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_by_day_every_day_is_as_if_asked_alone(filled, seed):
    """逐日分组时,人群也逐日判断."""
    shop, dice = filled(seed)
    where = dice.choice(CONDITIONS)
    query = {**KINDS["funnel"], "entity": "customer"}
    by_day = [{"kind": "time", "grain": "date"}]
    answer = shop.ask({**query, "group_by": by_day, "scope": scope(SECOND, where=where)})
    expected = []
    for number in range(7, 13):
        day = D(2026, 3, number)
        rows = shop.ask({**query, "scope": scope((day, day), where=where)}).rows
        expected += [(day, *row) for row in rows if _started("funnel", rows[0])]
    assert answer.rows == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_kinds_of_days_are_those_days_alone(filled, seed, kind):
    """周末只有 3 月 7、8 日:等于只问这两天."""
    shop, dice = filled(seed)
    where = dice.choice(CONDITIONS[:2])
    query = {**KINDS[kind], "entity": "customer"}
    weekend = shop.ask({**query, "scope": scope(SECOND, where=where, days="weekend")})
    alone = shop.ask({**query, "scope": scope((D(2026, 3, 7), D(2026, 3, 8)), where=where)})
    if kind == "retention":  # 起始群的最后一天不同,满没满不同
        assert [row[:2] for row in weekend.rows] == [row[:2] for row in alone.rows]
    else:
        assert weekend.rows == alone.rows


@pytest.mark.parametrize("kind", [*KINDS, "bands"])
@pytest.mark.parametrize("least", [2, 3])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_shown_is_true_and_what_is_hidden_stays_so(filled, seed, least, kind):
    """显示的都是真值;没有一格说的是少数人;每一步藏就至少藏两格、合计够数(或全藏了)."""
    shop, _ = filled(seed, most=120)
    query = KINDS.get(kind) or {**KINDS["interval"], "show": ["distribution"]}
    query = {**query, "entity": "customer", "scope": scope((D(2026, 3, 1), D(2026, 3, 12))),
             "group_by": [{"kind": "dimension", "dimension": "gender"}]}  # fmt: skip
    bare, kept = shop.ask(query), shop.ask(query, least=least)
    keys = {"bands": 2, "interval": 1}.get(kind, 2)
    whole = {row[:keys]: row[keys:] for row in bare.rows}
    assert {row[:keys] for row in kept.rows} == whole.keys()
    hidden: dict[object, list[int]] = {}
    shown: dict[object, list[int]] = {}
    for row in kept.rows:
        truth = whole[row[:keys]]
        assert all(a == b for a, b in zip(row[keys:], truth, strict=True) if a is not MARKED)
        count = {"interval": 1}.get(kind, 0)
        margin = row[1] if kind == "funnel" else None
        value = row[keys + count]
        assert value is MARKED or not 1 <= value < least
        (hidden if value is MARKED else shown).setdefault(margin, []).append(truth[count])
    for margin, counts in hidden.items():
        people = [n for n in counts if n]
        left = [n for n in shown.get(margin, []) if n]
        listed_apart = kind == "bands"  # 没走完的也陪藏,但不列
        assert listed_apart or not left or (len(counts) >= 2 and sum(people) >= least)
