"""What may not leave: numbers and names of people become placeholders, and come back afterwards.

>>> masked = mask("手机号13800138000的客户张伟,上月存款多少")
>>> masked.text
'手机号〈手机号1〉的客户〈姓名1〉,上月存款多少'
>>> masked.restore("〈姓名1〉的存款余额")
'张伟的存款余额'
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from assistant.privacy.names import name_spans
from assistant.privacy.numbers import Span, number_spans

PLACEHOLDER = re.compile("〈[^〈〉]{1,8}[0-9]+〉")
HIDDEN = "名称"
"""What a word outside the asker's rights is called."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data, and what stood in the places."""

    text: str
    originals: tuple[tuple[str, str], ...] = ()
    """(placeholder, original) pairs, in order of appearance."""

    def restore(self, text: str) -> str:
        """The text with what the placeholders stand for; unknown placeholders stay."""
        known = dict(self.originals)
        return PLACEHOLDER.sub(lambda found: known.get(found[0], found[0]), text)


def mask(text: str, *, known: Collection[str] = (), hidden: Iterable[str] = ()) -> Masked:
    """The text as it may be sent to a model or an embedder.

    Phones, identity papers, cards, account and customer numbers, mail addresses and names of
    people become placeholders. `known` are words that are no names of people (those of the
    definitions); `hidden` are words that the asker may not see, masked wherever they occur.
    """
    spans = _apart(
        [
            *_literal_spans(text),
            *_word_spans(text, hidden),
            *number_spans(text),
            *name_spans(text, known),
        ]
    )
    numbers = _Numbers(text)
    parts, end = [], 0
    for start, stop, kind in spans:
        original = text[start:stop]
        parts += [text[end:start], numbers.placeholder(kind, original) if kind else original]
        end = stop
    return Masked("".join((*parts, text[end:])), numbers.originals)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans in order; those that overlap become one, called after the first and longest."""
    found: list[Span] = []
    for start, stop, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not found or start >= found[-1][1]:
            found.append((start, stop, kind))
        elif stop > found[-1][1]:
            found[-1] = (found[-1][0], stop, found[-1][2] or kind)
    return found


def _literal_spans(text: str) -> Iterable[Span]:
    """What looks like a placeholder already is left as it is."""
    return ((found.start(), found.end(), "") for found in PLACEHOLDER.finditer(text))


def _word_spans(text: str, words: Iterable[str]) -> Iterable[Span]:
    for word in words:
        at = text.find(word) if word else -1
        while at >= 0:
            yield at, at + len(word), HIDDEN
            at = text.find(word, at + len(word))


class _Numbers:
    """Hands out placeholders: the same words get the same one."""

    def __init__(self, text: str) -> None:
        self._taken = set(PLACEHOLDER.findall(text))
        self._given: dict[tuple[str, str], str] = {}
        self._last: dict[str, int] = {}

    @property
    def originals(self) -> tuple[tuple[str, str], ...]:
        return tuple((given, original) for (_, original), given in self._given.items())

    def placeholder(self, kind: str, original: str) -> str:
        key = (kind, original)
        while key not in self._given:
            self._last[kind] = self._last.get(kind, 0) + 1
            fresh = f"〈{kind}{self._last[kind]}〉"
            if fresh not in self._taken:
                self._given[key] = fresh
        return self._given[key]
