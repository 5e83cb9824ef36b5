"""Where a text names a person: by the words around, by family names, by what is no name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from assistant.language.words import closed_words

NAME = "姓名"
LONGEST_WORD = 8
_OPENING = '是为叫::=“”"「『'
_SURE = "姓名|户名|名字|名叫|叫做|叫"
_BEHIND = re.compile(
    rf"(?:(?P<sure>{_SURE})|客户|用户|储户|持卡人|借款人|投保人|被保险人|受益人|联系人|担保人|户主|经理|"
    rf"法人代表|查一?下|查查|查询|帮我查|帮我看看?|看看)(?P<mark>[{_OPENING}]{{0,3}})"
)
"""Words that are followed by a name."""
_BEFORE = re.compile(
    "先生|女士|小姐|太太|阿姨|老板|同志|这个客户|这位客户|这名客户|那位客户|这个人|此人"
)
"""Words that stand behind a name."""
_START = re.compile(r"^|[,,。.;;:：!!??、\s]|和|与|跟|把|给|请问|对比")
_STOPS = re.compile(r"[呢吗]?[,,。.;;!!??、\s]*$")
_AFTER_BARE = ("的", "名下", "持有", "这个", "这位", "在我行", "在本行", "有多少", "有几", "买了",
               "是不是", "上个月", "上月", "本月", "今年", "去年")  # fmt: skip
"""What makes a name of a word that nothing announces."""
_NEVER_GIVEN = frozenset(
    "的地得在是有和与及了吗呢啊上下今去本近这那从到对按各每最前后多几哪什怎为被把给里中比跟名买持办还用将已没不"
    "也都就又呀么吧其此该、"
)


class Names(NamedTuple):
    """What is known of names."""

    family: frozenset[str]
    common: frozenset[str]
    """Family names that are believed without a word before them."""
    compound: tuple[str, ...]
    ordinary: frozenset[str]
    """Words that begin like a name and are none, or that follow a name at once."""


@cache
def known_names() -> Names:
    """The tables of names.yaml."""
    file = Path(__file__).with_name("names.yaml")
    table = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    family = "".join(table["family"].split())
    return Names(
        frozenset(family),
        frozenset(family[: table["common"]]),
        tuple(table["compound"]),
        frozenset((*table["ordinary"], *table["after"])),
    )


def name_spans(text: str, known: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Every name of a person, as far as the words around tell; `known` words are none."""
    names = known_names()
    for found in _BEHIND.finditer(text):
        sure = bool(found["sure"] or found["mark"])
        yield from _name_at(text, found.end(), known, names.family, sure=sure)
    for found in _BEFORE.finditer(text):
        yield from _name_before(text, found.start(), known)
    for found in _START.finditer(text):
        for start, end, kind in _name_at(text, found.end(), known, names.common):
            if _STOPS.match(text, end) or text.startswith(_AFTER_BARE, end):
                yield start, end, kind


def _name_at(
    text: str, start: int, known: Collection[str], families: Collection[str], *, sure: bool = False
) -> Iterator[tuple[int, int, str]]:
    length = _family_length(text[start : start + 2], families)
    if not length or (not sure and _is_word(text, start, known)):
        return
    given = _given(text, start + length, known)
    if given:
        yield start, start + length + given, NAME


def _family_length(text: str, families: Collection[str]) -> int:
    if text in known_names().compound:
        return 2
    return int(text[:1] in families and text != "")


def _given(text: str, start: int, known: Collection[str]) -> int:
    """How many characters the given name has: two, or one where a word begins after it."""
    room = 0
    while (
        room < 2
        and _may_be_given(text[start + room : start + room + 1])
        and not _BEFORE.match(text, start + room)
    ):
        room += 1
    for length in range(room, 0, -1):
        if _ends_at(text, start + length, known):
            return length
    return room


def _may_be_given(char: str) -> bool:
    return char != "" and (
        ("\u4e00" <= char <= "\u9fff" and char not in _NEVER_GIVEN) or char in "某×*＊"
    )


def _ends_at(text: str, at: int, known: Collection[str]) -> bool:
    char = text[at : at + 1]
    return not _may_be_given(char) or _is_word(text, at, known)


def _is_word(text: str, at: int, known: Collection[str]) -> bool:
    closed, ordinary = closed_words(), known_names().ordinary
    pieces = (text[at : at + length] for length in range(2, LONGEST_WORD + 1))
    return any(piece in ordinary or piece in known or piece in closed for piece in pieces)


def _name_before(text: str, end: int, known: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """张伟先生, 李女士: the longest name that ends there."""
    for length in (4, 3, 2, 1):
        start = end - length
        if start < 0:
            continue
        family = _family_length(text[start : start + 2], known_names().family)
        given = text[start + family : end]
        if family and len(given) <= 2 and all(map(_may_be_given, given)):
            if not _is_word(text, start, known):
                yield start, end, NAME
            return
