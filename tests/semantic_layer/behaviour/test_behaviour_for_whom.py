"""Sets in the filter, several periods side by side, kinds of days, masked fields."""

from __future__ import annotations

import datetime as dt

import pytest

T, D = dt.datetime, dt.date


def absolute(start: str, end: str) -> dict:
    return {"kind": "absolute", "start": start, "end": end}


def during(*spans: tuple[str, str], **more) -> dict:
    return {"period": {"spans": [absolute(*span) for span in spans], **more}}


MARCH = during(("2026-03-01", "2026-03-12"))
WEEKS = during(("2026-03-01", "2026-03-05"), ("2026-03-06", "2026-03-12"))
OPENED, DONE = {"event": "打开"}, {"event": "成功"}
BY_SYSTEM = [{"kind": "dimension", "dimension": "os"}]


def member(where: dict, **more) -> dict:
    return {"kind": "member", "set": {"kind": "set", "entity": "customer", "where": where, **more}}


WOMEN = member({"kind": "condition", "dimension": "gender", "op": "in", "values": ["女"]})
BUYERS = member({"kind": "metric_condition", "metric": "funds", "op": "ge", "value": 1})


def funnel(scope: dict, **more) -> dict:
    base = {"kind": "funnel_query", "steps": [OPENED, DONE], "window_days": 30}
    return {**base, "show": ["entities"], "entity": "customer", "scope": scope, **more}


@pytest.fixture
def log(shop, visit, purchase):
    """(谁, 几号, 几点几分, 做了什么, 别的) → 库里的访问;买:(谁, 几号)."""

    def fill(*lines, bought=()):
        rows = [
            visit(f"e{n:02}", T(2026, 3, day, *clock), name, f"v{who}", who, **dict(*more))
            for n, (who, day, clock, name, *more) in enumerate(lines)
        ]
        return shop.fill(
            rows, [purchase(f"p{n}", D(2026, 3, day), who) for n, (who, day) in enumerate(bought)]
        )

    return fill


@pytest.fixture
def visited(log):
    """c1(女)、c2、c3 都打开,c1、c2 成功;c1 在 3 日、c3 在 8 日买过基金."""
    return log(
        ("c1", 2, (9, 0), "打开"), ("c1", 2, (9, 5), "成功"),
        ("c2", 3, (9, 0), "打开"), ("c2", 8, (9, 0), "打开"), ("c2", 8, (9, 5), "成功"),
        ("c3", 7, (9, 0), "打开"),
        bought=(("c1", 3), ("c3", 8)),
    )  # fmt: skip


def test_a_set_chooses_whose_start_counts(visited):
    only_women = visited.ask(funnel({**MARCH, "where": WOMEN}))
    assert only_women.rows == [("1. 打开", 1), ("2. 成功", 1)]
    others = visited.ask(funnel({**MARCH, "where": {"kind": "not", "child": WOMEN}}))
    assert others.rows == [("1. 打开", 2), ("2. 成功", 1)]


def test_a_set_by_a_figure_is_judged_over_the_period_of_the_starts(visited):
    """1—12 日买过基金的是 c1、c3;1—5 日只有 c1."""
    assert visited.ask(funnel({**MARCH, "where": BUYERS})).rows == [("1. 打开", 2), ("2. 成功", 1)]
    early = during(("2026-03-01", "2026-03-05"))
    assert visited.ask(funnel({**early, "where": BUYERS})).rows == [("1. 打开", 1), ("2. 成功", 1)]
    own = {"kind": "period", "spans": [absolute("2026-03-08", "2026-03-08")]}
    named = member({"kind": "metric_condition", "metric": "funds", "op": "ge", "value": 1,
                    "period": own})  # fmt: skip
    assert visited.ask(funnel({**MARCH, "where": named})).rows == [("1. 打开", 1), ("2. 成功", 0)]


