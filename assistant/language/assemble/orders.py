"""Order and limit from the words of rank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.language.assemble.sketch import SOFT, Grouped, Ranked, Sketch
from assistant.language.time import GrainToken
from semantic_layer.query import (
    ColumnRef,
    Comparison,
    DimensionGroup,
    Group,
    Limit,
    MetricRef,
    Order,
    Show,
    TimeGroup,
)

ASCENDING = frozenset({"low"})
ENDS = (frozenset({"high", "low"}), frozenset({"best", "worst"}))
QUALITY = frozenset({"best", "worst", "bottom"})
BESIDE_RANK = SOFT | {"base", "delta", "share", "ask", "group"}
BETWEEN = frozenset({"filler", "of"})
UNDIRECTED = frozenset({"rank", "top"})
MOST_OFFERED = 8
FACES: dict[Show, str] = {
    "rate": "增速", "diff": "增减额", "pp": "百分点变化", "value": "指标本身", "share": "占比",
    "rank": "名次变化",
}  # fmt: skip
TOGETHER = ("合计", "总计", "总和", "之和", "加起来", "一共", "总共", "共")


@dataclass(frozen=True, slots=True)
class Cut:
    """Order and limit, with the group they need if the question has none."""

    order: tuple[Order, ...] = ()
    limit: Limit | None = None
    groups: tuple[Group, ...] = ()
    label: str = ""


def orders(sketch: Sketch, comparisons: tuple[Comparison, ...]) -> tuple[Cut, ...]:
    """The one order meant, or the ones to choose from."""
    if not sketch.ranked:
        return (Cut(),)
    _around_one_group(sketch)
    _both_ends(sketch)
    ranked = _merged(sketch)
    if ranked.show == "value" and any(args.get("delta") == "new" for args in sketch.args):
        sketch.fault("ambiguous_phrase", "按新增额还是按余额排名不清楚,请写明。", at="order")
    if sum(1 for r in sketch.ranked if r.places or r.percent) > 1:
        sketch.fault("multi_step", "一次只能取一种前几名或后几名,请分开问。", at="limit")
    _check_steps(sketch, ranked)
    if not sketch.groups:
        return _with_group(sketch, ranked, comparisons)
    return tuple(
        cut
        for face_label, face in _faces(sketch, ranked)
        for cut in _cuts(sketch, face, face_label, comparisons)
    )


def _around_one_group(sketch: Sketch) -> None:
    """余额最多的支行前十: the extreme says by what, the places behind the group how many."""
    grouped = [g.at for g in sketch.groups if not isinstance(g.group, TimeGroup)]
    for counted in [r for r in sketch.ranked if r.arg == "top" and r.places and not r.nth]:
        group = sketch.before(counted.at, BETWEEN)
        before = sketch.before(group, BETWEEN)
        extreme = next((r for r in sketch.ranked if r.at == before), None)
        if grouped == [group] and extreme and "extreme" in sketch.args[before]:
            sketch.ranked[sketch.ranked.index(extreme)] = extreme._replace(places=None)


def _both_ends(sketch: Sketch) -> None:
    """最高和最低的分行, 最高的是哪家,最低的呢: all of them in their order, whose ends are told."""
    ends = {r.arg: r for r in sketch.ranked}
    faces = {(r.show, r.base, r.among) for r in sketch.ranked}
    alone = all(r.places in (None, 1) and not (r.nth or r.percent) for r in sketch.ranked)
    if frozenset(ends) not in ENDS or not alone or len(faces) > 1:
        return
    if len(sketch.groups) == 1 and len(sketch.measures) == 1:
        up = ends.get("high") or ends["best"]
        sketch.ranked = [up._replace(places=None)]
        sketch.assume("order", "最高和最低的见第一句,其余一并列出", 0.97)


def _cuts(
    sketch: Sketch, ranked: Ranked, face: str, comparisons: tuple[Comparison, ...]
) -> Iterator[Cut]:
    for measure, measure_label in _ranked_measures(sketch, ranked):
        for label, order in _directions(sketch, ranked, measure, comparisons):
            for partition_label, partition in _partitions(sketch, ranked):
                labels = (measure_label, face, label, partition_label)
                words = "、".join(part for part in labels if part)
                yield Cut((order,), _limit(ranked, partition), label=words)


def _faces(sketch: Sketch, ranked: Ranked) -> list[tuple[str, Ranked]]:
    """存款同比增长的分行前三, 较年初排名: the value, its difference or its growth?"""
    among = ranked.among or _of_the_growing(sketch, ranked)
    rates = all(
        isinstance(m, MetricRef) and sketch.catalogue.is_rate(m.metric) for _, m in sketch.measures
    )
    shown = dict.fromkeys("pp" if rates and s in ("diff", "rate") else s for s in among)
    if len(shown) < 2:
        return [("", ranked._replace(show=next(iter(shown), ranked.show)))]
    sketch.ask("按什么排名不清楚,请选择。", at="order")
    return [(f"按{FACES[show]}", ranked._replace(show=show)) for show in shown]


def _of_the_growing(sketch: Sketch, ranked: Ranked) -> tuple[Show, ...]:
    """Groups kept by their growth and then ranked by something that is not said."""
    kept = any(h.measure == -1 and h.show in ("diff", "rate", "pp") for h in sketch.having)
    beside = sketch.before(ranked.at, BESIDE_RANK)
    if not kept or ranked.show != "value" or any(at == beside for at, _ in sketch.mentions):
        return ()
    return ("rate", "diff", "value")


def _check_steps(sketch: Sketch, ranked: Ranked) -> None:
    """前三分行的走势, 前三名合计: first the places, then something about them."""
    if ranked.places is None and ranked.percent is None:
        return
    timed = [g for g in sketch.groups if isinstance(g.group, TimeGroup)]
    inside = sketch.trend or any(not (g.each and g.at < ranked.at) for g in timed)
    if timed and inside and len(timed) < len(sketch.groups) and not own_best(sketch, ranked):
        sketch.fault(
            "unsupported", "暂不支持先取前几名再看各期走势,请先问前几名,再写明名称看走势。",
            "前几名的走势",
        )  # fmt: skip
    behind = sketch.tokens[ranked.at + 1 :]
    if any(t.text.startswith(TOGETHER) for t in behind if not t.names):
        sketch.fault("unsupported", "暂不支持前几名的合计,可以先看前几名各是多少。", "前几名的合计")


def own_best(sketch: Sketch, ranked: Ranked) -> tuple[int, ...]:
    """各分行哪天交易金额最高: every branch has a day of its own."""
    when = any(
        isinstance(meaning, GrainToken) and token.word("which")
        for token in sketch.tokens
        for meaning in token.meanings
    )
    found = tuple(
        i
        for i, g in enumerate(sketch.groups)
        if g.each and isinstance(g.group, DimensionGroup) and g.at >= 0
    )
    timed = [g for g in sketch.groups if isinstance(g.group, TimeGroup)]
    is_whole = len(found) + len(timed) == len(sketch.groups)
    return found if when and timed and is_whole and ranked.places == 1 else ()


def _ranked_measures(sketch: Sketch, ranked: Ranked) -> list[tuple[int, str]]:
    """The metric named right before the rank; with several metrics and none there, each."""
    if len(sketch.measures) == 1:
        return [(0, "")]
    beside = sketch.before(ranked.at, BESIDE_RANK)
    kept = [measure for _, measure in sketch.measures]
    for at, measure in sketch.mentions:
        if at == beside and measure in kept:
            earlier = sketch.before(at)
            joined = earlier >= 0 and sketch.args[earlier].get("conj")
            if not joined:
                return [(kept.index(measure), "")]
    sketch.ask("按哪个指标排名?请选择。", at="order")
    return [(i, f"按{_measure_label(sketch, i)}") for i in range(len(kept))]


def _measure_label(sketch: Sketch, index: int) -> str:
    measure = sketch.measures[index][1]
    if isinstance(measure, MetricRef):
        return sketch.catalogue.metric(measure.metric).label
    return getattr(measure, "label", None) or "算式"


def _merged(sketch: Sketch) -> Ranked:
    """从高到低前十: direction from one word, count from another."""
    counted = next((r for r in sketch.ranked if r.places or r.percent), sketch.ranked[0])
    directed = [r.arg for r in sketch.ranked if r.arg not in UNDIRECTED]
    if len(set(directed)) > 1:
        sketch.fault("ambiguous_phrase", "排序的方向前后不一致,请只写一种。", at="order")
    shown: Show = next((r.show for r in sketch.ranked if r.show != "value"), "value")
    undirected = "top" if any(r.arg == "top" for r in sketch.ranked) else "rank"
    arg = directed[0] if directed else undirected
    either = any(r.either_way for r in sketch.ranked)
    return counted._replace(arg=arg, show=shown, either_way=either)


def _with_group(
    sketch: Sketch, ranked: Ranked, comparisons: tuple[Comparison, ...]
) -> tuple[Cut, ...]:
    """AUM前十: of what? The dimensions it could be are offered."""
    following = sketch.after(ranked.at)
    if following < len(sketch.tokens) and sketch.tokens[following].word("noun"):
        noun = sketch.label(following)
        sketch.fault("individual_data", f"不提供{noun}明细排名,可以看人数、分布和汇总。", noun)
        return ()
    sketch.ask("按什么排名不清楚,请选择或写明,例如“前十的分行”。", at="group_by")
    dimensions = sketch.catalogue.manifest.dimensions
    offered = [dimensions[name] for name in sketch.catalogue.spines]
    order = _directions(sketch, ranked, 0, comparisons)[0][1]
    return tuple(
        Cut((order,), _limit(ranked, ()), (DimensionGroup(d.name),), f"按{d.label}")
        for d in offered[:MOST_OFFERED]
    )


def _directions(
    sketch: Sketch, ranked: Ranked, measure: int, comparisons: tuple[Comparison, ...]
) -> list[tuple[str, Order]]:
    column = _column(sketch, ranked, measure, comparisons)
    direction = _direction(sketch, column)
    if ranked.either_way:
        return _either_way(sketch, ranked, column)
    if column.show not in ("value", "share") or direction in ("neutral", "up_is_good"):
        return [("", _order(column, ranked.arg, direction))]
    if ranked.arg == "top" and direction == "down_is_good":
        sketch.ask("这个指标越低越好,前几名是数值高的还是表现好的?请选择。", at="order")
        return [
            ("数值从高到低", Order(column, descending=True)),
            ("从好到差(数值从低到高)", Order(column, descending=True, quality=True)),
        ]
    return [("", _order(column, ranked.arg, direction))]


def _either_way(sketch: Sketch, ranked: Ranked, column: ColumnRef) -> list[tuple[str, Order]]:
    """变化最大: the largest rise or the largest fall."""
    if ranked.arg not in ("high", "top", "rank"):
        sketch.fault("unsupported", "暂不支持按变化的大小不分增减排序。", "变化最小")
    sketch.ask("变化最大是指增加最多还是减少最多?请选择。", at="order")
    return [("增加最多", Order(column)), ("减少最多", Order(column, descending=False))]


def _order(column: ColumnRef, arg: str, direction: str) -> Order:
    if arg in QUALITY or (arg == "rank" and direction == "down_is_good"):
        best_first = arg not in ("worst", "bottom")
        if direction == "neutral" or column.show not in ("value", "share"):
            return Order(column, descending=best_first)
        return Order(column, descending=best_first, quality=True)
    return Order(column, descending=arg not in ASCENDING)


def _direction(sketch: Sketch, column: ColumnRef) -> str:
    measure = sketch.measures[column.measure or 0][1]
    if isinstance(measure, MetricRef):
        return sketch.catalogue.metric(measure.metric).direction
    return "neutral"


def _column(
    sketch: Sketch, ranked: Ranked, measure: int, comparisons: tuple[Comparison, ...]
) -> ColumnRef:
    if ranked.show in ("value", "share"):
        return ColumnRef(measure, ranked.show)
    bases = [comparison.base for comparison in comparisons]
    base = ranked.base if ranked.base in bases else next(iter(bases), None)
    found = sketch.measures[measure][1]
    is_rate = isinstance(found, MetricRef) and sketch.catalogue.is_rate(found.metric)
    show: Show = "pp" if is_rate and ranked.show in ("diff", "rate") else ranked.show
    return ColumnRef(measure, show, base)


def _limit(ranked: Ranked, partition: tuple[int, ...]) -> Limit | None:
    if ranked.percent is not None:
        return Limit(percent=ranked.percent, partition_by=partition)
    if ranked.places is None:
        return None
    if ranked.nth:
        return Limit(count=1, offset=ranked.places - 1, partition_by=partition)
    return Limit(count=ranked.places, partition_by=partition)


def _partitions(sketch: Sketch, ranked: Ranked) -> list[tuple[str, tuple[int, ...]]]:
    """每个分行前三的支行: within each of the groups named before, of the one named after."""
    if (ranked.places is None and ranked.percent is None) or len(sketch.groups) < 2:
        return [("", ())]
    if own := own_best(sketch, ranked):
        return [("", own)]
    outer = tuple(i for i, g in enumerate(sketch.groups) if g.at < ranked.at and g.each)
    inner = [i for i, g in enumerate(sketch.groups) if g.at > ranked.at]
    if outer and inner and len(outer) + len(inner) == len(sketch.groups):
        return [("", outer)]
    if not outer:
        return [("", ())]
    timed = [i for i in outer if isinstance(sketch.groups[i].group, TimeGroup)]
    offered = dict.fromkeys((0, *timed))
    sketch.ask("是每组各取前几名,还是全部一起取?请选择。", at="limit")
    return [
        *((f"每个{_group_label(sketch, sketch.groups[i])}各取", (i,)) for i in offered),
        ("全部一起取", ()),
    ]


def _group_label(sketch: Sketch, grouped: Grouped) -> str:
    group = grouped.group
    if isinstance(group, DimensionGroup):
        return sketch.catalogue.manifest.dimensions[group.dimension.rpartition(".")[2]].label
    return "期间"
