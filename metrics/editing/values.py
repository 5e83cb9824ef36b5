"""What people call a dimension's declared values, as lines to edit: 线上:线上渠道、电子渠道."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from metrics.editing.change import NotEditableError, Path
from metrics.editing.written import Plain

SEPARATORS = re.compile(r"[、,,;;\n]")
_COLON = re.compile(r"\s*[::]\s*")


class Named(NamedTuple):
    """A declared value."""

    shown: str
    synonyms: tuple[str, ...]
    path: Path
    """Where its synonyms stand in the entry."""


def declared(entry: Mapping[str, Any]) -> tuple[Named, ...]:
    """The values of a dimension's entry in the order shown."""
    return tuple(_declared(entry.get("values")))


def synonym_lines(entry: Mapping[str, Any]) -> str:
    """A line for each declared value."""
    return "\n".join(f"{v.shown}:{'、'.join(v.synonyms)}" for v in declared(entry))


def synonym_changes(entry: Mapping[str, Any], lines: str) -> tuple[tuple[Path, Plain | None], ...]:
    """What is to be written for the lines; NotEditableError when a line fits no value."""
    values = declared(entry)
    typed = dict(_split(line, values) for line in lines.splitlines() if line.strip())
    missing = [value.shown for value in values if value.shown not in typed]
    if missing:
        raise NotEditableError(f"少了取值“{missing[0]}”的一行;取值本身请在 YAML 里增减")
    return tuple(
        (value.path, _written(value, typed[value.shown]))
        for value in values
        if tuple(typed[value.shown]) != value.synonyms
    )


def words_of(text: str) -> list[str]:
    """Words typed one after the other, each once.

    >>> words_of("存款、储蓄,存款;")
    ['存款', '储蓄']
    """
    return list(dict.fromkeys(filter(None, (word.strip() for word in SEPARATORS.split(text)))))


def _declared(values: Any) -> Iterator[Named]:
    if isinstance(values, Mapping):
        for name, said in values.items():
            yield Named(str(name), _texts(said), ("values", str(name)))
    for at, value in enumerate(values if isinstance(values, list) else ()):
        held = value if isinstance(value, Mapping) else {"value": value}
        shown = str(held.get("label") or held.get("value"))
        yield Named(shown, _texts(held.get("synonyms")), ("values", at, "synonyms"))


def _texts(said: Any) -> tuple[str, ...]:
    return tuple(map(str, [said] if isinstance(said, str) else said or ()))


def _split(line: str, values: tuple[Named, ...]) -> tuple[str, list[str]]:
    """The longest value that the line begins with, and its synonyms."""
    text = line.strip()
    for value in sorted(values, key=lambda value: -len(value.shown)):
        rest = text.removeprefix(value.shown)
        if rest != text and (colon := _COLON.match(rest)):
            return value.shown, words_of(rest[colon.end() :])
    raise NotEditableError(f"“{text}”不是“取值:别名、别名”;取值本身请在 YAML 里增减")


def _written(value: Named, synonyms: list[str]) -> Plain | None:
    """A value among keys stays there without synonyms; elsewhere the key goes."""
    return synonyms if synonyms or len(value.path) == len(("values", "name")) else None
