"""Spellings, other days of asking and late data mean the dates that were worked out by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.language.normalise import normalise
from assistant.language.time import TimeToken, find_times
from semantic_layer.calendars import bank_calendar
from semantic_layer.problem import Problem
from semantic_layer.query import Edge, Span
from semantic_layer.resolve.periods import resolve_span
from semantic_layer.resolve.spans import Anchors, span_dates

HERE = Path(__file__).parent
FIRST_DATA = date(2019, 1, 1)
Row = dict[str, str]


def _rows(name: str) -> list[Row]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _blocks() -> Iterator[tuple[str, list[Row]]]:
    for name in ("spellings.tsv", "other_days.tsv"):
        rows = _rows(name)
        for day in dict.fromkeys(row["as_of"] for row in rows):
            yield f"{name}@{day}", [row for row in rows if row["as_of"] == day]


def _read(row: Row) -> TimeToken:
    """`phrase[context]`: the first time of the text, which must be the whole phrase."""
    said, _, context = row["phrase"].partition("[")
    phrase = normalise(said).text
    tokens = find_times(phrase + context.rstrip("]"), date.fromisoformat(row["as_of"]))
    assert tokens, row
    assert tokens[0].text == phrase, row
    assert tokens[0].problem is None, row
    return tokens[0]


def _anchors(as_of: date, latest: date) -> Anchors:
    return Anchors(as_of, latest, FIRST_DATA, "day", False, False, bank_calendar())


def _days(span: Span, as_of: date) -> tuple[str, str]:
    days = span_dates(span, _anchors(as_of, as_of))
    assert not isinstance(days, Problem)
    start = days.end if isinstance(span, Edge) else days.start
    return start.isoformat(), days.end.isoformat()


@pytest.mark.parametrize("rows", [pytest.param(rows, id=name) for name, rows in _blocks()])
def test_phrases_mean_their_dates(rows: list[Row]) -> None:
    wrong = []
    for row in rows:
        token, as_of = _read(row), date.fromisoformat(row["as_of"])
        found = [_days(span, as_of) for span in token.spans or ()]
        expected = list(zip(row["start"].split("+"), row["end"].split("+"), strict=True))
        marks = {f"grain={token.grain}", f"days={token.days}"} - {"grain=None", "days=None"}
        if found != expected or marks != {word for word in row["remark"].split() if "=" in word}:
            wrong.append((row, found, marks))
    assert wrong == []


def test_tables_cover_enough_days_of_asking() -> None:
    rows = [row for _, block in _blocks() for row in block]
    assert len({row["as_of"] for row in rows}) >= 12
    assert len({(row["phrase"], row["as_of"]) for row in rows}) == len(rows) >= 500


@pytest.mark.parametrize("row", _rows("late_data.tsv"), ids=lambda row: "@".join(row.values()))
def test_late_data_clips_or_refuses_but_never_moves_the_calendar(row: Row) -> None:
    token = _read(row)
    anchors = _anchors(date.fromisoformat(row["as_of"]), date.fromisoformat(row["data_date"]))
    (span,) = token.spans or ()
    resolved = resolve_span(span, anchors)
    if isinstance(resolved, Problem):
        assert resolved.code == row["outcome"]
        return
    days = resolved.span.start.isoformat(), resolved.span.end.isoformat()
    assert (*days, "") == (row["start"], row["end"], row["outcome"])
