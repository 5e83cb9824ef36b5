"""持有理财的客户占比: the set against everybody."""

from __future__ import annotations

from assistant.language.assemble.sets.heads import INSIDE
from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import MetricName, Token
from semantic_layer.query import Membership, SegmentCondition, Share

COUNTS = frozenset({"户", "人"})
TWO_SCOPES = "暂不支持分子、分母的范围不同的占比,请分开问。"


def part_of_set(sketch: Sketch) -> None:
    """The share of a set is of the same figure without the set."""
    _two_counts(sketch)
    sets = [part for part in sketch.where if isinstance(part, Membership | SegmentCondition)]
    if sketch.share is None or not sets:
        return
    if len(sketch.where) > 1 or _names_a_whole(sketch):
        sketch.fault("unsupported", TWO_SCOPES, "分子分母范围不同")
    sketch.share = Share("unfiltered")


def _names_a_whole(sketch: Sketch) -> bool:
    """占流失客户多少; in 代发客户中有理财的占多少 the whole is the figure without the set."""
    verb = next((at for at, args in enumerate(sketch.args) if args.get("share") == "verb"), None)
    if verb is None:
        return False
    metrics = [at for at, token in enumerate(sketch.tokens) if _counts_people(sketch, token)]
    behind = sketch.tokens[verb + 1 :]
    inside = metrics[:1] and sketch.label(sketch.after(metrics[0], frozenset())) in INSIDE
    return not inside or any(not (token.word("ask") or token.word("filler")) for token in behind)


def _counts_people(sketch: Sketch, token: Token) -> bool:
    names = [name for name in token.names if isinstance(name, MetricName)]
    return any(sketch.catalogue.metric(name.metric).unit in COUNTS for name in names)


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
