"""One key of one entry set or taken away; the rest of the file stays byte for byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import yaml

from metrics.editing.nodes import (
    Replacement,
    TextRange,
    entry_at,
    extent,
    line_start,
    newline_of,
    next_line,
    value_of,
)
from metrics.editing.subject import Subject, entry_of
from metrics.editing.written import Plain, written

Path: TypeAlias = tuple[str | int, ...]
"""Keys, and places in lists: ("format", "scale"), ("values", 0, "synonyms")."""
BARE = "value"
"""What a list says of an item that it only names."""
FORMULAS = {"expr", "filter", "derived", "of", "to"}
"""Texts that stand in quotes unless they are a single name."""


class NotEditableError(Exception):
    """The file is written in a way that only its text can be edited."""


def changed(text: str, subject: Subject, path: Path, value: Plain | None) -> str:
    """The file with the value at a place of the subject's entry; None: no key."""
    entry = entry_at(text, subject.way)
    if entry is None:
        raise NotEditableError(f"文件里找不到{subject.word} {subject.name},或文件不是正确的 YAML")
    new = text
    for part in _replacements(entry, text, path, value):
        new = part.in_text(new)
    if (entry_of(new, subject) or {}) != _expected(entry_of(text, subject) or {}, path, value):
        raise NotEditableError(f"{path[-1]} 的写法特殊,请直接在 YAML 里改")
    return new


def _replacements(
    mapping: yaml.MappingNode, text: str, path: Path, value: Plain | None
) -> list[Replacement]:
    """In the order in which they are to be done: the last place first."""
    key, *rest = str(path[0]), *path[1:]
    held = value_of(mapping, key)
    if held is None:
        return [] if value is None else [_added(mapping, text, key, _nested(rest, value))]
    if rest and isinstance(held, yaml.MappingNode):
        if value is None and [name.value for name, _ in held.value] == rest:
            return [_removed(mapping, text, key)]
        return _replacements(held, text, tuple(rest), value)
    if rest and isinstance(held, yaml.SequenceNode):
        return _in_item(held.value[int(rest[0])], text, tuple(rest[1:]), value)
    if value is None:
        return [] if rest else [_removed(mapping, text, key)]
    nested = _nested(rest, value)
    if isinstance(held, yaml.SequenceNode) and isinstance(nested, list | tuple):
        found = _listed(held, text, nested)
        if found is None:
            found = _preceded(held, text, nested)
        if found is not None:
            return found
    if isinstance(held, yaml.CollectionNode) and not held.flow_style:
        return _rewritten(mapping, text, key, nested)
    quoted = _is_quoted(key, nested, held)
    return [Replacement(_room(mapping, key, text), " " + written(nested, quoted=quoted))]


def _in_item(item: yaml.Node, text: str, path: Path, value: Plain | None) -> list[Replacement]:
    """A bare value becomes an entry as soon as more is said about it."""
    if isinstance(item, yaml.MappingNode):
        return _replacements(item, text, path, value)
    at = extent(item, text)
    more = written({str(path[0]): value}).strip("{}") if value is not None else ""
    return [Replacement(at, f"{{{BARE}: {text[at.start : at.end]}, {more}}}")] if more else []


def _nested(rest: Sequence[str | int], value: Plain) -> Plain:
    for key in reversed(rest):
        value = {str(key): value}
    return value


def _is_quoted(key: str, value: Plain, held: yaml.Node | None = None) -> bool:
    if isinstance(held, yaml.ScalarNode) and held.style in ("'", '"'):
        return isinstance(value, str)
    return key in FORMULAS and isinstance(value, str) and not value.isidentifier()


def _room(mapping: yaml.MappingNode, key: str, text: str) -> TextRange:
    """From behind the colon of a key to the end of its value."""
    for name, value in mapping.value:
        if name.value == key:
            colon = text.index(":", name.end_mark.index)
            return TextRange(colon + 1, max(extent(value, text).end, colon + 1))
    raise KeyError(key)


def _added(mapping: yaml.MappingNode, text: str, key: str, value: Plain) -> Replacement:
    pair = f"{written(key)}: {written(value, quoted=_is_quoted(key, value))}"
    if mapping.flow_style:
        return _appended(mapping, text, pair)
    last, _ = mapping.value[-1]
    at = next_line(text, _room(mapping, last.value, text).end)
    indent = " " * mapping.value[0][0].start_mark.column
    line = f"{indent}{pair}{newline_of(text)}"
    if at == len(text) and not text.endswith("\n"):
        line = newline_of(text) + line.rstrip("\r\n")
    return Replacement(TextRange(at, at), line)


def _appended(collection: yaml.CollectionNode, text: str, piece: str) -> Replacement:
    """One more piece between brackets."""
    if not collection.value:
        at = collection.start_mark.index + 1
        return Replacement(TextRange(at, at), piece)
    last = collection.value[-1]
    at = extent(last[1] if isinstance(last, tuple) else last, text).end
    return Replacement(TextRange(at, at), f", {piece}")


