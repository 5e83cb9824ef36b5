"""AUM前10%的客户, 存款最高的5个分行: the first ones by a figure."""

from __future__ import annotations

from assistant.language.assemble.sets.core import Core
from assistant.language.assemble.sketch import SOFT, Sketch
from assistant.language.tokens import MetricName, Rank, ValueName
from semantic_layer.query import Period, Predicate, TopMembership

FIRST = {"top": True, "high": True, "bottom": False, "low": False}


def tops(sketch: Sketch, at: int) -> Core | None:
    """The metric at that token with the places told behind it."""
    metric = sketch.metric(at)
    place = sketch.after(at)
    _no_member(sketch, at, place)
    rank = (sketch.find(place, Rank) or _first_one(sketch, place)) if metric else None
    if metric is None or rank is None or rank.nth or rank.arg not in FIRST:
        return None
    descending = FIRST[rank.arg]
    label = "".join(sketch.label(i) for i in range(at, place + 1))

    def make(period: Period | None) -> Predicate:
        if rank.arg == "top" and sketch.catalogue.metric(metric).direction == "down_is_good":
            sketch.fault(
                "ambiguous_phrase",
                f"“{label}”是数值高的还是表现好的不清楚,请写“最高的”或“最低的”。", label, "where",
            )  # fmt: skip
        if not _stands_alone(sketch, at):
            sketch.fault(
                "multi_step", f"“{label}”是在全部里排还是在前面限定的范围里排不清楚,请分开问。",
                label, "where",
            )  # fmt: skip
        return TopMembership(metric, rank.count, rank.percent, descending, period)

    return Core(tuple(range(at, place + 1)), make, label, "top")


def _first_one(sketch: Sketch, place: int) -> Rank | None:
    """AUM最高的分行的不良率: the one branch, where another figure follows."""
    arg = sketch.word(place, "extreme") if sketch.is_free(place) else None
    head = sketch.after(place)
    if arg not in ("high", "low") or sketch.dimension(head) is None:
        return None
    return Rank(arg, 1)


def _stands_alone(sketch: Sketch, at: int) -> bool:
    """Whether nothing before narrows or splits those who are ranked."""
    return (
        not any(
            "group" in sketch.args[i]
            or any(isinstance(n, ValueName) for n in sketch.tokens[i].names)
            for i in range(at)
        )
        and sketch.before(at, SOFT | {"two_steps"}) < at
    )


def _no_member(sketch: Sketch, at: int, place: int) -> None:
    """存款最少的3个分行的贷款余额: before the rank 存款 is a figure, not a product line."""
    if sketch.value(at) is None or sketch.find(place, Rank) is None:
        return
    names = sketch.catalogue.lexicon.names.get(sketch.label(at), ())
    metrics = [n for n in names if isinstance(n, MetricName)]
    behind = range(place + 1, len(sketch.tokens))
    if metrics and any(sketch.metric(i) for i in behind):
        word = sketch.label(at)
        sketch.fault("ambiguous_phrase", f"“{word}”在这里是指标还是取值不清楚。", word)
