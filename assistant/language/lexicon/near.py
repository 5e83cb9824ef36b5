"""Names that look like a word we do not know, best first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

RAREST = 4
"""How many of a word's rarest bigrams are followed."""
MOST_COMPARED = 400
"""A bigram in more words than that (支行) tells nothing, unless there is no other."""


class Near(NamedTuple):
    """A known word and how alike it is, 0–100."""

    word: str
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class NearIndex:
    """Bigram postings; only words that share a rare bigram are compared."""

    words: tuple[str, ...]
    postings: Mapping[str, tuple[int, ...]]

    @classmethod
    def build(cls, words: Iterable[str]) -> NearIndex:
        """The index over all names."""
        listed = tuple(words)
        postings: dict[str, list[int]] = {}
        for number, word in enumerate(listed):
            for gram in _grams(word):
                postings.setdefault(gram, []).append(number)
        return cls(listed, {gram: tuple(numbers) for gram, numbers in postings.items()})

    def nearest(self, text: str, *, least: float = 45.0, most: int = 6) -> tuple[Near, ...]:
        """Known words like `text`; none when nothing is alike."""
        from rapidfuzz import fuzz, process

        words = [self.words[number] for number in self._candidates(text)]
        alike = process.extract(text, words, scorer=fuzz.ratio, score_cutoff=least, limit=None)
        good = sorted((Near(word, score) for word, score, _ in alike), key=_best_first)
        return tuple(good[:most])

    def _candidates(self, text: str) -> list[int]:
        known = sorted(
            (gram for gram in _grams(text) if gram in self.postings),
            key=lambda gram: (len(self.postings[gram]), gram),
        )
        telling = [gram for gram in known[:RAREST] if len(self.postings[gram]) <= MOST_COMPARED]
        found: set[int] = set()
        for gram in telling or known[:1]:
            found.update(self.postings[gram][:MOST_COMPARED])
        return sorted(found)


def _best_first(near: Near) -> tuple[float, str]:
    return -near.score, near.word


def _grams(word: str) -> set[str]:
    padded = f"^{word}$"
    return {padded[i : i + 2] for i in range(len(padded) - 1)}
