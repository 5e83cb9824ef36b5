"""What of the catalogue an asker may learn of: whatever their rights can be applied to."""

from __future__ import annotations

import re
from functools import cached_property
from threading import Lock
from typing import NamedTuple

from assistant.language.catalogue import Catalogue
from assistant.language.lexicon import Lexicon
from assistant.language.normalise import normalise
from assistant.language.tokens import Name, ValueName
from assistant.retrieve.entries import Kind
from assistant.sight import Sight
from semantic_layer.model import Aggregate, Manifest
from semantic_layer.principal import Principal
from semantic_layer.resolve.behaviour_events import known_events
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.rights import Rights, rights_of, row_filter


class Allowed(NamedTuple):
    """Names that may be told."""

    metrics: frozenset[str] = frozenset()
    dimensions: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    """Dimensions whose members may be told, as far as the asker sees them."""

    def lists(self, dimension: str) -> bool:
        """Whether members of the dimension may be told."""
        return dimension.rpartition(".")[2] in self.listed

    def holds(self, kind: Kind, name: str) -> bool:
        """Whether the name may be told; a dimension by a role counts like the dimension."""
        if kind == "metric":
            return name in self.metrics
        if kind == "dimension":
            return name.rpartition(".")[2] in self.dimensions
        return name in self.segments if kind == "segment" else self is not NOTHING


NOTHING = Allowed()
_PARTS = re.compile("[\u4e00-\u9fff·]{2,}|[a-z]*[0-9]{3,}")


class Scope:
    """The names that each asker may be told, worked out once for equal rights."""

    def __init__(self, manifest: Manifest, lexicon: Lexicon, sight: Sight) -> None:
        self._catalogue = Catalogue(manifest, lexicon)
        self._sight = sight
        self._lock = Lock()
        self._known: dict[Rights, Allowed] = {}

    def of(self, principal: Principal) -> Allowed:
        """What the asker may be told of; nothing when their rights are unclear."""
        try:
            rights = rights_of(self._catalogue.manifest, principal)
        except RefusedError:
            return NOTHING
        with self._lock:
            if rights not in self._known:
                self._known[rights] = self._allowed(rights, principal)
            return self._known[rights]

    def dimension_label(self, name: str) -> str:
        """The dimension in Chinese, with its role."""
        return self._catalogue.dimension_label(name)

    def value_label(self, name: ValueName) -> str:
        """What people call the member."""
        return self._catalogue.value_label(name)

    def is_public(self, dimension: str) -> bool:
        """Whether the dimension is no personal attribute."""
        plain = dimension.rpartition(".")[2]
        return self._catalogue.manifest.dimensions[plain].field.sensitivity == "public"

    def hides(self, principal: Principal, dimension: str, value: object) -> bool:
        """Whether the member stands only in rows that the asker may not see."""
        return str(value) in self._sight.hidden(principal, dimension.rpartition(".")[2])

    def hidden_words(self, principal: Principal) -> frozenset[str]:
        """Every member that the asker may not see, of the dimensions they may ask by."""
        return self._sight.hidden_words(principal)

    def hidden_in(self, text: str, principal: Principal) -> frozenset[str]:
        """Words of the text that name nothing but colleagues, or members the asker may not see."""
        normalised, allowed = normalise(text), self.of(principal)
        named = (
            (found.start, found.end)
            for found in self._catalogue.lexicon.find(normalised.text)
            if found.end - found.start > 1 and found.names
            if all(self._is_hidden(name, allowed, principal) for name in found.names)
        )
        colleagues = (
            (at, at + len(word))
            for word in self._colleagues
            if (at := normalised.text.find(word)) >= 0
        )
        return frozenset(text[slice(*normalised.span(*at))] for at in (*named, *colleagues))

    @cached_property
    def _colleagues(self) -> tuple[str, ...]:
        """Names and numbers within members that name people: 万琳慧 and m0117 of 万琳慧(M0117)."""
        names = self._catalogue.lexicon.names
        return tuple(
            part
            for word, meant in names.items()
            if any(isinstance(n, ValueName) and self._names_people(n.dimension) for n in meant)
            for part in _PARTS.findall(word)
            if part not in names
        )

    def _is_hidden(self, name: Name, allowed: Allowed, principal: Principal) -> bool:
        return isinstance(name, ValueName) and (
            not allowed.lists(name.dimension)
            or self._names_people(name.dimension)
            or self.hides(principal, name.dimension, name.value)
        )

    def _names_people(self, dimension: str) -> bool:
        plain = dimension.rpartition(".")[2]
        return self._catalogue.manifest.dimensions[plain].field.sensitivity == "staff"

    def _allowed(self, rights: Rights, principal: Principal) -> Allowed:
        manifest = self._catalogue.manifest
        tables = frozenset(name for name in manifest.datasets if _reaches(manifest, rights, name))
        joined = _joined(manifest, tables)
        entities = {d.entity for d in manifest.datasets.values() if d.entity and d.name in tables}
        return Allowed(
            frozenset(name for name in manifest.metrics if self._computable(name, tables)),
            frozenset(d.name for d in manifest.dimensions.values() if joined & {*d.carriers}),
            frozenset(
                segment.name
                for segment in manifest.segments.values()
                if segment.entity in entities
                and not any(self._sight.hidden_in(segment.where, principal))
            ),
            frozenset(e.step.event for e in known_events(manifest) if e.step.dataset in tables),
            frozenset(d.name for d in manifest.dimensions.values() if d.home in tables),
        )

    def _computable(self, name: str, tables: frozenset[str]) -> bool:
        """Whether each part comes from some table that may be read."""
        return all(
            any(source.dataset in tables for source in (leaf.definition, *leaf.also))
            for leaf in self._catalogue.leaves(name)
            if isinstance(leaf.definition, Aggregate)
        )


def _joined(manifest: Manifest, tables: frozenset[str]) -> frozenset[str]:
    """The tables and all that they lead to: whoever sees customers may ask by their branch."""
    found, waiting = set(tables), list(tables)
    while waiting:
        for join in manifest.datasets[waiting.pop()].joins:
            if join.to in manifest.datasets and join.to not in found:
                found.add(join.to)
                waiting.append(join.to)
    return frozenset(found)


def _reaches(manifest: Manifest, rights: Rights, dataset: str) -> bool:
    try:
        row_filter(manifest, rights, dataset)
    except RefusedError:
        return False
    return True
