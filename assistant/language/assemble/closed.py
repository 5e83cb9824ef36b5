"""2025年3月末矿务街分理处的存款余额: a merged outlet, seen by the organisation of that time."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import plain
from semantic_layer.model import Aggregate
from semantic_layer.query import Condition, DimensionOp

OF_ITS_TIME = ("当月", "当日")
"""How roles are called that keep what was true in their month or on their day."""
NAMING: frozenset[DimensionOp] = frozenset({"in", "not_in"})


def closed(sketch: Sketch) -> None:
    """By today's organisation nobody belongs to it, so nought would be said of it."""
    for condition in sketch.where:
        if not isinstance(condition, Condition) or condition.op not in NAMING:
            continue
        path = sketch.paths.get(condition.dimension, condition.dimension)
        known = sketch.catalogue.lexicon.closed.get(plain(path), frozenset())
        named = [str(value) for value in condition.values if str(value) in known]
        if not named or path != plain(path):
            continue
        words, role = "、".join(named), _role_of_its_time(sketch, condition.dimension)
        if role is None:
            message = (
                f"“{words}”已撤并,按现行机构没有数据;请改问并入的机构,或可按当时机构看的指标。"
            )
            sketch.fault("ambiguous_phrase", message, words, "where")
            continue
        label, path = role
        sketch.paths[condition.dimension] = path
        sketch.assume("where", f"“{words}”已撤并,按{label}统计")


def _role_of_its_time(sketch: Sketch, dimension: str) -> tuple[str, str] | None:
    """The one role that leads from every metric's own table to the organisation of that time."""
    manifest = sketch.catalogue.manifest
    home = manifest.dimensions[dimension].home
    roles: set[tuple[str, str]] | None = None
    for leaf in (leaf for m in sketch.metric_ids for leaf in sketch.catalogue.leaves(m)):
        assert isinstance(leaf.definition, Aggregate)
        found = {
            (join.label, f"{join.name}.{dimension}")
            for join in manifest.datasets[leaf.definition.dataset].joins
            if join.to == home and join.label and join.label.startswith(OF_ITS_TIME)
        }
        roles = found if roles is None else roles & found
    return roles.pop() if roles and len(roles) == 1 else None
