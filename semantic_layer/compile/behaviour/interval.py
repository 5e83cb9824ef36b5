"""Intervals: from everybody's first start in the period to the first end after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlglot import exp

from semantic_layer.compile.behaviour.log import AT, WHO, Log, flag
from semantic_layer.compile.behaviour.parts import Statement
from semantic_layer.compile.behaviour.shape import (
    after,
    ascending,
    count_column,
    duration_column,
    elapsed,
    elapsed_unit,
    grouped,
    in_order,
    key_columns,
    key_order,
    left_over,
    partition,
    rate_column,
    ratio,
    select_from,
    shown_keys,
    unless_few,
    within_days,
)
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import all_of, column, named, number, text
from semantic_layer.query import IntervalQuery
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Column
from semantic_layer.snapshot import Snapshot

GAP, NTH, ENDED, BAND = "gap", "nth", "ended", "band"
DAY_EDGES = (1, 4, 8, 15, 31, 61, 91, 181, 366)
DAY_LABELS = (
    "当天", "1—3天", "4—7天", "8—14天", "15—30天", "31—60天", "61—90天", "91—180天", "181—365天",
    "365天以上",
)  # fmt: skip
MINUTE_EDGES = (1, 5, 30, 60, 360, 1440, 4320, 10080, 43200)
MINUTE_LABELS = (
    "不到1分钟", "1—5分钟", "5—30分钟", "30—60分钟", "1—6小时", "6—24小时", "1—3天", "3—7天",
    "7—30天", "30天及以上",
)  # fmt: skip
BAND_COLUMN = Column(BAND, "间隔", "dimension")
STATS = {
    "mean": (("mean", "平均间隔"),),
    "median": (("median", "间隔中位数"),),
    "quartiles": (("p25", "间隔P25"), ("p75", "间隔P75")),
}


def interval(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> Statement:
    """The times between, per group; per band of lengths when a distribution is asked for."""
    query = _query(resolved)
    log = _log(resolved, snapshot, stages, query)
    gaps = _gaps(log, query, stages)
    if "distribution" in query.show:
        return _distribution(log, query, gaps, stages, snapshot.min_group_size)
    figures = [*_counts(snapshot.min_group_size), *_stats(query, snapshot.min_group_size)]
    keys = list(log.keys)
    counted = grouped(select_from(gaps, [*map(column, keys), *figures]), keys)
    columns = _columns(log, query)
    stage = stages.add("by_group", counted, "间隔的人数与统计量")
    shown = [*shown_keys(log), *(column(c.id) for c in columns[len(keys) :])]
    select = select_from(stage, shown)
    order = key_order(log, "started")
    if order:
        select.set("order", exp.Order(expressions=order))
    return Statement(select, columns)


def interval_totals(
    resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> Statement | None:
    """Everybody together; None when nothing is grouped, or small groups are hidden."""
    query = _query(resolved)
    banded = "distribution" in query.show
    if snapshot.min_group_size > 1 or not (query.group_by or banded):
        return None
    log = _log(resolved, snapshot, stages, replace(query, group_by=()))
    gaps = _gaps(log, query, stages)
    columns = _columns(log, query)
    if not banded:
        return Statement(select_from(gaps, [*_counts(1), *_stats(query, 1)]), columns)
    completed = named(exp.Count(this=column(GAP)), "entities")
    share = named(ratio(exp.Count(this=column(GAP)), exp.Count(this=column(GAP))), "share")
    select = select_from(gaps, [completed, share, *_stats(query, 1)])
    return Statement(select, columns[1:])


def _query(resolved: ResolvedQuery) -> IntervalQuery:
    assert isinstance(resolved.query, IntervalQuery)
    return resolved.query


def _log(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages, query: IntervalQuery) -> Log:
    days = query.window_days
    until = resolved.spans[0].end + timedelta(days=days) if days is not None else None
    return Log(resolved, snapshot, stages, query.group_by, until)


def _gaps(log: Log, query: IntervalQuery, stages: Stages) -> str:
    """The stage with one row per actor and group: the time to the end, missing without one."""
    rows = log.started()
    ends = exp.Min(this=exp.Case(ifs=[exp.If(this=column(flag(2)), true=column(AT))]))
    nth = exp.Window(
        this=exp.RowNumber(),
        partition_by=[*partition(log), column(flag(1))],
        order=in_order(log),
    )
    keys = [column(WHO), *map(column, log.keys)]
    shown = [*keys, column(AT), column(flag(1)), named(after(ends, log), ENDED), named(nth, NTH)]
    paired = stages.add("paired", select_from(rows, shown), "每次开始与其后第一次结束")
    gap = elapsed(column(AT), column(ENDED), log)
    if query.window_days is not None:
        fits = within_days(column(ENDED), column(AT), query.window_days)
        gap = exp.Case(ifs=[exp.If(this=fits, true=gap)])
    firsts = select_from(paired, [*(k.copy() for k in keys), named(gap, GAP)])
    first = all_of([column(flag(1)), exp.EQ(this=column(NTH), expression=number(1))])
    firsts.set("where", exp.Where(this=first))
    return stages.add("gaps", firsts, "每个主体期内第一次开始到结束的间隔")


def _counts(least: int) -> list[exp.Expression]:
    begun: exp.Expression = exp.Count(this=exp.Star())
    ended: exp.Expression = exp.Count(this=column(GAP))
    return [
        named(unless_few(begun.copy(), least, begun), "started"),
        named(unless_few(ended.copy(), least, ended, left_over(begun, ended)), "entities"),
    ]


def _stats(query: IntervalQuery, least: int) -> list[exp.Expression]:
    functions: dict[str, exp.Expression] = {
        "mean": exp.Avg(this=column(GAP)),
        "median": exp.Median(this=column(GAP)),
        "p25": exp.PercentileCont(this=column(GAP), expression=number(0.25)),
        "p75": exp.PercentileCont(this=column(GAP), expression=number(0.75)),
    }
    people = exp.Count(this=column(GAP))
    return [
        named(unless_few(functions[name], least, people), name) for name, _ in _stat_names(query)
    ]


def _stat_names(query: IntervalQuery) -> list[tuple[str, str]]:
    return [pair for show in query.show for pair in STATS.get(show, ())]


def _distribution(
    log: Log, query: IntervalQuery, gaps: str, stages: Stages, least: int
) -> Statement:
    keys = list(log.keys)
    ended = select_from(gaps, [*map(column, keys), named(_band(log), "place"), column(GAP)])
    ended.set(
        "where", exp.Where(this=exp.Not(this=exp.Is(this=column(GAP), expression=exp.Null())))
    )
    banded = stages.add("banded", ended, "每个间隔落在哪一档")
    people: exp.Expression = exp.Count(this=exp.Star())
    figures = [named(unless_few(people.copy(), least, people), "entities"), *_stats(query, least)]
    nodes = [*map(column, keys), column("place"), *figures]
    stage = stages.add("by_band", grouped(select_from(banded, nodes), [*keys, "place"]), "每档人数")
    whole = exp.Window(
        this=exp.Sum(this=column("entities")), partition_by=[column(k) for k in keys]
    )
    shares = ratio(column("entities"), whole) if least <= 1 else exp.Null()
    columns = _columns(log, query)
    stats = [column(c.id) for c in columns[len(keys) + 3 :]]
    shown = [*shown_keys(log), named(_band_label(log), BAND), column("entities")]
    select = select_from(stage, [*shown, named(shares, "share"), *stats])
    order = [*(ascending(column(key)) for key in keys), ascending(column("place"))]
    select.set("order", exp.Order(expressions=order))
    return Statement(select, columns)


def _band(log: Log) -> exp.Expression:
    edges = MINUTE_EDGES if log.behaviour.by_time else DAY_EDGES
    cases = [
        exp.If(this=exp.LT(this=column(GAP), expression=number(edge)), true=number(place))
        for place, edge in enumerate(edges)
    ]
    return exp.Case(ifs=cases, default=number(len(edges)))


def _band_label(log: Log) -> exp.Expression:
    labels = MINUTE_LABELS if log.behaviour.by_time else DAY_LABELS
    cases = [
        exp.If(this=number(place), true=text(label)) for place, label in enumerate(labels[:-1])
    ]
    return exp.Case(this=column("place"), ifs=cases, default=text(labels[-1]))


def _columns(log: Log, query: IntervalQuery) -> tuple[Column, ...]:
    who, unit = log.behaviour.actor_label, log.behaviour.actor_unit
    stats = [duration_column(name, label, elapsed_unit(log)) for name, label in _stat_names(query)]
    ended = count_column("entities", f"完成{who}数", unit)
    if "distribution" in query.show:
        return (*key_columns(log), BAND_COLUMN, ended, rate_column("share", "占比"), *stats)
    begun = count_column("started", f"起始{who}数", unit)
    return (*key_columns(log), begun, ended, *stats)
