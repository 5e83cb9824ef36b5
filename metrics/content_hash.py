"""Fingerprints: of everything that a manifest says, and of what one metric means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

from semantic_layer.model import Manifest, Metric, Parameter


def manifest_hash(manifest: Manifest) -> str:
    """Changes with every word of the definitions, not with files, lines or comments."""
    said = {f.name: getattr(manifest, f.name) for f in fields(manifest) if f.name != "hash"}
    return _digest([[name, _plain(value)] for name, value in said.items()])


def meaning_hash(metric: Metric, parameters: Mapping[str, Parameter]) -> str:
    """Changes when the formula, a threshold in it or the unit changes: what is certified."""
    said = json.dumps([_plain(metric.definition), _plain(metric.also)], ensure_ascii=False)
    used = [[p.name, p.value] for p in parameters.values() if f"{{{p.name}}}" in said]
    return "h" + _digest([said, used, metric.unit, metric.native])[:11]


def _digest(plain: Any) -> str:
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Values as JSON; dataclasses without their place and what was left at its default."""
    if is_dataclass(value):
        slots = [(f, getattr(value, f.name)) for f in fields(value) if f.name != "at"]
        kept = {f.name: _plain(v) for f, v in slots if v != f.default}
        return [type(value).__name__, kept]
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return [[key, _plain(item)] for key, item in value.items()]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
