"""Small logs that a business person can follow with a finger."""

from __future__ import annotations

import datetime as dt

import pytest

from semantic_layer.query import query_from_json
from semantic_layer.resolve import resolve

T, D = dt.datetime, dt.date


def between(start: str, end: str) -> dict:
    return {"period": {"spans": [{"kind": "absolute", "start": start, "end": end}]}}


EARLY = between("2026-03-01", "2026-03-12")
REGISTER = [{"event": "进页"}, {"event": "填表"}, {"event": "成功"}]


def funnel(steps=REGISTER, **more) -> dict:
    return {"kind": "funnel_query", "steps": steps, "window_days": 7, "scope": EARLY, **more}


@pytest.fixture
def log(shop, visit):
    """(谁, 几号, 几点几分, 做了什么, 别的) → 库里的访问."""

    def fill(*lines, purchases=()):
        rows = [
            visit(f"e{n:02}", T(2026, 3, day, *clock), name, who, **dict(*more))
            for n, (who, day, clock, name, *more) in enumerate(lines)
        ]
        return shop.fill(rows, purchases)

    return fill


@pytest.fixture
def registrations(log):
    return log(
        ("甲", 1, (9, 0), "进页"), ("甲", 1, (9, 5), "填表"), ("甲", 1, (9, 15), "成功"),
        ("乙", 1, (9, 0), "进页"), ("乙", 1, (9, 20), "填表"),
        ("丙", 1, (9, 0), "填表"), ("丙", 1, (9, 1), "进页"),  # 先后不对
        ("丁", 1, (9, 0), "进页"), ("丁", 9, (9, 0), "进页"), ("丁", 9, (9, 10), "填表"),
        ("戊", 12, (9, 0), "进页"), ("戊", 14, (9, 0), "填表"), ("戊", 19, (9, 0), "成功"),
        ("己", 13, (9, 0), "进页"), ("己", 13, (9, 1), "填表"),  # 期外才开始
        ("庚", 2, (9, 0), "进页"), ("庚", 9, (9, 1), "填表"),  # 过了7天零1分
    )  # fmt: skip


def test_each_visitor_counts_once_at_every_step_reached_in_order_and_time(registrations):
    """甲走完;乙、丁停在填表;戊在期末开始、7天整成功;丙、庚只进了页;己不在期内."""
    answer = registrations.ask(funnel(show=["entities", "conversion", "dropped"]))
    assert answer.columns == ["step", "entities", "conversion", "step_conversion", "dropped"]
    assert answer.rows == [
        ("1. 进页", 6, 1, None, 2),
        ("2. 填表", 4, pytest.approx(4 / 6), pytest.approx(4 / 6), 2),
        ("3. 成功", 2, pytest.approx(2 / 6), pytest.approx(2 / 4), None),
    ]


def test_times_are_measured_from_the_nearest_step_before(registrations):
    """填表:甲5、乙20、丁10分钟(从第二次进页起)、戊2天=2880分钟;成功:甲10分钟、戊5天."""
    answer = registrations.ask(funnel(show=["median_time"]))
    assert [row[2] for row in answer.rows] == [None, (10 + 20) / 2, (10 + 7200) / 2]


def test_windows_that_are_not_over_are_told(registrations):
    """数据到3月20日:3月14日起开始的才不满7天,所以到12日都满了."""
    assert "open_window" not in registrations.ask(funnel()).warned
    late = registrations.ask(funnel(scope=between("2026-03-01", "2026-03-14")))
    message = dict(late.resolved.warnings)["open_window"]
    assert "2026年3月14日起开始的观察期不满7天" in message


