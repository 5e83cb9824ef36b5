"""Retention: of those who first started in a cohort, who comes back in the n-th period after.

A period is a calendar day, week or month: 次月 is the month after the one of the start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

from sqlglot import exp

from semantic_layer.compile.behaviour.few import Few, few, is_hidden, unless
from semantic_layer.compile.behaviour.log import AT, SPAN, WHO, Log, flag
from semantic_layer.compile.behaviour.parts import Statement
from semantic_layer.compile.behaviour.shape import (
    ascending,
    count_column,
    grouped,
    key_columns,
    key_order,
    left_over,
    rate_column,
    ratio,
    select_from,
    shown_keys,
)
from semantic_layer.compile.buckets import bucket_label, bucket_start
from semantic_layer.compile.columns import time_column
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.times import within
from semantic_layer.compile.tokens import all_of, any_of, column, day, identifier, named, table
from semantic_layer.query import Grain, RetentionQuery
from semantic_layer.resolve.behaviour_warnings import last_whole_cohort
from semantic_layer.resolve.units import shift_unit, unit_of
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Column
from semantic_layer.snapshot import Snapshot

GRAINS: dict[str, Grain] = {"day": "date", "week": "week", "month": "month"}
FIRST, CAME, COHORT = "first_day", "came", "cohort"
DAYS_OF = {"day": 1, "week": 7}
DATE = exp.DataType.Type.DATE


def retention(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> Statement:
    """One row per cohort (and group): its size, and the share that came back per period."""
    query, least = _query(resolved), snapshot.min_group_size
    log = _log(resolved, snapshot, stages, query)
    flags, columns = _flags(log, stages), _columns(log, query)
    keys = [*log.keys, COHORT]
    counted = grouped(
        select_from(flags, [*map(column, keys), *_counts(log, query, tuple(keys))]), keys
    )
    stage = stages.add("by_cohort", counted, "每个起始群的人数与各期回来的人数")
    if least > 1:
        margins = ((), log.times, (*log.times, COHORT))
        kept = [*keys, *(_whole(n) for n in query.periods)]
        stage = Few(least, tuple(keys), margins).judged(stage, kept, _people(query), stages)
    label = bucket_label(GRAINS[query.cohort_unit], column(COHORT))
    names = exp.Alias(this=label, alias=identifier(COHORT))
    shown = [*shown_keys(log), names, *_figures(query, hides=least > 1)]
    marks = tuple(c.id for c in columns[len(keys) :]) if least > 1 else ()
    select = select_from(stage, shown)
    order = [*key_order(log, "entities", stage), ascending(column(COHORT, stage))]
    select.set("order", exp.Order(expressions=order))
    return Statement(select, columns, marks)


def retention_totals(
    resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> Statement | None:
    """All cohorts together, each rate over the cohorts whose period is over.

    None where small groups are hidden: a total would give the hidden ones away; and none
    over periods side by side.
    """
    query = _query(resolved)
    if snapshot.min_group_size > 1 or len(resolved.spans) > 1:
        return None
    log = _log(resolved, snapshot, stages, replace(query, group_by=()))
    counted = select_from(_flags(log, stages), _counts(log, query, (COHORT,)))
    stage = stages.add("all_cohorts", counted, "全部起始群的人数与各期回来的人数")
    select = select_from(stage, _figures(query, hides=False))
    return Statement(select, _columns(log, query)[1:])


def _query(resolved: ResolvedQuery) -> RetentionQuery:
    assert isinstance(resolved.query, RetentionQuery)
    return resolved.query


def _log(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages, query: RetentionQuery) -> Log:
    return Log(resolved, snapshot, stages, query.group_by, _last_day(query, resolved))


def _last_day(query: RetentionQuery, resolved: ResolvedQuery) -> date:
    """The last day that a rate depends on: a period that is not over yet shows none."""
    assert resolved.behaviour is not None
    found = [resolved.spans[-1].end]
    for span, number in product(resolved.spans, query.periods):
        cohort = last_whole_cohort(query, number, resolved.behaviour, span)
        if cohort is not None:
            last_start = min(unit_of(query.cohort_unit, cohort).end, span.end)
            found.append(shift_unit(query.unit, last_start, number).end)
    return max(found)


def _name(query: RetentionQuery, number: int) -> str:
    return f"{query.unit}_{number}"


def _flags(log: Log, stages: Stages) -> str:
    """The stage with one row per actor and group: the cohort, and whether each period was kept."""
    names = (_name(_query(log.resolved), n) for n in _query(log.resolved).periods)
    return log.sorted(_plain_flags(log.plain, stages), (COHORT, *names))


def _plain_flags(log: Log, stages: Stages) -> str:
    query = _query(log.resolved)
    if not log.keys and _starts_in_one_unit(log, query):
        firsts = stages.add("first_starts", _watched(log, query), "每个主体第一次起始,各期回来没有")
        cohort = bucket_start(GRAINS[query.cohort_unit], column(FIRST))
        names = (column(_name(query, number)) for number in query.periods)
        kept = select_from(firsts, [column(WHO), named(cohort, COHORT), *names])
        never = exp.Is(this=column(FIRST), expression=exp.Null())
        kept.set("where", exp.Where(this=exp.Not(this=never)))
        return stages.add("kept", kept, "期内起始过的主体")
    # a later period lies behind every start of the cohort: nobody's rows need be followed
    visits = stages.add("visits", _visits(log, query), "每个主体来过的日、周、月")
    starts = _first_starts(log, query, visits)
    begun = stages.add("first_starts", starts, "期内第一次起始,此后各期从哪天起")
    back = stages.add("returns", _returns(log, query, visits), "回来过的日、周、月")
    return stages.add("kept", _kept(log, query, begun, back), "每个主体各期回来没有")


def _starts_in_one_unit(log: Log, query: RetentionQuery) -> bool:
    """Whether the n-th period is the same one for everybody."""
    spans = log.resolved.spans
    first, last = spans[0].start, spans[-1].end
    return unit_of(query.unit, first) == unit_of(query.unit, last)


def _watched(log: Log, query: RetentionQuery) -> exp.Select:
    """One row per actor, read once: the first start, and who was there in periods known by date."""
    rows, start = log.done(), log.resolved.spans[0].start
    began = exp.Min(this=exp.Case(ifs=[exp.If(this=column(flag(1)), true=column(AT))]))
    first = exp.Cast(this=began, to=exp.DataType(this=DATE))
    shown: list[exp.Expression] = [column(WHO), named(first, FIRST)]
    for number in query.periods:
        then = shift_unit(query.unit, start, number)
        inside = within(column(AT), then, not log.behaviour.by_time)
        came = all_of([column(flag(2)), inside])
        one = exp.Case(ifs=[exp.If(this=came, true=_one())], default=exp.Literal.number(0))
        shown.append(named(exp.Max(this=one), _name(query, number)))
    return grouped(select_from(rows, shown), (WHO,))


def _visited(query: RetentionQuery) -> Grain:
    """The units that visits are told by: whole periods, unless the cohorts are finer."""
    return GRAINS[query.unit] if query.cohort_unit == query.unit else "date"


def _visits(log: Log, query: RetentionQuery) -> exp.Select:
    """One row per actor, group and unit: whether there was a start, and a return."""
    came = bucket_start(_visited(query), column(AT))
    flags = [named(exp.Max(this=column(flag(step))), flag(step)) for step in (1, 2)]
    keys = [column(WHO), *map(column, log.keys)]
    return grouped(
        select_from(log.done(), [*keys, named(came, CAME), *flags]), (WHO, *log.keys, CAME)
    )


def _first_starts(log: Log, query: RetentionQuery, visits: str) -> exp.Select:
    keys = [column(WHO), *map(column, log.keys)]
    begins = [named(_period_start(query, n), _begins(query, n)) for n in query.periods]
    starts = select_from(visits, [*keys, named(exp.Min(this=column(CAME)), FIRST), *begins])
    starts.set("where", exp.Where(this=column(flag(1))))
    return grouped(starts, (WHO, *log.keys))


def _returns(log: Log, query: RetentionQuery, visits: str) -> exp.Select:
    came, whole = column(CAME), _visited(query) == GRAINS[query.unit]
    shown = came if whole else named(bucket_start(GRAINS[query.unit], came), CAME)
    returns = select_from(visits, [column(WHO), shown])
    returns.set("where", exp.Where(this=column(flag(2))))
    if log.keys or not whole:
        returns.set("distinct", exp.Distinct())
    return returns


def _kept(log: Log, query: RetentionQuery, begun: str, back: str) -> exp.Select:
    cohort: exp.Expression = column(FIRST, begun)
    if query.cohort_unit != query.unit:
        cohort = bucket_start(GRAINS[query.cohort_unit], cohort)
    keys = [column(WHO, begun), *(column(key, begun) for key in log.keys)]
    shown: list[exp.Expression] = [*keys, named(cohort, COHORT)]
    for number in query.periods:
        due = column(_begins(query, number), begun)
        same = exp.EQ(this=column(CAME, back), expression=due)
        one = exp.Case(ifs=[exp.If(this=same, true=_one())], default=exp.Literal.number(0))
        shown.append(named(exp.Max(this=one), _name(query, number)))
    select = select_from(begun, shown)
    own = exp.EQ(this=column(WHO, begun), expression=column(WHO, back))
    select.set("joins", [exp.Join(this=table(back), side="LEFT", on=own)])
    grouping = [*(node.copy() for node in keys), column(FIRST, begun)]
    select.set("group", exp.Group(expressions=grouping))
    return select


def _begins(query: RetentionQuery, number: int) -> str:
    return f"{_name(query, number)}_begins"


def _period_start(query: RetentionQuery, number: int) -> exp.Expression:
    """First day of the n-th day, week or month after that of the first start."""
    start: exp.Expression = exp.Min(this=column(CAME))
    if _visited(query) != GRAINS[query.unit]:
        start = bucket_start(GRAINS[query.unit], start)
    count, unit = number * DAYS_OF.get(query.unit, 1), "DAY" if query.unit in DAYS_OF else "MONTH"
    interval = exp.Interval(this=exp.Literal.string(str(count)), unit=exp.Var(this=unit))
    moved = exp.Add(this=start, expression=interval)
    return exp.Cast(this=moved, to=exp.DataType(this=DATE))


def _kept_count(number: int) -> str:
    return f"kept_{number}"


def _whole(number: int) -> str:
    return f"whole_{number}"


def _counts(log: Log, query: RetentionQuery, keys: tuple[str, ...]) -> list[exp.Expression]:
    """The people of a cohort; per period those whose period is over, and who came back."""
    shown = [named(exp.Count(this=exp.Star()), "entities")]
    for number in query.periods:
        over = _is_over(log, query, number, keys)
        back = exp.EQ(this=column(_name(query, number)), expression=_one())
        both = all_of([over.copy(), back])
        assert both is not None
        shown.append(named(exp.CountIf(this=both), _kept_count(number)))
        shown.append(named(exp.CountIf(this=over), _whole(number)))
    return shown


def _is_over(log: Log, query: RetentionQuery, number: int, keys: tuple[str, ...]) -> exp.Expression:
    """Whether the last of a cohort have been watched to the end of their n-th period."""
    found: list[exp.Expression] = []
    for position, span in enumerate(log.resolved.spans):
        last = last_whole_cohort(query, number, log.behaviour, span)
        if last is None:
            continue
        over: exp.Expression = exp.LTE(this=column(COHORT), expression=day(last))
        if SPAN in keys:
            own = exp.EQ(this=column(SPAN), expression=exp.Literal.number(position))
            over = exp.And(this=own, expression=over)
        found.append(over)
    return any_of(found) or exp.false()


def _people(query: RetentionQuery) -> dict[str, tuple[exp.Expression, ...]]:
    """What each count tells of: those who came back, and those who did not."""
    found: dict[str, tuple[exp.Expression, ...]] = {"entities": (column("entities"),)}
    for number in query.periods:
        kept, whole = column(_kept_count(number)), column(_whole(number))
        found[_kept_count(number)] = (kept, left_over(whole, kept))
    return found


def _figures(query: RetentionQuery, *, hides: bool) -> Iterator[exp.Expression]:
    """The size of a cohort and its rates, and behind them what may not be shown."""
    tells: dict[str, tuple[str, ...]] = {"entities": ("entities",)}
    tells |= {_name(query, n): ("entities", _kept_count(n)) for n in query.periods}
    values: dict[str, exp.Expression] = {"entities": column("entities")}
    values |= {
        _name(query, n): ratio(column(_kept_count(n)), column(_whole(n))) for n in query.periods
    }
    for name, value in values.items():
        yield named(unless(is_hidden(*tells[name]) if hides else None, value), name)
    if hides:
        for name in values:
            yield exp.Alias(this=is_hidden(*tells[name]), alias=identifier(few(f"shown_{name}")))


def _one() -> exp.Expression:
    return exp.Literal.number(1)


def _columns(log: Log, query: RetentionQuery) -> tuple[Column, ...]:
    who, unit = log.behaviour.actor_label, log.behaviour.actor_unit
    cohort = time_column(GRAINS[query.cohort_unit])
    return (
        *key_columns(log),
        replace(cohort, id=COHORT, name=f"起始{cohort.name}"),
        count_column("entities", f"起始{who}数", unit),
        *(rate_column(_name(query, n), period_text(query, n)) for n in query.periods),
    )


def period_text(query: RetentionQuery, number: int) -> str:
    """次月留存率, 第7日留存率."""
    word = {"day": "日", "week": "周", "month": "月"}[query.unit]
    return f"次{word}留存率" if number == 1 else f"第{number}{word}留存率"
