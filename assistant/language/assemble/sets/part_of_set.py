"""持有理财的客户占比: the set against everybody."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import MetricName
from semantic_layer.query import Membership, SegmentCondition, Share

COUNTS = frozenset({"户", "人"})
TWO_SCOPES = "暂不支持分子、分母的范围不同的占比,请分开问。"


def part_of_set(sketch: Sketch) -> None:
    """The share of a set is of the same figure without the set."""
    _two_counts(sketch)
    sets = [part for part in sketch.where if isinstance(part, Membership | SegmentCondition)]
    if sketch.share is None or not sets:
        return
    if len(sketch.where) > 1 or any("share" in a and a["share"] == "verb" for a in sketch.args):
        sketch.fault("unsupported", TWO_SCOPES, "分子分母范围不同")
    sketch.share = Share("unfiltered")


def _two_counts(sketch: Sketch) -> None:
    """私行客户在流失客户里占多少: a number at a point is no part of what happened over time."""
    if not any(args.get("share") == "verb" for args in sketch.args):
        return
    names = [n for t in sketch.tokens for n in t.names if isinstance(n, MetricName)]
    metrics = list(dict.fromkeys(name.metric for name in names))
    if len(metrics) != 2:
        return
    known = [sketch.catalogue.metric(metric) for metric in metrics]
    stocks = {sketch.catalogue.is_stock(metric) for metric in metrics}
    if all(metric.unit in COUNTS for metric in known) and len(stocks) == 2:
        sketch.fault(
            "unsupported",
            f"“{known[0].label}”是时点数,“{known[1].label}”是发生数,不能相除;"
            f"可以按客户等级等维度问“{known[1].label}”的占比。"
            if sketch.catalogue.is_stock(metrics[0])
            else f"“{known[1].label}”是时点数,“{known[0].label}”是发生数,不能相除;"
            f"可以按客户等级等维度问“{known[0].label}”的占比。",
            "分子分母范围不同",
        )  # fmt: skip
