"""Numerals in digits and characters, exactly: 1.2亿, 三万五, 两百五, 一亿两千万, 500w."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000, "k": 1000}
_LARGE = {"万": 10**4, "w": 10**4, "亿": 10**8}
ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_CHARS = "零〇一二两三四五六七八九"
_PIECE = re.compile(rf"{ARABIC}|[{_CHARS}](?:点[{_CHARS}]+)?|[十百千万亿wk]|点[{_CHARS}]+")
RUN = (
    rf"(?:{ARABIC}(?:[wk](?![a-z]))?|[{_CHARS}十百千万亿])"
    rf"(?:[{_CHARS}十千万亿]|百(?!分[点之])|点(?=[{_CHARS}])|(?<=[万亿千百])(?:\d\d{{3}}|\d)(?![\d.])|(?<=[万亿])\d+(?=[万千百])){{0,20}}"
)
"""A stretch that may be one numeral; `numeral` says whether it is."""


def numeral(run: str) -> Decimal | None:
    """The value, or None when the characters do not make one number (二零二四, 三五).

    >>> [int(numeral(t)) for t in ("三万五", "两百五", "一亿两千万", "2.5万亿", "500w", "百万")]
    [35000, 250, 120000000, 2500000000000, 5000000, 1000000]
    """
    total = section = Decimal(0)
    digit: Decimal | None = None
    last = 1
    short = False
    for piece in _PIECE.findall(run):
        if piece in _SMALL:
            section += (Decimal(1) if digit is None else digit) * _SMALL[piece]
            digit, last, short = None, _SMALL[piece], True
        elif piece in _LARGE:
            section += digit or 0
            total, section = _scaled(total, section, _LARGE[piece])
            digit, last, short = None, _LARGE[piece], True
        elif digit is not None and digit != 0:
            return None
        else:
            short = short and digit is None and len(piece) == 1 and piece not in "零〇0"
            digit = _digit(piece)
    return total + section + (digit or 0) * (Decimal(last) / 10 if short and digit else 1)


def _scaled(total: Decimal, section: Decimal, scale: int) -> tuple[Decimal, Decimal]:
    if total and total < scale:
        return (total + section) * scale, Decimal(0)
    return total + (section or (Decimal(0) if total else Decimal(1))) * scale, Decimal(0)


def _digit(piece: str) -> Decimal:
    if piece[0].isdigit() and piece[0].isascii():
        return Decimal(piece.replace(",", ""))
    whole, _, fraction = piece.partition("点")
    digits = "".join(str(_DIGITS[char]) for char in fraction)
    return Decimal(f"{_DIGITS[whole] if whole else 0}.{digits or 0}")


def plain(value: Decimal) -> int | float:
    """The shortest Python number of the same value."""
    return int(value) if value == value.to_integral_value() else float(value)
