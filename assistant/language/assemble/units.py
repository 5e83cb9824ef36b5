"""客龄5年以上, 年龄6个月以上: a limit in the unit that its attribute is told in, or a doubt."""

from __future__ import annotations

from assistant.language.amounts_text import amount_text
from assistant.language.assemble.sketch import Sketch
from assistant.language.number import ComparatorToken
from semantic_layer.model import Field
from semantic_layer.query import NumberOp

Limits = tuple[tuple[NumberOp, int | float], ...]
SIZES: dict[str, dict[str, int]] = {
    "个月": {"个月": 1, "个季度": 3, "年": 12},
    "天": {"天": 1, "周": 7},
    "岁": {"岁": 1},
}
"""Unit of the attribute → the units that are a whole number of it."""
ALIKE = {"个": frozenset("个种款项类条")}
"""Counting words that count the same things."""
DURATIONS = frozenset({"个月", "天"})
EXACT = frozenset({"eq", "ne"})


def limits_in_unit(
    sketch: Sketch, field: Field, comparator: ComparatorToken, *, in_bands: bool
) -> Limits | None:
    """The limits in the attribute's own unit; None, with a question back, if they do not fit."""
    said, own = comparator.range.unit, unit_of(field)
    if own is None:
        return comparator.range.limits
    size = _size(said, own, in_bands=in_bands)
    exact = any(op in EXACT for op, _ in comparator.range.limits)
    if size is None or (size > 1 and exact):
        sketch.fault(
            "unattached_condition",
            f"“{field.label}”以{own}计,“{comparator.text}”请用{own}写明上限或下限。",
            comparator.text, "where",
        )  # fmt: skip
        return None
    limits = tuple((op, value * size) for op, value in comparator.range.limits)
    return _as_a_band(sketch, field, comparator, limits) or limits


def _as_a_band(
    sketch: Sketch, field: Field, comparator: ComparatorToken, limits: Limits
) -> Limits | None:
    """20到30岁 where 20–29岁 is a band: bands are closed on the left and open on the right."""
    edges = {
        edge
        for banded in sketch.catalogue.manifest.dimensions.values()
        if banded.field.band and banded.field.band.of == field.name
        for edge in banded.field.band.edges
    }
    if not comparator.range.between or not {value for _, value in limits} <= edges:
        return None
    (_, low), (_, high) = limits
    ends = f"含{amount_text(low, unit_of(field))}、不含{amount_text(high, unit_of(field))}"
    sketch.assume("where", f"“{comparator.text}”按分档左闭右开,{ends}", 0.97)
    return (("ge", low), ("lt", high))


def unit_of(field: Field) -> str | None:
    """What the attribute is told in; 年龄 needs no declaration."""
    return field.unit or ("岁" if field.label.endswith("年龄") else None)


def _size(said: str | None, own: str, *, in_bands: bool) -> int | None:
    """How many of its own units one unit said is; None: another thing, or not said which."""
    if said is None:
        return None if in_bands and own in DURATIONS else 1
    if said == own or said in ALIKE.get(own, ()):
        return 1
    return SIZES.get(own, {}).get(said)
