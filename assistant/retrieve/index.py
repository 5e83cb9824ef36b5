"""`Index.search`: the one way from a text to what of the catalogue it may be about."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.language.lexicon import Lexicon
from assistant.language.normalise import normalise
from assistant.privacy import PLACEHOLDER, Masked, mask
from assistant.retrieve.candidates import Candidates, Hit, Means, Reason
from assistant.retrieve.condition import Condition, condition_of
from assistant.retrieve.embedding import NGRAM, Embedding
from assistant.retrieve.entries import Entry, Kind, catalogue_entries
from assistant.retrieve.lexical import LexicalIndex
from assistant.retrieve.meaning import Meaning
from assistant.retrieve.members import Members
from assistant.retrieve.scope import Allowed, Scope
from assistant.retrieve.shelf import Shelf
from assistant.sight import Sight
from semantic_layer.model import Manifest
from semantic_layer.principal import Principal

if TYPE_CHECKING:
    from assistant.retrieve.lexical import Floats, Numbers

MOST = 5
LEAST = 0.05
"""A lower score is chance."""
LOOKED_AT = 300
"""Entries per kind, best first: one thing has several."""
DESCRIBED = 0.6
"""A description that shares words with the text, beside a name that does."""


class Index:
    """One catalogue, made searchable at the first search; shared by all threads.

    Spelling and sound are compared here and at once. Vectors join in when they are there: they
    are opened, and built if need be, in the background (`ready` waits for them).
    """

    def __init__(
        self,
        manifest: Manifest,
        lexicon: Lexicon,
        sight: Sight,
        questions: Iterable[str] = (),
        shelf: Shelf | None = None,
        embedding: Embedding = NGRAM,
    ) -> None:
        self._manifest = manifest
        self._lexicon = lexicon
        self._sight = sight
        self._scope = Scope(manifest, lexicon, sight)
        self._members = Members(lexicon, self._scope)
        self._questions = tuple(questions)
        self._shelf = shelf
        self._embedding = embedding

    def search(self, text: str, principal: Principal, k: int = MOST) -> Candidates:
        """The k best of each kind, best first, with scores and reasons.

        Nothing outside the asker's rights is among them. The text may be passed as it was
        typed: personal data in it is masked before any embedder sees it.
        """
        spoken = normalise(text).text
        scores, nearness = self._scores(spoken, text, principal)
        allowed = self._scope.of(principal)

        def hits(kind: Kind) -> tuple[Hit, ...]:
            return self._hits(kind, spoken, scores, nearness, allowed)[:k]

        return Candidates(
            metrics=hits("metric"),
            dimensions=hits("dimension"),
            values=self._members.named_in(spoken, principal, allowed)[:k],
            segments=hits("segment"),
            verified=self._without_hidden(hits("verified"), principal),
        )

    def masked(self, text: str, principal: Principal) -> Masked:
        """The text without personal data and without what the asker may not see."""
        scope = self._scope
        hidden = scope.hidden_words(principal) | scope.hidden_in(text, principal)
        return mask(text, known=self._lexicon.names, hidden=sorted(hidden))

    def allowed(self, principal: Principal) -> Allowed:
        """Every name that the asker may be told of."""
        return self._scope.of(principal)

    def ready(self, seconds: float) -> bool:
        """Whether vectors join in, waiting so long at most."""
        return self.meaning is not None and self.meaning.ready(seconds)

    def condition(self) -> Condition:
        """Whether vectors are there, for the operator."""
        state = self.meaning.state if self.meaning else "missing"
        return condition_of(self._embedding, state)

    def by_spelling(self) -> Index:
        """The same catalogue searched without vectors: what is found while there are none."""
        return Index(self._manifest, self._lexicon, self._sight, self._questions)

    @cached_property
    def meaning(self) -> Meaning | None:
        """The vectors of the entries; None where they have no folder."""
        if self._shelf is None:
            return None
        texts = [entry.text for entry in self.entries]
        if self._embedding.remote:
            texts = [mask(text, known=self._lexicon.names).text for text in texts]
        return Meaning(self._shelf, texts, self._embedding)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every text that stands for something."""
        return catalogue_entries(self._manifest, self._lexicon, self._questions)

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return LexicalIndex.build([entry.text for entry in self.entries])

    @cached_property
    def _described(self) -> Floats:
        """1 for descriptions, 0 for names."""
        import numpy as np

        return np.array([e.source == "description" for e in self.entries], dtype=np.float32)

    @cached_property
    def _of_kind(self) -> dict[Kind, Numbers]:
        import numpy as np

        found: dict[Kind, list[int]] = {}
        for number, entry in enumerate(self.entries):
            found.setdefault(entry.kind, []).append(number)
        return {kind: np.array(numbers, dtype=np.int32) for kind, numbers in found.items()}

    def _scores(
        self, spoken: str, text: str, principal: Principal
    ) -> tuple[Floats, dict[int, float]]:
        """How well each entry fits, 0 to 1, and how near the nearest are in meaning."""
        scores = self._spelled(spoken)
        if self.meaning is None:
            return scores, {}
        plain = PLACEHOLDER.sub("", self.masked(text, principal).text)
        nearness, weight = self.meaning.nearness(normalise(plain).text)
        for number, near in nearness.items():
            scores[number] += weight * near
        return scores / (1 + weight), nearness

    def _spelled(self, spoken: str) -> Floats:
        """How much of the entry stands in the text, and of the text in the entry."""
        import numpy as np

        shared, asked = self._lexical.shared(spoken)
        totals = self._lexical.totals
        named = np.minimum(shared / totals, 1) * np.sqrt(shared / (shared.max(initial=0) or 1))
        described = DESCRIBED * shared / np.sqrt(totals * (asked or 1))
        scores: Floats = np.where(self._described > 0, described, named).astype(np.float32)
        return scores

    def _hits(
        self, kind: Kind, spoken: str, scores: Floats, nearness: dict[int, float], allowed: Allowed
    ) -> tuple[Hit, ...]:
        own = self._of_kind.get(kind)
        if own is None:
            return ()
        best: dict[str, Hit] = {}
        for number in own[(-scores[own]).argsort(kind="stable")[:LOOKED_AT]].tolist():
            entry, score = self.entries[number], round(float(scores[number]), 4)
            if score < LEAST:
                break
            if entry.id in best or not allowed.holds(kind, entry.id):
                continue
            means = _means(entry, spoken, nearness.get(number, 0.0))
            if means == "exact" or not self._is_hidden(entry):
                reason = Reason(entry.source, entry.text, means)
                best[entry.id] = Hit(entry.id, self._label(kind, entry.id), score, reason)
        return tuple(best.values())

    def _is_hidden(self, entry: Entry) -> bool:
        return entry.kind == "metric" and self._manifest.metrics[entry.id].hidden

    def _without_hidden(self, hits: tuple[Hit, ...], principal: Principal) -> tuple[Hit, ...]:
        """Verified questions that name nothing the asker may not see."""
        hidden = self._scope.hidden_words(principal) if hits else frozenset()
        return tuple(hit for hit in hits if not any(word in hit.id for word in hidden))

    def _label(self, kind: Kind, name: str) -> str:
        if kind == "metric":
            return self._manifest.metrics[name].label
        if kind == "segment":
            return self._manifest.segments[name].label
        return self._scope.dimension_label(name) if kind == "dimension" else name


def _means(entry: Entry, spoken: str, near: float) -> Means:
    if entry.source != "description" and entry.text in spoken:
        return "exact"
    return "meaning" if near > 0 else "spelling"
