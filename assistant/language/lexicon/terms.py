"""Terms as members of a dimension: who says 五年期 means the value 5年."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.time.patterns import N, small_int

_TERM = re.compile(rf"(?P<n>{N})(?P<unit>年|个月|天)期?")
_NUMERALS = "零一二三四五六七八九"


def term_words(value: str) -> Iterator[str]:
    """What a value that is a length of time is called as a term.

    >>> list(term_words("3年")), list(term_words("十二个月期")), list(term_words("3至5年"))
    (['3年期', '三年期'], ['12个月期'], [])
    """
    match = _TERM.fullmatch(value)
    number = small_int(match["n"]) if match else 0
    if match and 0 < number < 100:
        words = (f"{said}{match['unit']}期" for said in (str(number), _in_words(number)))
        yield from (word for word in words if word != value)


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return f"{ten}{_NUMERALS[ones] if ones or not tens else ''}"
