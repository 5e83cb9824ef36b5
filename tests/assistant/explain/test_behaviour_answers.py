"""A query about behaviour gives a whole answer: sentence, reading, columns, SQL, data date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from assistant import Assistant

PROJECT = """
[project]
name = "小店"
catalog = "catalog"
as_of = "2026-03-31"
default_user = "店长"
[database]
engine = "duckdb"
path = "shop.duckdb"
[state]
path = "state.db"
[[users]]
name = "店长"
roles = ["boss"]
"""
CATALOG = """
version: 1
domain: 线上
datasets:
  - name: visits
    label: 访问
    source: visit
    key: id
    time: moment
    data_date: {max: moment, not_after: as_of}
    events:
      field: event
      session: session_no
      by: [{name: visitor, field: visitor, label: 访客, unit: 人}]
    fields:
      - {name: event, label: 事件, expr: what, values: {进店: [到店], 下单: [], 付款: []}}
      - {name: phone, label: 手机系统}
"""
ROWS = """
create table visit (id integer, moment timestamp, what varchar, visitor varchar, session_no varchar,
                    phone varchar);
insert into visit values
  (1, timestamp '2026-02-02 09:00:00', '进店', 'a', 's1', '安卓'),
  (2, timestamp '2026-02-02 09:06:00', '下单', 'a', 's1', '安卓'),
  (3, timestamp '2026-02-02 09:08:00', '付款', 'a', 's1', '安卓'),
  (4, timestamp '2026-02-03 09:00:00', '进店', 'b', 's2', '苹果'),
  (5, timestamp '2026-02-03 09:10:00', '下单', 'b', 's2', '苹果'),
  (6, timestamp '2026-02-04 09:00:00', '进店', 'c', 's3', '苹果'),
  (7, timestamp '2026-02-05 09:00:00', '进店', 'd', 's4', '安卓'),
  (8, timestamp '2026-03-31 09:00:00', '进店', 'a', 's5', '安卓');
"""
FEBRUARY = {"period": {"spans": [{"kind": "absolute", "start": "2026-02-01", "end": "2026-02-28"}]}}
STEPS = [{"event": name} for name in ("到店", "下单", "付款")]


@pytest.fixture(scope="module")
def online(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("online")
    (folder / "catalog").mkdir()
    (folder / "catalog" / "visit.yml").write_text(CATALOG, "utf-8")
    (folder / "wenshu.toml").write_text(PROJECT, "utf-8")
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute(ROWS)
    assistant = Assistant.open(folder, environment={}, debug=True)
    yield assistant
    assistant.close()


def ask(online: Assistant, kind: str, **slots):
    return online.run({"v": 1, "kind": kind, "scope": FEBRUARY, **slots})


def test_a_funnel_says_how_many_finish_and_which_step_converts_least(online):
    answer = ask(online, "funnel_query", steps=STEPS, show=["conversion", "median_time"])
    assert answer.outcome == "answer"
    assert answer.headline == (
        "2026年2月全行进店4人,最终付款1人,总转化率25.00%;较上一步转化率最低的是下单(50.00%)。"
    )
    assert answer.reading == "2026年2月 · 漏斗:进店 → 下单 → 付款 · 30天内依次完成 · 按访客去重"
    assert [c.name for c in answer.columns] == [
        "步骤", "访客数", "总转化率", "较上一步转化率", "距上一步时长中位数",
    ]  # fmt: skip
    assert [row[4] for row in answer.rows] == [None, 8, 2]
    assert "visit AS visits" in answer.sql
    assert answer.data_dates["visits"].isoformat() == "2026-03-31"
    assert answer.chart.type == "funnel"


def test_a_funnel_by_group_names_no_group_of_few_as_best(online):
    by = [{"kind": "dimension", "dimension": "phone"}]
    answer = ask(online, "funnel_query", steps=STEPS, group_by=by)
    assert answer.headline == "2026年2月全行付款共2组,总转化率见表。"
    assert answer.reading.endswith("按手机系统")
    assert answer.rows[0][:3] == ("安卓", "1. 进店", 2)


def test_a_funnel_by_group_has_its_whole_below(online):
    """a 两次到店(2月安卓、3月安卓)只在2月问:安卓2人、苹果2人,合计4人."""
    by = [{"kind": "dimension", "dimension": "phone"}]
    answer = ask(online, "funnel_query", steps=STEPS, group_by=by, show=["entities"])
    assert answer.subtotals == (
        ("合计", "1. 进店", 4), ("合计", "2. 下单", 2), ("合计", "3. 付款", 1),
    )  # fmt: skip
    assert answer.totals == {}


def test_periods_side_by_side_are_named_apart(online):
    spans = [("2026-02-01", "2026-02-03"), ("2026-02-04", "2026-02-28")]
    answer = ask(online, "funnel_query", steps=STEPS, show=["entities"], scope={"period": {
        "spans": [{"kind": "absolute", "start": a, "end": b} for a, b in spans]
    }})  # fmt: skip
    assert answer.headline.startswith("2026年2月1—3日、2026年2月4—28日全行付款共2组")
    assert [row[2] for row in answer.rows] == [2, 2, 1, 2, 0, 0]


def test_only_some_days_are_said(online):
    period = {**FEBRUARY["period"], "days": "weekend"}
    answer = ask(online, "funnel_query", steps=STEPS, scope={"period": period})
    assert "起始事件只算周末" in answer.reading
    assert answer.headline == "2026年2月只算周末全行没有符合条件的数据。"


def test_retention_tells_the_whole_and_draws_the_rates(online):
    answer = ask(
        online, "retention_query", start=STEPS[0], comeback=STEPS[0], unit="month", periods=[1, 2]
    )
    assert answer.headline == (
        "2026年2月全行首次进店的访客共4人;次月留存率为25.00%(只含观察期已满的)。"
    )
    assert answer.rows == (("2026-02", 4, 0.25, None),)
    assert [s.column for s in answer.chart.series] == ["month_1", "month_2"]


def test_a_path_tells_the_most_frequent(online):
    answer = ask(online, "path_query", anchor=STEPS[0], length=2)
    assert answer.headline == (
        "2026年2月全行遇到进店的会话共4次;最常见的路径是“进店”(2次,占50.00%)。"
    )
    assert (answer.rows[1][0], answer.total_rows) == ("进店 → 下单", 2)


def test_an_interval_tells_mean_and_median(online):
    answer = ask(online, "interval_query", start=STEPS[0], end=STEPS[1], show=["mean", "median"])
    assert answer.headline == (
        "2026年2月全行进店之后下单的访客2人,平均间隔为8.0分钟、间隔中位数为8.0分钟。"
    )


def test_nothing_happened_is_said(online):
    answer = ask(online, "funnel_query", steps=STEPS[1:], scope={
        "period": {"spans": [{"kind": "absolute", "start": "2026-03-01", "end": "2026-03-10"}]}
    })  # fmt: skip
    assert answer.headline.endswith("没有符合条件的数据。")


def test_an_unknown_event_is_refused_with_a_near_one(online):
    answer = ask(online, "funnel_query", steps=[{"event": "进了店"}, {"event": "付款"}])
    assert (answer.outcome, answer.code) == ("refusal", "unknown_term")
    assert "进店" in answer.message