def test_a_group_is_that_of_the_first_event_and_equals_the_filter(log):
    """甲在安卓失败后换苹果成功:两组各算一次,合计仍是一人."""
    shop = log(
        ("甲", 1, (9, 0), "进页", {"os": "安卓"}), ("甲", 9, (8, 0), "进页", {"os": "苹果"}),
        ("甲", 9, (9, 0), "填表", {"os": "苹果"}),
        ("乙", 2, (9, 0), "进页", {"os": "安卓"}), ("乙", 2, (9, 1), "填表"),
        ("丙", 2, (9, 0), "进页"),
    )  # fmt: skip
    by_os = [{"kind": "dimension", "dimension": "os"}]
    answer = shop.ask(funnel(REGISTER[:2], group_by=by_os, show=["entities"]))
    assert answer.rows == [
        ("安卓", "1. 进页", 2), ("安卓", "2. 填表", 1),
        ("未知", "1. 进页", 1), ("未知", "2. 填表", 0),
        ("苹果", "1. 进页", 1), ("苹果", "2. 填表", 1),
    ]  # fmt: skip
    android = {"kind": "condition", "dimension": "os", "op": "in", "values": ["安卓"]}
    alone = shop.ask(funnel(REGISTER[:2], show=["entities"], scope={**EARLY, "where": android}))
    assert alone.rows == [("1. 进页", 2), ("2. 填表", 1)]
    assert shop.ask(funnel(REGISTER[:2], show=["entities"])).rows[0] == ("1. 进页", 3)


def test_by_month_of_the_start(log):
    shop = log(("甲", 1, (9, 0), "进页"), ("甲", 1, (9, 0), "填表"))
    answer = shop.ask(funnel(REGISTER[:2], group_by=[{"kind": "time", "grain": "month"}]))
    assert [row[:3] for row in answer.rows] == [
        ("2026-03", "1. 进页", 1),
        ("2026-03", "2. 填表", 1),
    ]


def test_one_row_is_never_two_steps(log):
    """甲打开两次、乙一次:“打开 → 打开”甲走到第二步,乙没有;同一时刻的两次也算两次."""
    shop = log(
        ("甲", 1, (9, 0), "打开"), ("甲", 2, (9, 0), "打开"), ("乙", 1, (9, 0), "打开"),
        ("丙", 3, (9, 0), "打开"), ("丙", 3, (9, 0), "打开"),
    )  # fmt: skip
    answer = shop.ask(funnel([{"event": "打开"}, {"event": "打开"}], show=["entities"]))
    assert answer.rows == [("1. 打开", 3), ("2. 打开", 2)]


def test_a_step_can_be_narrowed(log):
    shop = log(("甲", 1, (9, 0), "打开", {"page": "首页"}), ("乙", 1, (9, 0), "打开"))
    home = {"kind": "condition", "dimension": "page", "op": "in", "values": ["首页"]}
    steps = [{"event": "打开", "where": home}, {"event": "成功"}]
    assert shop.ask(funnel(steps, show=["entities"])).rows == [("1. 打开(首页)", 1), ("2. 成功", 0)]


def test_a_purchase_of_the_same_day_follows_a_visit(log, purchase):
    """购买只有日期:按天比较,3月2日9点打开、当日购买算先后成立;单位是天."""
    shop = log(
        ("v", 2, (9, 0), "打开", {"customer": "c1"}), ("v", 2, (9, 0), "打开", {"customer": "c2"}),
        purchases=[purchase("p1", D(2026, 3, 2), "c1"), purchase("p2", D(2026, 3, 1), "c2")],
    )  # fmt: skip
    steps = [{"event": "打开"}, {"event": "下单"}]
    answer = shop.ask(funnel(steps, show=["entities", "median_time"]))
    assert answer.rows == [("1. 打开", 2, None), ("2. 购买", 1, 0)]
    assert not answer.resolved.behaviour.by_time
    assert answer.resolved.behaviour.actor == "customer"


def test_the_rows_of_a_metric_are_events_too(shop, purchase):
    shop.fill(
        (), [purchase("p1", D(2026, 3, 2), "c1", "理财"), purchase("p2", D(2026, 3, 3), "c1")]
    )
    steps = [{"event": "购买"}, {"event": "funds"}]
    answer = shop.ask(funnel(steps, show=["entities"], entity="customer"))
    assert answer.rows == [("1. 购买", 1), ("2. 基金笔数", 1)]
    backwards = shop.ask(funnel(steps[::-1], show=["entities"], entity="customer"))
    assert backwards.rows == [("1. 基金笔数", 1), ("2. 购买", 0)]


def retention(unit: str, periods: list[int], **more) -> dict:
    start, comeback = {"event": "成功"}, {"event": "打开"}
    return {
        "kind": "retention_query", "start": start, "comeback": comeback, "unit": unit,
        "periods": periods, "cohort_unit": "day", "scope": EARLY, **more,
    }  # fmt: skip


