"""In whole questions the longest time is found where it stands, and nothing else."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from assistant.language.normalise import normalise
from assistant.language.time import find_times

AS_OF = date(2026, 11, 20)


def _rows():
    path = Path(__file__).parent / "sentences.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _longest(sentence):
    found, end = [], 0
    for token in find_times(sentence, AS_OF):
        if token.start >= end:
            found.append(token.text)
            end = token.end
    return found


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["sentence"])
def test_times_in_a_question(row):
    assert _longest(normalise(row["sentence"]).text) == [
        text for text in row["times"].split("|") if text
    ]
