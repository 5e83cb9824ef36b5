"""Calendars that know Chinese workdays, trading days and feasts."""

from semantic_layer.calendars.chinese import ChineseCalendar, bank_calendar
from semantic_layer.calendars.feasts import FEASTS, feast_name
from semantic_layer.calendars.year_file import CalendarFileError, YearPlan, read_years

__all__ = [
    "FEASTS", "CalendarFileError", "ChineseCalendar", "YearPlan", "bank_calendar", "feast_name",
    "read_years",
]  # fmt: skip
