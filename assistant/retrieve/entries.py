"""Every name, synonym and description that a search compares a text with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from assistant.language.lexicon import Lexicon
from assistant.language.normalise import normalise_name
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    MetricName,
    Name,
    NearMiss,
    SegmentName,
)
from assistant.retrieve.candidates import Source
from semantic_layer.model import Manifest

Kind = Literal["metric", "dimension", "segment", "verified"]
PRECEDENCE: tuple[Source, ...] = (
    "name", "synonym", "phrase", "question", "ambiguous", "near_miss", "description",
)  # fmt: skip


class Entry(NamedTuple):
    """One text that stands for one thing."""

    kind: Kind
    id: str
    source: Source
    text: str
    """In the spelling that questions have."""


def catalogue_entries(
    manifest: Manifest, lexicon: Lexicon, questions: Iterable[str] = ()
) -> tuple[Entry, ...]:
    """The entries of a catalogue, each text once for each thing, in a fixed order."""
    found = [
        entry._replace(text=spelled)
        for entry in (
            *_metrics(manifest), *_dimensions(manifest), *_segments(manifest),
            *_of_lexicon(manifest, lexicon),
            *(Entry("verified", question, "question", question) for question in questions),
        )
        if (spelled := normalise_name(entry.text).strip())
    ]  # fmt: skip
    found.sort(key=lambda entry: PRECEDENCE.index(entry.source))
    unique = {(entry.kind, entry.id, entry.text): entry for entry in reversed(found)}
    return tuple(sorted(unique.values()))


def _metrics(manifest: Manifest) -> Iterator[Entry]:
    for metric in manifest.metrics.values():
        yield Entry("metric", metric.name, "name", metric.label)
        for word in metric.synonyms:
            yield Entry("metric", metric.name, "synonym", word)
        if not metric.hidden:
            for word in metric.phrases:
                yield Entry("metric", metric.name, "phrase", word)
            yield Entry("metric", metric.name, "description", metric.description)


def _dimensions(manifest: Manifest) -> Iterator[Entry]:
    for dimension in manifest.dimensions.values():
        field = dimension.field
        if field.sensitivity == "pii":
            continue
        yield Entry("dimension", dimension.name, "name", field.label)
        for word in field.synonyms:
            yield Entry("dimension", dimension.name, "synonym", word)
        yield Entry("dimension", dimension.name, "description", field.description)


def _segments(manifest: Manifest) -> Iterator[Entry]:
    for segment in manifest.segments.values():
        yield Entry("segment", segment.name, "name", segment.label)
        for word in segment.synonyms:
            yield Entry("segment", segment.name, "synonym", word)
        yield Entry("segment", segment.name, "description", segment.description)


def _of_lexicon(manifest: Manifest, lexicon: Lexicon) -> Iterator[Entry]:
    """What the reader of questions knows besides: short names, roles, words of several things."""
    for word, names in lexicon.names.items():
        for name in names:
            yield from _of_name(word, name, manifest)


def _of_name(word: str, name: Name, manifest: Manifest) -> Iterator[Entry]:
    if isinstance(name, MetricName):
        yield Entry("metric", name.metric, "synonym", word)
    elif isinstance(name, DimensionName):
        yield Entry("dimension", name.dimension, "synonym", word)
    elif isinstance(name, SegmentName):
        yield Entry("segment", name.segment, "synonym", word)
    elif isinstance(name, NearMiss):
        for metric in name.metrics:
            yield Entry("metric", metric, "near_miss", word)
    elif isinstance(name, AmbiguousName):
        for candidate in manifest.ambiguous[name.word].candidates:
            kind: Kind = "metric" if candidate in manifest.metrics else "dimension"
            if candidate in manifest.metrics or candidate in manifest.dimensions:
                yield Entry(kind, candidate, "ambiguous", word)
