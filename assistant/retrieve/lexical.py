"""How much of a catalogue entry stands in a text, by pieces of writing and of sound."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int32]

SINGLE = 0.4
"""One character alone tells less than two in a row."""


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
        totals = [sum(weights[piece] for piece in own) or 1.0 for own in pieces]
        return cls(
            {piece: np.array(numbers, dtype=np.int32) for piece, numbers in found.items()},
            weights,
            np.array(totals, dtype=np.float32),
        )

    def scores(self, text: str) -> tuple[Floats, Floats]:
        """For each entry: how much of it stands in the text, and how much of the text it is."""
        import numpy as np

        shared = np.zeros(len(self.totals), dtype=np.float32)
        asked = 0.0
        for piece in pieces_of(text):
            if piece in self.postings:
                shared[self.postings[piece]] += self.weights[piece]
                asked += self.weights[piece]
        return shared / self.totals, shared / (asked or 1.0)


def pieces_of(text: str) -> frozenset[str]:
    """Single characters and pairs; runs of Latin letters and digits whole.

    >>> sorted(pieces_of("户均aum"))
    ['aum', '均', '均aum', '户', '户均']
    """
    tokens = list(_tokens(text))
    return frozenset((*tokens, *map("".join, pairwise(tokens))))


def _tokens(text: str) -> Iterable[str]:
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
    return rarity * (SINGLE if len(piece) == 1 else 1.0)
