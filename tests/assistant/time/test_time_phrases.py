"""Every phrase of the table means its dates, and phrases without a time give none."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from assistant.language.normalise import normalise
from assistant.language.time import find_times

HERE = Path(__file__).parent
AS_OF = date(2026, 11, 20)


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _days(text: str) -> list[date]:
    return [date.fromisoformat(day) for day in text.split("+")]


@pytest.mark.parametrize(
    "row", _rows("phrases.tsv"), ids=lambda row: f"{row['phrase']}@{row['as_of']}"
)
def test_phrase_means_its_dates(row, span_days):
    phrase, _, context = row["phrase"].partition("[")
    as_of = date.fromisoformat(row["as_of"])
    token = find_times(phrase + context.rstrip("]"), as_of)[0]

    assert token.text == phrase
    assert token.problem is None
    marks = {word for word in row["remark"].split() if "=" in word}
    assert {f"grain={token.grain}"} & {"grain=None", *marks}
    assert {f"days={token.days}"} & {"days=None", *marks}
    assert len(marks) == sum(x is not None for x in (token.grain, token.days))
    expected = list(zip(_days(row["start"]), _days(row["end"]), strict=True))
    assert [span_days(span, as_of) for span in token.spans or ()] == expected


@pytest.mark.parametrize("row", _rows("no_time.tsv"), ids=lambda row: row["phrase"])
def test_other_words_are_no_time(row):
    assert find_times(normalise(row["phrase"]).text, AS_OF) == ()
