"""The product's own reckoning of dates agrees with the table written by hand."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from assistant.language.time import find_times
from semantic_layer.calendars import bank_calendar
from semantic_layer.problem import Problem
from semantic_layer.query import Edge
from semantic_layer.resolve.spans import Anchors, span_dates

PHRASES = Path(__file__).parent / "phrases.tsv"
FIRST_DATA = date(2019, 1, 1)


def _rows() -> list[dict[str, str]]:
    with PHRASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['phrase']}@{row['as_of']}")
def test_phrase_resolves_to_its_dates(row: dict[str, str]) -> None:
    as_of = date.fromisoformat(row["as_of"])
    anchors = Anchors(as_of, as_of, FIRST_DATA, "day", False, False, bank_calendar())
    phrase, _, context = row["phrase"].partition("[")
    found = []
    for span in find_times(phrase + context.rstrip("]"), as_of)[0].spans or ():
        days = span_dates(span, anchors)
        assert not isinstance(days, Problem)
        is_point = isinstance(span, Edge)
        found.append((days.end if is_point else days.start, days.end))
    starts, ends = (row[name].split("+") for name in ("start", "end"))
    assert found == [
        (date.fromisoformat(s), date.fromisoformat(e)) for s, e in zip(starts, ends, strict=True)
    ]
