"""取现笔数超过5笔, 手机银行交易笔数不少于10笔: how often, of one kind of what is counted."""

from __future__ import annotations

from typing import NamedTuple

from assistant.language.assemble.flow_limits import YEAR_TO_DATE
from assistant.language.assemble.sets.core import ALWAYS, Core
from assistant.language.assemble.sets.heads import head_after
from assistant.language.assemble.sketch import Sketch
from assistant.language.number import ComparatorToken
from assistant.language.spoken import spoken_by
from assistant.language.time import TimeToken
from assistant.language.tokens import ValueName
from semantic_layer.model import Aggregate
from semantic_layer.query import Condition, EventCondition, Period, Predicate
from semantic_layer.resolve.defaults import TEXTS, metric_default

LEAST = {"gt": 1, "ge": 0}
"""More than n times is n + 1 times at least."""


class Member(NamedTuple):
    """The kind of rows that are counted, and the tokens that say so."""

    value: ValueName
    places: tuple[int, ...]


def member_before(sketch: Sketch, at: int, last: int) -> Member | None:
    """A member right before the metric by which those who are counted cannot be told apart."""
    metric, head = sketch.metric(at), head_after(sketch, last)
    if metric is None or head is None or head.dimension or spoken_by(sketch.tokens[at]):
        return None
    place = at - 1
    if sketch.word(place, "of"):
        place -= 1
    first = place
    while sketch.dimension(first) is not None:
        first -= 1
    value = sketch.value(first)
    if value is None or (first < place and not sketch.is_cue(place, value)):
        return None
    if not _tells_rows(sketch, value, metric):
        return None
    return Member(value, tuple(range(first, at)))


def _tells_rows(sketch: Sketch, value: ValueName, metric: str) -> bool:
    """交易类型, 渠道: of the rows counted, not of the customer."""
    manifest = sketch.catalogue.manifest
    dimension, definition = (
        manifest.dimensions[value.dimension],
        manifest.metrics[metric].definition,
    )
    if not isinstance(definition, Aggregate) or dimension.field.spine:
        return False
    table = manifest.datasets[definition.dataset]
    people = {
        name for name, data in manifest.datasets.items() if data.entity and len(data.key) == 1
    }
    if people & {dimension.home, *dimension.carriers} or _is_place(sketch, dimension.name):
        return False
    return table.name in dimension.carriers or any(
        join.to in (dimension.home, *dimension.carriers) for join in table.joins
    )


def _is_place(sketch: Sketch, name: str) -> bool:
    """分行, 省份: where customers are kept, and where they trade."""
    manifest = sketch.catalogue.manifest
    spines = set(sketch.catalogue.spines)
    homes = {manifest.dimensions[spine].home for spine in spines}
    return manifest.dimensions[name].home in homes


def counted_with(
    sketch: Sketch, where: tuple[int, int], metric: str, comparator: ComparatorToken, member: Member
) -> Core:
    """Rows of that kind are events; of amounts it cannot be told."""
    at, last = where
    places = (*member.places, *range(at, last + 1))
    label = "".join(sketch.label(place) for place in places)
    op, value = comparator.range.limits[0]
    kind = Condition(member.value.dimension, "in", (member.value.value,))

    def make(period: Period | None) -> Predicate:
        _check(sketch, metric, comparator, label)
        least = max(int(value) + LEAST.get(op, 0), 1)
        within = period or _usual(sketch, metric, label)
        limited = None if within == ALWAYS else within
        return EventCondition(metric, at_least=least, within=limited, where=kind)

    return Core(places, make, label, "flow")


def _check(sketch: Sketch, metric: str, comparator: ComparatorToken, label: str) -> None:
    definition = sketch.catalogue.metric(metric).definition
    counts = isinstance(definition, Aggregate) and definition.agg == "count"
    only_least = [op for op, _ in comparator.range.limits if op in LEAST]
    if not counts or len(comparator.range.limits) != 1 or not only_least:
        sketch.fault(
            "unsupported",
            f"“{label}”暂不支持作为人群条件;可以按笔数写“超过”或“至少”,或不限定交易的种类。",
            "一类交易的金额条件", "where",
        )  # fmt: skip


def _usual(sketch: Sketch, metric: str, label: str) -> Period:
    """Without a time by the metric's habit; beside the time of something else it is not clear."""
    if any(isinstance(m, TimeToken) for token in sketch.tokens for m in token.meanings):
        sketch.fault(
            "ambiguous_time", f"“{label}”说的是多长时间不清楚,请写在前面。", label, "where"
        )
    found = sketch.catalogue.metric(metric)
    if metric_default(found, sketch.catalogue.manifest) != "year_to_date":
        sketch.fault("ambiguous_time", f"“{label}”说的是多长时间不清楚,请写明。", label, "where")
    sketch.assume("where", f"{found.label}:{TEXTS['year_to_date']}")
    return YEAR_TO_DATE
