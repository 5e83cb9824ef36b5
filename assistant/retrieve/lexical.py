"""How much of a catalogue entry stands in a text, by pieces of writing and of sound."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.language.lexicon.pinyin import sounds_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int32]

SINGLE, SOUND = 0.8, 0.6
"""One character alone, and two that only sound so, tell less than two in a row."""
SOUND_MARK = "~"


@dataclass(frozen=True, slots=True, eq=False)
class LexicalIndex:
    """Postings of pieces over all entries; exact, in memory, the same everywhere."""

    postings: Mapping[str, Numbers]
    weights: Mapping[str, float]
    totals: Floats

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """The index over the texts, in their order."""
        import numpy as np

        found: dict[str, list[int]] = {}
        pieces = [pieces_of(text) for text in texts]
        for number, own in enumerate(pieces):
            for piece in own:
                found.setdefault(piece, []).append(number)
        weights = {p: _weight(p, len(numbers), len(texts)) for p, numbers in found.items()}
        totals = [sum(weights[piece] for piece in sorted(own)) or 1.0 for own in pieces]
        return cls(
            {piece: np.array(numbers, dtype=np.int32) for piece, numbers in found.items()},
            weights,
            np.array(totals, dtype=np.float32),
        )

    def shared(self, text: str) -> tuple[Floats, float]:
        """For each entry the weight of what it shares with the text, and that of the text."""
        import numpy as np

        shared = np.zeros(len(self.totals), dtype=np.float32)
        asked = 0.0
        for piece in sorted(pieces_of(text)):
            if piece in self.postings:
                shared[self.postings[piece]] += self.weights[piece]
                asked += self.weights[piece]
        return shared, asked


def pieces_of(text: str) -> frozenset[str]:
    """Single characters and pairs, and how pairs sound; runs of Latin letters and digits whole.

    >>> sorted(pieces_of("户均aum"))
    ['aum', '~hu~jun', '~jun~aum', '均', '均aum', '户', '户均']
    """
    tokens = tuple(_tokens(text))
    sounds = (SOUND_MARK + sounds_of(token)[0] for token in tokens)
    return frozenset((*tokens, *map("".join, pairwise(tokens)), *map("".join, pairwise(sounds))))


def _tokens(text: str) -> Iterator[str]:
    run = ""
    for char in text:
        if char.isascii() and char.isalnum():
            run += char
            continue
        if run:
            yield run
        run = ""
        if char.isalnum():
            yield char
    if run:
        yield run


def _weight(piece: str, holders: int, entries: int) -> float:
    rarity = math.log(1 + entries / holders)
    if piece.startswith(SOUND_MARK):
        return rarity * SOUND
    return rarity * (SINGLE if len(piece) == 1 or piece.isascii() else 1.0)