def test_who_did_or_did_not_do_something_is_a_set_too(visited):
    never = member({"kind": "event_condition", "event": "bought", "did": False})
    assert visited.ask(funnel({**MARCH, "where": never})).rows == [("1. 打开", 1), ("2. 成功", 1)]


def test_a_set_may_narrow_one_step_and_every_other_kind_of_question(visited):
    steps = [OPENED, {**DONE, "where": WOMEN}]
    answer = visited.ask(funnel(MARCH, steps=steps))
    assert [row[1] for row in answer.rows] == [3, 1]
    chosen = {**MARCH, "where": WOMEN}
    retained = visited.ask(
        {"kind": "retention_query", "start": OPENED, "comeback": DONE, "unit": "day",
         "periods": [1], "cohort_unit": "month", "entity": "customer", "scope": chosen}
    )  # fmt: skip
    assert retained.rows == [("2026-03", 1, 0)]
    gaps = visited.ask(
        {"kind": "interval_query", "start": OPENED, "end": DONE, "show": ["mean"],
         "entity": "customer", "scope": chosen}
    )  # fmt: skip
    assert gaps.rows == [(1, 1, 5)]


def test_a_path_of_some_only(log):
    shop = log(
        ("c1", 2, (9, 0), "打开", {"session": "s1"}), ("c1", 2, (9, 5), "成功", {"session": "s1"}),
        ("c2", 2, (9, 0), "打开", {"session": "s2"}),
    )  # fmt: skip
    path = {"kind": "path_query", "anchor": OPENED, "length": 2, "scope": {**MARCH, "where": WOMEN}}
    answer = shop.ask(path)
    assert (answer.rows, answer.totals) == ([("打开 → 成功", 1, 1)], {"sessions": 1})


def test_periods_stand_side_by_side_each_for_itself(visited):
    """1—5 日打开的 c1、c2,c2 在 8 日成功也算;6—12 日打开的 c2、c3."""
    answer = visited.ask(funnel(WEEKS))
    assert answer.columns == ["period", "step", "entities"]
    assert answer.rows == [
        ("2026年3月1—5日", "1. 打开", 2), ("2026年3月1—5日", "2. 成功", 2),
        ("2026年3月6—12日", "1. 打开", 2), ("2026年3月6—12日", "2. 成功", 1),
    ]  # fmt: skip
    assert answer.whole == []


def test_each_period_has_its_own_members(visited):
    """1—5 日买过的是 c1;6—12 日买过的是 c3,没有成功."""
    answer = visited.ask(funnel({**WEEKS, "where": BUYERS}))
    assert [row[2] for row in answer.rows] == [1, 1, 1, 0]
    by_day = visited.ask(
        funnel({**MARCH, "where": BUYERS}, group_by=[{"kind": "time", "grain": "date"}])
    )
    assert by_day.rows == []  # c1 3 日买、2 日打开;c3 8 日买、7 日打开:没有同一天的


def test_cohorts_and_gaps_stand_side_by_side_too(visited):
    retained = visited.ask(
        {"kind": "retention_query", "start": OPENED, "comeback": OPENED, "unit": "day",
         "periods": [5, 15], "cohort_unit": "month", "entity": "customer", "scope": WEEKS}
    )  # fmt: skip
    assert retained.rows == [
        ("2026年3月1—5日", "2026-03", 2, 0.5, 0),  # 3 日打开的 c2 在 8 日又来;5 日+15=20 日已过
        ("2026年3月6—12日", "2026-03", 2, 0, None),  # 12 日 + 15 = 27 日还没到
    ]
    assert retained.totals is None
    gaps = visited.ask(
        {"kind": "interval_query", "start": OPENED, "end": DONE, "show": ["mean"],
         "entity": "customer", "scope": WEEKS}
    )  # fmt: skip
    assert [row[1:] for row in gaps.rows] == [(2, 2, (5 + 5 * 1440 + 5) / 2), (2, 1, 5)]


