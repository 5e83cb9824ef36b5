"""Governed names in canonical text: 分行, 「同比」 where a bare word could be misread, 『id』.

A name is bare when its label stands for one thing only and cannot run together with the words
around it. Any other label stands in 「」, with the id in 『』 behind it where two things share the
label; what is not governed is its id in 『』.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from semantic_layer.calendars.feasts import FEASTS
from semantic_layer.model import Manifest
from semantic_layer.resolve.behaviour_events import known_events

BARE = re.compile(r"[A-Za-z\u3400-\u9fff][A-Za-z0-9\u3400-\u9fff]*")
"""What can be bare: Chinese, letters and digits, no digit in front."""
JOINING = frozenset("的且或其")
"""Words of one character that may stand right beside a name."""
Quotes: TypeAlias = tuple[str, str]
LABEL: Quotes = ("「", "」")
RAW: Quotes = ("『", "』")
STRING: Quotes = ("“", "”")


def quoted(text: str, quotes: Quotes) -> str:
    """The text between quotes; the closing one is doubled inside."""
    opening, closing = quotes
    return f"{opening}{text.replace(closing, closing * 2)}{closing}"


def unquoted(text: str, at: int, quotes: Quotes) -> tuple[str, int] | None:
    """What stands between quotes from here, and where it ends."""
    opening, closing = quotes
    if not text.startswith(opening, at):
        return None
    end = text.find(closing, at + 1)
    while end >= 0 and text.startswith(closing, end + 1):
        end = text.find(closing, end + 2)
    return (text[at + 1 : end].replace(closing * 2, closing), end + 1) if end >= 0 else None


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one kind of thing."""

    labels: Mapping[str, str]
    """By id."""
    ids: Mapping[str, tuple[str, ...]]
    """By label."""
    bare: Mapping[str, str]
    """The ids of labels that need no quotes."""
    lengths: tuple[int, ...] = field(default=())
    """Of bare labels."""

    def write(self, name: str) -> str:
        """The words for an id."""
        label = self.labels.get(name)
        if label is None:
            return quoted(name, RAW)
        if self.bare.get(label) == name:
            return label
        sure = "" if len(self.ids[label]) == 1 else quoted(name, RAW)
        return f"{quoted(label, LABEL)}{sure}"

    def read(self, text: str, at: int) -> Iterator[tuple[str, int]]:
        """Every id whose words stand here, and where they end."""
        for name, end in self._read(text, at):
            if self.write(name) == text[at:end]:
                yield name, end

    def _read(self, text: str, at: int) -> Iterator[tuple[str, int]]:
        raw = unquoted(text, at, RAW)
        if raw is not None:
            yield raw
        label = unquoted(text, at, LABEL)
        if label is not None:
            yield from self._labelled(text, *label)
        for length in self.lengths:
            name = self.bare.get(text[at : at + length])
            if name is not None and at + length <= len(text):
                yield name, at + length

    def _labelled(self, text: str, label: str, end: int) -> Iterator[tuple[str, int]]:
        sure = unquoted(text, end, RAW)
        if sure is not None:
            yield sure
        elif len(self.ids.get(label, ())) == 1:
            yield self.ids[label][0], end


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything of a catalogue that canonical text names."""

    manifest: Manifest
    kinds: Mapping[str, Names]
    """metric, dimension, role, figure, entity, event, segment, time_role, feast."""
    reserved: frozenset[str]
    """The fixed words of the grammar."""


@lru_cache(maxsize=8)
def vocabulary(manifest: Manifest, reserved: frozenset[str]) -> Vocabulary:
    """The names of a catalogue beside the words of the grammar."""
    kinds = {kind: _names(labels, reserved) for kind, labels in _labels(manifest).items()}
    return Vocabulary(manifest, kinds, reserved)


def _labels(manifest: Manifest) -> dict[str, dict[str, str]]:
    metrics = {name: metric.label for name, metric in manifest.metrics.items()}
    dimensions = {name: dimension.label for name, dimension in manifest.dimensions.items()}
    datasets = manifest.datasets.values()
    roles = {join.name: join.label for of in datasets for join in of.joins if join.label}
    actors = {a.name: a.label for of in datasets if of.events for a in of.events.by}
    entities = {of.entity: of.label for of in reversed(tuple(datasets)) if of.entity}
    events = {known.step.event: known.step.label for known in known_events(manifest)}
    time_roles = {role: role for of in datasets for role, _ in of.time_roles}
    return {
        "metric": metrics,
        "dimension": dimensions,
        "figure": {**dimensions, **metrics},
        "role": roles,
        "entity": {**dimensions, **actors, **entities},
        "event": {**metrics, **events},
        "segment": {name: segment.label for name, segment in manifest.segments.items()},
        "time_role": time_roles,
        "feast": {name: name for name in FEASTS},
    }


def _names(labels: Mapping[str, str], reserved: frozenset[str]) -> Names:
    ids: dict[str, list[str]] = {}
    for name, label in labels.items():
        ids.setdefault(label, []).append(name)
    clear = _clear(Counter(labels.values()), reserved)
    bare = {label: ids[label][0] for label in clear}
    lengths = tuple(sorted({len(label) for label in bare}, reverse=True))
    return Names(labels, {label: tuple(found) for label, found in ids.items()}, bare, lengths)


def _clear(labels: Counter[str], reserved: frozenset[str]) -> Iterator[str]:
    """The labels that stay themselves among the words of the grammar."""
    words = _around(reserved)
    for label, times in labels.items():
        if times > 1 or label in reserved or not BARE.fullmatch(label):
            continue
        if words.inside.search(label):
            continue
        cuts = ((label[:n], label[n:]) for n in range(1, len(label)))
        if not any(
            (head in labels and words.may_follow(tail))
            or (tail in labels and words.may_precede(head))
            for head, tail in cuts
        ):
            yield label


class _Around:
    """Whether a name and words of the grammar may make up another name."""

    def __init__(self, reserved: frozenset[str]) -> None:
        longer = [re.escape(word) for word in reserved if len(word) > 1]
        self.inside = re.compile("|".join((*longer, *JOINING)))
        """What no bare name contains."""
        self._words = tuple(reserved)
        self._begins = {word[:n] for word in reserved for n in range(1, len(word) + 1)}
        self._ends = {word[n:] for word in reserved for n in range(len(word))}

    def may_follow(self, tail: str) -> bool:
        """A word that follows a name begins like this."""
        return tail in self._begins or tail.startswith(self._words)

    def may_precede(self, head: str) -> bool:
        """A word that stands before a name ends like this."""
        return head in self._ends or head.endswith(self._words)


_around = lru_cache(maxsize=1)(_Around)
