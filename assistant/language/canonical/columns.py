"""Columns and groups of the query around, by their names there: 个人存款余额, 第2个指标."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from assistant.language.canonical.syntax import Found, Place, Source
from semantic_layer.query import ColumnRef

_MEASURE = ("第", "个指标")
_GROUP = ("第", "个分组")


class _Target(NamedTuple):
    """What is shown: a measure, or a group or attribute."""

    is_group: bool
    number: int


@dataclass(frozen=True, slots=True)
class Column:
    """What a column shows, before anything of a comparison: of a whole `ColumnRef`."""

    def write(self, value: Any, place: Place) -> str | None:
        """The name of the measure or group, with base and kind of comparison."""
        if not isinstance(value, ColumnRef):
            return None
        is_group = value.group is not None
        index = value.group if value.group is not None else value.measure or 0
        name = _written(_Target(is_group, index), place)
        base = place.grammar["base"].write(value.base, place) or ""
        show = place.grammar["show"].write(value.show, place)
        is_plain = value.base is None and value.show == "value"
        return name if is_plain else f"{name}的{base}{show}"

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """Every column that stands here."""
        for target, end in _targets(source, at, place):
            yield Found(_column(target), end)
            if source.starts("的", end):
                yield from self._shown(target, source, end + 1, place)

    def words(self) -> Iterator[str]:
        """For columns without a name of their own."""
        yield from ("的", *_MEASURE, *_GROUP)

    def _shown(self, target: _Target, source: Source, at: int, place: Place) -> Iterator[Found]:
        bases = place.grammar["base"].read(source, at, place)
        for base, middle in (*bases, Found(None, at)):
            for show, end in place.grammar["show"].read(source, middle, place):
                yield Found(_column(target, base=base, show=show), end)


def _column(target: _Target, **compared: Any) -> ColumnRef:
    if target.is_group:
        return ColumnRef(group=target.number, **compared)
    return ColumnRef(measure=target.number, **compared)


@dataclass(frozen=True, slots=True)
class GroupOf:
    """A group of the query around, by its index."""

    def write(self, value: int, place: Place) -> str | None:
        """What it is called."""
        return _written(_Target(True, value), place)

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """Every group that stands here."""
        for target, end in _targets(source, at, place):
            if target.is_group:
                yield Found(target.number, end)

    def words(self) -> Iterator[str]:
        """For groups without a name of their own."""
        yield from _GROUP


def _written(target: _Target, place: Place) -> str:
    found = [name for name, named in _names(place).items() if named == target]
    before, after = _GROUP if target.is_group else _MEASURE
    return found[0] if found else f"{before}{target.number + 1}{after}"


def _targets(source: Source, at: int, place: Place) -> Iterator[tuple[_Target, int]]:
    for name, target in _names(place).items():
        if source.starts(name, at):
            yield target, at + len(name)
    for is_group, (before, after) in ((True, _GROUP), (False, _MEASURE)):
        if source.starts(before, at):
            for number, end in place.grammar["whole"].read(source, at + len(before), place):
                if source.starts(after, end):
                    yield _Target(is_group, number - 1), end + len(after)


def _names(place: Place) -> Mapping[str, _Target]:
    """The names in the query around that only one column has."""
    around = place.around_with("measures")
    grouped = "group" if "group_by" in around else "dimension"
    shown = [
        ("operand", False, around.get("measures", ())),
        (grouped, True, around.get("group_by") or around.get("attributes") or ()),
    ]
    told: dict[str, list[_Target]] = {}
    for syntax, is_group, of in shown:
        for index, one in enumerate(of):
            name = place.grammar[syntax].write(one, place)
            told.setdefault(name or "", []).append(_Target(is_group, index))
    return {name: targets[0] for name, targets in told.items() if len(targets) == 1}
