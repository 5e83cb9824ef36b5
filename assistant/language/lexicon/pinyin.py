"""Words by how they sound: 存款余鄂, cunkuan余额 and 存款余额 are one key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from itertools import islice, product

FEWEST_CHARACTERS = 2
MOST_KEYS = 8
"""Of a word with several characters that can be read in two ways."""
READINGS: Mapping[str, tuple[str, ...]] = {
    "行": ("hang", "xing"), "长": ("chang", "zhang"), "重": ("zhong", "chong"),
    "还": ("hai", "huan"), "调": ("diao", "tiao"), "会": ("hui", "kuai"), "率": ("lv", "shuai"),
    "都": ("dou", "du"), "藏": ("cang", "zang"), "降": ("jiang", "xiang"), "系": ("xi", "ji"),
    "差": ("cha", "chai"), "乐": ("le", "yue"), "薄": ("bo", "bao"), "参": ("can", "shen"),
    "单": ("dan", "shan"), "朝": ("chao", "zhao"), "传": ("chuan", "zhuan"),
}  # fmt: skip
"""Characters that are commonly read in two ways; of the others only the usual reading counts."""


def sounds_of(text: str) -> tuple[str, ...]:
    """Every way to say it, without tones and spaces; Latin letters and digits stay.

    >>> sounds_of("存款余鄂") == sounds_of("cunkuan余额")
    True
    >>> sounds_of("支行")
    ('zhihang', 'zhixing')
    """
    said = product(*(READINGS.get(char) or (_reading(char),) for char in text))
    return tuple("".join(one).replace(" ", "") for one in islice(said, MOST_KEYS))


@cache
def _reading(char: str) -> str:
    if char.isascii():
        return char.lower()
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(char)).lower()


class Sounds:
    """Words by sound, worked out when the first unknown word is looked up."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)

    def like(self, text: str) -> tuple[str, ...]:
        """The words with at least two Chinese characters that are said like it."""
        found = (word for key in sounds_of(text) for word in self._by_sound.get(key, ()))
        return tuple(sorted(set(found)))

    @cached_property
    def _by_sound(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for word in self._words:
            if sum(map(is_chinese, word)) >= FEWEST_CHARACTERS:
                for key in sounds_of(word):
                    found[key] = (*found.get(key, ()), word)
        return found


def is_chinese(char: str) -> bool:
    """Whether it is a Chinese character."""
    return "\u4e00" <= char <= "\u9fff"
