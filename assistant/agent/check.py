"""Whether a sentence says nothing but what its cited cells hold.

Names, dates and numbers are taken out one by one, each against a cell; what is left may only be
words that join them. A sentence that says anything else does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from assistant.agent.directions import FALLS, RISES
from assistant.agent.numerals import NUMBER, Numeral, numeral_of
from assistant.agent.step import CellPlace, Step
from assistant.explain.numbers import is_change, is_number
from semantic_layer.model import Manifest
from semantic_layer.result import Cell, Column

_DIRECTION = re.compile("|".join((*RISES, *FALLS)))
_DATE = re.compile(
    r"(?P<before>较|比|从|与|同)?(?P<date>(?:(\d{4})年)?(?:(\d{1,2})月)?(?:(\d{1,2})日)?)末?(?=\D|$)"
)
_BASES: dict[str, frozenset[str]] = {
    "环比": frozenset({"mom", "previous"}),
    "上期": frozenset({"mom", "previous"}),
    "上月末": frozenset({"mom"}),
    "上月": frozenset({"mom"}),
    "同比": frozenset({"yoy"}),
    "上年同期": frozenset({"yoy"}),
    "去年同期": frozenset({"yoy"}),
    "年初": frozenset({"opening", "ytd_open"}),
}
"""Words of comparison, and what a change that they stand before is measured from."""
_COMPARED = re.compile("|".join(_BASES))
_JOINS = re.compile("截至|其中|合计|总计|分别|[为是较比在的和与及而则了末达到至约,、::()]|\\s")
"""All that may stand between names, dates and numbers."""
_LEVEL = re.compile("[为是达到至]")
"""Before a number they make it a level, not a change."""
_RANGE = re.compile(r"\s*[至到\-—]\s*")


Parts = tuple[int | None, ...]
"""Year, month and day, as far as they are said."""


class Said(NamedTuple):
    """A day, month or year that a sentence names, or from one to another."""

    start: int
    end: int
    first: Parts
    last: Parts


@dataclass(frozen=True, slots=True)
class Cited:
    """One cited cell with the row around it."""

    value: Cell
    column: Column
    members: tuple[str, ...]
    times: tuple[str, ...]
    step: Step


def holds(
    sentence: str, places: Sequence[CellPlace], steps: Sequence[Step], manifest: Manifest
) -> bool:
    """Whether each name, date and number is that of a cited cell, and nothing else is said."""
    cells = tuple(_cited(place, steps) for place in places)
    return _Sentence(sentence, cells, tuple(steps), manifest).holds()


def _cited(place: CellPlace, steps: Sequence[Step]) -> Cited:
    step = steps[place.step - 1]
    at = next(n for n, column in enumerate(step.columns) if column.id == place.column)
    if place.row is None:
        return Cited(step.totals[place.column], step.columns[at], (), (), step)
    row = step.rows[place.row - 1]
    kinds = tuple(zip(step.columns, row, strict=True))
    members = tuple(str(cell) for column, cell in kinds if column.kind == "dimension")
    times = tuple(str(cell) for column, cell in kinds if column.kind == "time")
    return Cited(row[at], step.columns[at], members, times, step)


@dataclass(frozen=True)
class _Sentence:
    text: str
    cells: tuple[Cited, ...]
    steps: tuple[Step, ...]
    manifest: Manifest

    def holds(self) -> bool:
        """Names first, then dates, then numbers; the rest must be joining words."""
        left, dates = self._without_dates(self._without(self.text, (*self._names, *self._members)))
        if dates is None:
            return False
        directions = {found.start(): found.group() for found in _DIRECTION.finditer(left)}
        compared = {found.start(): found.group() for found in _COMPARED.finditer(left)}
        used: set[int] = set()
        numbers = 0
        for found in NUMBER.finditer(left):
            numeral = numeral_of(found)
            at = _direction_of(found.start(), found.end(), directions)
            word = directions[at] if at is not None else ""
            cell = self._cell_of(numeral, found.start(), word, dates)
            if cell is None:
                return False
            if is_change(cell.column):
                base = max((place for place in compared if place < found.start()), default=None)
                if not _is_measured_so(cell, compared.get(base) if base is not None else None):
                    return False
                if at is not None and _LEVEL.search(left, at, found.start()):
                    return False
                used |= {place for place in (at, base) if place is not None}
            numbers += 1
        if not numbers or used != {*directions, *compared}:
            return False
        rest = NUMBER.sub("", left)
        return not _JOINS.sub("", _COMPARED.sub("", _DIRECTION.sub("", rest)))

    @cached_property
    def _members(self) -> tuple[str, ...]:
        """Members of cited rows alone: another one's name is left over and fails."""
        return tuple(m for cell in self.cells for m in cell.members if not m.isdigit())

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """What the cited columns and their metrics are called."""
        metrics = [self.manifest.metrics.get(cell.column.metric or "") for cell in self.cells]
        spoken = chain.from_iterable((m.label, *m.synonyms) for m in metrics if m is not None)
        return (*(cell.column.name for cell in self.cells), *spoken)

    def _without(self, text: str, names: Sequence[str]) -> str:
        """Names become blanks of the same length, the longest first."""
        for name in sorted(set(names), key=len, reverse=True):
            if len(name) > 1:
                text = text.replace(name, " " * len(name))
        return text

    def _without_dates(self, text: str) -> tuple[str, tuple[Said, ...] | None]:
        """Dates become blanks too; None: one of them is not that of the cells."""
        found: list[Said] = []
        for match in _DATE.finditer(text):
            if not match["date"]:
                continue
            (start, end), parts = match.span("date"), tuple(map(_number, match.group(3, 4, 5)))
            if match["before"] in ("较", "比", "从", "与", "同"):
                if not any(_is_compared_with(parts, cell.step) for cell in self.cells):
                    return text, None
            elif found and _RANGE.fullmatch(self.text, found[-1].end, start):
                found[-1] = found[-1]._replace(
                    end=end, last=(parts[0] or found[-1].first[0], *parts[1:])
                )
            else:
                found.append(Said(start, end, parts, parts))
            text = text[:start] + " " * (end - start) + text[end:]
        known = all(any(_is_when(said, cell) for cell in self.cells) for said in found)
        return text, tuple(found) if known else None

    def _cell_of(
        self, numeral: Numeral, at: int, direction: str, dates: tuple[Said, ...]
    ) -> Cited | None:
        member = self._last(self._members, at)
        metric = self._last(self._names, at)
        said = next((date for date in reversed(dates) if date.start < at), None)
        for cell in self.cells:
            if not is_number(cell.value) or not numeral.shows(cell.value, cell.column, direction):
                continue
            if self._is_about(cell, member, metric, said, at):
                return cell
        return None

    def _is_about(self, cell: Cited, member: str, metric: str, said: Said | None, at: int) -> bool:
        """The words before the number name this row, this column and this time, and no other."""
        before = self.text[:at]
        if cell.members and not all(m in before for m in cell.members):
            return False
        if member and member not in cell.members:
            return False
        if metric and metric not in self._names_of(cell):
            return False
        if cell.column.base is not None and cell.column.show == "value":
            return cell.column.name in before
        return _is_when(said, cell) if said is not None else not cell.times

    def _names_of(self, cell: Cited) -> tuple[str, ...]:
        metric = self.manifest.metrics.get(cell.column.metric or "")
        spoken = (metric.label, *metric.synonyms) if metric else ()
        return (cell.column.name, *spoken)

    def _last(self, names: Sequence[str], at: int) -> str:
        """The name that ends last before the place, the longest of those."""
        ends = (
            (self.text.rfind(n, 0, at) + len(n), len(n), n) for n in names if n in self.text[:at]
        )
        return max(ends, default=(0, 0, ""))[2]