def test_retention_asks_for_exactly_the_nth_day_and_hides_what_is_not_over(log):
    """1日成功的甲、乙:次日只有甲来;7日后(8日)只有乙来。12日成功的丙:次日来了,第9日(21日)还没到."""
    shop = log(
        ("甲", 1, (9, 0), "成功"), ("甲", 2, (9, 0), "打开"), ("甲", 3, (9, 0), "成功"),
        ("乙", 1, (9, 0), "成功"), ("乙", 1, (23, 0), "打开"), ("乙", 8, (9, 0), "打开"),
        ("丙", 12, (9, 0), "成功"), ("丙", 13, (0, 0), "打开"),
    )  # fmt: skip
    answer = shop.ask(retention("day", [1, 7, 9]))
    assert answer.columns == ["cohort", "entities", "day_1", "day_7", "day_9"]
    assert answer.rows == [
        (D(2026, 3, 1), 2, 0.5, 0.5, 0),
        (D(2026, 3, 12), 1, 1, 0, None),
    ]
    assert answer.totals == {
        "entities": 3, "day_1": pytest.approx(2 / 3), "day_7": pytest.approx(1 / 3), "day_9": 0,
    }  # fmt: skip
    assert "open_cohort" in answer.warned


def test_next_month_is_the_calendar_month_after(shop, visit):
    """1月31日成功、2月1日打开即次月留存;3月未完,第2月还不能算."""
    shop.fill(
        [
            visit("1", T(2026, 1, 31, 9), "成功", "甲"),
            visit("2", T(2026, 2, 1, 9), "打开", "甲"),
            visit("3", T(2026, 1, 1, 9), "成功", "乙"),
            visit("4", T(2026, 3, 1, 9), "打开", "乙"),
        ]
    )
    january = between("2026-01-01", "2026-01-31")
    answer = shop.ask(retention("month", [1, 2], cohort_unit="month", scope=january))
    assert answer.rows == [("2026-01", 2, 0.5, None)]


def test_intervals_run_from_the_first_start_to_the_first_end_after_it(log):
    """甲5分钟(第二次进页不算);乙先成功后进页,没有间隔;丙10分钟;丁没有成功."""
    shop = log(
        ("甲", 1, (9, 0), "进页"), ("甲", 1, (9, 4), "进页"), ("甲", 1, (9, 5), "成功"),
        ("乙", 1, (8, 0), "成功"), ("乙", 1, (9, 0), "进页"),
        ("丙", 2, (9, 0), "进页"), ("丙", 2, (9, 10), "成功"), ("丙", 2, (9, 11), "成功"),
        ("丁", 3, (9, 0), "进页"),
    )  # fmt: skip
    query = {
        "kind": "interval_query", "start": {"event": "进页"}, "end": {"event": "成功"}, "scope": EARLY,
    }  # fmt: skip
    answer = shop.ask(query)
    assert answer.columns == ["started", "entities", "mean", "median", "p25", "p75"]
    assert answer.rows == [(4, 2, 7.5, 7.5, 6.25, 8.75)]
    assert "censored" in answer.warned
    banded = shop.ask({**query, "show": ["distribution"]})
    assert banded.rows == [("5—30分钟", 2, 1)]
    assert banded.totals == {"entities": 2, "share": 1}


def test_paths_fold_repeats_and_stay_within_the_session(log):
    """s1:首页、首页、进页、成功;s2:首页、进页;s3 没有进页;s4 从进页开始."""
    home = {"page": "首页"}
    shop = log(
        ("甲", 1, (9, 0), "打开", {"session": "s1", **home}), ("甲", 1, (9, 1), "打开", {"session": "s1", **home}),
        ("甲", 1, (9, 2), "进页", {"session": "s1"}), ("甲", 1, (9, 3), "成功", {"session": "s1"}),
        ("甲", 2, (9, 0), "打开", {"session": "s2", **home}), ("甲", 2, (9, 1), "进页", {"session": "s2"}),
        ("乙", 2, (9, 0), "打开", {"session": "s3"}), ("乙", 2, (9, 5), "进页", {"session": "s4"}),
    )  # fmt: skip
    query = {"kind": "path_query", "anchor": {"event": "进页"}, "length": 3, "scope": EARLY}
    to = shop.ask({**query, "direction": "to"})
    assert to.rows == [
        ("打开·首页 → 进页", 2, pytest.approx(2 / 3)),
        ("进页", 1, pytest.approx(1 / 3)),
    ]
    assert (to.count, to.totals) == (2, {"sessions": 3})
    after = shop.ask({**query, "direction": "from", "top": 1})
    assert after.rows == [("进页", 2, pytest.approx(2 / 3))]
    assert after.count == 2


