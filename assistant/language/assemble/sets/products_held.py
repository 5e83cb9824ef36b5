"""持有2种以上产品: how many kinds of products somebody has, where that is an attribute."""

from __future__ import annotations

from assistant.language.assemble.numbers import DIMENSION_OPS
from assistant.language.assemble.sketch import Sketch
from assistant.language.assemble.units import unit_of
from assistant.language.number import ComparatorToken
from semantic_layer.query import Condition

HOLDS = frozenset({"持有", "有", "拥有"})
KINDS = frozenset({"种", "个", "类", "款", None})
PRODUCT = "产品"
VAGUE = "款"


def products_held(sketch: Sketch) -> None:
    """The number of product lines held becomes a condition."""
    for at in range(len(sketch.tokens)):
        place, product = at + 1, at + 2
        comparator = sketch.find(place, ComparatorToken)
        if comparator is None or not sketch.is_free(product):
            continue
        if sketch.label(at) not in HOLDS or not sketch.label(product).startswith(PRODUCT):
            continue
        found = _attribute(sketch)
        if found is None or comparator.range.unit not in KINDS or comparator.range.approximate:
            continue
        name, label = found
        for taken in (at, place, product):
            sketch.own(taken, "where", f"{label} {comparator.text}")
        sketch.assume("where", f"“产品”按{label}计", 0.97)
        for op, value in comparator.range.limits:
            sketch.where.append(Condition(name, DIMENSION_OPS[op], (value,)))


def _attribute(sketch: Sketch) -> tuple[str, str] | None:
    """持有产品线数: the only number of products held that there is."""
    found = [
        (dimension.name, dimension.label)
        for dimension in sketch.catalogue.manifest.dimensions.values()
        if dimension.field.type == "number"
        and unit_of(dimension.field) == "个"
        and "持有" in dimension.label
        and PRODUCT in dimension.label
    ]
    return found[0] if len(found) == 1 else None
