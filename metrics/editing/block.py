"""The lines of one metric within its file, and a new one's first lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import yaml

from metrics.editing.change import NotEditableError
from metrics.editing.nodes import entry_at, extent, line_start, newline_of, next_line, root_of
from metrics.editing.nodes import value_of as value_at
from metrics.editing.subject import Subject
from metrics.editing.written import Plain, written


class Block(NamedTuple):
    """A file in three parts: what stands before an entry, the entry, what stands after it."""

    before: str
    text: str
    after: str

    @property
    def whole(self) -> str:
        """The file."""
        return self.before + self.text + self.after

    @property
    def first_line(self) -> int:
        """The number of the entry's first line in the file."""
        return self.before.count("\n") + 1


def block_of(text: str, subject: Subject) -> Block | None:
    """The file around the whole lines of a subject; None when they cannot be told apart."""
    entry = entry_at(text, subject.way)
    if entry is None:
        return None
    at = extent(entry, text)
    start, end = line_start(text, at.start), next_line(text, at.end)
    if text[start : at.start].strip() not in ("-", ""):  # metrics: [{name: …}] on one line
        return None
    return Block(text[:start], text[start:end], text[end:])


def with_new_metric(text: str, values: Mapping[str, Plain]) -> str:
    """The file with one more metric after the last one; nothing else is touched."""
    newline = newline_of(text)
    root = root_of(text)
    listed = value_at(root, "metrics") if root else None
    if listed is None:
        gap = "" if not text or text.endswith("\n") else newline
        return text + gap + f"metrics:{newline}" + _lines(values, "  ", newline)
    if not isinstance(listed, yaml.SequenceNode) or listed.flow_style:
        raise NotEditableError("这个文件的 metrics 写在一行里,请直接在文件里新增")
    end = next_line(text, extent(listed, text).end)
    indent = " " * listed.start_mark.column
    gap = "" if text[:end].endswith("\n") else newline
    return text[:end] + gap + _lines(values, indent, newline) + text[end:]


def _lines(values: Mapping[str, Plain], indent: str, newline: str) -> str:
    heads = [f"{indent}- ", *[f"{indent}  "] * (len(values) - 1)]
    return "".join(
        f"{head}{key}: {written(value, quoted=_is_formula(key, value))}{newline}"
        for head, (key, value) in zip(heads, values.items(), strict=True)
    )


def _is_formula(key: str, value: Plain) -> bool:
    return key in ("expr", "filter") and isinstance(value, str) and not value.isidentifier()
