"""Intervals: from everybody's first start in the period to the first end after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from sqlglot import exp

from semantic_layer.compile.behaviour.few import Few, few, is_hidden, unless
from semantic_layer.compile.behaviour.log import AT, BEGAN, ROW, WHO, Log, flag
from semantic_layer.compile.behaviour.parts import Statement
from semantic_layer.compile.behaviour.shape import (
    after,
    ascending,
    count_column,
    duration_column,
    elapsed,
    elapsed_unit,
    grouped,
    key_columns,
    key_order,
    left_over,
    rate_column,
    ratio,
    select_from,
    shown_keys,
    within_days,
)
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import all_of, column, named, number, table, text
from semantic_layer.query import IntervalQuery
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Column
from semantic_layer.snapshot import Snapshot

GAP, BEGUN, ENDED, BAND, PLACE = "gap", "begun", "ended", "band", "place"
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
    query, least = _query(resolved), snapshot.min_group_size
    log = _log(resolved, snapshot, stages, query)
    gaps = _gaps(log, query, stages)
    if "distribution" in query.show:
        return _distribution(log, query, gaps, stages, least)
    keys = list(log.keys)
    figures = [*map(column, keys), *_counts(), *_stats(query)]
    stage = stages.add("by_group", grouped(select_from(gaps, figures), keys), "间隔的人数与统计量")
    columns = _columns(log, query)
    names = tuple(c.id for c in columns[len(keys) :])
    if least > 1:
        begun, ended = column("started"), column("entities")
        people = {"started": (begun,), "entities": (ended, left_over(begun, ended))}
        few_cells = Few(least, log.keys, ((), log.times))
        stage = few_cells.judged(stage, (*keys, *names), people, stages)
    tells = {name: (name if name == "started" else "entities",) for name in names}
    select = select_from(stage, [*shown_keys(log), *_shown(tells, hides=least > 1)])
    order = key_order(log, "started", stage)
    if order:
        select.set("order", exp.Order(expressions=order))
    return Statement(select, columns, names if least > 1 else ())


def _shown(tells: Mapping[str, tuple[str, ...]], *, hides: bool) -> Iterator[exp.Expression]:
    """The columns, and behind them which of their cells may not be shown."""
    for name, counts in tells.items():
        yield named(unless(is_hidden(*counts) if hides else None, column(name)), name)
    for name, counts in tells.items() if hides else ():
        yield named(is_hidden(*counts), few(f"shown_{name}"))


def interval_totals(
    resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> Statement | None:
    """Everybody together; None when nothing is grouped, or small groups are hidden."""
    query = _query(resolved)
    banded = "distribution" in query.show
    if snapshot.min_group_size > 1 or not (query.group_by or banded):
        return None
    if len(resolved.spans) > 1:
        return None
    log = _log(resolved, snapshot, stages, replace(query, group_by=()))
    gaps = _gaps(log, query, stages)
    columns = _columns(log, query)
    if not banded:
        return Statement(select_from(gaps, [*_counts(), *_stats(query)]), columns)
    completed = named(exp.Count(this=column(GAP)), "entities")
    share = named(ratio(exp.Count(this=column(GAP)), exp.Count(this=column(GAP))), "share")
    select = select_from(gaps, [completed, share, *_stats(query)])
    return Statement(select, columns[1:])


def _query(resolved: ResolvedQuery) -> IntervalQuery:
    assert isinstance(resolved.query, IntervalQuery)
    return resolved.query


def _log(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages, query: IntervalQuery) -> Log:
    days = query.window_days
    until = resolved.spans[-1].end + timedelta(days=days) if days is not None else None
    return Log(resolved, snapshot, stages, query.group_by, until, days)


def _gaps(log: Log, query: IntervalQuery, stages: Stages) -> str:
    """The stage with one row per actor and group: the time to the end, missing without one."""
    return log.sorted(_plain_gaps(log.plain, query, stages), (GAP,))


def _plain_gaps(log: Log, query: IntervalQuery, stages: Stages) -> str:
    keys = [column(WHO), *map(column, log.keys)]
    pairs = _every_pair(log, stages) if ROW in log.order else _first_pairs(log, query)
    paired = stages.add("paired", pairs, "期内第一次开始与其后第一次结束")
    gap = elapsed(column(BEGUN), column(ENDED), log)
    if query.window_days is not None:
        fits = within_days(column(ENDED), column(BEGUN), query.window_days)
        gap = exp.Case(ifs=[exp.If(this=fits, true=gap)])
    gaps = select_from(paired, [*keys, named(gap, GAP)])
    return stages.add("gaps", gaps, "每个主体期内第一次开始到结束的间隔")


def _first_pairs(log: Log, query: IntervalQuery) -> exp.Select:
    """The first start with the first end from then on: no row is both."""
    stage = log.done()
    begun = log.starters(stage, log.keys)
    keys = [column(name, begun) for name in (WHO, *log.keys)]
    since = column(BEGAN, begun)
    terms = [
        exp.EQ(this=column(WHO, stage), expression=column(WHO, begun)),
        column(flag(2), stage),
        exp.GTE(this=column(AT, stage), expression=since.copy()),
    ]
    if query.window_days is not None:
        terms.append(within_days(column(AT, stage), since.copy(), query.window_days))
    ended = named(exp.Min(this=column(AT, stage)), ENDED)
    select = select_from(begun, [*keys, named(since, BEGUN), ended])
    select.set("joins", [exp.Join(this=table(stage), side="LEFT", on=all_of(terms))])
    grouping = [*(key.copy() for key in keys), since.copy()]
    select.set("group", exp.Group(expressions=grouping))
    return select


def _every_pair(log: Log, stages: Stages) -> exp.Select:
    """The same where one row may be both: the later a start, the later the first end after it."""
    rows = log.of_starters()
    ends = exp.Min(this=exp.Case(ifs=[exp.If(this=column(flag(2)), true=column(AT))]))
    keys = (WHO, *log.keys)
    following = named(after(ends, log), ENDED)
    shown = [*map(column, keys), column(AT), column(flag(1)), following]
    ended = stages.add("ended", select_from(rows, shown), "每次事件之后的第一次结束")
    firsts = [
        exp.Alias(this=exp.Min(this=column(source)), alias=exp.to_identifier(name))
        for name, source in ((BEGUN, AT), (ENDED, ENDED))
    ]
    select = grouped(select_from(ended, [*map(column, keys), *firsts]), keys)
    select.set("where", exp.Where(this=column(flag(1))))
    return select


def _counts() -> list[exp.Expression]:
    begun: exp.Expression = exp.Count(this=exp.Star())
    ended: exp.Expression = exp.Count(this=column(GAP))
    return [named(begun, "started"), named(ended, "entities")]


def _stats(query: IntervalQuery) -> list[exp.Expression]:
    functions: dict[str, exp.Expression] = {
        "mean": exp.Avg(this=column(GAP)),
        "median": exp.Median(this=column(GAP)),
        "p25": exp.PercentileCont(this=column(GAP), expression=number(0.25)),
        "p75": exp.PercentileCont(this=column(GAP), expression=number(0.75)),
    }
    return [named(functions[name], name) for name, _ in _stat_names(query)]


def _stat_names(query: IntervalQuery) -> list[tuple[str, str]]:
    return [pair for show in query.show for pair in STATS.get(show, ())]


def _distribution(
    log: Log, query: IntervalQuery, gaps: str, stages: Stages, least: int
) -> Statement:
    """One row per band. Those without an end are a band of their own, judged but not listed."""
    keys, columns = list(log.keys), _columns(log, query)
    banded = select_from(gaps, [*map(column, keys), named(_band(log), PLACE), column(GAP)])
    rows = stages.add("banded", banded, "每个间隔落在哪一档")
    figures = [named(exp.Count(this=exp.Star()), "entities"), *_stats(query)]
    nodes = [*map(column, keys), column(PLACE), *figures]
    stage = stages.add("by_band", grouped(select_from(rows, nodes), [*keys, PLACE]), "每档人数")
    stats = [c.id for c in columns[len(keys) + 3 :]]
    if least > 1:
        margins = ((), log.times, log.keys)
        judged = Few(least, (*log.keys, PLACE), margins)
        people = {"entities": (column("entities"),)}
        stage = judged.judged(stage, (*keys, PLACE, *stats), people, stages)
        some = exp.Window(this=exp.Max(this=column(few("entities"))), partition_by=_of(keys))
        more = [named(some, few("share"))]
        names = [*keys, PLACE, "entities", *stats, few("entities")]
        stage = stages.add(
            "shares", select_from(stage, [*map(column, names), *more]), "占比的可见性"
        )
    listed = select_from(stage, [*shown_keys(log), named(_band_label(log), BAND)])
    shares = exp.Window(this=exp.Sum(this=column("entities")), partition_by=_of(keys))
    values = {"entities": column("entities"), "share": ratio(column("entities"), shares)}
    tells = {name: ("share" if name == "share" else "entities",) for name in (*values, *stats)}
    hides = least > 1
    cells = [
        named(unless(is_hidden(*counts) if hides else None, values.get(name, column(name))), name)
        for name, counts in tells.items()
    ]
    marks = [named(is_hidden(*c), few(f"shown_{n}")) for n, c in tells.items()] if hides else []
    listed.set("expressions", [*listed.expressions, *cells, *marks])
    known = exp.Not(this=exp.Is(this=column(PLACE), expression=exp.Null()))
    listed.set("where", exp.Where(this=known))
    order = [*(ascending(column(key, stage)) for key in keys), ascending(column(PLACE))]
    listed.set("order", exp.Order(expressions=order))
    return Statement(listed, columns, tuple(tells) if hides else ())


def _of(keys: list[str]) -> list[exp.Expression]:
    return [column(key) for key in keys]


def _band(log: Log) -> exp.Expression:
    edges = MINUTE_EDGES if log.behaviour.by_time else DAY_EDGES
    missing = exp.Is(this=column(GAP), expression=exp.Null())
    cases = [
        exp.If(this=exp.LT(this=column(GAP), expression=number(edge)), true=number(place))
        for place, edge in enumerate(edges)
    ]
    return exp.Case(ifs=[exp.If(this=missing, true=exp.Null()), *cases], default=number(len(edges)))


def _band_label(log: Log) -> exp.Expression:
    labels = MINUTE_LABELS if log.behaviour.by_time else DAY_LABELS
    cases = [
        exp.If(this=number(place), true=text(label)) for place, label in enumerate(labels[:-1])
    ]
    return exp.Case(this=column(PLACE), ifs=cases, default=text(labels[-1]))


def _columns(log: Log, query: IntervalQuery) -> tuple[Column, ...]:
    who, unit = log.behaviour.actor_label, log.behaviour.actor_unit
    stats = [duration_column(name, label, elapsed_unit(log)) for name, label in _stat_names(query)]
    ended = count_column("entities", f"完成{who}数", unit)
    if "distribution" in query.show:
        return (*key_columns(log), BAND_COLUMN, ended, rate_column("share", "占比"), *stats)
    begun = count_column("started", f"起始{who}数", unit)
    return (*key_columns(log), begun, ended, *stats)
