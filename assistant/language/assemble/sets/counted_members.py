"""上季度流失客户的平均年龄: those whom a governed number counts."""

from __future__ import annotations

from assistant.language.assemble.sets.core import Core
from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import MetricName, SegmentName, ValueName
from semantic_layer.model import Aggregate
from semantic_layer.query import MetricCondition

HEADS = frozenset({"户", "人"})


def counted_members(sketch: Sketch, at: int) -> Core | None:
    """The count at that token, where 的 and another figure follow."""
    metric = sketch.metric(at)
    if metric is None or sketch.label(at).endswith(("数", "量")):
        return None
    known = sketch.catalogue.metric(metric)
    labels = tuple(sketch.catalogue.entities)
    is_count = isinstance(known.definition, Aggregate) and known.definition.agg == "distinct"
    if known.unit not in HEADS or not is_count or not sketch.label(at).endswith(labels):
        return None
    if any(word in sketch.label(at) for word in ("的", "多少", "几")) or any(
        isinstance(n, ValueName | SegmentName) for n in sketch.tokens[at].names
    ):
        return None
    if sketch.catalogue.is_stock(metric):
        return None
    following = sketch.after(at)
    if following == at + 1 or not any(
        sketch.find(i, MetricName) for i in range(following, len(sketch.tokens))
    ):
        return None
    label = sketch.label(at)
    return Core(
        (at,), lambda period: MetricCondition(metric, "ge", 1, period), label, "happened",
        members=True,
    )  # fmt: skip
