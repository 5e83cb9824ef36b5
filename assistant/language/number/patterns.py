"""Small helpers for patterns out of word lists."""

from __future__ import annotations

import re
from collections.abc import Iterable


def one_of(words: Iterable[str]) -> str:
    """A pattern that takes the longest of the words.

    >>> one_of(["超", "超过"])
    '(?:超过|超)'
    """
    return f"(?:{'|'.join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))})"
