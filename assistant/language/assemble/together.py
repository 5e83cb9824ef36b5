"""存款前五的分行占全行多少, 前三名合计: the first ones taken together."""

from __future__ import annotations

from assistant.language.assemble.sketch import Ranked, Sketch
from semantic_layer.query import (
    DimensionGroup,
    Membership,
    MetricRef,
    Set,
    Share,
    TopMembership,
)

TOGETHER = ("合计", "总计", "总和", "之和", "加起来", "合起来", "一共", "总共", "共")
APART = ("各", "分别")
WAYS = {"top": True, "high": True, "low": False}


def together(sketch: Sketch) -> None:
    """The places become a set, and the number is that of the whole set."""
    ranked = _cut(sketch)
    if ranked is None or not _is_one_number(sketch, ranked):
        return
    top = _top(sketch, ranked)
    if top is None:
        return
    dimension = sketch.groups[0].group
    assert isinstance(dimension, DimensionGroup)
    label = sketch.catalogue.dimension_label(dimension.dimension)
    shown = sketch.share is not None
    sketch.where.append(Membership(Set(dimension.dimension, top)))
    sketch.groups, sketch.ranked = [], []
    sketch.share = Share("unfiltered") if shown else None
    sketch.assume("where", f"先取前几名的{label},再看它们合起来的数", 0.97)


def _cut(sketch: Sketch) -> Ranked | None:
    """The only rank, when it keeps some places by value of the only dimension shown."""
    if len(sketch.ranked) != 1 or len(sketch.groups) != 1 or sketch.compared or sketch.having:
        return None
    ranked = sketch.ranked[0]
    several = (ranked.places or 0) > 1 or ranked.percent is not None
    kept = several and not ranked.nth and ranked.show == "value"
    if not kept or not isinstance(sketch.groups[0].group, DimensionGroup):
        return None
    return ranked


def _is_one_number(sketch: Sketch, ranked: Ranked) -> bool:
    """占全行多少 and 合计 behind the rank ask for one number, 各占多少 for one each."""
    behind = range(ranked.at + 1, len(sketch.tokens))
    if any(token.text.startswith(APART) for token in sketch.tokens if not token.names):
        return False
    summed = any(
        sketch.label(at).startswith(TOGETHER) for at in behind if not sketch.tokens[at].names
    )
    return summed or any(sketch.args[at].get("share") == "verb" for at in behind)


def _top(sketch: Sketch, ranked: Ranked) -> TopMembership | None:
    if len(sketch.measures) != 1 or sketch.where or ranked.arg not in WAYS:
        return None
    measure = sketch.measures[0][1]
    if not isinstance(measure, MetricRef) or measure.per or measure.stat:
        return None
    if sketch.catalogue.metric(measure.metric).direction == "down_is_good":
        return None
    return TopMembership(measure.metric, ranked.places, ranked.percent, WAYS[ranked.arg])
