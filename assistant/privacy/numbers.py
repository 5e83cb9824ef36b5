"""Where a text holds the number of a person or an account: phone, identity paper, card."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

Span = tuple[int, int, str]
"""Start, end and what stands there."""

_FIGURES = "〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"
_DIGITS = "00123456789" + "12" + "123456789"
_SPOKEN = dict(zip(_FIGURES, _DIGITS, strict=True))
_GAP = r"[ \-_.·\u200b-\u200f\u2060\ufeff]?"
_ANY_GAP = r"[\s\-_.·/()—–\u200b-\u200f\u2060\ufeff\u00ad]{0,3}"
_UNSEEN = r"[\u200b-\u200f\u2060\ufeff]?"
_ALONE, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_DASH = r"[ \-]?"
_PAPER_END = rf"{_DASH}[0-9]{{3}}[0-9A-Za-z]{_END}"
_ABROAD = r"(?:(?:\+|00)86[ \-]?)?"
_MIXED = r"(?=[A-Za-z0-9]*[A-Za-z])(?=(?:[A-Za-z]*[0-9]){6})"
"""A letter and six digits at least."""
_ROUND = r"[0-9]+0000(?![0-9])"
_AMOUNT = r"\s*[元块万亿千百笔户人个份张件%％]"
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("邮箱", r"[A-Za-z0-9_.+\-]+(?:@[A-Za-z0-9_.+\-]+)+"),
        ("证件号", rf"{_ALONE}[0-9]{{6}}(?:{_DASH}[0-9]{{4}}){{2}}{_PAPER_END}"),
        ("统一代码", rf"{_ALONE}[0-9A-Z]{{2}}[0-9]{{6}}[0-9A-Z]{{10}}{_END}"),
        ("手机号", rf"(?<![0-9]){_ABROAD}1[0-9]{{2}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9])"),
        ("手机号", rf"(?<![0-9])1{_ANY_GAP}[3-9](?:{_ANY_GAP}[0-9]){{9}}(?![0-9])"),
        ("手机号", r"(?<![0-9])1[3-9][0-9],[0-9]{4},[0-9]{4}(?![0-9])"),
        ("手机号", r"(?<![0-9])1(?:[^\w]{1,3}[0-9]){10}(?![0-9])"),
        ("卡号", r"(?<![0-9])[0-9]{4}(?:[ \-][0-9]{4}){2,3}(?:[ \-]?[0-9]{1,4})?(?![0-9])"),
        ("电话", r"(?<![0-9])\(?0[1-9][0-9]{1,2}\)?[ \-][0-9]{7,8}(?![0-9])"),
        ("编号", rf"{_ALONE}{_MIXED}[A-Za-z0-9]{{7,}}{_END}"),
        ("号码", rf"(?<![0-9])[0-9](?:{_UNSEEN}[0-9]){{10,}}(?![0-9])"),
        ("号码", rf"(?<![0-9.])(?!{_ROUND})[0-9]{{9,10}}(?![0-9]|\.[0-9]|{_AMOUNT})"),
        ("卡号", r"(?<![0-9])62(?:[ \-]?[0-9]){13,17}(?![0-9])"),
    )
)  # fmt: skip
_NAMED = re.compile(
    r"(?:客户|账|帐|户|卡|证件|身份证|护照|手机|电话|微信|保单|合同|借据|客户编|账户编|尾)"
    r"(?:号码|号|编号)(?:[是为::=]|\s)*([0-9A-Za-z][0-9A-Za-z\-_]{3,})"
)
"""What stands behind 客户号, 账号, 保单号 …"""
_KINDS = {"手": "手机号", "电": "电话", "证": "证件号", "身": "证件号", "护": "证件号",
          "卡": "卡号"}  # fmt: skip


def number_spans(text: str) -> Iterator[Span]:
    """Every number of that kind, the surest reading of a place first."""
    plain = "".join(map(_as_digit, text))
    for found in _NAMED.finditer(plain):
        yield found.start(1), found.end(1), _KINDS.get(found[0][0], "编号")
    for kind, pattern in _PATTERNS:
        for found in pattern.finditer(plain):
            yield found.start(), found.end(), kind


def _as_digit(char: str) -> str:
    """The digit that a character is in any script, 一三8 as 138; else its half width."""
    folded = unicodedata.normalize("NFKC", char)
    if len(folded) != 1:
        return char
    digit = unicodedata.decimal(folded, None)
    return str(digit) if digit is not None else _SPOKEN.get(folded, folded)
