"""周末和工作日对比: kinds of days side by side, by the dimension that tells all of them apart."""

from __future__ import annotations

from dataclasses import replace

from assistant.language.assemble.sketch import Sketch
from assistant.language.periods_text import DAY_WORDS
from semantic_layer.model import Dimension
from semantic_layer.query import Condition, DayFilter, DimensionGroup, Focus

SURE: DayFilter = "workday"
"""Told in the calendar as in the question; a 周末 there has no feast and no day worked."""
BESIDE = ("conj", "against", "contrast", "each_own", "break")


def kinds_of_days(sketch: Sketch) -> tuple[DayFilter, ...]:
    """The kinds of days named, each once."""
    return tuple(dict.fromkeys(time.days for _, time in sketch.times if time.days))


def day_kinds(sketch: Sketch) -> None:
    """Two kinds become two groups; a mean by day of them has no number of days to divide by."""
    kinds = kinds_of_days(sketch)
    words = [DAY_WORDS[kind] for kind in kinds]
    found = _telling_apart(sketch, words) if len(kinds) > 1 and not sketch.has("per") else None
    if found is None:
        return
    at = next(at for at, time in sketch.times if time.days)
    sketch.times = [(at, replace(time, days=None)) for at, time in sketch.times if time.spans]
    sketch.add_group(at, DimensionGroup(found.name), each=True)
    values = [v.value for v in found.field.values if (v.label or v.value) in words]
    if len(values) < len(found.field.values):
        sketch.where.append(Condition(found.name, "in", tuple(values)))
    for role in BESIDE:
        for place in sketch.indices(role):
            sketch.own(place, "group_by")


def part_of_days(sketch: Sketch) -> bool:
    """周末的交易笔数占比: one kind of days among all; how a kind is told there is said."""
    kinds = kinds_of_days(sketch)
    found = _telling_apart(sketch, [DAY_WORDS[kind] for kind in kinds]) if kinds else None
    if found is None or len(kinds) > 1 or sketch.groups:
        return False
    word = DAY_WORDS[kinds[0]]
    member = next(v for v in found.field.values if (v.label or v.value) == word)
    sketch.times = [(at, replace(time, days=None)) for at, time in sketch.times if time.spans]
    sketch.add_group(-1, DimensionGroup(found.name))
    sketch.focus = Focus(found.name, str(member.value))
    if kinds[0] != SURE:
        others = "、".join(v.label or str(v.value) for v in found.field.values if v != member)
        sketch.assume("share", f"“{word}”按{found.label}划分,不含算作{others}的日子", 0.92)
    return True


def _telling_apart(sketch: Sketch, words: list[str]) -> Dimension | None:
    """The dimension whose declared members have all these names."""
    for dimension in sketch.catalogue.manifest.dimensions.values():
        labels = {value.label or value.value for value in dimension.field.values}
        if labels.issuperset(words):
            return dimension
    return None
