"""Parts of calendar units: 10月中旬 of a year, 周一至周五 of a week, 最后3天, 第2个交易日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.language.canonical.days import HALVES, QUARTERS, TO
from assistant.language.canonical.syntax import Found, Place, Source
from semantic_layer.query import Part, Unit

COUNTED: dict[Unit, str] = {
    "day": "天", "week": "周", "xun": "旬", "month": "个月", "quarter": "个季度", "half": "个半年",
    "year": "年", "workday": "个工作日", "trading_day": "个交易日",
}  # fmt: skip
_NAMES: dict[tuple[Unit, Unit], tuple[str, ...]] = {
    ("year", "month"): tuple(f"{n}月" for n in range(1, 13)),
    ("year", "quarter"): QUARTERS,
    ("year", "half"): HALVES,
    ("month", "xun"): ("上旬", "中旬", "下旬"),
    ("month", "day"): tuple(f"{n}日" for n in range(1, 32)),
    ("week", "day"): tuple(f"周{day}" for day in "一二三四五六日"),
}
"""Names of parts by the unit that they are parts of."""
_LAST, _FROM_START, _FROM_END, _ON = "最后", "第", "倒数第", "起"
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts within parts of a relative unit."""

    def write(self, value: tuple[Part, ...], place: Place) -> str | None:
        """One after the other, each within the one before."""
        text, parent = "", place.slots["unit"]
        for part in value:
            text += _written(part, parent)
            parent = part.unit
        return text

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """Every row of parts that stands here."""
        rows: list[tuple[tuple[Part, ...], int, Unit]] = [((), at, place.slots["unit"])]
        while rows:
            parts, end, parent = rows.pop()
            for part, further in _read(source.text, end, parent):
                source.reach(further)
                yield Found((*parts, part), further)
                rows.append(((*parts, part), further, part.unit))

    def words(self) -> Iterator[str]:
        """All names of parts, and the words to count others."""
        yield from (name for names in _NAMES.values() for name in names)
        yield from (_LAST, _FROM_START, _FROM_END, _ON)


def _written(part: Part, parent: Unit) -> str:
    names, counted = _NAMES.get((parent, part.unit), ()), COUNTED[part.unit]
    last = part.index + part.count - 1
    if part.index >= 1 and last <= len(names):
        first = names[part.index - 1]
        return first if part.count == 1 else f"{first}{TO}{names[last - 1]}"
    if part.index == -part.count:
        return f"{_LAST}{part.count}{counted}"
    way = _FROM_START if part.index > 0 else _FROM_END
    length = "" if part.count == 1 else f"{_ON}{part.count}{counted}"
    return f"{way}{abs(part.index)}{counted}{length}"


def _read(text: str, at: int, parent: Unit) -> Iterator[tuple[Part, int]]:
    for unit, counted in COUNTED.items():
        yield from _named(text, at, unit, _NAMES.get((parent, unit), ()))
        for count, end in _counted(text, at, _LAST, counted):
            yield Part(unit, -count, count), end
        for way, sign in ((_FROM_START, 1), (_FROM_END, -1)):
            for index, end in _counted(text, at, way, counted):
                yield Part(unit, sign * index), end
                for count, further in _counted(text, end, _ON, counted):
                    yield Part(unit, sign * index, count), further


def _named(text: str, at: int, unit: Unit, names: tuple[str, ...]) -> Iterator[tuple[Part, int]]:
    """One of the names, or a range of them."""
    for first, name in enumerate(names, start=1):
        if not text.startswith(name, at):
            continue
        end = at + len(name)
        yield Part(unit, first), end
        for last, other in enumerate(names[first:], start=first + 1):
            if text.startswith(f"{TO}{other}", end):
                yield Part(unit, first, last - first + 1), end + len(TO) + len(other)


def _counted(text: str, at: int, way: str, counted: str) -> Iterator[tuple[int, int]]:
    """A number from one on between these words."""
    number = _NUMBER.match(text, at + len(way)) if text.startswith(way, at) else None
    if number and int(number[0]) and text.startswith(counted, number.end()):
        yield int(number[0]), number.end() + len(counted)
