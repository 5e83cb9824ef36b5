"""Numbers in canonical text, exact in both directions: 100万元, 2.5%, 3."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistant.language.canonical.names import BARE
from assistant.language.canonical.syntax import Found, Place, Source
from semantic_layer.query import Arithmetic, ColumnRef, MetricRef, Number
from semantic_layer.query.predicate import canonical_number

_WHOLE = re.compile(r"-?\d+")
_DIGITS = re.compile(r"-?\d+(?:\.\d+)?")
_SCALES = (("亿", 8), ("万", 4))
_PERCENT = "%"
_RATES = ("rate", "pp", "share")
"""Comparison values that are parts of something."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in digits, counted from another start, or with the sign in the words."""

    plus: int = 0
    negative: bool = False
    """The words around say before, so the number has no sign."""
    positive: bool = False

    def write(self, value: int | None, place: Place) -> str | None:
        """Its digits."""
        if value is None or (self.negative and value >= 0) or (self.positive and value <= 0):
            return None
        return str(-value if self.negative else value + self.plus)

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """The longest run of digits."""
        match = _WHOLE.match(source.text, at)
        if match:
            source.reach(match.end())
            told = int(match[0])
            yield Found(-told if self.negative else told - self.plus, match.end())

    def words(self) -> Iterator[str]:
        """None of its own."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the unit that it is told in where it stands."""

    unit: Callable[[Place], str | None] = lambda _: None

    def write(self, value: Any, place: Place) -> str | None:
        """Its digits, scaled, with the unit."""
        if not isinstance(value, int | float):
            return None
        return _amount_text(canonical_number(value), self.unit(place))

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """The number with all that belongs to it."""
        match = _DIGITS.match(source.text, at)
        if match:
            found = _read_amount(source, match, self.unit(place))
            if found is not None:
                source.reach(found.end)
                yield found

    def words(self) -> Iterator[str]:
        """The scales."""
        yield from (word for word, _ in _SCALES)


def digits(value: int | float) -> str:
    """The exact number without an exponent."""
    return _plain(Decimal(repr(canonical_number(value))))


def _amount_text(value: int | float, unit: str | None) -> str:
    if unit == _PERCENT:
        return f"{_plain(Decimal(repr(value)).scaleb(2))}{_PERCENT}"
    if isinstance(value, int):
        for word, zeros in _SCALES:
            if abs(value) >= 10**zeros and value % 10 ** (zeros - 2) == 0:
                return f"{_plain(Decimal(value).scaleb(-zeros))}{word}{unit or ''}"
    return f"{digits(value)}{unit or ''}"


def _plain(number: Decimal) -> str:
    """Digits without an exponent and without idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _read_amount(source: Source, match: re.Match[str], unit: str | None) -> Found | None:
    number, end = Decimal(match[0]), match.end()
    if unit == _PERCENT:
        rest = source.text.startswith(_PERCENT, end)
        return Found(_number(number.scaleb(-2)), end + 1) if rest else None
    for word, zeros in _SCALES:
        if source.text.startswith(word, end):
            number, end = number.scaleb(zeros), end + len(word)
            break
    if not source.text.startswith(unit or "", end):
        return None
    return Found(_number(number), end + len(unit or ""))


def _number(exact: Decimal) -> int | float:
    whole = exact == exact.to_integral_value()
    return int(exact) if whole else float(exact)


def unit_of_metric(place: Place) -> str | None:
    """How values of the metric of this condition are told."""
    return _unit_of(place.slots.get("metric"), place)


def unit_of_change(place: Place) -> str | None:
    """How a change of the metric is told: a rate in percent."""
    show = place.slots.get("show")
    if show in _RATES:
        return _PERCENT
    return None if show == "rank" else unit_of_metric(place)


def unit_of_column(place: Place) -> str | None:
    """How values of the column that is compared here are told."""
    column: ColumnRef | None = place.slots.get("column")
    if column is None or column.group is not None or column.show == "rank":
        return None
    if column.show in _RATES:
        return _PERCENT
    measures = place.around_with("measures").get("measures", ())
    index = column.measure or 0
    measure: MetricRef | Arithmetic | Number | None = (
        measures[index] if 0 <= index < len(measures) else None
    )
    return _unit_of(measure.metric, place) if isinstance(measure, MetricRef) else None


def _unit_of(metric: Any, place: Place) -> str | None:
    known = place.names.manifest.metrics.get(metric)
    if known is None:
        return None
    if known.unit in ("percent", _PERCENT):
        return _PERCENT
    if known.unit == "CNY":
        return "元"
    is_word = BARE.fullmatch(known.unit) and not known.unit.isascii()
    return known.unit if is_word and known.unit[0] not in "万亿" else None
