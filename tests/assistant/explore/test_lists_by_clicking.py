"""A list of customers changed by clicks: its columns, its order, how many."""

from __future__ import annotations

from typing import Any

import pytest

from assistant import Assistant
from assistant.explore import Explorer, Section
from assistant.explore.lists import without
from semantic_layer.query import (
    ColumnRef,
    EntityQuery,
    MetricCondition,
    MetricRef,
    Order,
    Set,
    to_json,
)

HOLDERS = EntityQuery(
    Set("customer", MetricCondition("deposit", "gt", 100_000)),
    ("branch", "gender"),
    (MetricRef("deposit"), MetricRef("aum")),
    limit=20,
)


def behind(explorer: Explorer, kind: str) -> dict[str, Section]:
    chip = next(chip for chip in explorer.chips() if chip.kind == kind)
    return {section.title: section for section in explorer.sections(chip)}


def pick(section: Section, label: str) -> Any:
    return next(choice for choice in section.choices if choice.label == label).change


def test_a_list_says_its_columns_its_order_and_its_length(bank: Assistant) -> None:
    with bank.exploring(to_json(HOLDERS)) as explorer:
        told = {chip.name: chip.text for chip in explorer.chips()}
    assert told == {
        "列": "分行、性别、个人存款余额、零售AUM", "排序": "按个人存款余额从高到低",
        "取几个": "前20户", "筛选": "",
    }  # fmt: skip


def test_columns_come_and_go(bank: Assistant) -> None:
    with bank.exploring(to_json(HOLDERS)) as explorer:
        sections = behind(explorer, "columns")
    wider = pick(sections["加上字段"], "年龄段")
    assert [c.name for c in bank.run(wider).columns][1:4] == ["分行", "性别", "年龄段"]
    with_demand = pick(sections["加上指标"], "活期存款余额")
    assert [c.name for c in bank.run(with_demand).columns][-1] == "活期存款余额"
    offered = {choice.label for choice in sections["加上指标"].choices}
    assert not offered & {"客户数", "新增客户数", "个人存款余额"}
    fewer = pick(sections["去掉"], "个人存款余额")
    assert [c.name for c in bank.run(fewer).columns][1:] == ["分行", "性别", "零售AUM"]


def test_a_list_is_sorted_by_any_of_its_columns(bank: Assistant) -> None:
    with bank.exploring(to_json(HOLDERS)) as explorer:
        section = behind(explorer, "order")["排序"]
    answer = bank.run(pick(section, "零售AUM从低到高"))
    sizes: list[Any] = [row[4] for row in answer.rows]
    assert len(sizes) > 5
    assert sizes == sorted(sizes)


def test_as_many_are_listed_as_are_picked(bank: Assistant) -> None:
    with bank.exploring(to_json(HOLDERS)) as explorer:
        section = behind(explorer, "limit")["取几个"]
    assert [choice.label for choice in section.choices if choice.chosen] == ["前20户"]
    assert len(bank.run(pick(section, "前10户")).rows) == 10
    whole = bank.run(pick(section, "全部列出"))
    assert len(whole.rows) == whole.total_rows


@pytest.mark.parametrize(
    ("order", "gone", "kept"),
    [
        (ColumnRef(1), ColumnRef(0), (ColumnRef(0),)),
        (ColumnRef(0), ColumnRef(1), (ColumnRef(0),)),
        (ColumnRef(0), ColumnRef(0), ()),
        (ColumnRef(group=1), ColumnRef(group=0), (ColumnRef(group=0),)),
        (ColumnRef(1), ColumnRef(group=0), (ColumnRef(1),)),
    ],
)
def test_an_order_keeps_pointing_at_its_column(order: Any, gone: Any, kept: Any) -> None:
    query = EntityQuery(HOLDERS.set, HOLDERS.attributes, HOLDERS.measures, order=(Order(order),))
    assert tuple(o.column for o in without(query, gone).order) == kept
