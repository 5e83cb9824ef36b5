"""…的分行, 分行有哪些, 渠道占比: dimensions without a grouping word."""

from __future__ import annotations

from assistant.language.assemble.grouping import in_bands
from assistant.language.assemble.sketch import Sketch
from semantic_layer.query import DimensionGroup

SIDE_SLOTS = frozenset({"order", "limit", "having", "share", "group_by", "compare"})


def targets(sketch: Sketch) -> None:
    """A free dimension is what is ranked, filtered or split."""
    for at in range(len(sketch.tokens)):
        dimension = sketch.dimension(at)
        if dimension is None:
            continue
        dimension = in_bands(sketch, dimension)
        label = sketch.catalogue.dimension_label(dimension)
        sketch.own(at, "group_by", f"按{label}")
        sketch.add_group(at, DimensionGroup(dimension))
        if not _is_called_for(sketch):
            sketch.assume("group_by", f"没有说怎样看{label},按{label}列出", 0.9)


def _is_called_for(sketch: Sketch) -> bool:
    return (
        bool(sketch.ranked or sketch.having or sketch.share or sketch.trend)
        or sketch.has("which")
        or sketch.has("spread")
    )
