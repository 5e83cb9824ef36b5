"""Words by how they sound: 存款余鄂, cunkuan余额 and 存款余额 are one key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

FEWEST_CHARACTERS = 2
MOST_WORDS = 20_000
"""Beyond that many words only the first ones are found by sound."""


def sound(text: str) -> str:
    """Pinyin without tones and spaces; Latin letters and digits stay.

    >>> sound("存款余鄂") == sound("cunkuan余额")
    True
    """
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text)).replace(" ", "").lower()


class Sounds(Mapping[str, tuple[str, ...]]):
    """Words by sound, worked out when the first unknown word is looked up."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)

    @cached_property
    def _by_sound(self) -> Mapping[str, tuple[str, ...]]:
        return sounds(self._words)

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return self._by_sound[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_sound)

    def __len__(self) -> int:
        return len(self._by_sound)


def sounds(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Words by sound, for those with at least two Chinese characters."""
    found: dict[str, list[str]] = {}
    for count, word in enumerate(words):
        if count >= MOST_WORDS:
            break
        if sum(1 for char in word if is_chinese(char)) >= FEWEST_CHARACTERS:
            found.setdefault(sound(word), []).append(word)
    return {key: tuple(sorted(same)) for key, same in found.items()}


def is_chinese(char: str) -> bool:
    """Whether it is a Chinese character."""
    return "\u4e00" <= char <= "\u9fff"
