"""Numbers, units and limits have the exact value that the words say."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from assistant.language.normalise import normalise
from assistant.language.number import find_comparators, find_numbers


def _rows(name):
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _number(text):
    return float(text) if "." in text else int(text)


@pytest.mark.parametrize("row", _rows("numbers.tsv"), ids=lambda row: row["text"])
def test_number_has_its_value_and_unit(row):
    text = normalise(row["text"]).text
    (token,) = find_numbers(text)
    assert token.text == text
    assert (token.value, token.unit or "") == (_number(row["value"]), row["unit"])
    assert type(token.value) is type(_number(row["value"]))
    assert token.approximate == (row["approximate"] == "approximate")


@pytest.mark.parametrize("row", _rows("limits.tsv"), ids=lambda row: row["text"])
def test_limit_has_its_sign_and_value(row):
    text = normalise(row["text"]).text
    (token,) = find_comparators(text)
    expected = [part.split() for part in row["limits"].split(",")]
    assert token.range.limits == tuple((op, _number(value)) for op, value in expected)
    assert (token.range.unit or "") == row["unit"]
    assert token.range.approximate == (row["approximate"] == "approximate")
    assert text.endswith(token.text)


@pytest.mark.parametrize("row", _rows("no_numbers.tsv"), ids=lambda row: row["text"])
def test_other_words_are_no_numbers(row):
    assert find_numbers(row["text"]) == ()
    assert find_comparators(row["text"]) == ()


def test_numbers_in_a_question():
    text = "aum超过50万且近3个月交易不少于3次的客户中前10名"
    assert [(t.text, t.range.limits) for t in find_comparators(text)] == [
        ("超过50万", (("gt", 500000),)),
        ("不少于3次", (("ge", 3),)),
    ]


def test_bands_share_the_unit_that_is_said_last():
    tokens = find_comparators("0-5万、5-20万、20万以上各多少")
    assert [t.range.limits for t in tokens] == [
        (("ge", 0), ("le", 50000)),
        (("ge", 50000), ("le", 200000)),
        (("ge", 200000),),
    ]
