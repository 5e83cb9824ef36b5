"""The metrics asked for, in the asker's order."""

from __future__ import annotations

import itertools

from assistant.language.assemble.sketch import Sketch
from semantic_layer.query import Measure, MetricRef

SEPARATING = ("conj", "break", "ask", "against", "contrast")


def measures(sketch: Sketch) -> None:
    """Every free metric is asked for; two must be told apart by 和, 、 or a comma."""
    for at in range(len(sketch.tokens)):
        metric = sketch.metric(at)
        if metric is None:
            continue
        label = sketch.catalogue.metric(metric).label
        sketch.own(at, "measures", f"指标 {label}")
        sketch.measures.append((at, MetricRef(metric)))
        _own_head(sketch, at)
    sketch.measures.sort(key=lambda pair: pair[0])
    _separated(sketch)
    _joined_alike(sketch)
    _drop_repeats(sketch)


def _own_head(sketch: Sketch, at: int) -> None:
    """月活用户数, 销售额金额: a noun that only repeats what the metric counts."""
    metric = sketch.metric_ids[-1]
    head = sketch.word(at + 1, "head")
    if head is None or sketch.metric(at + 1):
        return
    if head in ("any", sketch.catalogue.metric(metric).unit):
        sketch.own(at + 1, "measures")


def _separated(sketch: Sketch) -> None:
    places = [at for at, _ in sketch.measures]
    for left, right in itertools.pairwise(places):
        between = range(left + 1, right)
        if any(sketch.tokens[i].word(role) for i in between for role in SEPARATING):
            continue
        if any(owner.slot == "share" for i, owner in sketch.owners.items() if i in between):
            continue
        words = "".join(token.text for token in sketch.tokens[left : right + 1])
        sketch.fault(
            "ambiguous_phrase", f"“{words}”是哪个指标不清楚,请换个说法。", words, "measures"
        )


def _joined_alike(sketch: Sketch) -> None:
    """存款和贷款余额: 和 joins metrics with metrics, never a filter with a metric."""
    places = {at for at, _ in sketch.measures}
    for at, token in enumerate(sketch.tokens):
        if token.word("conj") is None:
            continue
        left, right = sketch.before(at), sketch.after(at)
        slots = [sketch.owners[i].slot for i in (left, right) if i in sketch.owners]
        if "where" in slots and (left in places or right in places):
            words = "".join(t.text for t in sketch.tokens[left : right + 1])
            sketch.fault("ambiguous_phrase", f"“{words}”并列的不是同一类,请分开问。", words)


def _drop_repeats(sketch: Sketch) -> None:
    seen: list[tuple[int, Measure]] = []
    for pair in sketch.measures:
        if all(pair[1] != known[1] for known in seen):
            seen.append(pair)
    sketch.measures = seen
