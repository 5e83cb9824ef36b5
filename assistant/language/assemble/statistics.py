"""近一年存款的峰值, 各月交易笔数的中位数: the highest, lowest or middle of the single periods."""

from __future__ import annotations

from typing import Literal, cast

from assistant.language.assemble.sketch import SOFT, Ranked, Sketch
from assistant.language.time import GrainToken, TimeToken
from assistant.language.words import Word
from semantic_layer.query import Grain, MetricRef, TimeGroup

Stat = Literal["max", "min", "median"]
SAID = {"max": "最高", "min": "最低", "median": "中位数"}
OFFERED: dict[Grain, str] = {"date": "日", "month": "月"}
BESIDE = SOFT | {"group", "scope"}
RANKS = {"max": "high", "min": "low"}


def statistics(sketch: Sketch) -> None:
    """A word like 峰值 beside a metric; the buckets named are those that it looks through."""
    for at in sketch.indices("stat"):
        said, _, unit = str(sketch.word(at, "stat")).partition("_")
        stat = cast(Stat, said)
        place = _metric_beside(sketch, at)
        if place is None:
            continue
        metric = sketch.metric(place)
        assert metric is not None
        if stat in RANKS and (_asks_when(sketch) or (unit and not _is_split(sketch))):
            if unit:
                sketch.add_group(at, TimeGroup(cast(Grain, unit)))
                _own_when(sketch)
            sketch.own(at, "order", sketch.label(at))
            sketch.ranked.append(Ranked(at, RANKS[stat], 1))
            continue
        grain = cast(Grain, unit) if unit else _grain(sketch)
        if grain is None and stat == "median":
            continue
        sketch.own(at, "measures", sketch.label(at))
        sketch.own(place, "measures", f"指标 {sketch.catalogue.metric(metric).label}")
        sketch.measures.append((place, MetricRef(metric, stat=stat, stat_over=grain)))
        if grain is None:
            sketch.ask(f"是各日还是各月的{SAID[stat]}?请选择。", sketch.label(at), "measures")


def each_unit(measure: MetricRef) -> tuple[tuple[str, MetricRef], ...]:
    """The same figure over days and over months, to choose from."""
    return tuple(
        (
            f"各{word}{SAID[str(measure.stat)]}",
            MetricRef(measure.metric, stat=measure.stat, stat_over=grain),
        )
        for grain, word in OFFERED.items()
    )


def _metric_beside(sketch: Sketch, at: int) -> int | None:
    before = sketch.before(at, BESIDE)
    while sketch.find(before, GrainToken):
        before = sketch.before(before, BESIDE)
    for place in (before, sketch.after(at)):
        if 0 <= place < len(sketch.tokens) and sketch.metric(place):
            return place
    return None


def _asks_when(sketch: Sketch) -> bool:
    """峰值是哪天, 最大值出现在几月: the bucket is asked for."""
    return any(
        any(isinstance(m, GrainToken) for m in token.meanings)
        and any(isinstance(m, Word) and m.role == "which" for m in token.meanings)
        for token in sketch.tokens
    )


def _is_split(sketch: Sketch) -> bool:
    return any(sketch.dimension(at) for at in range(len(sketch.tokens)))


def _own_when(sketch: Sketch) -> None:
    """是哪天, beside 单日最高: the bucket is shown anyway."""
    for at in range(len(sketch.tokens)):
        if sketch.find(at, GrainToken) and sketch.word(at, "which"):
            sketch.own(at, "order")


def _grain(sketch: Sketch) -> Grain | None:
    """各月, 每日: taken away from the groups."""
    for at in range(len(sketch.tokens)):
        time = sketch.find(at, TimeToken)
        if time is not None and time.grain and not time.days:
            sketch.inside = True
            return time.grain
        token = sketch.find(at, GrainToken)
        if token is not None and token.grain and not token.days and not token.problem:
            sketch.own(at, "measures", f"各{token.text}")
            before = sketch.before(at, frozenset({"filler"}))
            if sketch.word(before, "group"):
                sketch.own(before, "measures")
            return token.grain
    return None
