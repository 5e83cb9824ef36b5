"""Canonical Chinese: one text for each query, and the query of each such text."""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate

from assistant.language.canonical.grammar import GRAMMAR
from assistant.language.canonical.names import Vocabulary, vocabulary
from assistant.language.canonical.syntax import Place, Source
from semantic_layer.model import Manifest
from semantic_layer.query import InvalidQueryError, Query, canonical_text

DEEPEST = 50
"""Brackets within brackets; nobody says more, and the reader has an end."""
_QUOTED = re.compile(r"「(?:[^」]|」」)*」|『(?:[^』]|』』)*』|“(?:[^”]|””)*”")
_BRACKETS = {"(": 1, ")": -1}
_WORD = re.compile(r"[A-Za-z\u3400-\u9fff]+")


class NotCanonicalError(InvalidQueryError):
    """A text that no query has; `at` is where it stops being one."""

    def __init__(self, text: str, at: int) -> None:
        self.text, self.at = text, at
        rest = f"“{text[at : at + 12]}”" if at < len(text) else "末尾"
        super().__init__(f"不是规范文本:从第{at + 1}个字({rest})起读不通")


def canonical(query: Query, manifest: Manifest) -> str | None:
    """The one text of a query; None when it is nested too deeply to be said."""
    try:
        text = GRAMMAR["query"].write(query, _place(manifest))
    except RecursionError:
        return None
    return None if text is None or _nesting(text) > DEEPEST else text


def read_canonical(text: str, manifest: Manifest) -> Query:
    """The query with exactly this text; NotCanonicalError with the place for any other text."""
    source = Source(text)
    try:
        read = list(GRAMMAR["query"].read(source, 0, _place(manifest)))
    except RecursionError as error:
        raise NotCanonicalError(text, source.furthest) from error
    written = [(f.value, canonical(f.value, manifest) or "") for f in read if f.end == len(text)]
    queries: dict[str, Query] = {
        canonical_text(query): query for query, own in written if own == text
    }
    if len(queries) == 1:
        return next(iter(queries.values()))
    at = max((_parting(text, own) for _, own in written), default=source.furthest)
    raise NotCanonicalError(text, at)


def _nesting(text: str) -> int:
    """How many brackets are open at most."""
    signs = (_BRACKETS.get(sign, 0) for sign in _QUOTED.sub("", text))
    return max(accumulate(signs), default=0)


def _parting(text: str, own: str) -> int:
    """Where two texts part."""
    same = (n for n, (a, b) in enumerate(zip(text, own, strict=False)) if a != b)
    return next(same, min(len(text), len(own)))


def _place(manifest: Manifest) -> Place:
    return Place(GRAMMAR, _names(manifest), {})


def _names(manifest: Manifest) -> Vocabulary:
    return vocabulary(manifest, reserved_words())


@cache
def reserved_words() -> frozenset[str]:
    """Every word of the grammar."""
    pieces = (piece for syntax in GRAMMAR.values() for piece in syntax.words())
    return frozenset(word for piece in pieces for word in _WORD.findall(piece))
