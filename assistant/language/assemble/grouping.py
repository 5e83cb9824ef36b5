"""各分行, 按渠道和性别, 哪个渠道, 分行维度: what the answer is split by."""

from __future__ import annotations

from assistant.language.assemble.sketch import SOFT, Sketch
from assistant.language.time import GrainToken, TimeToken
from assistant.language.tokens import DimensionName, ValueName
from semantic_layer.query import DimensionGroup, TimeGroup

LISTING = frozenset({"filler", "conj", "break", "group"})


def grouping(sketch: Sketch) -> None:
    """Dimensions after a grouping word, and time buckets."""
    for at in range(len(sketch.tokens)):
        marker = sketch.word(at, "group") or sketch.word(at, "which")
        if marker and (first := _dimension_after(sketch, at)) is not None:
            _take_list(sketch, at, first, each=marker in ("each", "one"))
        elif marker in ("each", "one", "list") and (inside := _inside_metric(sketch, at)):
            sketch.own(at, "group_by", f"按{sketch.catalogue.dimension_label(inside)}")
            sketch.add_group(at, DimensionGroup(inside), each=marker != "list")
    for at in range(len(sketch.tokens)):
        _take_grain(sketch, at)
    for at in sketch.indices("after"):
        before = sketch.before(at, SOFT)
        if (dimension := sketch.dimension(before)) is not None:
            _take(sketch, before, dimension, each=False)
        if before in sketch.owners and sketch.owners[before].slot == "group_by":
            sketch.own(at, "group_by")


def _dimension_after(sketch: Sketch, at: int) -> int | None:
    place = sketch.after(at, frozenset({"filler", "group", "of"}))
    while _is_condition(sketch, place):
        place += 1
    return place if sketch.dimension(place) is not None else None


def _inside_metric(sketch: Sketch, at: int) -> str | None:
    """哪个|活动ROI: the metric's name begins with the dimension that is asked for."""
    place = sketch.after(at, frozenset({"filler"}))
    text = sketch.label(place) if sketch.metric(place) else ""
    for end in range(len(text) - 1, 1, -1):
        for name in sketch.catalogue.lexicon.names.get(text[:end], ()):
            if isinstance(name, DimensionName):
                return name.dimension
    return None


def _is_condition(sketch: Sketch, at: int) -> bool:
    """各类存款产品类型: a member between the grouping word and the dimension narrows."""
    owner = sketch.owners.get(at)
    return (
        owner is not None
        and owner.slot == "where"
        and any(isinstance(name, ValueName) for name in sketch.tokens[at].names)
    )


def _take_list(sketch: Sketch, marker: int, first: int, *, each: bool) -> None:
    for at in range(marker, first):
        sketch.own(at, "group_by")
    place = first
    while (dimension := sketch.dimension(place)) is not None:
        _take(sketch, place, dimension, each=each)
        following = sketch.after(place, LISTING)
        if sketch.dimension(following) is None or not _continues(sketch, place, following):
            return
        for at in range(place + 1, following):
            sketch.own(at, "group_by")
        place = following


def _continues(sketch: Sketch, place: int, following: int) -> bool:
    """Whether the next dimension belongs to the list: 按渠道和性别, 各分行各渠道."""
    between = range(place + 1, following)
    return any(sketch.word(at, "conj") or sketch.word(at, "group") for at in between) or (
        following == place + 1
    )


def _take(sketch: Sketch, at: int, dimension: str, *, each: bool) -> None:
    dimension = in_bands(sketch, dimension)
    sketch.own(at, "group_by", f"按{sketch.catalogue.dimension_label(dimension)}")
    sketch.add_group(at, DimensionGroup(dimension), each=each)


def in_bands(sketch: Sketch, dimension: str) -> str:
    """A number is split by its governed bands: 年龄 → 年龄段."""
    for banded in sketch.catalogue.manifest.dimensions.values():
        if banded.field.band and banded.field.band.of == dimension:
            sketch.assume("group_by", f"按{banded.label}分组", 0.97)
            return banded.name
    return dimension


def _take_grain(sketch: Sketch, at: int) -> None:
    grain = sketch.find(at, GrainToken)
    if grain is None:
        return
    if grain.problem:
        sketch.faults.append(grain.problem)
        sketch.own(at, "group_by", grain.text)
    elif grain.grain:
        sketch.own(at, "group_by", f"按{grain.text}")
        sketch.add_group(at, TimeGroup(grain.grain), each=True)
        if grain.days:
            token = sketch.tokens[at]
            days = TimeToken(token.start, token.end, token.text, "days", days=grain.days)
            sketch.times.append((at, days))
        before = sketch.before(at, frozenset({"filler"}))
        if sketch.word(before, "group"):
            sketch.own(before, "group_by")
