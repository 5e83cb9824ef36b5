"""Canonical words of a span are read back as the same span."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.normalise import normalise
from assistant.language.time import describe, find_times
from semantic_layer.query import (
    Absolute,
    Between,
    Edge,
    Everything,
    Holiday,
    Latest,
    Part,
    Relative,
    Shifted,
)

AS_OF = date(2026, 11, 20)
HERE = Path(__file__).parent


def _rows(name="phrases.tsv"):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _read_back(span, as_of=AS_OF):
    words = describe(span)
    tokens = find_times(words, as_of)
    assert tokens, words
    assert (tokens[0].text, tokens[0].spans) == (words, (span,))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['phrase']}@{row['as_of']}")
def test_every_span_of_the_phrases_reads_back(row):
    as_of = date.fromisoformat(row["as_of"])
    for span in find_times(row["phrase"].strip("]").replace("[", ""), as_of)[0].spans:
        _read_back(span, as_of)


def _spellings():
    for name in ("spellings.tsv", "other_days.tsv"):
        for row in _rows(name):
            yield row["phrase"], date.fromisoformat(row["as_of"])


def test_every_span_of_the_spellings_reads_back():
    for phrase, as_of in _spellings():
        text, _, context = phrase.partition("[")
        for span in find_times(normalise(text).text + context.rstrip("]"), as_of)[0].spans:
            _read_back(span, as_of)


offsets = st.integers(-14, 14)
calendar_units = st.sampled_from(["day", "week", "xun", "month", "quarter", "half", "year"])
units = st.sampled_from(["day", "week", "month", "quarter", "year", "workday", "trading_day"])
days_between = st.dates(date(2000, 1, 1), date(2039, 12, 31))
feasts = st.sampled_from(
    ["元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆", "双十一", "618", "双十二"]
)
day_units = st.sampled_from(["day", "workday", "trading_day"])


@st.composite
def runs(draw, unit, size):
    first = draw(st.integers(1, size))
    return Part(unit, first, draw(st.integers(1, size - first + 1)))


def counted(unit, most):
    """第3周, 前2周, 最后2周, 倒数第3周."""
    number = st.integers(1, most)
    front = st.integers(2, most)
    return st.one_of(
        st.builds(Part, st.just(unit), number),
        st.builds(Part, st.just(unit), st.just(1), front),
        front.map(lambda n: Part(unit, -n, n)),
        number.map(lambda n: Part(unit, -n)),
    )


def nested(*parts):
    return st.tuples(*parts)


month = st.integers(1, 12).map(lambda n: Part("month", n))
in_month = st.one_of(
    runs("day", 28),
    st.integers(1, 3).map(lambda n: Part("xun", n)),
    counted("workday", 15),
    st.just(Part("day", -1)),
    counted("week", 3),
)
in_year = st.one_of(
    nested(runs("month", 12)),
    nested(runs("quarter", 4)),
    nested(st.integers(1, 2).map(lambda n: Part("half", n))),
    nested(counted("week", 50)),
    nested(counted("trading_day", 200)),
    nested(month, in_month),
    nested(st.integers(1, 4).map(lambda n: Part("quarter", n)), counted("month", 3)),
)
years = st.builds(Relative, st.just("year"), offsets, within=in_year)
months = st.builds(Relative, st.just("month"), offsets, within=nested(in_month))
weeks = st.builds(Relative, st.just("week"), offsets, within=nested(runs("day", 7)))
plain = st.builds(Relative, units, offsets) | st.builds(Relative, calendar_units, offsets)
absolute = st.tuples(days_between, days_between).map(lambda pair: Absolute(*sorted(pair)))


@settings(max_examples=300, deadline=None)
@given(st.one_of(plain, years, months, weeks))
def test_calendar_spans_read_back(span):
    _read_back(span)


@settings(max_examples=200, deadline=None)
@given(absolute)
def test_dates_read_back(span):
    _read_back(span)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 400), day_units)
def test_rolling_days_read_back(count, unit):
    _read_back(Relative(unit, 0, span=count, anchor="data"))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["week", "month", "quarter", "year"]), st.integers(-9, 9), st.integers(2, 9))
def test_windows_of_whole_units_read_back(unit, offset, span):
    _read_back(Relative(unit, offset, span=span))


@settings(max_examples=150, deadline=None)
@given(feasts, st.integers(-5, 2), st.none() | st.integers(2015, 2030))
def test_feasts_read_back(name, offset, year):
    _read_back(Holiday(name, 0 if year else offset, year))


@settings(max_examples=150, deadline=None)
@given(feasts, st.sampled_from(["before", "after"]), st.integers(1, 30), day_units)
def test_days_around_feasts_read_back(name, side, days, unit):
    _read_back(Holiday(name, -1, None, side, days, unit))


@pytest.mark.parametrize("unit", ["month", "quarter", "half", "year"])
@pytest.mark.parametrize("offset", [-5, -2, -1, 0, 1])
def test_edges_read_back(unit, offset):
    _read_back(Edge(Relative(unit, offset)))
    _read_back(Edge(Relative(unit, offset), "opening"))


@pytest.mark.parametrize(
    "span",
    [
        Latest(),
        Latest("month"),
        Latest("quarter"),
        Everything(),
        Edge(Relative("day", -1)),
        Edge(Absolute(date(2024, 10, 1), date(2024, 10, 31))),
        Edge(Relative("year", -1, within=(Part("quarter", 3),))),
        Edge(Relative("year", 0, within=(Part("month", 10), Part("day", 31)))),
        Between(Relative("year", 0), Relative("month", -1)),
        Between(Relative("year", -1, within=(Part("month", 10),)), None),
        Between(Holiday("春节"), None),
        Relative("year", 0, to_date=True),
        Relative("quarter", 0, to_date=True),
        Relative("week", 0, to_date=True),
        Shifted(Relative("year", 0, to_date=True), "year", -1),
        Shifted(Relative("month", 0, to_date=True), "month", -1),
        Shifted(Relative("month"), "year", -1, "full"),
        Shifted(Relative("day"), "year", -2),
        Shifted(Relative("year", 0, within=(Part("month", 10),)), "year", -1),
        Shifted(Relative("month", -1, span=3), "year", -1),
    ],
    ids=describe,
)
def test_other_spans_read_back(span):
    _read_back(span)
