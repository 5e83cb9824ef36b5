"""Choosing one of the options that a clarification left open."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from assistant.state import Conversation, OpenOption

_BY_NUMBER = re.compile(r"(?:选择?|第)?\s*([0-9]{1,3}|[一二两三四五六七八九十])\s*(?:个|项|号)?")
_CHINESE_DIGITS = {digit: n for n, digit in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}


def chosen_option(text: str, conversation: Conversation) -> OpenOption | Literal["invalid"] | None:
    """The option that the text picks by id, 选N or label; None when it is a new question.

    A number that no option has is `invalid`.
    """
    if not conversation.open_options:
        return None
    spoken = spoken_form(text)
    for option in conversation.open_options:
        if spoken == spoken_form(option.label):
            return option
    ends = [o for o in conversation.open_options if spoken_form(o.label).endswith(f"为{spoken}")]
    if len(ends) == 1:
        return ends[0]
    number = _number(spoken)
    return None if number is None else option_by_id(number, conversation)


def option_by_id(number: int, conversation: Conversation) -> OpenOption | Literal["invalid"]:
    """The open option with that number."""
    found = next((o for o in conversation.open_options if o.id == number), None)
    return found or "invalid"


def spoken_form(text: str) -> str:
    """Full-width letters, circled numbers and closing marks do not count."""
    return unicodedata.normalize("NFKC", text).strip().rstrip("。.!！?？、,，").strip()


def _number(spoken: str) -> int | None:
    match = _BY_NUMBER.fullmatch(spoken)
    if match is None or (match[1] in _CHINESE_DIGITS and spoken == match[1]):
        return None
    return _CHINESE_DIGITS.get(match[1]) or int(match[1])
