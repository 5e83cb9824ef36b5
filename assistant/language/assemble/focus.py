"""上海分行排第几: one member's place among all, without filtering."""

from __future__ import annotations

from assistant.language.assemble.sketch import Ranked, Sketch
from semantic_layer.query import Condition, DimensionGroup, Focus


def focus(sketch: Sketch) -> None:
    """A value before 排第几 is looked up among all members of its dimension."""
    at = sketch.first("focus")
    if at is None:
        return
    values = [i for i in range(len(sketch.tokens)) if sketch.value(i)]
    if not values:
        return
    place = values[-1]
    value = sketch.value(place)
    assert value is not None
    sketch.own(at, "focus", "名次")
    sketch.own(place, "focus", f"{value.value}的名次")
    if sketch.is_cue(place + 1, value):
        sketch.own(place + 1, "focus")
    sketch.focus = Focus(value.dimension, str(value.value))
    sketch.add_group(place, DimensionGroup(value.dimension))
    sketch.ranked.append(Ranked(at, "best"))


def place_among_all(sketch: Sketch) -> None:
    """上海分行存款排名: ranking one member means its place, not a list of one."""
    if "rank" in sketch.shows:
        _change_of_place(sketch)
    if not any(ranked.arg == "rank" and ranked.show == "value" for ranked in sketch.ranked):
        return
    for condition in sketch.where:
        if not (isinstance(condition, Condition) and _is_one_member(condition)):
            continue
        dimension = condition.dimension
        spine = sketch.catalogue.manifest.dimensions[dimension.rpartition(".")[2]].field.spine
        if sketch.groups_by(dimension) or (spine and not sketch.groups):
            sketch.where.remove(condition)
            sketch.focus = Focus(dimension, str(condition.values[0]))
            sketch.add_group(-1, DimensionGroup(dimension))
            sketch.ranked = [Ranked(sketch.ranked[0].at, "best")]
            return


def _change_of_place(sketch: Sketch) -> None:
    """固原分行存款排名上升了几位: looked up among all, and 排名 orders nothing."""
    if any(isinstance(grouped.group, DimensionGroup) for grouped in sketch.groups):
        return
    for condition in sketch.where:
        if not (isinstance(condition, Condition) and _is_one_member(condition)):
            continue
        name = condition.dimension.rpartition(".")[2]
        if sketch.catalogue.manifest.dimensions[name].field.spine:
            sketch.where.remove(condition)
            sketch.focus = Focus(condition.dimension, str(condition.values[0]))
            sketch.add_group(-1, DimensionGroup(condition.dimension))
            sketch.ranked = [r for r in sketch.ranked if r.arg != "rank"]
            return


def _is_one_member(condition: Condition) -> bool:
    return condition.op == "in" and len(condition.values) == 1
