"""What of the catalogue an asker may learn of: whatever their rights can be applied to."""

from __future__ import annotations

from threading import Lock
from typing import NamedTuple

from assistant.language.catalogue import Catalogue
from assistant.language.lexicon import Lexicon
from assistant.language.tokens import ValueName
from assistant.retrieve.entries import Kind
from assistant.sight import Sight
from semantic_layer.model import Aggregate, Manifest
from semantic_layer.principal import Principal
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.rights import Rights, rights_of, row_filter


class Allowed(NamedTuple):
    """Names that may be told."""

    metrics: frozenset[str] = frozenset()
    dimensions: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()

    def holds(self, kind: Kind, name: str) -> bool:
        """Whether the name may be told; a dimension by a role counts like the dimension."""
        if kind == "metric":
            return name in self.metrics
        if kind == "dimension":
            return name.rpartition(".")[2] in self.dimensions
        return name in self.segments if kind == "segment" else self is not NOTHING


NOTHING = Allowed()


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
        """Every member that the asker may not see."""
        return self._sight.hidden_words(principal)

    def _allowed(self, rights: Rights, principal: Principal) -> Allowed:
        manifest = self._catalogue.manifest
        tables = frozenset(name for name in manifest.datasets if _reaches(manifest, rights, name))
        entities = {d.entity for d in manifest.datasets.values() if d.entity and d.name in tables}
        return Allowed(
            frozenset(name for name in manifest.metrics if self._computable(name, tables)),
            frozenset(d.name for d in manifest.dimensions.values() if tables & {*d.carriers}),
            frozenset(
                segment.name
                for segment in manifest.segments.values()
                if segment.entity in entities
                and not any(self._sight.hidden_in(segment.where, principal))
            ),
        )

    def _computable(self, name: str, tables: frozenset[str]) -> bool:
        """Whether each part comes from some table that may be read."""
        return all(
            any(source.dataset in tables for source in (leaf.definition, *leaf.also))
            for leaf in self._catalogue.leaves(name)
            if isinstance(leaf.definition, Aggregate)
        )


def _reaches(manifest: Manifest, rights: Rights, dataset: str) -> bool:
    try:
        row_filter(manifest, rights, dataset)
    except RefusedError:
        return False
    return True
