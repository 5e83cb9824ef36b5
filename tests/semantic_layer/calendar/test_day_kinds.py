"""Kinds of days of autumn 2026: 国庆 is free from 1 to 7 October, Saturday the 10th is worked."""

from datetime import date

import pytest

from semantic_layer.calendars import bank_calendar
from semantic_layer.plan.day_kinds import DAY_KINDS


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (date(2026, 10, 1), {"holiday", "feast", "thursday"}),
        (date(2026, 10, 3), {"holiday", "feast", "weekend", "saturday"}),
        (date(2026, 10, 8), {"workday", "trading_day", "thursday"}),
        (date(2026, 10, 10), {"workday", "makeup", "weekend", "saturday"}),
        (date(2026, 10, 11), {"holiday", "weekend", "sunday"}),
        (date(2026, 9, 25), {"holiday", "feast", "friday"}),
        (date(2026, 10, 12), {"workday", "trading_day", "monday"}),
    ],
)
def test_a_day_is_of_these_kinds(day: date, kinds: set[str]) -> None:
    calendar = bank_calendar()
    assert {kind for kind, counts in DAY_KINDS.items() if counts(calendar, day)} == kinds