def _direction_of(start: int, end: int, directions: dict[int, str]) -> int | None:
    """Where the word stands that says which way: the last before, else the first after."""
    before = [at for at in directions if at < start]
    after = [at for at in directions if at >= end]
    return max(before) if before else min(after, default=None)


def _is_measured_so(cell: Cited, word: str | None) -> bool:
    """Whether the word of comparison, if there is one, is that of the change."""
    if word is None:
        return True
    if word.startswith("上月") and len({day[:7] for day in cell.step.covers}) > 1:
        return False
    return cell.column.base in _BASES[word]


def _is_when(said: Said, cell: Cited) -> bool:
    """Whether the time said is just that of the cell: its row's, else the whole of its step's."""
    days = [_ints(day) for day in cell.times] or [_ints(day) for day in cell.step.covers]
    return bool(days) and _is_of(said.first, days[0]) and _is_of(said.last, days[-1])


def _is_compared_with(parts: Parts, step: Step) -> bool:
    """Whether the step compares with that time alone."""
    bases = {column.base for column in step.columns if column.base is not None}
    return len(bases) == 1 and _stands_in(parts, step.reading)


def _ints(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))[:3]


def _parts(said: str) -> Parts:
    found = _DATE.match(said)
    return tuple(map(_number, found.group(3, 4, 5))) if found else ()


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _is_of(parts: Sequence[int | None], day: Sequence[int]) -> bool:
    """Whether year, month and day, as far as they are said, are those of the day."""
    pairs = ((part, place) for place, part in enumerate(parts) if part is not None)
    return all(place < len(day) and day[place] == part for part, place in pairs)


def _stands_in(parts: Sequence[int | None], reading: str) -> bool:
    """Whether the reading names such a date."""
    named = (_parts(match.group("date")) for match in _DATE.finditer(reading) if match["date"])
    return any(
        all(part is None or part == known for part, known in zip(parts, date_, strict=False))
        for date_ in named
    )
