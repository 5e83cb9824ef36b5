"""Where things stand in the text of a definition file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import yaml


class TextRange(NamedTuple):
    """A part of a text, by characters."""

    start: int
    end: int


class Replacement(NamedTuple):
    """What stands instead of a part of a text."""

    at: TextRange
    text: str

    def in_text(self, text: str) -> str:
        """The text with this part replaced."""
        return text[: self.at.start] + self.text + text[self.at.end :]


def root_of(text: str) -> yaml.MappingNode | None:
    """The outermost mapping; None when the text is no YAML or no mapping."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    return node if isinstance(node, yaml.MappingNode) else None


def value_of(mapping: yaml.MappingNode, key: str) -> yaml.Node | None:
    """What stands at a key."""
    return next((value for name, value in mapping.value if name.value == key), None)


def entry_at(text: str, way: Iterable[tuple[str, str]]) -> yaml.MappingNode | None:
    """The entry that the way leads to: list and name in it, step by step."""
    found = root_of(text)
    for section, name in way:
        found = _named(value_of(found, section), name) if found else None
    return found


def _named(listed: yaml.Node | None, name: str) -> yaml.MappingNode | None:
    for item in listed.value if isinstance(listed, yaml.SequenceNode) else ():
        if isinstance(item, yaml.MappingNode):
            named = value_of(item, "name")
            if isinstance(named, yaml.ScalarNode) and named.value == name:
                return item
    return None


def extent(node: yaml.Node, text: str) -> TextRange:
    """From the first to the last character of a node, without what follows on its lines."""
    start = node.start_mark.index
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        parts = [part for item in node.value for part in _parts(item)]
        return TextRange(start, max((extent(part, text).end for part in parts), default=start))
    end = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        end = start + len(text[start:end].rstrip())
    return TextRange(start, end)


def _parts(item: yaml.Node | tuple[yaml.Node, yaml.Node]) -> tuple[yaml.Node, ...]:
    return item if isinstance(item, tuple) else (item,)


def line_start(text: str, at: int) -> int:
    """Where the line of a character begins."""
    return text.rfind("\n", 0, at) + 1


def next_line(text: str, at: int) -> int:
    """Where the line after a character begins; the end of a text without one."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def newline_of(text: str) -> str:
    r"""How lines of this text end: \n, or \r\n."""
    return "\r\n" if "\r\n" in text else "\n"
