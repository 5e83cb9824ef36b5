"""Fingerprints: of everything that a manifest says, and of what one metric means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

from semantic_layer.model import Manifest, Metric


def manifest_hash(manifest: Manifest) -> str:
    """Changes with every word of the definitions, not with files, lines or comments."""
    return _digest({f.name: _plain(getattr(manifest, f.name)) for f in fields(manifest)
                    if f.name != "hash"})  # fmt: skip


def meaning_hash(metric: Metric) -> str:
    """Changes when the number of the metric changes: what a certification covers."""
    return _digest([_plain(metric.definition), _plain(metric.also), metric.unit, metric.native])[
        :12
    ]


def _digest(plain: Any) -> str:
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Values as JSON; dataclasses keep their type and leave out where they were written."""
    if is_dataclass(value):
        kept = {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name != "at"}
        return [type(value).__name__, kept]
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return [[key, _plain(item)] for key, item in value.items()]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
