"""Random event logs: the compiled statements agree with plain loops over the rows.

The loops follow docs/behaviour.md word by word and share nothing with the compiler.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter, defaultdict
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

D = dt.date
LAST_DAY = D(2026, 3, 20)
PERIOD = (D(2026, 3, 1), D(2026, 3, 12))
SCOPE = {"period": {"spans": [{"kind": "absolute", "start": "2026-03-01", "end": "2026-03-12"}]}}
EXAMPLES = int(os.environ.get("BEHAVIOUR_EXAMPLES", "0"))
"""More than the fixed ones, drawn anew: for long runs by hand (--hypothesis-seed=N)."""
MANY = settings(
    max_examples=EXAMPLES or 20, deadline=None, derandomize=not EXAMPLES, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip

names = st.sampled_from(["进页", "填表", "成功"])
some_day = st.sampled_from([D(2026, 2, 28), *(D(2026, 3, n) for n in (1, 2, 3, 9, 12, 13, 20, 21))])
hours = st.sampled_from([0, 8, 9])


@st.composite
def visits(draw, visit):
    rows = draw(st.lists(st.tuples(
        some_day, hours, names, st.sampled_from(["v1", "v2", None]), st.sampled_from(["c1", "c2", None]),
        st.sampled_from(["s1", "s2", "s3"]), st.sampled_from(["首页", None]),
        st.sampled_from(["甲", "乙", None]), st.sampled_from(["东", "西"]),
    ), max_size=14))  # fmt: skip
    return [
        visit(f"e{number:02}", dt.datetime.combine(day, dt.time(hour)), *rest)
        for number, (day, hour, *rest) in enumerate(rows)
    ]


@st.composite
def purchases(draw, purchase):
    rows = draw(st.lists(st.tuples(
        some_day, st.sampled_from(["c1", "c2", None]), st.sampled_from(["基金", "理财"]),
        st.sampled_from(["东", "西"]),
    ), max_size=8))  # fmt: skip
    return [purchase(f"p{number:02}", *row) for number, row in enumerate(rows)]


class Row:
    """A row of either table as an event of an actor."""

    def __init__(self, source, who: str, by_time: bool) -> None:
        self.source, self.id = source, source.id
        self.is_visit = hasattr(source, "at")
        moment = source.at if self.is_visit else source.day
        self.day = moment.date() if self.is_visit else moment
        self.at = moment if by_time else self.day
        self.who = getattr(source, who, None)

    def is_event(self, step: dict) -> bool:
        where, event = step.get("where"), step["event"]
        if event == "bought":
            matches = not self.is_visit
        elif event == "bought_fund":
            matches = not self.is_visit and self.source.kind == "基金"
        else:
            matches = self.is_visit and self.source.name == event
        if matches and where:
            return getattr(self.source, where["dimension"]) in where["values"]
        return matches


def followed(rows, steps, who):
    """Rows that are one of the steps, of an actor, with data, from the period's first day on."""
    by_time = all(step["event"] in ("进页", "填表", "成功", "打开") for step in steps)
    found = [Row(row, who, by_time) for row in rows]
    found = [
        row for row in found
        if row.who is not None and PERIOD[0] <= row.day <= LAST_DAY
        and any(row.is_event(step) for step in steps)
    ]  # fmt: skip
    place = {row.id: min(i for i, s in enumerate(steps) if row.is_event(s)) for row in found}
    found.sort(key=lambda row: (row.at, place[row.id], row.id))
    return found


def starts_by_group(rows, steps, group):
    """(actor, group) → indexes of the starts."""
    found = defaultdict(list)
    for index, row in enumerate(rows):
        if row.is_event(steps[0]) and row.day <= PERIOD[1]:
            key = (getattr(row.source, group) or "未知") if group else None
            found[row.who, key].append(index)
    return found


