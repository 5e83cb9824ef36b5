"""Which members of dimensions a text names, as far as the asker may see them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from assistant.language.lexicon import Lexicon
from assistant.language.tokens import ValueName
from assistant.retrieve.candidates import Means, Reason, Source, ValueHit
from assistant.retrieve.lexical import LexicalIndex
from assistant.retrieve.scope import Allowed, Scope
from semantic_layer.principal import Principal

MOST_COMPARED = 20_000
"""More members are found by their exact words only."""
MOST_NEAR = 20
NEARLY = 0.6
"""So much of a member's name must stand in the text."""


class Members:
    """The members that the reader of questions knows."""

    def __init__(self, lexicon: Lexicon, scope: Scope) -> None:
        self._lexicon = lexicon
        self._scope = scope

    def named_in(self, spoken: str, principal: Principal, allowed: Allowed) -> tuple[ValueHit, ...]:
        """Members whose names stand in the text, the longest first, then those nearly so."""
        found: dict[tuple[str, str], ValueHit] = {}
        for hit in (*self._exact(spoken), *self._nearly(spoken)):
            visible = allowed.lists(hit.dimension)
            if visible and not self._scope.hides(principal, hit.dimension, hit.value):
                found.setdefault((hit.dimension, str(hit.value)), hit)
        return tuple(found.values())

    def _exact(self, spoken: str) -> Iterator[ValueHit]:
        words = sorted(self._lexicon.find(spoken), key=lambda word: (word.start - word.end, word))
        for word in words:
            for name in word.names:
                if isinstance(name, ValueName):
                    yield self._hit(name, spoken[word.start : word.end], 1.0, "exact")

    def _nearly(self, spoken: str) -> Iterator[ValueHit]:
        if not self._words or len(self._words) > MOST_COMPARED:
            return
        shared, _ = self._lexical.shared(spoken)
        held = shared / self._lexical.totals
        for number in (-held).argsort(kind="stable")[:MOST_NEAR].tolist():
            word, score = self._words[number], float(held[number])
            if score >= NEARLY and word not in spoken:
                for name in self._lexicon.names[word]:
                    if isinstance(name, ValueName):
                        yield self._hit(name, word, round(min(score, 0.99), 4), "spelling")

    @cached_property
    def _words(self) -> tuple[str, ...]:
        names = self._lexicon.names.items()
        return tuple(
            sorted(w for w, found in names if any(isinstance(n, ValueName) for n in found))
        )

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return LexicalIndex.build(self._words)

    def _hit(self, name: ValueName, word: str, score: float, means: Means) -> ValueHit:
        source: Source = "name" if name.via == "name" else "synonym"
        return ValueHit(
            name.dimension,
            name.value,
            self._scope.value_label(name),
            score,
            Reason(source, word, means),
            public=self._scope.is_public(name.dimension),
        )
