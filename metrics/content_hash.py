"""Fingerprints: of everything that a manifest says, and of what one metric means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

from semantic_layer.model import Aggregate, Manifest, Metric, Parameter
from semantic_layer.model.metric import Definition
from semantic_layer.model.today import AS_OF


def manifest_hash(manifest: Manifest) -> str:
    """Changes with every word of the definitions, not with files, lines or comments."""
    said = {f.name: getattr(manifest, f.name) for f in fields(manifest) if f.name != "hash"}
    return _digest([[name, _plain(value)] for name, value in said.items()])


def meaning_hash(metric: Metric, parameters: Mapping[str, Parameter]) -> str:
    """Changes when the formula, a threshold in it or the unit changes: what is certified."""
    said = _formulas(metric.definition, metric.also)
    used = [
        [p.name, p.value]
        for p in parameters.values()
        if p.name != AS_OF and f"{{{p.name}}}" in said
    ]
    return "h" + _digest([said, used, metric.unit, metric.native])[:11]


@lru_cache(maxsize=16384)
def _formulas(definition: Definition, also: tuple[Aggregate, ...]) -> str:
    return json.dumps([_plain(definition), _plain(also)], ensure_ascii=False)


def _digest(plain: Any) -> str:
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Values as JSON; dataclasses without their place and what was left at its default."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        slots = [(name, getattr(value, name), default) for name, default in _slots(value.__class__)]
        kept = {name: _plain(v) for name, v, default in slots if v != default}
        return [type(value).__name__, kept]
    if isinstance(value, Mapping):
        return [[key, _plain(item)] for key, item in value.items()]
    return str(value)


@cache
def _slots(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    """(name, default) of the fields that say something; where it was written does not."""
    return tuple((f.name, f.default) for f in fields(kind) if f.name != "at")