def test_only_starts_on_such_days_count(visited):
    """2026 年 3 月 7、8 日是周末:c3 和 c2 的第二次打开;后面的步骤不限."""
    weekend = during(("2026-03-01", "2026-03-12"), days="weekend")
    assert visited.ask(funnel(weekend)).rows == [("1. 打开", 2), ("2. 成功", 1)]
    none = during(("2026-03-02", "2026-03-03"), days="weekend")
    assert visited.ask(funnel(none)).rows == [("1. 打开", 0), ("2. 成功", 0)]


def test_the_whole_of_a_funnel_counts_everybody_once(log):
    """c1 先安卓后苹果,两组各算一次,合计是 2 人,不是 3 人."""
    shop = log(
        ("c1", 2, (9, 0), "打开", {"os": "安卓"}), ("c1", 3, (9, 0), "打开", {"os": "苹果"}),
        ("c1", 3, (9, 5), "成功"), ("c2", 2, (9, 0), "打开", {"os": "苹果"}),
    )  # fmt: skip
    answer = shop.ask(funnel(MARCH, group_by=BY_SYSTEM, show=["entities", "conversion"]))
    assert [row[:3] for row in answer.rows] == [
        ("苹果", "1. 打开", 2), ("苹果", "2. 成功", 1),
        ("安卓", "1. 打开", 1), ("安卓", "2. 成功", 1),
    ]  # fmt: skip
    assert answer.whole == [("合计", "1. 打开", 2, 1, None), ("合计", "2. 成功", 1, 0.5, 0.5)]
    assert shop.ask(funnel(MARCH)).whole == []


def test_steps_past_midnight_follow_by_the_clock_and_days_by_the_calendar(log):
    """23:59 打开、0:01 成功:隔2分钟,却是第1日."""
    shop = log(("c1", 2, (23, 59), "打开"), ("c1", 3, (0, 1), "成功"))
    gaps = shop.ask(
        {"kind": "interval_query", "start": OPENED, "end": DONE, "show": ["mean"],
         "window_days": 1, "entity": "customer", "scope": MARCH}
    )  # fmt: skip
    assert gaps.rows == [(1, 1, 2)]
    retained = shop.ask(
        {"kind": "retention_query", "start": OPENED, "comeback": DONE, "unit": "day",
         "periods": [1], "cohort_unit": "day", "entity": "customer", "scope": MARCH}
    )  # fmt: skip
    assert retained.rows == [(D(2026, 3, 2), 1, 1)]


def test_a_session_is_read_over_midnight_but_no_further(log):
    """2 日 23:59 到 3 日的会话是一次;同一会话号在 9 日的行不接上来."""
    shop = log(
        ("c1", 12, (23, 59), "打开", {"session": "s"}), ("c1", 13, (0, 1), "成功", {"session": "s"}),
        ("c1", 19, (9, 0), "填表", {"session": "s"}),
    )  # fmt: skip
    answer = shop.ask({"kind": "path_query", "anchor": OPENED, "length": 4, "scope": MARCH})
    assert answer.rows == [("打开 → 成功", 1, 1)]


def test_at_the_same_moment_the_order_of_the_steps_decides(log):
    """同一分钟的打开和成功:打开→成功成立,成功→打开也成立."""
    shop = log(("c1", 2, (9, 0), "成功"), ("c1", 2, (9, 0), "打开"))
    assert [row[1] for row in shop.ask(funnel(MARCH)).rows] == [1, 1]
    assert [row[1] for row in shop.ask(funnel(MARCH, steps=[DONE, OPENED])).rows] == [1, 1]


AGAIN = [{"event": "填表"}, {"event": "下单"}, {"event": "填表"}]


@pytest.fixture
def filled_again(log):
    """c1 12日在甲系统、13日在乙系统填表,13日购买;c2 9日填表,10日购买,11日再填表."""
    return log(
        ("c1", 12, (9, 0), "填表", {"os": "甲"}), ("c1", 13, (9, 0), "填表", {"os": "乙"}),
        ("c2", 9, (9, 0), "填表", {"os": "乙"}), ("c2", 11, (9, 0), "填表", {"os": "乙"}),
        bought=(("c1", 13), ("c2", 10)),
    )  # fmt: skip


