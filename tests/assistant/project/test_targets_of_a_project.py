"""Targets of a whole year in a table of their own: completion, asked in a word."""

from __future__ import annotations

import duckdb
import pytest

from assistant.project import Assistant

SETTINGS = """
[project]
name = "河边书店"
as_of = "2026-05-11"
[database]
path = "shop.duckdb"
"""
CATALOG = """
version: 1
whole: 全公司
datasets:
  - name: sold
    source: sold
    key: id
    time: day
    fields: [{name: city, label: 城市}]
  - name: plans
    label: 年度计划
    source: plans
    key: [month_end, city, what]
    grain: month
    time: month_end
    fields: [{name: city}]
metrics:
  - {name: sales, label: 销售额, unit: CNY, dataset: sold, agg: sum, expr: paid}
  - {name: books, label: 售出册数, unit: 件, dataset: sold, agg: count}
targets:
  - {metric: any, source: plans, keys: {metric: what, org: city, period: month_end}, value: plan}
"""
ROWS = """
create table sold as select * from (values
  (0, date '2026-01-05', '无锡', 60), (1, date '2026-03-02', '苏州', 300), (2, date '2026-05-06', '苏州', 200),
  (3, date '2026-05-09', '无锡', 100)) t(id, day, city, paid);
create table plans as select last_day(make_date(2026, m::int, 1))::date as month_end,
  city, 'sales' as what, 100 as plan
  from range(1, 13) t(m), (values ('苏州'), ('无锡')) c(city);
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("targets")
    (folder / "wenshu.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "catalog").mkdir()
    (folder / "catalog" / "shop.yml").write_text(CATALOG, encoding="utf-8")
    database = duckdb.connect(str(folder / "shop.duckdb"))
    database.execute(ROWS)
    database.close()
    return Assistant.open(folder)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("3月销售额完成率", "销售额300.00元,完成目标的150.00%,超过目标100.00元。"),
        ("今年销售额完成情况", "销售额660.00元,完成目标的27.50%,低于目标1,740.00元。"),
        (
            "3月销售额完成率最低的城市",
            "销售额300.00元,完成目标的150.00%,超过目标100.00元;无锡0.00元(完成0.00%)。",
        ),
        (
            "3月销售额完成率超过80%的城市",
            ("销售额300.00元,完成目标的150.00%,超过目标100.00元;符合条件的1个城市:苏州(300.00%)。"),
        ),
        ("3月售出册数达成率", "售出册数1件,没有可比的目标。"),
    ],
)
def test_what_is_reached_of_a_target(shop, question, told):
    assert shop.ask(question).headline.partition("全公司")[2] == told
