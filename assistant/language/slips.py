"""Slips of the pen: one character wrong, missing, twice, or two the wrong way round."""

from __future__ import annotations

from collections.abc import Iterator


def is_slip(said: str, word: str) -> bool:
    """Whether one slip makes the word into what was said.

    >>> [is_slip(said, "存款余额") for said in ("存款佘额", "存款额余", "存余额", "存款")]
    [True, True, True, False]
    """
    if len(said) == len(word):
        wrong = [at for at, (a, b) in enumerate(zip(said, word, strict=True)) if a != b]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            first = wrong[0]
            return said[first] == word[first + 1] and said[first + 1] == word[first]
        return len(wrong) == 1
    longer, shorter = (said, word) if len(said) > len(word) else (word, said)
    if len(longer) != len(shorter) + 1:
        return False
    least = 0 if longer is word else 1
    most = len(longer) - least
    without = any(longer[:at] + longer[at + 1 :] == shorter for at in range(least, most))
    return without or (longer is said and shorter in undoubled(longer))


def undoubled(said: str) -> Iterator[str]:
    """The text without one of two equal characters beside each other.

    >>> list(undoubled("存款款余额"))
    ['存款余额']
    """
    for at in range(1, len(said)):
        if said[at] == said[at - 1]:
            yield said[:at] + said[at + 1 :]