@pytest.mark.parametrize(("last", "expected"), [(9, [1, 1, 1]), (12, [2, 2, 1]), (13, [2, 2, 1])])
def test_the_days_asked_about_do_not_reorder_events_of_one_day(filled_again, last, expected):
    """购买只有日期:与购买同一天的填表排在购买之前,问到几日 c1 都只走到购买;c2 隔日再填,走完."""
    days = during(("2026-03-09", f"2026-03-{last:02}"))
    assert [row[1] for row in filled_again.ask(funnel(days, steps=AGAIN)).rows] == expected


def test_nor_does_a_condition_so_a_group_stays_equal_to_its_filter(filled_again):
    """甲系统只有 c1 12日的填表是起始;13日乙系统的那次仍排在当天购买之前."""
    days = during(("2026-03-09", "2026-03-13"))
    grouped = filled_again.ask(funnel(days, steps=AGAIN, group_by=BY_SYSTEM)).rows
    assert [row[2] for row in grouped if row[0] == "甲"] == [1, 1, 0]
    only = {"kind": "condition", "dimension": "os", "op": "in", "values": ["甲"]}
    alone = filled_again.ask(funnel({**days, "where": only}, steps=AGAIN)).rows
    assert [row[1] for row in alone] == [1, 1, 0]


LAST = {
    "another date of the row": (funnel(during(("2026-03-01", "2026-03-12"), role="申请日")),
                                "dim_not_applicable"),
    "overlapping periods": (
        funnel(during(("2026-03-01", "2026-03-05"), ("2026-03-05", "2026-03-12"))), "unsupported",
    ),
    "paths side by side": (
        {"kind": "path_query", "anchor": OPENED, "scope": WEEKS}, "unsupported",
    ),
    "nobody's condition": (
        funnel({**MARCH, "where": {"kind": "metric_condition", "metric": "funds", "op": "ge",
                                   "value": 1}}), "unattached_condition",
    ),
    "an unknown segment": (
        funnel({**MARCH, "where": {"kind": "segment", "segment": "沉睡客户"}}), "unknown_term",
    ),
    "a private field inside a set": (
        funnel({**MARCH, "where": member({"kind": "condition", "dimension": "mobile", "op": "in",
                                          "values": ["1390001"]})}), "sensitive_field",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("query", "code"), LAST.values(), ids=LAST.keys())
def test_what_has_no_one_answer_is_refused(shop, query, code):
    assert shop.ask(query).code == code


@pytest.mark.parametrize(
    "query", [funnel({**MARCH, "where": WOMEN}), funnel(MARCH, group_by=BY_SYSTEM)],
    ids=["in a set", "as a group"],
)  # fmt: skip
def test_a_masked_field_is_no_set_and_no_group(shop, masked, teller, query):
    assert shop.ask(query, teller, masked).code == "sensitive_field"


def test_a_set_is_judged_within_the_rights_of_the_asker(visited, limited, teller, visit, purchase):
    """柜员只看东:c1 的购买在西,对他来说 c1 没买过."""
    visited.fill(
        [visit("1", T(2026, 3, 2, 9), "打开", "v1", "c1", org="东"),
         visit("2", T(2026, 3, 2, 9), "打开", "v2", "c2", org="东")],
        [purchase("p1", D(2026, 3, 3), "c1", org="西"), purchase("p2", D(2026, 3, 3), "c2", org="东")],
    )  # fmt: skip
    query = funnel({**MARCH, "where": BUYERS})
    assert visited.ask(query, teller, limited).rows == [("1. 打开", 1), ("2. 成功", 0)]
    assert visited.ask(query).rows == [("1. 打开", 2), ("2. 成功", 0)]