def reachable(rows, steps, starts, who, window):
    """Per step the indexes of rows at the end of some chain: brute force from every start."""
    found = [set(starts)] + [set() for _ in steps[1:]]

    def walk(start, at, step):
        for later in range(at + 1, len(rows)):
            row = rows[later]
            in_time = row.at <= rows[start].at + dt.timedelta(days=window)
            if row.who == who and in_time and row.is_event(steps[step]):
                found[step].add(later)
                if step + 1 < len(steps):
                    walk(start, later, step + 1)

    for start in starts:
        walk(start, start, 1)
    return found


def length(earlier, later):
    if isinstance(later, dt.datetime):
        return (later - earlier).total_seconds() / 60
    return (later - earlier).days


def funnel_by_hand(rows, steps, who, window, group):
    rows = followed(rows, steps, who)
    people, gaps = defaultdict(Counter), defaultdict(lambda: defaultdict(list))
    for (actor, key), starts in starts_by_group(rows, steps, group).items():
        reached = reachable(rows, steps, starts, actor, window)
        for step, ends in enumerate(reached):
            if not ends:
                break
            people[key][step] += 1
            if step:
                first = min(ends)
                last = max(i for i in reached[step - 1] if i < first)
                gaps[key][step].append(length(rows[last].at, rows[first].at))
    found = {}
    for key in people:
        for step in range(len(steps)):
            here, before = people[key][step], people[key][step - 1]
            found[key, step + 1] = (
                here,
                here / people[key][0],
                (here / before if before else None) if step else None,
                median(gaps[key][step]) if gaps[key][step] else None,
                here - people[key][step + 1] if step + 1 < len(steps) else None,
            )
    if group is None and not found:
        return {(None, n + 1): (0, None, None, None, 0 if n + 1 < len(steps) else None)
                for n in range(len(steps))}  # fmt: skip
    return found


def close(left, right):
    return left == right or (None not in (left, right) and abs(float(left) - right) < 1e-9)


def same(left, right):
    return len(left) == len(right) and all(map(close, left, right))


def where(dimension, value):
    return {"kind": "condition", "dimension": dimension, "op": "in", "values": [value]}


step = st.one_of(
    names.map(lambda n: {"event": n}),
    st.sampled_from([{"event": "bought"}, {"event": "bought_fund"}]),
    st.just({"event": "进页", "where": where("os", "甲")}),
)
funnels = st.tuples(
    st.lists(step, min_size=2, max_size=4), st.integers(1, 4), st.sampled_from([None, "org"])
)


def is_visit_step(one):
    return not one["event"].startswith("bought")


@MANY
@given(data=st.data())
def test_funnels(shop, visit, purchase, data):
    rows, bought = data.draw(visits(visit)), data.draw(purchases(purchase))
    steps, window, group = data.draw(funnels)
    who = "visitor" if all(map(is_visit_step, steps)) else "customer"
    groups = [{"kind": "dimension", "dimension": group}] if group else []
    answer = shop.fill(rows, bought).ask({
        "kind": "funnel_query", "steps": steps, "window_days": window, "group_by": groups,
        "show": ["entities", "conversion", "median_time", "dropped"], "scope": SCOPE,
        "entity": who,
    })  # fmt: skip
    got = {}
    for row in answer.rows:
        key, number, *values = row if group else (None, *row)
        got[key, int(number.split(".")[0])] = tuple(values)
    expected = funnel_by_hand([*rows, *bought], steps, who, window, group)
    assert got.keys() == expected.keys()
    for key, values in expected.items():
        assert same(got[key], values), (key, got[key], values, steps, window)


