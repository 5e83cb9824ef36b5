"""What is to be built: how many customers, from which seed, seen on which day."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, get_args

from demo.errors import ImpossibleWishError

Size = Literal["small", "standard", "large"]

CUSTOMERS: Final[dict[str, int]] = {"small": 5_000, "standard": 50_000, "large": 100_000}
BUSY: Final = {"large": 17}
"""How many times as many transactions each customer makes; what it is else, stays."""
MONTHS_PER_BATCH: Final = {"large": 1}
"""Transactions are made in parts, so that no table in memory holds all of them."""
FIRST_AS_OF: Final = date(2018, 1, 1)
LAST_AS_OF: Final = date(2034, 12, 31)
MONTHS: Final = 25
"""Published month ends; month number 1 is the first of them."""
WARM_UP: Final = 12
"""Months before the first published one that are lived through but not shown."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A bank to be built; equal plans give equal rows."""

    size: str
    customers: int
    seed: int
    as_of: date

    @property
    def last_day(self) -> date:
        """The newest day in the daily tables."""
        return self.as_of - timedelta(days=1)

    @property
    def last_month_end(self) -> date:
        """The newest month end in the month tables."""
        return last_complete_month_end(self.last_day)

    def month_end(self, number: int) -> date:
        """The end of month `number`, 25 being the newest published one."""
        return shift_month_end(self.last_month_end, number - MONTHS)

    @property
    def busy(self) -> int:
        """How many times as many transactions as usual each customer makes."""
        return BUSY.get(self.size, 1)

    @property
    def memory_limit(self) -> str:
        """What the database may keep in memory; the rest goes to a folder beside the file."""
        return "10GB" if self.size == "large" else "80%"

    @property
    def batches(self) -> tuple[tuple[int, int], ...]:
        """First and last month of each part in which the transactions are made."""
        step, running = MONTHS_PER_BATCH.get(self.size, MONTHS + 1), MONTHS + 1
        return tuple((m, min(m + step - 1, running)) for m in range(1, running + 1, step))

    @property
    def first_day(self) -> date:
        """The first day in the daily tables."""
        return self.month_end(1).replace(day=1)


def make_plan(size: str, seed: int, as_of: date, customers: int | None = None) -> Plan:
    """The plan, or an error that says which wish cannot be met."""
    if size not in get_args(Size):
        raise ImpossibleWishError(f"没有名为“{size}”的规模,可选:small、standard、large。")
    if not 0 <= seed < 2**31:
        raise ImpossibleWishError(f"种子应为 0 到 2147483647 的整数,收到的是“{seed}”。")
    if not FIRST_AS_OF <= as_of <= LAST_AS_OF:
        raise ImpossibleWishError(
            f"演示日期应在 {FIRST_AS_OF} 与 {LAST_AS_OF} 之间,收到的是 {as_of},请换一个日期。"
        )
    return Plan(size, customers or CUSTOMERS[size], seed, as_of)


def last_complete_month_end(day: date) -> date:
    """The newest month end that is not after `day`."""
    end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return end if end == day else day.replace(day=1) - timedelta(days=1)


def shift_month_end(day: date, months: int) -> date:
    """The month end `months` months away from the month of `day`."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])
