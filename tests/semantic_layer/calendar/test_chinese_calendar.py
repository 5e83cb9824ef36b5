"""Workdays, trading days and feasts, against the announcements of the State Council."""

from datetime import date
from pathlib import Path

import pytest

from semantic_layer.calendar import Calendar
from semantic_layer.calendars import (
    FEASTS,
    CalendarFileError,
    ChineseCalendar,
    bank_calendar,
    feast_name,
)

CALENDAR: Calendar = ChineseCalendar()


@pytest.mark.parametrize(
    ("day", "workday", "trading_day"),
    [
        (date(2026, 2, 13), True, True),
        (date(2026, 2, 14), True, False),  # a Saturday worked for 春节
        (date(2026, 2, 15), False, False),
        (date(2026, 2, 17), False, False),
        (date(2026, 2, 23), False, False),
        (date(2026, 2, 24), True, True),
        (date(2026, 2, 28), True, False),  # the other make-up Saturday
        (date(2026, 10, 10), True, False),
        (date(2026, 11, 14), False, False),
        (date(2026, 11, 19), True, True),
        # 2027 is not announced: weekends and the law
        (date(2027, 1, 1), False, False),
        (date(2027, 2, 5), False, False),
        (date(2027, 2, 8), False, False),
        (date(2027, 2, 9), True, True),
        (date(2027, 2, 27), False, False),
        (date(2027, 3, 1), True, True),
        (date(2027, 10, 3), False, False),
    ],
)
def test_workdays_and_trading_days(day: date, workday: bool, trading_day: bool) -> None:
    assert CALENDAR.is_workday(day) is workday
    assert CALENDAR.is_trading_day(day) is trading_day


@pytest.mark.parametrize(
    ("name", "year", "first", "last"),
    [
        ("春节", 2026, date(2026, 2, 15), date(2026, 2, 23)),
        ("春节", 2025, date(2025, 1, 28), date(2025, 2, 4)),
        ("元旦", 2026, date(2026, 1, 1), date(2026, 1, 3)),
        ("元旦", 2023, date(2022, 12, 31), date(2023, 1, 2)),
        ("元旦", 2022, date(2022, 1, 1), date(2022, 1, 3)),
        ("清明", 2026, date(2026, 4, 4), date(2026, 4, 6)),
        ("劳动节", 2026, date(2026, 5, 1), date(2026, 5, 5)),
        ("端午", 2026, date(2026, 6, 19), date(2026, 6, 21)),
        ("中秋", 2026, date(2026, 9, 25), date(2026, 9, 27)),
        ("国庆", 2026, date(2026, 10, 1), date(2026, 10, 7)),
        # one row of days off for both feasts
        ("国庆", 2025, date(2025, 10, 1), date(2025, 10, 8)),
        ("中秋", 2025, date(2025, 10, 1), date(2025, 10, 8)),
        ("中秋", 2020, date(2020, 10, 1), date(2020, 10, 8)),
        ("国庆", 2023, date(2023, 9, 29), date(2023, 10, 6)),
        # other names
        ("五一", 2026, date(2026, 5, 1), date(2026, 5, 5)),
        ("十一", 2026, date(2026, 10, 1), date(2026, 10, 7)),
        ("黄金周", 2026, date(2026, 10, 1), date(2026, 10, 7)),
        ("春节黄金周", 2026, date(2026, 2, 15), date(2026, 2, 23)),
        ("国庆节", 2026, date(2026, 10, 1), date(2026, 10, 7)),
        # days that are never off
        ("双十一", 2026, date(2026, 11, 11), date(2026, 11, 11)),
        ("618", 2026, date(2026, 6, 18), date(2026, 6, 18)),
        ("双12", 2031, date(2031, 12, 12), date(2031, 12, 12)),
        ("三八妇女节", 2026, date(2026, 3, 8), date(2026, 3, 8)),
        # not announced: the days by law
        ("春节", 2027, date(2027, 2, 5), date(2027, 2, 8)),
        ("国庆", 2027, date(2027, 10, 1), date(2027, 10, 3)),
        ("清明", 2028, date(2028, 4, 4), date(2028, 4, 4)),
        ("端午", 2027, date(2027, 6, 9), date(2027, 6, 9)),
    ],
)
def test_feasts(name: str, year: int, first: date, last: date) -> None:
    assert CALENDAR.feast(name, year) == (first, last)


@pytest.mark.parametrize(
    ("name", "year"),
    [("春节", 2041), ("中秋", 1999), ("清明", 2100), ("泼水节", 2026), ("", 2026), ("节", 2026),
     ("国庆", 0), ("国庆", 9999)],
)  # fmt: skip
def test_an_unknown_feast_has_no_days(name: str, year: int) -> None:
    assert CALENDAR.feast(name, year) is None


@pytest.mark.parametrize(
    ("year", "certain"), [(2003, False), (2004, True), (2026, True), (2027, False)]
)
def test_unannounced_years_are_told_apart(year: int, certain: bool) -> None:
    assert CALENDAR.is_certain(year) is certain


def test_every_feast_knows_its_own_name() -> None:
    assert [feast_name(name) for name in FEASTS] == list(FEASTS)


def test_every_year_of_the_tables_has_every_feast() -> None:
    for year in range(2000, 2041):
        for name in FEASTS:
            days = CALENDAR.feast(name, year)
            assert days is not None, (name, year)
            assert days[0] <= days[1]


YEARS = """
years:
  2027:
    feasts: {元旦: [2027-01-01, 2027-01-03], 春节假期: [2027-02-05, 2027-02-12]}
    workdays: [2027-02-14, 2027-02-20]
"""


def test_a_project_announces_its_own_years(tmp_path: Path) -> None:
    file = tmp_path / "days_off.yml"
    file.write_text(YEARS, encoding="utf-8")
    calendar = bank_calendar(file)
    assert calendar.is_certain(2027)
    assert calendar.feast("春节", 2027) == (date(2027, 2, 5), date(2027, 2, 12))
    assert calendar.feast("国庆", 2027) == (date(2027, 10, 1), date(2027, 10, 3))
    assert [calendar.is_workday(date(2027, 2, day)) for day in (4, 12, 14, 15, 20)] == [
        True, False, True, True, True,
    ]  # fmt: skip
    assert not calendar.is_trading_day(date(2027, 2, 20))
    assert calendar.feast("春节", 2026) == (date(2026, 2, 15), date(2026, 2, 23))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("years: [", "日历文件 {file} 读不懂,请核对 YAML 的写法"),
        (
            "years: {2027: {feast: {}}}",
            "日历文件 {file} 的 years.2027.feasts 写得不对,每年写 feasts(节日: [首日, 末日])和 workdays",
        ),
        (
            "years: {2027: {feasts: {双十一: [2027-11-11, 2027-11-11]}}}",
            "日历文件 {file} 里的节日“双十一”没有法定假期,可用:元旦、春节、清明、劳动节、端午、中秋、国庆",
        ),
        (
            "years: {2027: {feasts: {春节: [2027-02-12, 2027-02-05]}}}",
            "日历文件 {file} 里2027年春节的末日早于首日,请改正",
        ),
    ],
)
def test_a_bad_calendar_file_says_where(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "days_off.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CalendarFileError) as caught:
        bank_calendar(file)
    assert str(caught.value) == message.format(file=file)


def test_a_missing_calendar_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CalendarFileError, match="找不到日历文件"):
        bank_calendar(tmp_path / "no.yml")
