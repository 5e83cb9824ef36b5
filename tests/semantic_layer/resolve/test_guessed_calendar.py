"""Days off that nobody has announced yet are told to be a guess."""

from __future__ import annotations

from dataclasses import replace

import pytest

from semantic_layer.principal import Principal
from semantic_layer.query import Holiday, Period, Relative
from semantic_layer.resolve import resolve


class Guessing:
    """The calendar of the small bank, before its days off are announced."""

    def __init__(self, known) -> None:
        self.known = known

    def __getattr__(self, name):
        return getattr(self.known, name)

    def is_certain(self, year: int) -> bool:
        return False


@pytest.mark.parametrize(
    "period",
    [
        Period((Holiday("国庆节"),)),
        Period((Relative("month", -1),), days="workday"),
        Period((Relative("trading_day", span=5, anchor="data"),)),
    ],
)
def test_a_guessed_year_is_told(snapshot, mq, period):
    guessed = replace(snapshot, calendar=Guessing(snapshot.calendar))
    query = mq("txn_amount", period=period)
    told = [code for code, _ in resolve(query, guessed, Principal("甲")).warnings]
    assert told.count("guessed_calendar") == 1
    sure = resolve(query, snapshot, Principal("甲")).warnings
    assert "guessed_calendar" not in dict(sure)
    plain = resolve(mq("txn_amount", period=Relative("month", -1)), guessed, Principal("甲"))
    assert "guessed_calendar" not in dict(plain.warnings)