def test_rows_dated_after_the_data_date_do_not_count(log):
    shop = log(("甲", 1, (9, 0), "进页"), ("甲", 21, (9, 0), "成功"))
    steps = [{"event": "进页"}, {"event": "成功"}]
    answer = shop.ask(funnel(steps, window_days=30, show=["entities"]))
    assert answer.rows == [("1. 进页", 1), ("2. 成功", 0)]


def test_who_sees_a_part_is_told_so(log, limited, teller):
    """柜员只看东:进页没有机构,看不到;不能当作没有人进页."""
    shop = log(
        ("甲", 1, (9, 0), "进页"), ("甲", 1, (9, 1), "填表", {"org": "东"}),
        ("乙", 1, (9, 0), "进页", {"org": "东"}), ("丙", 1, (9, 0), "进页", {"org": "西"}),
    )  # fmt: skip
    answer = shop.ask(funnel(REGISTER[:2], show=["entities"]), teller, limited)
    assert answer.rows == [("1. 进页", 1), ("2. 填表", 0)]
    assert "limited_rows" in answer.warned
    assert "limited_rows" not in shop.ask(funnel(REGISTER[:2])).warned


def test_orders_may_be_many_of_one_person(shop, purchase):
    shop.fill((), [purchase("p1", D(2026, 3, 2), "c1")])
    query = {
        "kind": "interval_query", "start": {"event": "购买"}, "end": {"event": "买基金"},
        "scope": EARLY, "entity": "order", "group_by": [{"kind": "dimension", "dimension": "gender"}],
    }  # fmt: skip
    assert shop.ask(query, least=2).code == "unsupported"
    assert shop.ask(query).rows == [("女", 1, 0, None, None, None, None)]


REFUSED = {
    "unknown event": (funnel([{"event": "进业"}, {"event": "成功"}]), "unknown_term"),
    "two events of that name": (funnel([{"event": "买"}, {"event": "成功"}]), "ambiguous_phrase"),
    "a metric without actors": (
        funnel([{"event": "customers_seen"}, {"event": "成功"}]), "unknown_term",
    ),
    "too many steps": (funnel([{"event": "打开"}] * 13), "invalid_query"),
    "a path of one station": (
        {"kind": "path_query", "anchor": {"event": "进页"}, "length": 1, "scope": EARLY},
        "invalid_query",
    ),
    "nobody in common": (
        funnel([{"event": "进页"}, {"event": "购买"}], entity="visitor"), "dim_not_applicable",
    ),
    "private group": (
        funnel(group_by=[{"kind": "dimension", "dimension": "mobile"}]), "sensitive_field",
    ),
    "unknown group": (
        funnel(group_by=[{"kind": "dimension", "dimension": "星座"}]), "unknown_dimension",
    ),
    "group out of reach": (
        funnel(group_by=[{"kind": "dimension", "dimension": "kind"}]), "dim_not_applicable",
    ),
    "no such period": (retention("day", [0]), "invalid_query"),
    "not loaded yet": (funnel(scope=between("2026-03-25", "2026-03-26")), "no_data_yet"),
    "path without session": (
        {"kind": "path_query", "anchor": {"event": "购买"}, "scope": EARLY}, "dim_not_applicable",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("query", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_told_is_refused(shop, query, code):
    assert shop.ask(query).code == code


def test_a_near_event_is_offered(shop):
    problem = shop.ask(funnel([{"event": "填写表"}, {"event": "成功"}]))
    assert "填表" in [candidate.id for candidate in problem.candidates]


@pytest.mark.parametrize("dialect", ["spark", "clickhouse"])
def test_the_same_tree_is_written_for_other_engines(registrations, dialect):
    import sqlglot

    from semantic_layer.compile import compile_query
    from semantic_layer.principal import Principal

    snapshot = registrations.snapshot()
    for query in (funnel(show=["median_time"]), retention("month", [1])):
        parsed = query_from_json({"v": 1, **query})
        resolved = resolve(parsed, snapshot, Principal("甲"))
        text = compile_query(resolved, snapshot).sql(dialect)
        assert sqlglot.parse_one(text, dialect=dialect).sql(dialect) is not None
