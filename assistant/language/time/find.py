"""Every time expression of a question."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from assistant.language.time.compose import STARTS, Reader
from assistant.language.time.guards import guarded
from assistant.language.time.piece import Piece, to_token
from assistant.language.time.token import TimeToken

_DIGITS = frozenset("0123456789")
"""Inside 2026 nothing begins."""


def find_times(text: str, as_of: date) -> tuple[TimeToken, ...]:
    """All readings at every place, longest first; nothing inside a longer single expression.

    >>> [t.text for t in find_times("去年三季度各分行存款余额", date(2026, 11, 20))]
    ['去年三季度', '去年']
    """
    closed = guarded(text)
    reader = Reader(text, as_of)
    tokens: list[TimeToken] = []
    covered = listed = 0
    for pos, (before, char) in enumerate(pairwise(f" {text}")):
        if pos < covered or char not in STARTS or (char in _DIGITS and before in _DIGITS):
            continue
        for piece in reader.read(pos, lists=pos >= listed):
            if any(_cuts(pos, piece, guard) for guard in closed):
                continue
            tokens.append(to_token(piece, pos, text))
            if len(piece.spans) < 2:
                covered = max(covered, piece.end)
            else:
                listed = max(listed, piece.end)
    return tuple(tokens)


def _cuts(pos: int, piece: Piece, guard: tuple[int, int]) -> bool:
    """Whether a reading takes part of a stretch that is closed; 10月每周一 takes all of it."""
    start, end = guard
    whole = piece.days is not None and pos < start and piece.end >= end
    return pos < end and start < piece.end and not whole


def parse_base(text: str, as_of: date) -> TimeToken | None:
    """The time that a text begins with: what follows 比 or 较.

    >>> parse_base("上月末增加多少", date(2026, 11, 20)).text
    '上月末'
    """
    pieces = Reader(text, as_of).read(0) if text else []
    return to_token(pieces[0], 0, text) if pieces else None
