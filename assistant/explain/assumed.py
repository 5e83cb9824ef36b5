"""What was assumed, each said once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from semantic_layer.resolved import Assumption

BY = "按"


def said_once(assumptions: Iterable[Assumption]) -> tuple[Assumption, ...]:
    """Nothing twice; dimensions that are reached the same way share a sentence.

    >>> paths = [Assumption("path", f"{level}按客户的归属机构统计") for level in ("支行", "分行")]
    >>> said_once([*paths, Assumption("period", "按本年累计")])[0].text
    '支行、分行按客户的归属机构统计'
    """
    found: dict[tuple[str, str], Assumption] = {}
    for assumption in dict.fromkeys(assumptions):
        name, by, way = assumption.text.partition(BY)
        shared = way if assumption.slot == "path" else ""
        key = (assumption.slot, shared or assumption.text)
        told = found.get(key)
        joined = f"{told.text.partition(BY)[0]}、{name}{by}{way}" if told else assumption.text
        found[key] = replace(assumption, text=joined)
    return tuple(found.values())
