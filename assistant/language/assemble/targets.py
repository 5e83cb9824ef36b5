"""…的分行, 分行有哪些, 渠道占比: dimensions without a grouping word."""

from __future__ import annotations

from assistant.language.assemble.grouping import in_bands
from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import ValueName, plain
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
        if not _is_called_for(sketch) and _is_topic(sketch, at, label):
            sketch.own(at, "filler")
            sketch.assume("group_by", f"“{sketch.label(at)}”只说是哪方面的数,不按{label}拆分", 0.97)
            continue
        if not _is_called_for(sketch) and _only_names_them(sketch, at, dimension):
            sketch.own(at, "where")
            continue
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


def _is_topic(sketch: Sketch, at: int, label: str) -> bool:
    """营销活动触达了多少人: the field that every figure belongs to splits none of them."""
    metrics = [sketch.catalogue.metric(metric) for metric in sketch.metric_ids]
    behind = any(place > at for place, _ in sketch.measures)
    return behind and all(m.domain.rpartition("/")[2] == label for m in metrics)


def _only_names_them(sketch: Sketch, at: int, dimension: str) -> bool:
    """R4基金的持有人有多少: the things that the member before is said of, not one by one."""
    owner = sketch.owners.get(at - 1)
    value = next((n for n in sketch.tokens[at - 1].names if isinstance(n, ValueName)), None)
    if at < 1 or value is None or owner is None or owner.slot != "where":
        return False
    manifest = sketch.catalogue.manifest
    found, kind = manifest.dimensions[plain(dimension)], plain(value.dimension)
    levels = any({kind, found.name} <= set(h.levels) for h in manifest.hierarchies)
    same = manifest.dimensions[kind].home == found.home
    return same and not levels and found.label in manifest.datasets[found.home].label
