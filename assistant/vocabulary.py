"""What can be said in a question, for completing it while it is typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.information import visible_dimensions, visible_metrics
from assistant.sight import Sight, denied_to
from semantic_layer.model import Manifest
from semantic_layer.principal import Principal
from semantic_layer.snapshot import Snapshot

WordKind = Literal["metric", "dimension", "value"]
MOST_VALUES = 2_000
"""Of one dimension; more are no help while typing."""
NO_VALUE = ("未知", "其他")


@dataclass(frozen=True, slots=True)
class Word:
    """A name as the answer will write it, with what else finds it."""

    text: str
    kind: WordKind
    note: str = ""
    """What it belongs to: the domain of a metric, the dimension of a value."""
    also: tuple[str, ...] = ()


def vocabulary(snapshot: Snapshot, sight: Sight, principal: Principal) -> tuple[Word, ...]:
    """Metrics, dimensions and values; of values only those in rows that the asker may see."""
    if denied_to(principal, snapshot):
        return ()
    found: dict[str, Word] = {}
    for word in (*_names(snapshot.manifest), *_values(snapshot.manifest, sight, principal)):
        found.setdefault(word.text, word)
    return tuple(found.values())


def _names(manifest: Manifest) -> Iterator[Word]:
    for metric in visible_metrics(manifest):
        domain = metric.domain.rpartition("/")[2]
        yield Word(metric.label, "metric", domain, metric.synonyms)
    for dimension in visible_dimensions(manifest):
        yield Word(dimension.label, "dimension", "", dimension.field.synonyms)


def _values(manifest: Manifest, sight: Sight, principal: Principal) -> Iterator[Word]:
    for dimension in visible_dimensions(manifest):
        for value in sight.members(principal, dimension.name)[:MOST_VALUES]:
            if len(value) > 1 and value not in NO_VALUE:
                yield Word(value, "value", dimension.label)
