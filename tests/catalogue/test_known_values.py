"""Every metric equals SQL written by hand from its description: by month, quarter and over all."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.project import Assistant
from semantic_layer.query import (
    Absolute,
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Period,
    Scope,
    TimeGroup,
)

FOLDER = Path(__file__).parent / "known_values"
LATEST = "latest"
"""No period at all, for what is known only as of now."""
PERIODS = {
    "month": (date(2026, 10, 1), date(2026, 10, 31)),
    "quarter": (date(2026, 7, 1), date(2026, 9, 30)),
    "whole": (date(2024, 10, 1), date(2026, 10, 31)),
    LATEST: (None, None),
}
DATED = ("month", "quarter", "whole")
MONTHS = tuple((date(2026, m, 1), date(2026, m, days)) for m, days in ((7, 31), (8, 31), (9, 30)))
"""Of the quarter above."""


OPTIONAL = re.compile(r"\[([^][]*)\]")


@dataclass(frozen=True, slots=True)
class KnownValue:
    """What a metric means, as SQL on the physical tables."""

    metric: str
    sql: str
    """What stands in [ ] belongs to the question by branch only."""
    native: str | None = None
    periods: tuple[str, ...] = ()
    """Only these; empty: all, or the month for a metric native to it."""

    @property
    def total(self) -> str:
        """For the whole bank."""
        return OPTIONAL.sub("", self.sql)

    @property
    def by_branch(self) -> str | None:
        """Branch and value; None: the metric has no organisation."""
        return OPTIONAL.sub(r"\1", self.sql) if OPTIONAL.search(self.sql) else None


def read() -> list[KnownValue]:
    """All entries of the folder."""
    entries = (
        entry
        for file in sorted(FOLDER.glob("*.yml"))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["values"]
    )
    return [KnownValue(**{**e, "periods": tuple(e.get("periods", ()))}) for e in entries]


KNOWN = read()
CASES = [
    (known, period)
    for known in KNOWN
    for period in known.periods or (("month",) if known.native else DATED)
]


def asked(assistant: Assistant, known: KnownValue, period: str, groups: tuple[str, ...]) -> Any:
    scope = Scope() if period == LATEST else Scope(period=Period((Absolute(*PERIODS[period]),)))
    query = MetricQuery(
        measures=(MetricRef(known.metric),),
        group_by=tuple(DimensionGroup(group) for group in groups),
        scope=scope,
    )
    answer = assistant.run(query)
    assert answer.outcome == "answer", f"{known.metric}: {answer.headline} {answer.code}"
    return answer


def gold(bank: Any, sql: str, span: tuple[date, date] | tuple[None, None]) -> list[tuple[Any, ...]]:
    start, end = span
    names = {name: day for name, day in (("start", start), ("end", end)) if f"${name}" in sql}
    return bank.execute(sql, names).fetchall()


def same(ours: Any, theirs: Any) -> bool:
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return math.isclose(float(ours), float(theirs), rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize(("known", "period"), CASES, ids=lambda x: getattr(x, "metric", x))
def test_the_whole_bank(small_assistant, small_bank, known, period):
    ((expected,),) = gold(small_bank, known.total, PERIODS[period])
    ((value,),) = asked(small_assistant, known, period, ()).rows
    assert same(value, expected), f"{known.metric} {period}: {value}, by hand {expected}"


@pytest.mark.parametrize(
    ("known", "period"),
    [case for case in CASES if case[0].by_branch],
    ids=lambda x: getattr(x, "metric", x),
)
def test_each_branch(small_assistant, small_bank, known, period):
    expected = {
        branch or "未知": value
        for branch, value in gold(small_bank, known.by_branch, PERIODS[period])
    }
    rows = {
        row[0] or "未知": row[1] for row in asked(small_assistant, known, period, ("branch",)).rows
    }
    wrong = {
        branch: (rows.get(branch), value)
        for branch, value in expected.items()
        if not same(rows.get(branch), value)
    }
    invented = {b: v for b, v in rows.items() if b not in expected and v not in (None, 0)}
    assert not wrong, f"{known.metric} {period}: ours, by hand: {wrong}"
    assert not invented, f"{known.metric} {period}: no such rows by hand: {invented}"


@pytest.mark.parametrize(
    "known",
    [k for k in KNOWN if k.native or "quarter" in (k.periods or DATED)],
    ids=lambda k: k.metric,
)
def test_the_months_of_a_quarter_in_one_question(small_assistant, small_bank, known):
    query = MetricQuery(
        measures=(MetricRef(known.metric),),
        group_by=(TimeGroup("month"),),
        scope=Scope(period=Period((Absolute(*PERIODS["quarter"]),))),
    )
    answer = small_assistant.run(query)
    assert answer.outcome == "answer", f"{known.metric}: {answer.headline} {answer.code}"
    for (month, value), span in zip(answer.rows, MONTHS, strict=True):
        ((expected,),) = gold(small_bank, known.total, span)
        assert month == f"{span[0]:%Y-%m}"
        assert same(value, expected), f"{known.metric} {month}: {value}, by hand {expected}"


def test_every_metric_of_the_catalogue_is_checked(small_assistant):
    visible = {m.name for m in small_assistant.manifest.metrics.values() if not m.hidden}
    assert visible - {known.metric for known in KNOWN} == set()
