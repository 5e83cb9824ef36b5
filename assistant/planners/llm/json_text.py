r"""The JSON object inside whatever a model says: fenced, after an essay, behind its thoughts.

>>> object_in('好的:\n```json\n{"a": {"b": 1}}\n```', {"a"})
{'a': {'b': 1}}
>>> object_in('{"a": [{"b": 1}, {"b"', {"a"}) is None
True
"""

from __future__ import annotations

import json
import re
from collections.abc import Set as AbstractSet
from typing import Any

THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
MOST_STARTS = 20
"""How many opening brackets are tried."""


def object_in(text: str, keys: AbstractSet[str]) -> dict[str, Any] | None:
    """The first complete object with one of these keys; a part of an unfinished one has none."""
    text = THOUGHTS.sub("", text)
    decoder = json.JSONDecoder()
    at = text.find("{")
    for _ in range(MOST_STARTS):
        if at < 0:
            return None
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
            continue
        if isinstance(found, dict) and not keys.isdisjoint(found):
            return found
        at = text.find("{", end)
    return None
