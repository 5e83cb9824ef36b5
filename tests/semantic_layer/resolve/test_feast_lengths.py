"""Feasts of different length, and two feasts in one row of days off, are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from semantic_layer.calendars.chinese import ChineseCalendar
from semantic_layer.principal import Principal
from semantic_layer.query import Comparison, Holiday, Period, Relative
from semantic_layer.resolve import resolve


@pytest.fixture
def told(mq, snapshot):
    """The warnings about feasts with the official days off of 2025 and 2026."""
    world = replace(snapshot, calendar=ChineseCalendar())

    def run(period, **more):
        found = resolve(mq("txn_amount", period=period, **more), world, Principal("甲"))
        return [text for code, text in found.warnings if code == "feast_length"]

    return run


def test_a_feast_of_seven_days_against_one_of_eight(told):
    assert told(Holiday("国庆"), compare=(Comparison("yoy"),)) == [
        "假期天数不同,合计不宜直接比较:2026年10月1—7日共7天,2025年10月1—8日共8天。",
        "2025年10月1—8日是国庆与中秋的连休,共8天,分不开。",
    ]


def test_feasts_side_by_side(told):
    texts = told(Period((Holiday("春节"), Holiday("春节", offset=-1))))
    assert texts == [
        "假期天数不同,合计不宜直接比较:2025年1月28日—2月4日共8天,2026年2月15—23日共9天。"
    ]


def test_a_feast_inside_another_is_told_without_a_comparison(told):
    assert told(Holiday("中秋", year=2025)) == ["2025年10月1—8日是中秋与国庆的连休,共8天,分不开。"]


def test_feasts_of_one_length_need_no_word(told):
    assert told(Holiday("劳动节"), compare=(Comparison("yoy"),)) == []
    assert told(Relative("month", -1)) == []
    assert date(2026, 5, 5) == ChineseCalendar().feast("劳动节", 2026)[1]
