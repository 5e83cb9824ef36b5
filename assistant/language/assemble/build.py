"""From filled slots to the query, and to the few queries it could be."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import cast

from assistant.language.assemble.habits import SAID, usual_bases
from assistant.language.assemble.leftovers import counts_groups
from assistant.language.assemble.native import told
from assistant.language.assemble.orders import Cut, orders
from assistant.language.assemble.periods import When, periods
from assistant.language.assemble.running import running
from assistant.language.assemble.sketch import Compared, Sketch, Whole
from assistant.language.assemble.spans import before_xun
from semantic_layer.query import (
    And,
    Base,
    ColumnRef,
    Comparison,
    Condition,
    Having,
    MetricQuery,
    MetricRef,
    Predicate,
    Query,
    Scope,
    Show,
    Value,
)

RATE_SHOWS: tuple[Show, ...] = ("value", "pp")
GROUPS_COUNTED = re.compile(
    r"(?<![哪那这])(?:几|多少)[个家只]"
    r"(?!月|季|年|周|星期|工作|交易日|点|百分点|客户|用户|户(?!均)|人|账户)"
)
AMOUNT_SHOWS: tuple[Show, ...] = ("value", "diff", "rate")


@dataclass(frozen=True, slots=True)
class Built:
    """A query with the label that tells it from its alternatives."""

    query: Query
    label: str = ""


def build(sketch: Sketch) -> tuple[Built, ...]:
    """One query; several when the words leave a choice that only the asker can make."""
    if not sketch.measures:
        sketch.fault("missing_metric", "没有说要看哪个指标。", at="measures")
        return ()
    if "rank" in sketch.shows and not sketch.groups:
        sketch.fault("ambiguous_phrase", "谁的名次变化不清楚,请写明,例如“各分行”。", at="group_by")
    if sketch.having and not sketch.groups:
        sketch.fault(
            "unattached_condition",
            "要筛选的是哪一层不清楚,请写明,例如“…的分行有哪些”。",
            at="having",
        )
    _check_number_of_groups(sketch)
    built: list[Built] = []
    for when, measure in (one for said in periods(sketch) for one in told(sketch, said)):
        for label, bases in _base_choices(sketch, when):
            comparisons = tuple(_comparison(sketch, _by_xun(sketch, base, when)) for base in bases)
            for cut in orders(sketch, comparisons):
                query = _query(sketch, when, comparisons, cut)
                query = replace(query, measures=(measure,)) if measure else query
                for window, name in running(sketch):
                    said = (when.label, label, cut.label, name, sketch.offer)
                    labels = "、".join(w for w in said if w)
                    built.append(Built(replace(query, window=window), labels))
    if sketch.wholes:
        return tuple(_of_whole(one, whole) for one in built for whole in sketch.wholes)
    return tuple(built)


def _check_number_of_groups(sketch: Sketch) -> None:
    """交易金额超过1亿元的分行有几个: the groups themselves are counted."""
    text = "".join(token.text for token in sketch.tokens)
    if not (sketch.having or sketch.groups) or not (match := GROUPS_COUNTED.search(text)):
        return
    if counts_groups(sketch):
        sketch.assume("group_by", "逐一列出符合条件的,有几个见第一句", 1.0)
    else:
        sketch.fault(
            "unsupported", f"暂不支持数符合条件的有几个(“{match.group()}”),可以改问“有哪些”。",
            "符合条件的个数",
        )  # fmt: skip


def _of_whole(built: Built, whole: Whole) -> Built:
    assert isinstance(built.query, MetricQuery)
    query = replace(built.query, share=whole.share)
    if whole.measure is not None:
        query = replace(query, measures=(whole.measure,), order=(), limit=None)
    return Built(query, "、".join(word for word in (built.label, whole.label) if word))


def _query(
    sketch: Sketch, when: When, comparisons: tuple[Comparison, ...], cut: Cut
) -> MetricQuery:
    measures = tuple(measure for _, measure in sketch.measures)
    groups = (*(grouped.group for grouped in sketch.groups), *cut.groups)
    groups = (*groups, when.group) if when.group else groups
    query = MetricQuery(
        measures=measures,
        group_by=groups,
        scope=Scope(when.period, where_of(sketch)),
        compare=comparisons,
        order=cut.order,
        limit=cut.limit,
        focus=sketch.focus,
        share=sketch.share,
    )
    return replace(query, having=_having(sketch, comparisons))


def where_of(sketch: Sketch) -> Predicate | None:
    """All conditions together, each by the way that was named."""
    children = tuple(dict.fromkeys(_by_path(sketch, child) for child in sketch.where))
    if not children:
        return None
    return children[0] if len(children) == 1 else And(children)


def _by_path(sketch: Sketch, child: Predicate) -> Predicate:
    if isinstance(child, Condition) and child.dimension in sketch.paths:
        return replace(child, dimension=sketch.paths[child.dimension])
    return child


def _having(sketch: Sketch, comparisons: tuple[Comparison, ...]) -> tuple[Having, ...]:
    return tuple(
        Having(
            column_of(sketch, limited.measure, limited.show, comparisons),
            limited.op,
            cast(Value, limited.value),  # type: ignore[arg-type]
        )
        for limited in sketch.having
    )


def column_of(
    sketch: Sketch, at: int, show: Show, comparisons: tuple[Comparison, ...]
) -> ColumnRef:
    """The result column of the metric at that token."""
    places = [place for place, _ in sketch.measures]
    measure = places.index(at) if at in places else 0
    if show in ("value", "share"):
        return ColumnRef(measure, show)
    shown = shown_as(sketch, show, measure)
    base = comparisons[0].base if comparisons else None
    return ColumnRef(measure, shown, base)


def shown_as(sketch: Sketch, show: Show, measure: int = 0) -> Show:
    """Changes of rates are percentage points."""
    found = sketch.measures[measure][1]
    is_rate = isinstance(found, MetricRef) and sketch.catalogue.is_rate(found.metric)
    return "pp" if is_rate and show in ("diff", "rate") else show


def _by_xun(sketch: Sketch, compared: Compared, when: When) -> Compared:
    """11月上旬环比: held against 10月下旬, however many days that has."""
    spans = when.period.spans if when.period else ()
    is_xun = any("旬" in time.text for _, time in sketch.times)
    before = before_xun(spans[0]) if len(spans) == 1 and is_xun else None
    return Compared("range", before) if compared.base == "mom" and before else compared


def _base_choices(sketch: Sketch, when: When) -> list[tuple[str, tuple[Compared, ...]]]:
    compared = when.compared
    if not compared or compared[0].base is not None:
        return [("", tuple(compared))]
    metric = sketch.metric_ids[0] if sketch.metric_ids else None
    habit = usual_bases(sketch, metric, compared[0].among)
    if habit.sure:
        words = "、".join(SAID[base] for base in habit.bases)
        sketch.assume("compare", f"没有说与哪一期比,按{words}")
        return [("", tuple(Compared(base) for base in habit.bases))]
    sketch.ask("没有说与哪一期比,请选择。", at="compare")
    return [(SAID[base], (Compared(base),)) for base in habit.bases]


def _comparison(sketch: Sketch, compared: Compared) -> Comparison:
    return Comparison(cast(Base, compared.base), _shows(sketch), span=compared.span)


def _shows(sketch: Sketch) -> tuple[Show, ...]:
    rates = [sketch.catalogue.is_rate(metric) for metric in sketch.metric_ids]
    if rates and all(rates):
        extra: tuple[Show, ...] = ("rank",) if "rank" in sketch.shows else ()
        return (*RATE_SHOWS, *extra)
    asked: tuple[Show, ...] = tuple(s for s in sketch.shows if s not in ("share", "value"))
    return ("value", *asked) if asked else AMOUNT_SHOWS
