"""Values of dimensions: governed ones by their label, 2026年10月31日, “raw text”, 3, 是."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.language.canonical.amounts import digits
from assistant.language.canonical.names import BARE, LABEL, STRING, quoted, unquoted
from assistant.language.canonical.syntax import NONE, Found, Place, Source
from semantic_layer.model import Manifest
from semantic_layer.query import Value

_YES_NO = {True: "是", False: "否"}
_EMPTY = "空"
_TAKEN = frozenset((*_YES_NO.values(), _EMPTY, NONE))
_ENDING = re.compile("[的且或为]")
"""What may follow a bare value, so none contains it."""
_RUN = re.compile(r"[A-Za-z\u3400-\u9fff](?:(?![的且或为])[A-Za-z0-9\u3400-\u9fff])*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
Key = tuple[bool, Value]


@dataclass(frozen=True, slots=True)
class Member:
    """One value of the dimension that stands before it."""

    only_text: bool = False

    def write(self, value: Value, place: Place) -> str | None:
        """The label where the definitions have one that is this value's alone."""
        label = _labels(place).get(_key(value))
        if label is not None:
            return label if _is_bare(label) else quoted(label, LABEL)
        if isinstance(value, bool):
            return _YES_NO[value]
        if isinstance(value, int | float):
            return digits(value)
        day = _day(value)
        if day is not None:
            return f"{day.year:04}年{day.month}月{day.day}日"
        is_label = value in _labels(place).values()
        return value if _is_bare(value) and not is_label else quoted(value, STRING)

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """Every value that stands here, spelled as it is written."""
        for found in self._read(source, at, place):
            if self.only_text and not isinstance(found.value, str):
                continue
            if self.write(found.value, place) == source.text[at : found.end]:
                source.reach(found.end)
                yield found

    def words(self) -> Iterator[str]:
        """是, 否."""
        yield from _TAKEN

    def _read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        values = {label: value for (_, value), label in _labels(place).items()}
        run = _RUN.match(source.text, at)
        if run:
            yield from _bare(run, values)
        label = unquoted(source.text, at, LABEL)
        if label is not None and label[0] in values:
            yield Found(values[label[0]], label[1])
        text = unquoted(source.text, at, STRING)
        if text is not None:
            yield Found(*text)
        yield from _digits(source, at)


def _bare(run: re.Match[str], values: Mapping[str, Value]) -> Iterator[Found]:
    word = run[0]
    if word in values and word not in _TAKEN:
        yield Found(values[word], run.end())
    else:
        yes_no = {text: value for value, text in _YES_NO.items()}
        yield Found(yes_no.get(word, word), run.end())


def _digits(source: Source, at: int) -> Iterator[Found]:
    day = _DATE.match(source.text, at)
    if day:
        try:
            found = date(int(day[1]), int(day[2]), int(day[3]))
        except ValueError:
            return
        yield Found(found.isoformat(), day.end())
        return
    number = _NUMBER.match(source.text, at)
    if number:
        yield Found(float(number[0]) if "." in number[0] else int(number[0]), number.end())


def _is_bare(text: str) -> bool:
    return bool(BARE.fullmatch(text)) and not _ENDING.search(text) and text not in _TAKEN


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _key(value: Value) -> Key:
    return (isinstance(value, bool), value)


def _labels(place: Place) -> Mapping[Key, str]:
    """The labels of values of the dimension that stands before."""
    name = str(place.slots.get("dimension", "")).rpartition(".")[2]
    return _labels_of(place.names.manifest, name)


@lru_cache(maxsize=1024)
def _labels_of(manifest: Manifest, name: str) -> Mapping[Key, str]:
    """The labels of governed values that no other value of the dimension has."""
    dimension = manifest.dimensions.get(name)
    if dimension is None:
        return {}
    told = {_key(v.value): v.label for v in dimension.field.values if v.label}
    times = Counter(told.values())
    return {key: label for key, label in told.items() if times[label] == 1}
