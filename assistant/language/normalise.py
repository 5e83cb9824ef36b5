"""One spelling for every question: width, script, case and stray characters.

Every later stage works on the normalised text; `span` leads back to what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

KEEP_SPACE_BETWEEN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-:+")
"""A space is kept only between two of these (LTV CAC, 2024 05); elsewhere it is noise."""

PLAIN = re.compile("[0-9A-Za-z\u4e00-\u9fff]*")
"""Nothing but the script is left to settle in such a text."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text with the way back to the original."""

    original: str
    text: str
    origins: tuple[int, ...]
    """For each character of `text` its offset in `original`, and one past the end."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of `text[start:end]`."""
        if end <= start:
            return self.origins[start], self.origins[start]
        return self.origins[start], self.origins[end - 1] + 1


def normalise(original: str) -> Normalised:
    """Half-width, simplified, lower-case text without control characters and emoji.

    >>> normalise("ＡＵＭ 上個月　走勢？").text
    'aum上个月走势?'
    """
    if PLAIN.fullmatch(original):
        return Normalised(original, _simplified(original.lower()), (*range(len(original) + 1),))
    pairs = [(char, at) for at, raw in enumerate(original) for char in _expand(raw)]
    pairs = _without_noise_spaces(pairs)
    text = _simplified("".join(char for char, _ in pairs))
    origins = (*(at for _, at in pairs), len(original))
    return Normalised(original, text, origins)


def normalise_name(name: str) -> str:
    """A catalogue name in the spelling that questions have."""
    return _simplified(name.lower()) if PLAIN.fullmatch(name) else normalise(name).text


def _expand(raw: str) -> str:
    category = unicodedata.category(raw)
    if raw in "\t\r\n" or category in ("Zs", "Zl", "Zp"):
        return " "
    if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"):
        return ""
    if category in ("So", "Sk") and not unicodedata.normalize("NFKC", raw).isalnum():
        return " "
    return unicodedata.normalize("NFKC", raw).lower()


def _without_noise_spaces(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    kept: list[tuple[str, int]] = []
    for index, (char, at) in enumerate(pairs):
        if char != " ":
            kept.append((char, at))
            continue
        following = next((c for c, _ in pairs[index:] if c != " "), "")
        before = kept[-1][0] if kept else ""
        if before in KEEP_SPACE_BETWEEN and following in KEEP_SPACE_BETWEEN and before:
            kept.append((char, at))
    return kept


def _simplified(text: str) -> str:
    if text.isascii():
        return text
    converted: str = _converter().convert(text)
    if len(converted) == len(text):
        return converted
    return "".join(_one_for_one(char) for char in text)


def _one_for_one(char: str) -> str:
    converted: str = _converter().convert(char)
    return converted if len(converted) == 1 else char


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