def _removed(mapping: yaml.MappingNode, text: str, key: str) -> Replacement:
    index = next(i for i, (name, _) in enumerate(mapping.value) if name.value == key)
    name, _ = mapping.value[index]
    whole = TextRange(name.start_mark.index, _room(mapping, key, text).end)
    if mapping.flow_style:
        starts = [pair[0].start_mark.index for pair in mapping.value]
        ends = [_room(mapping, pair[0].value, text).end for pair in mapping.value]
        return Replacement(_with_comma(index, starts, ends), "")
    first = line_start(text, whole.start)
    if text[first : whole.start].strip():  # - name: … stands on the line of its dash
        raise NotEditableError(f"{key} 是这一段的第一个键,请直接在 YAML 里改")
    return Replacement(TextRange(first, next_line(text, whole.end)), "")


def _with_comma(index: int, starts: Sequence[int], ends: Sequence[int]) -> TextRange:
    """A piece between brackets with one of the commas beside it."""
    if index + 1 < len(starts):
        return TextRange(starts[index], starts[index + 1])
    return TextRange(ends[index - 1] if index else starts[index], ends[index])


def _rewritten(mapping: yaml.MappingNode, text: str, key: str, value: Plain) -> list[Replacement]:
    """What was spread over lines now stands on one."""
    room = _room(mapping, key, text)
    if "#" in text[room.start : room.end]:
        raise NotEditableError(f"{key} 的各行里有注释,请直接在 YAML 里改")
    return [Replacement(room, " " + written(value))]


def _listed(
    held: yaml.SequenceNode, text: str, wanted: Sequence[Plain]
) -> list[Replacement] | None:
    """A list of texts that keeps what stays in it; None when it is put in another order."""
    if not all(isinstance(item, yaml.ScalarNode) for item in held.value):
        return None
    had = [item.value for item in held.value]
    gone = [index for index, item in enumerate(had) if item not in wanted]
    kept = [item for item in had if item in wanted]
    new = [item for item in wanted if item not in had]
    if [*kept, *new] != list(wanted) or not kept:
        return None
    added = [_item(held, text, item, gone) for item in new]
    removed = [_item_removed(held, text, index, gone) for index in gone]
    return _in_reverse([*removed, *_joined(added)])


def _preceded(
    held: yaml.SequenceNode, text: str, wanted: Sequence[Plain]
) -> list[Replacement] | None:
    """A list with one more entry before the others; None when that is not what is wanted."""
    if len(wanted) != len(held.value) + 1 or not held.value:
        return None
    first, at = written(wanted[0]), extent(held.value[0], text).start
    if held.flow_style:
        return [Replacement(TextRange(at, at), f"{first}, ")]
    at = line_start(text, at)
    line = f"{' ' * held.start_mark.column}- {first}{newline_of(text)}"
    return [Replacement(TextRange(at, at), line)]


def _item(held: yaml.SequenceNode, text: str, item: Plain, gone: Sequence[int]) -> Replacement:
    last = max(i for i in range(len(held.value)) if i not in gone)
    end = extent(held.value[last], text).end
    if held.flow_style:
        return Replacement(TextRange(end, end), f", {written(item)}")
    at = next_line(text, end)
    indent = " " * held.start_mark.column
    return Replacement(TextRange(at, at), f"{indent}- {written(item)}{newline_of(text)}")


def _joined(added: Sequence[Replacement]) -> list[Replacement]:
    """Pieces for one place, in the order wanted."""
    return [Replacement(added[0].at, "".join(a.text for a in added))] if added else []


def _item_removed(
    held: yaml.SequenceNode, text: str, index: int, gone: Sequence[int]
) -> Replacement:
    ranges = [extent(item, text) for item in held.value]
    if held.flow_style:
        is_last = all(later in gone for later in range(index + 1, len(ranges)))
        if is_last:
            return Replacement(TextRange(ranges[index - 1].end, ranges[index].end), "")
        return Replacement(TextRange(ranges[index].start, ranges[index + 1].start), "")
    first = line_start(text, ranges[index].start)
    return Replacement(TextRange(first, next_line(text, ranges[index].end)), "")


def _in_reverse(parts: Sequence[Replacement]) -> list[Replacement]:
    """Later places first; at one place what goes away before what comes."""
    return sorted(parts, key=lambda part: part.at.start, reverse=True)


def _expected(
    before: Mapping[str, object], path: Path, value: Plain | None
) -> Mapping[str, object]:
    key, *rest = str(path[0]), *path[1:]
    after = dict(before)
    if not rest:
        new: object = list(value) if isinstance(value, tuple) else value
    elif isinstance(held := before.get(key), list):
        at = int(rest[0])
        item = held[at] if isinstance(held[at], dict) else {BARE: held[at]}
        new = [*held[:at], _expected(item, tuple(rest[1:]), value), *held[at + 1 :]]
    else:
        new = _expected(held if isinstance(held, dict) else {}, tuple(rest), value) or None
    if new is None:
        after.pop(key, None)
    else:
        after[key] = new
    return after
