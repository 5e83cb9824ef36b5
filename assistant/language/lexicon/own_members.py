"""投诉, 正常: members too common for the lexicon, known where only their own table is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from assistant.language.normalise import normalise_name
from assistant.language.tokens import MetricName, Name, ValueName
from semantic_layer.model import Aggregate, Dimension, Manifest
from semantic_layer.resolve.closure import leaves


class OwnMember(NamedTuple):
    """A member, and the metrics before which its bare word can mean nothing else."""

    value: ValueName
    metrics: frozenset[str]
    """Their names, with governed words that stand for one of them."""


def own_members(
    manifest: Manifest, names: Mapping[str, tuple[Name, ...]]
) -> dict[str, tuple[OwnMember, ...]]:
    """Word → the members that are not found by it alone."""
    tables = _of_one_table(manifest)
    found: dict[str, list[OwnMember]] = {}
    for dimension in manifest.dimensions.values():
        if dimension.field.searchable or dimension.field.sensitivity == "pii":
            continue
        mine = tables.get(dimension.home, frozenset())
        for word, value in _words(dimension):
            sure = _is_sure(value, dimension, names.get(word, ()), manifest)
            found.setdefault(word, []).append(OwnMember(value, mine if sure else frozenset()))
    return {word: tuple(members) for word, members in found.items()}


def _words(dimension: Dimension) -> Iterator[tuple[str, ValueName]]:
    for governed in dimension.field.values:
        for word in (governed.label or str(governed.value), *governed.synonyms):
            if len(spelled := normalise_name(word)) > 1:
                yield spelled, ValueName(dimension.name, governed.value)


def _is_sure(
    value: ValueName, dimension: Dimension, names: tuple[Name, ...], manifest: Manifest
) -> bool:
    """Whether a figure of just these is called so: 投诉 counts kind = '投诉'."""
    told = f"'{value.value}'"
    definitions = [manifest.metrics[n.metric].definition for n in names
                   if isinstance(n, MetricName)]  # fmt: skip
    return 0 < len(definitions) == len(names) and all(
        isinstance(d, Aggregate) and d.dataset == dimension.home and told in (d.filter or "")
        for d in definitions
    )


def _of_one_table(manifest: Manifest) -> dict[str, frozenset[str]]:
    """Table → the metrics made of nothing else, and the words that mean them by default."""
    found: dict[str, set[str]] = {}
    for name in manifest.metrics:
        homes = {getattr(leaf.definition, "dataset", "") for leaf in leaves(manifest, name)}
        if len(homes) == 1:
            found.setdefault(homes.pop(), set()).add(name)
    for metrics in found.values():
        metrics |= {w for w, known in manifest.ambiguous.items() if known.default in metrics}
    return {table: frozenset(metrics) for table, metrics in found.items()}
