"""The calendar: published holidays, and an honest guess beyond them."""

from datetime import date

from demo.calendar_days import calendar_rows
from demo.schema import notes

COLUMNS = [note.column for note in notes() if note.table == "dim_calendar" and note.column]


def day(when):
    return dict(zip(COLUMNS, calendar_rows(when.replace(month=1, day=1), date(when.year, 12, 31))
                    [when.timetuple().tm_yday - 1], strict=True))  # fmt: skip


def test_national_day_and_mid_autumn_share_one_holiday_in_2025():
    feast = day(date(2025, 10, 6))
    assert feast["holiday_start"] == date(2025, 10, 1)
    assert feast["holiday_end"] == date(2025, 10, 8)
    assert not feast["is_workday"]


def test_a_make_up_saturday_is_a_workday_but_no_trading_day():
    saturday = day(date(2026, 2, 14))
    assert (saturday["is_workday"], saturday["is_trading_day"]) == (True, False)


def test_xun_and_iso_week():
    new_year = day(date(2027, 1, 1))
    assert (new_year["xun"], new_year["iso_year"], new_year["iso_week"]) == ("上旬", 2026, 53)
    assert [day(date(2026, 11, n))["xun"] for n in (10, 11, 20, 21)] == [
        "上旬", "中旬", "中旬", "下旬",
    ]  # fmt: skip


def test_spring_festival_offset_counts_from_the_nearest_feast():
    assert day(date(2026, 2, 17))["spring_festival_offset"] == 0
    assert day(date(2026, 2, 16))["spring_festival_offset"] == -1
    assert day(date(2026, 11, 20))["spring_festival_offset"] == -78


def test_a_year_not_yet_published_falls_back_on_weekdays_and_says_so():
    monday, sunday = day(date(2030, 10, 7)), day(date(2030, 10, 6))
    assert (monday["is_workday"], sunday["is_workday"]) == (True, False)
    assert (monday["certain"], monday["holiday"]) == (False, None)
