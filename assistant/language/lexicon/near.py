"""Names that look like a word we do not know, best first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

RAREST = 4
"""How many of a word's rarest bigrams are followed."""
MOST_COMPARED = 400


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
        from rapidfuzz import fuzz

        numbers = self._candidates(text)
        scored = (Near(self.words[n], fuzz.ratio(text, self.words[n])) for n in numbers)
        good = sorted((n for n in scored if n.score >= least), key=lambda n: (-n.score, n.word))
        return tuple(good[:most])

    def _candidates(self, text: str) -> list[int]:
        known = sorted(
            (gram for gram in _grams(text) if gram in self.postings),
            key=lambda gram: (len(self.postings[gram]), gram),
        )
        found: dict[int, None] = {}
        for gram in known[:RAREST]:
            for number in self.postings[gram][:MOST_COMPARED]:
                found[number] = None
        return list(found)


def _grams(word: str) -> set[str]:
    padded = f"^{word}$"
    return {padded[i : i + 2] for i in range(len(padded) - 1)}
