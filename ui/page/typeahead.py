"""Completing a question while it is typed: metrics, dimensions, values and example questions.

A native select box cannot do this: it completes a whole entry, takes Enter for the entry instead of
the question, and would send thousands of options with every run. So the question box stays what it
is; the browser fetches the words once and offers them above the box.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from assistant import Assistant
from assistant.vocabulary import Word
from ui.page.shared import UNUSABLE, Seen

logger = logging.getLogger(__name__)

SCRIPT = Path(__file__).with_name("typeahead.js")
MOST_KEPT = 256
KINDS = {"metric": "指标", "dimension": "维度", "value": "取值", "example": "例题"}


class Words:
    """The words of each kind of reader, ready to be fetched."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: OrderedDict[tuple[Seen, str], str] = OrderedDict()
        self._waiting: dict[str, tuple[Assistant, str, tuple[str, ...]]] = {}
        self._ready: dict[str, bytes] = {}

    def token(self, assistant: Assistant, seen: Seen, user: str, examples: Sequence[str]) -> str:
        """Names what the reader may fetch."""
        with self._lock:
            token = self._tokens.get((seen, user))
            if token is None:
                token = self._tokens[seen, user] = secrets.token_urlsafe(24)
                self._waiting[token] = (assistant, user, tuple(examples))
                while len(self._tokens) > MOST_KEPT:
                    self._forget(self._tokens.popitem(last=False)[1])
            return token

    def fetch(self, token: str) -> bytes | None:
        """The words as JSON; None for a token that is none, and while they are worked out."""
        with self._lock:
            asked = self._waiting.pop(token, None)
        if asked is not None:
            threading.Thread(target=self._prepare, args=(token, *asked), daemon=True).start()
        return self._ready.get(token)

    def _forget(self, token: str) -> None:
        self._ready.pop(token, None)
        self._waiting.pop(token, None)

    def _prepare(
        self, token: str, assistant: Assistant, user: str, examples: tuple[str, ...]
    ) -> None:
        try:
            rows = words_json(assistant.vocabulary(user), examples)
        except UNUSABLE as error:
            logger.warning("no words to offer: %s", error)
            return
        with self._lock:
            if token in self._tokens.values():
                self._ready[token] = rows


@st.cache_resource(show_spinner=False)
def words() -> Words:
    """One for the whole server."""
    return Words()


def draw_typeahead(token: str) -> None:
    """The script that offers words above the question box."""
    script = SCRIPT.read_text(encoding="utf-8")
    if not re.fullmatch(r"[\w-]+", token):
        raise ValueError(token)
    st.html(f'<script>{script}("{token}");</script>', unsafe_allow_javascript=True)


def words_json(found: Sequence[Word], examples: Sequence[str]) -> bytes:
    """One row for each word: text, kind, note, then what else finds it."""
    rows = [
        [word.text, KINDS[word.kind], word.note, *word.also, _initials(word.text)] for word in found
    ]
    rows += [[example, KINDS["example"], ""] for example in examples]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _initials(text: str) -> str:
    """First letters, as a Chinese keyboard takes them: ckye for 存款余额."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()
