"""What is vague is asked back with choices, what does not exist is named, grains are told apart."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.language.time import anchored, find_grains, find_times, parse_base
from semantic_layer.query import Edge, Latest, Part, Relative, Shifted

AS_OF = date(2026, 11, 20)


def _first(text, as_of=AS_OF):
    return find_times(text, as_of)[0]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("近几天", ["近3天", "近7天"]),
        ("最近几个月", ["近3个月", "近6个月"]),
        ("近几年", ["近3年", "近5年"]),
        ("前几个季度", ["近2个季度", "近4个季度"]),
        ("近两三天", ["近3天", "近7天"]),
        ("近三五个月", ["近3个月", "近6个月"]),
        ("最近", ["近7天", "近30天", "近3个月"]),
        ("近期", ["近7天", "近30天", "近3个月"]),
        ("这段时间", ["近7天", "近30天", "近3个月"]),
        ("前段时间", ["近7天", "近30天", "近3个月"]),
        ("近年来", ["近3年", "近5年"]),
        ("前三个月", ["近3个月", "今年1—3月"]),
        ("历史同期", ["去年同期", "前年同期"]),
        ("每年一季度", ["近3年一季度", "近5年一季度"]),
        ("历年国庆", ["近3年国庆", "近5年国庆"]),
        ("每年10月末", ["近3年10月末", "近5年10月末"]),
        ("旺季", ["今年一季度", "今年四季度"]),
        ("节前一周", ["2026年国庆节前一周", "2026年中秋节前一周", "2026年端午节前一周"]),
    ],
)
def test_vague_words_come_with_choices(text, labels):
    token = _first(text)
    assert (token.text, token.kind, token.spans) == (text, "vague", None)
    assert token.problem is not None
    assert [option.label for option in token.options] == labels
    assert [c.label for c in token.problem.candidates] == labels


@pytest.mark.parametrize(
    "text",
    [
        "2月30号", "4月31日", "11月31日", "2025年2月29日", "2025年第53周", "14月", "今年q5", "2026年第五季度",
        "2026/2/30", "20260230", "2025年9月31日", "去年2月29日", "上月第40天",
        "2月30日", "6月31日", "10月32日", "2023年2月29日", "2026-02-29", "20240230", "13月", "13月份",
        "2024年13月", "第五季度", "五季度", "q5", "2024q5", "第54周", "2023年第366天",
        "3月31日到3月1日", "2024-03-31至2024-03-01", "2024年到2022年",
    ],
)  # fmt: skip
def test_dates_that_do_not_exist_are_named(text):
    token = _first(text)
    assert (token.text, token.kind, token.spans) == (text, "invalid", None)
    assert token.problem is not None
    assert token.problem.code == "invalid_date"


def test_29_february_of_a_common_year_does_not_exist():
    assert _first("2月29日").kind == "invalid"
    assert _first("2月29日", date(2028, 3, 1)).kind == "period"


@pytest.mark.parametrize("text", ["近24小时", "昨晚8点", "今天上午", "昨天下午3点", "最近2个小时"])
def test_hours_are_not_available(text):
    token = _first(text)
    assert token.text == text
    assert token.problem is not None
    assert token.problem.code == "grain_not_available"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("12月", "今年的“12月”尚未到来,按去年的理解"),
        ("四季度末", "今年的“四季度末”尚未到来,按去年的理解"),
        ("11月和12月", "今年的“11月和12月”尚未到来,按去年的理解"),
        ("25日", "本月的“25日”尚未到来,按上个月的理解"),
        ("周日", "本周的“周日”尚未到来,按上周的理解"),
        ("近三个月", "“近三个月”按3个完整月计,不含本月"),
        ("近一年", "“近一年”按12个完整月计,不含本月"),
        ("近两个季度", "“近两个季度”按2个完整季度计,不含本季"),
        ("前7天", "“前7天”按截至数据日的近7天理解"),
        ("开门红", "“开门红”按1—3月理解"),
        ("同期", "“同期”按去年同期理解"),
        ("2023年和2024年前三季度", "各期都按相同的部分理解"),
        ("10月", None),
        ("去年12月", None),
        ("近7天", None),
    ],
)
def test_assumptions_are_stated(text, note):
    assert _first(text).note == note


@pytest.mark.parametrize(
    ("text", "grains"),
    [
        ("按月", ["month"]), ("逐月", ["month"]), ("分月", ["month"]), ("每月", ["month"]),
        ("各月", ["month"]), ("每个月", ["month"]), ("按月份", ["month"]), ("月度", ["month"]),
        ("每天", ["date"]), ("每日", ["date"]), ("按天", ["date"]), ("按日", ["date"]),
        ("逐日", ["date"]), ("各季度", ["quarter"]), ("每个季度", ["quarter"]),
        ("按季", ["quarter"]), ("分季度", ["quarter"]), ("按季度", ["quarter"]), ("按周", ["week"]),
        ("每周", ["week"]), ("每星期", ["week"]), ("按旬", ["xun"]), ("按年", ["year"]),
        ("每年", ["year"]), ("各年", ["year"]), ("历年", ["year"]), ("按半年", ["half"]),
        ("各分行各季度", ["quarter"]), ("各月末", ["month"]), ("每季度末", ["quarter"]),
        ("每年年末", ["year"]), ("按月统计各分行", ["month"]), ("以月为单位", ["month"]),
        ("每小时", [None]), ("按小时", [None]), ("季度奖", []), ("月均", []), ("每月均", []),
        ("本季度", []), ("日均", []), ("分行", []), ("每户", []), ("各分行", []), ("第三季度", []),
        ("年度", ["year"]), ("上年度", []), ("每个工作日", ["date"]),
        ("2024年度", []), ("去年度", []), ("部分月份", []), ("可以日结", []), ("按天数", []),
        ("按周几", []), ("按年龄", []), ("按月龄", []), ("按日期", ["date"]), ("两季度", []),
    ],
)  # fmt: skip
def test_grains(text, grains):
    assert [token.grain for token in find_grains(text)] == grains


def test_hourly_buckets_are_refused_by_name():
    (token,) = find_grains("按小时看交易量")
    assert token.problem is not None
    assert token.problem.code == "grain_not_available"


def test_every_workday_is_a_daily_bucket_of_workdays():
    (token,) = find_grains("每个工作日的交易笔数")
    assert (token.grain, token.days) == ("date", "workday")


@pytest.mark.parametrize(
    ("text", "said"),
    [("上月末", "上月末"), ("年初增加多少", "年初"), ("8月", "8月"), ("去年同期增长", "去年同期")],
)
def test_base_of_a_comparison(text, said):
    token = parse_base(text, AS_OF)
    assert token is not None
    assert token.text == said


def test_no_base():
    assert parse_base("全行平均", AS_OF) is None
    assert parse_base("", AS_OF) is None


def test_same_period_leans_on_the_other_time():
    october = Relative("year", 0, within=(Part("month", 10),))
    (last_year,) = _first("去年同期").spans
    assert anchored(last_year, october) == Shifted(october, "year", -1)
    assert anchored(Latest(), october) == Edge(october)
    (opening,) = _first("期初").spans
    assert anchored(opening, october) == Edge(october, "opening")


def test_point_in_time_also_offers_the_year_up_to_it():
    token = _first("截至10月末")
    assert [option.label for option in token.options] == ["年初至该日累计"]


def test_members_of_a_list_are_offered_alone():
    texts = [token.text for token in find_times("9月和10月", AS_OF)]
    assert texts == ["9月和10月", "9月", "10月"]


def test_nothing_is_read_inside_a_longer_expression():
    assert [t.text for t in find_times("上一季度", AS_OF)] == ["上一季度"]
