"""Workdays, trading days, feasts and fiscal years."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Calendar(Protocol):
    """Days off and trading days; years without official dates are told apart."""

    def is_workday(self, day: date) -> bool:
        """Make-up workdays included."""
        ...

    def is_trading_day(self, day: date) -> bool:
        """Workdays that are no weekend."""
        ...

    def feast(self, name: str, year: int) -> tuple[date, date] | None:
        """First and last day off of a feast; None when unknown for that year."""
        ...

    def is_certain(self, year: int) -> bool:
        """Whether the official days off of the year are known."""
        ...
