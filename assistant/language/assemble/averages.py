"""日均, 户均, 笔均: what a metric is divided by, unless a governed metric says so already."""

from __future__ import annotations

from typing import cast

from assistant.language.assemble.sketch import SOFT, Sketch
from assistant.language.tokens import MetricName
from semantic_layer.query import MetricRef, Per

PER_HEAD = frozenset({"customer", "holder"})
PEOPLE = frozenset({"户", "人"})
UNITS = frozenset({"day", "trading_day", "week", "month", "quarter", "year"})


def averages(sketch: Sketch) -> None:
    """A word of averaging beside a metric becomes its modifier."""
    for at in sketch.indices("per"):
        per = cast(Per, sketch.word(at, "per"))
        place = _metric_beside(sketch, at)
        if place is None:
            continue
        metric = sketch.metric(place)
        assert metric is not None
        _of_one_or_both(sketch, at, place)
        governed = sketch.catalogue.averaged(per, metric)
        ref = MetricRef(governed) if governed else _mean(sketch, at, metric, per)
        label = sketch.catalogue.metric(governed or metric).label
        words = label if governed else f"{sketch.label(at)}{label}"
        sketch.own(at, "measures", words)
        sketch.own(place, "measures", f"指标 {words}")
        sketch.measures.append((place, ref))
    for at in sketch.indices("per_held"):
        _held(sketch, at)
    for at in sketch.indices("per_person"):
        sketch.own(at, "unowned")
        sketch.fault(
            "unsupported",
            f"“{sketch.label(at)}”要除以员工人数,系统没有收录员工人数,不能回答;"
            "按客户平均请说“户均”。",
            "按员工人数平均", "measures",
        )  # fmt: skip
    for at in sketch.indices("mean"):
        sketch.own(at, "unowned")
        sketch.fault(
            "vague_term",
            f"“{sketch.label(at)}”按什么平均不清楚,请用“日均”“月均”“户均”“笔均”等说法。",
            sketch.label(at), "measures",
        )  # fmt: skip


def _of_one_or_both(sketch: Sketch, at: int, place: int) -> None:
    """存款和贷款户均, 户均存款和贷款: of one or of both is not said."""
    step = sketch.before if place < at else sketch.after
    joint = step(place)
    other = step(joint) if sketch.word(joint, "conj") else -1
    if other < 0 or sketch.metric(other) is None or sketch.word(step(other), "per"):
        return
    first, last = min(at, other), max(at, other)
    words = "".join(token.text for token in sketch.tokens[first : last + 1])
    sketch.fault(
        "ambiguous_phrase", f"“{words}”里的“{sketch.label(at)}”管一个还是都管不清楚,请分开问。",
        words, "measures",
    )  # fmt: skip


def _held(sketch: Sketch, at: int) -> None:
    """每户平均存多少: the average of what the verb holds, over all customers."""
    names = sketch.catalogue.lexicon.names.get(sketch.word(at, "per_held") or "", ())
    found = [name.metric for name in names if isinstance(name, MetricName)]
    if len(found) != 1:
        return
    words = f"户均{sketch.catalogue.metric(found[0]).label}"
    sketch.own(at, "measures", f"指标 {words}")
    sketch.measures.append((at, MetricRef(found[0], per="customer")))
    sketch.assume("measures", f"“{sketch.label(at)}”按{words}理解,分母是全部客户")


def _mean(sketch: Sketch, at: int, metric: str, per: Per) -> MetricRef:
    """月均月活 is the mean of the months' own counts; a month's count has no days to share."""
    native = sketch.catalogue.metric(metric).native
    if native is None or per not in UNITS:
        return MetricRef(metric, per=per)
    if per != native:
        label = sketch.catalogue.metric(metric).label
        sketch.fault(
            "unsupported", f"“{label}”按月定义,不能再按其他单位平均(“{sketch.label(at)}”)。",
            "按月指标的其他平均", "measures",
        )  # fmt: skip
    return MetricRef(metric, stat="mean", stat_over="month")


def _metric_beside(sketch: Sketch, at: int) -> int | None:
    following = sketch.after(at, frozenset({"of", "filler"}))
    if sketch.metric(following):
        return following
    before = sketch.before(at, SOFT)
    metric = sketch.metric(before)
    if metric is None or (following < len(sketch.tokens) and _is_whose(sketch, at, metric)):
        return None
    return before


def _is_whose(sketch: Sketch, at: int, metric: str) -> bool:
    """贵宾客户户均存款: people in front of 户均 are those among whom something is shared."""
    return sketch.word(at, "per") in PER_HEAD and sketch.catalogue.metric(metric).unit in PEOPLE
