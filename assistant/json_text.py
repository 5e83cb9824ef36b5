"""JSON as the contract wants it: exact decimals, ISO dates, no number that a reader loses.

The standard encoder cannot write a Decimal as a number, so the text is put together here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from semantic_layer.result import Suppressed

LARGEST_EXACT_INTEGER = 2**53


def plain(value: object) -> Any:
    """The value as dicts, lists and scalars; decimals stay exact.

    >>> plain((Decimal("1.50"), 2**60, float("nan"), date(2026, 10, 31)))
    [Decimal('1.50'), '1152921504606846976', None, '2026-10-31']
    """
    if isinstance(value, Suppressed):
        return None
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_EXACT_INTEGER else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, date):
        return value.isoformat()
    return _plain_container(value)


def _plain_container(value: object) -> Any:
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def rounded_to_floats(value: Any) -> Any:
    """A plain value whose decimals became floats, for `json.dumps` and arithmetic."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: rounded_to_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded_to_floats(item) for item in value]
    return value


def json_text(value: object) -> str:
    """One line of JSON.

    >>> json_text({"存款": Decimal("1234567890123456789.10"), "率": 0.1})
    '{"存款": 1234567890123456789.10, "率": 0.1}'
    """
    return _text(plain(value))


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_string(k)}: {_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
