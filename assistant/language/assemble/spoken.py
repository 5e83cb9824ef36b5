"""卖了多少理财, 理财卖出去多少: what belongs to a metric that is named by a verb."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch
from assistant.language.spoken import is_noun_of, spoken_by
from assistant.language.tokens import MetricName

PEOPLE = frozenset({"户", "人"})


def spoken(sketch: Sketch) -> None:
    """The verb's noun, its counter and its repetitions say nothing more than the metric."""
    named: set[tuple[str, ...]] = set()
    for at, token in enumerate(sketch.tokens):
        asked = spoken_by(token)
        if asked is None or not _is_taken(sketch, asked.metrics):
            continue
        _own_counter(sketch, at, asked.metrics)
        if asked.metrics in named or sketch.metric(at) is None:
            sketch.own(at, "measures")
        named.add(asked.metrics)
        for place, other in enumerate(sketch.tokens):
            if sketch.is_free(place) and _only_repeats(sketch, place, asked.metrics):
                sketch.own(place, "measures", f"“{other.text}”属于指标的说法")


def _is_taken(sketch: Sketch, metrics: tuple[str, ...]) -> bool:
    """Whether each of the metrics is named by the verb itself or by a noun of its own."""
    named = {
        name.metric
        for token in sketch.tokens
        for name in token.names
        if isinstance(name, MetricName)
    }
    return set(metrics) <= named


def _only_repeats(sketch: Sketch, at: int, metrics: tuple[str, ...]) -> bool:
    token = sketch.tokens[at]
    if spoken_by(token) is not None or (len(metrics) > 1 and sketch.metric(at) in metrics):
        return False
    if sketch.dimension(at) and any(sketch.word(at - 1, role) for role in ("group", "which")):
        return False  # 哪款产品卖得最好
    return any(is_noun_of(token, metric, sketch.catalogue) for metric in metrics)


def _own_counter(sketch: Sketch, verb: int, metrics: tuple[str, ...]) -> None:
    """开了多少户客户: the counter, and a noun that only repeats it."""
    at = sketch.after(verb)
    if sketch.word(at, "ask") is None:
        return
    sketch.own(at, "measures")
    units = {sketch.catalogue.metric(metric).unit for metric in metrics}
    following = sketch.after(at)
    if units <= PEOPLE and sketch.word(following, "noun"):
        sketch.own(following, "measures")