def bucket(unit, day):
    if unit == "week":
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def moved(unit, start, count):
    if unit == "month":
        month = start.year * 12 + start.month - 1 + count
        return D(month // 12, month % 12 + 1, 1)
    return start + dt.timedelta(days=count * (7 if unit == "week" else 1))


def retention_by_hand(rows, start, comeback, who, unit, periods, cohort_unit):
    rows = followed(rows, [start, comeback], who)
    first = {}
    for row in rows:
        if row.is_event(start) and row.day <= PERIOD[1]:
            first.setdefault(row.who, row.day)
    back = {(row.who, bucket(unit, row.day)) for row in rows if row.is_event(comeback)}
    sizes, kept = Counter(), Counter()
    for actor, day in first.items():
        cohort = bucket(cohort_unit, day)
        sizes[cohort] += 1
        for count in periods:
            kept[cohort, count] += (actor, moved(unit, bucket(unit, day), count)) in back
    found = {}
    for cohort, size in sizes.items():
        last = min(moved(cohort_unit, cohort, 1) - dt.timedelta(days=1), PERIOD[1])
        values = []
        for count in periods:
            over = moved(unit, bucket(unit, last), count + 1) - dt.timedelta(days=1) <= LAST_DAY
            values.append(kept[cohort, count] / size if over else None)
        found[cohort] = (size, *values)
    return found


def label(unit, day):
    if unit == "month":
        return f"{day:%Y-%m}"
    return f"{day:%G-W%V}" if unit == "week" else day


@MANY
@given(data=st.data())
def test_retention(shop, visit, purchase, data):
    rows, bought = data.draw(visits(visit)), data.draw(purchases(purchase))
    start, comeback = data.draw(step), data.draw(step)
    unit = data.draw(st.sampled_from(["day", "week", "month"]))
    cohort_unit = data.draw(st.sampled_from(["day", "week", "month"]))
    periods = data.draw(st.lists(st.integers(1, 8), min_size=1, max_size=3, unique=True))
    answer = shop.fill(rows, bought).ask({
        "kind": "retention_query", "start": start, "comeback": comeback, "unit": unit,
        "periods": periods, "cohort_unit": cohort_unit, "scope": SCOPE, "entity": "customer",
    })  # fmt: skip
    expected = retention_by_hand(
        [*rows, *bought], start, comeback, "customer", unit, periods, cohort_unit
    )
    got = {row[0]: row[1:] for row in answer.rows}
    assert got.keys() == {label(cohort_unit, day) for day in expected}
    assert [row[0] for row in answer.rows] == sorted(got)
    for day, values in expected.items():
        assert same(got[label(cohort_unit, day)], values), (day, values)
    assert answer.totals["entities"] == sum(values[0] for values in expected.values())
    for number, name in enumerate(answer.columns[2:], 1):
        over = [values for values in expected.values() if values[number] is not None]
        size = sum(values[0] for values in over)
        kept = sum(values[0] * values[number] for values in over)
        assert close(answer.totals[name], kept / size if size else None)


def quantile(values, share):
    ordered, place = sorted(values), (len(values) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def intervals_by_hand(rows, start, end, who, window, group):
    rows = followed(rows, [start, end], who)
    found = defaultdict(list)
    for (actor, key), starts in starts_by_group(rows, [start, end], group).items():
        first = starts[0]
        after = (r for r in rows[first + 1 :] if r.who == actor and r.is_event(end))
        ended = next(after, None)
        if ended is not None and window and ended.at > rows[first].at + dt.timedelta(days=window):
            ended = None
        found[key].append(None if ended is None else length(rows[first].at, ended.at))
    return found


def interval_figures(gaps):
    known = [gap for gap in gaps if gap is not None]
    if not known:
        return (len(gaps), 0, None, None, None, None)
    return (
        len(gaps), len(known), sum(known) / len(known), median(known),
        quantile(known, 0.25), quantile(known, 0.75),
    )  # fmt: skip


@MANY
@given(data=st.data())
def test_intervals(shop, visit, purchase, data):
    rows, bought = data.draw(visits(visit)), data.draw(purchases(purchase))
    start, end = data.draw(step), data.draw(step)
    window = data.draw(st.none() | st.integers(1, 9))
    group = data.draw(st.sampled_from([None, "org"]))
    groups = [{"kind": "dimension", "dimension": group}] if group else []
    query = {
        "kind": "interval_query", "start": start, "end": end, "window_days": window,
        "group_by": groups, "scope": SCOPE, "entity": "customer",
    }  # fmt: skip
    answer = shop.fill(rows, bought).ask(query)
    everything = [*rows, *bought]
    expected = intervals_by_hand(everything, start, end, "customer", window, group)
    got = {(row[0] if group else None): row[1:] if group else row for row in answer.rows}
    if group is None:
        expected.setdefault(None, [])
    assert got.keys() == expected.keys()
    for key, gaps in expected.items():
        assert same(got[key], interval_figures(gaps)), (key, gaps, got[key])
    banded = shop.ask({**query, "group_by": [], "show": ["distribution", "median"]})
    known = [g for g in intervals_by_hand(everything, start, end, "customer", window, None)[None]
             if g is not None]  # fmt: skip
    assert sum(row[1] for row in banded.rows) == len(known) == banded.totals["entities"]
    assert close(banded.totals["median"], median(known) if known else None)
    for _, people, share, _ in banded.rows:
        assert close(share, people / len(known))


def paths_by_hand(rows, anchor, direction, size):
    first, last = PERIOD[0] - dt.timedelta(days=1), PERIOD[1] + dt.timedelta(days=1)
    rows = sorted((r for r in rows if first <= r.at.date() <= last), key=lambda r: (r.at, r.id))
    sessions = defaultdict(list)
    for row in rows:
        sessions[row.session].append(row)
    found = Counter()
    for events in sessions.values():
        stations, met = [], None
        for row in events:
            station = row.name + (f"·{row.page}" if row.page else "")
            if not stations or stations[-1] != station:
                stations.append(station)
            in_period = PERIOD[0] <= row.at.date() <= PERIOD[1]
            if met is None and in_period and Row(row, "visitor", True).is_event(anchor):
                met = len(stations) - 1
        if met is not None:
            part = (
                stations[met : met + size]
                if direction == "from"
                else stations[max(0, met - size + 1) : met + 1]
            )
            found[" → ".join(part)] += 1
    return found


@MANY
@given(data=st.data())
def test_paths(shop, visit, data):
    rows = data.draw(visits(visit))
    anchor = data.draw(step.filter(is_visit_step))
    direction = data.draw(st.sampled_from(["from", "to"]))
    size, top = data.draw(st.integers(2, 4)), data.draw(st.integers(1, 3))
    answer = shop.fill(rows).ask({
        "kind": "path_query", "anchor": anchor, "direction": direction, "length": size,
        "top": top, "scope": SCOPE,
    })  # fmt: skip
    expected = paths_by_hand(rows, anchor, direction, size)
    ranked = sorted(expected.items(), key=lambda item: (-item[1], item[0].encode()))[:top]
    assert [row[:2] for row in answer.rows] == ranked
    whole = sum(expected.values())
    assert all(close(row[2], row[1] / whole) for row in answer.rows)
    assert (answer.count, answer.totals["sessions"]) == (len(expected), whole)


QUERIES = [
    {"kind": "funnel_query", "steps": [{"event": "进页"}, {"event": "bought"}], "window_days": 9},
    {"kind": "retention_query", "start": {"event": "进页"}, "comeback": {"event": "bought"},
     "unit": "day", "periods": [1, 8], "entity": "customer"},
    {"kind": "interval_query", "start": {"event": "进页"}, "end": {"event": "成功"}},
    {"kind": "path_query", "anchor": {"event": "进页"}, "length": 3},
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q["kind"])
@settings(parent=MANY, max_examples=EXAMPLES or 5)
@given(data=st.data())
def test_a_policy_equals_removing_the_rows(shop, visit, purchase, limited, teller, query, data):
    rows, bought = data.draw(visits(visit)), data.draw(purchases(purchase))
    query = {**query, "scope": SCOPE}
    seen = shop.fill(rows, bought).ask(query, teller, limited)
    shop.fill([r for r in rows if r.org == "东"], [r for r in bought if r.org == "东"])
    alone = shop.ask(query)
    assert (seen.rows, seen.totals, seen.count) == (alone.rows, alone.totals, alone.count)
