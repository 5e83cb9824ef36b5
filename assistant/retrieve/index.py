"""`Index.search`: the one way from a text to what of the catalogue it may be about."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from assistant.language.lexicon import Lexicon
from assistant.language.normalise import normalise
from assistant.language.tokens import ValueName
from assistant.retrieve.candidates import (
    Candidates,
    Hit,
    Means,
    Reason,
    Source,
    ValueHit,
)
from assistant.retrieve.entries import Entry, Kind, catalogue_entries
from assistant.retrieve.lexical import LexicalIndex
from assistant.retrieve.scope import Allowed, Scope
from assistant.sight import Sight
from semantic_layer.model import Manifest
from semantic_layer.principal import Principal

MOST = 5
LEAST = 0.15
"""A lower score is chance."""


class Ranked(NamedTuple):
    """An entry and how well it fits."""

    entry: Entry
    score: float
    means: Means


class Index:
    """One catalogue, made searchable at the first search; shared by all threads."""

    def __init__(
        self, manifest: Manifest, lexicon: Lexicon, sight: Sight, questions: Iterable[str] = ()
    ) -> None:
        self._manifest = manifest
        self._lexicon = lexicon
        self._scope = Scope(manifest, lexicon, sight)
        self._questions = tuple(questions)

    def search(self, text: str, principal: Principal, k: int = MOST) -> Candidates:
        """The k best of each kind, best first, with scores and reasons.

        Nothing outside the asker's rights is among them. The text may be passed as it was
        typed: personal data in it is masked before any embedder outside sees it.
        """
        spoken = normalise(text).text
        ranked = self._ranked(spoken)
        allowed = self._scope.of(principal)
        return Candidates(
            metrics=self._hits("metric", ranked, allowed, k),
            dimensions=self._hits("dimension", ranked, allowed, k),
            values=self._values(spoken, principal, allowed)[:k],
            segments=self._hits("segment", ranked, allowed, k),
            verified=self._questions_like(ranked, principal, allowed, k),
        )

    def allowed(self, principal: Principal) -> Allowed:
        """Every name that the asker may be told of."""
        return self._scope.of(principal)

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return catalogue_entries(self._manifest, self._lexicon, self._questions)

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return LexicalIndex.build([entry.text for entry in self._entries])

    def _ranked(self, spoken: str) -> list[Ranked]:
        """Entries that fit, best first; equal ones in the order of the catalogue."""
        held, told = self._lexical.scores(spoken)
        scores = 0.8 * held + 0.2 * told
        found = []
        for number in (scores >= LEAST).nonzero()[0]:
            entry = self._entries[number]
            exact = entry.source != "description" and entry.text in spoken
            means: Means = "exact" if exact else "spelling"
            found.append(Ranked(entry, float(scores[number]), means))
        return sorted(found, key=lambda one: (-one.score, one.entry))

    def _hits(self, kind: Kind, ranked: list[Ranked], allowed: Allowed, k: int) -> tuple[Hit, ...]:
        best: dict[str, Hit] = {}
        for entry, score, means in ranked:
            if len(best) == k:
                break
            if entry.kind == kind and entry.id not in best and allowed.holds(kind, entry.id):
                label = self._label(kind, entry.id)
                best[entry.id] = Hit(
                    entry.id, label, round(score, 4), Reason(entry.source, entry.text, means)
                )
        return tuple(best.values())

    def _questions_like(
        self, ranked: list[Ranked], principal: Principal, allowed: Allowed, k: int
    ) -> tuple[Hit, ...]:
        """Verified questions that name nothing hidden."""
        hits = self._hits("verified", ranked, allowed, k)
        hidden = self._scope.hidden_words(principal) if hits else frozenset()
        return tuple(hit for hit in hits if not any(word in hit.id for word in hidden))

    def _label(self, kind: Kind, name: str) -> str:
        if kind == "metric":
            return self._manifest.metrics[name].label
        if kind == "segment":
            return self._manifest.segments[name].label
        return self._scope.dimension_label(name) if kind == "dimension" else name

    def _values(self, spoken: str, principal: Principal, allowed: Allowed) -> tuple[ValueHit, ...]:
        """Members that stand in the text, the longest words first."""
        found: dict[tuple[str, str], ValueHit] = {}
        words = sorted(self._lexicon.find(spoken), key=lambda w: (w.start - w.end, w.start))
        for word in words:
            for name in word.names:
                if isinstance(name, ValueName) and allowed.holds("dimension", name.dimension):
                    hit = self._value(name, spoken[word.start : word.end], 1.0, "exact")
                    found.setdefault((name.dimension, str(name.value)), hit)
        hides = self._scope.hides
        return tuple(
            hit for hit in found.values() if not hides(principal, hit.dimension, hit.value)
        )

    def _value(self, name: ValueName, word: str, score: float, means: Means) -> ValueHit:
        field = self._manifest.dimensions[name.dimension.rpartition(".")[2]].field
        label = self._scope.value_label(name)
        source: Source = "name" if name.via == "name" else "synonym"
        return ValueHit(
            name.dimension, name.value, label, score, Reason(source, word, means),
            public=field.sensitivity == "public",
        )  # fmt: skip
