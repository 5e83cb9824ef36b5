"""Funnels: who gets how far along ordered steps within a window.

Read from the rows in order of time. Each step hangs on the latest previous step before it,
so a row of step k knows the latest start that leads to it; when even that start lies further
back than the window allows, no other start would do. So one pass per step finds everybody
who can be led to it by any chain of rows, without joining rows to rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from sqlglot import exp

from semantic_layer.compile.behaviour.few import Few, few, is_hidden, unless
from semantic_layer.compile.behaviour.log import AT, WHO, Log, flag, present
from semantic_layer.compile.behaviour.parts import Statement
from semantic_layer.compile.behaviour.shape import (
    ascending,
    before,
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
from semantic_layer.compile.stages import Finished, Stages
from semantic_layer.compile.tokens import all_of, column, named, number, text
from semantic_layer.query import FunnelCondition, FunnelQuery, Predicate
from semantic_layer.resolve.conditions import conditions_in
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Column
from semantic_layer.snapshot import Snapshot

STEP_COLUMN = Column("step", "步骤", "dimension")
WHOLE = "合计"
Figure = tuple[exp.Expression, tuple[str, ...]]
"""A value with the counts it tells of."""
NOTHING: Figure = (exp.Null(), ())


def funnel(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> Statement:
    """One row per step (and group): how many get there, of all and of those before."""
    query = _query(resolved)
    log = _log(resolved, snapshot, stages)
    least = snapshot.min_group_size
    wide = _wide(log, query, stages, least)
    long = stages.add("by_step", _by_step(log, query, wide, hides=least > 1), "一步一行")
    columns = _columns(log, query)
    marks = tuple(c.id for c in columns[len(log.keys) + 1 :]) if least > 1 else ()
    extra = [column(c.id) for c in columns[len(log.keys) :]]
    select = select_from(long, [*shown_keys(log), *extra, *(column(few(m)) for m in marks)])
    order = [*key_order(log, "begun", long), ascending(column("place"))]
    select.set("order", exp.Order(expressions=order))
    return Statement(select, columns, marks)


def funnel_whole(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> Statement | None:
    """合计: the steps over all groups, everybody once; None where it says nothing more.

    Where small groups are hidden it would give them away.
    """
    query = _query(resolved)
    if not query.group_by or snapshot.min_group_size > 1 or len(resolved.spans) > 1:
        return None
    log = replace(_log(resolved, snapshot, stages), groups=())
    wide = _wide(log, query, stages, least=1)
    long = stages.add("by_step", _by_step(log, query, wide, hides=False), "一步一行")
    columns = (key_columns(_log(resolved, snapshot, stages))[0], *_columns(log, query))
    shown = [named(text(WHOLE), columns[0].id), *(column(c.id) for c in columns[1:])]
    select = select_from(long, shown)
    select.set("order", exp.Order(expressions=[ascending(column("place"))]))
    return Statement(select, columns)


def _wide(log: Log, query: FunnelQuery, stages: Stages, least: int) -> str:
    """The stage with one row per group: actors and times of every step."""
    steps = range(1, len(query.steps) + 1)
    gaps = [_gap(p) for p in steps[1:] if "median_time" in query.show]
    reached = log.sorted(_reached(log.plain, query, stages), (*map(_when, steps), *gaps))
    counted = _counted(log, query, reached)
    stage = stages.add("counted", counted, "各步人数与距上一步的时长")
    if least <= 1:
        return stage
    counts = {
        _when(p): (
            column(_when(p)),
            *(left_over(column(_when(e)), column(_when(p))) for e in steps[: p - 1]),
        )
        for p in steps
    }
    return Few(least, log.keys, ((), log.times)).judged(stage, [*log.keys, *gaps], counts, stages)


def chosen_actors(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> Finished:
    """The keys of those who got as far as a set says, and no further where it says so."""
    query, chosen = _query(resolved), _chosen(resolved)
    days = chosen.window_days
    until = resolved.spans[-1].end + timedelta(days=days) if days is not None else None
    log = Log(resolved, snapshot, stages, (), until, days)
    reached = _reached(log, query, stages)
    key = Column(log.behaviour.actor, log.behaviour.actor_label, "dimension")
    select = select_from(reached, [named(column(WHO), key.id)])
    terms = [present(column(_when(chosen.reached)))]
    if chosen.missed is not None:
        terms.append(exp.Is(this=column(_when(chosen.missed)), expression=exp.Null()))
    select.set("where", exp.Where(this=all_of(terms)))
    return Finished(select, (key,))


def _chosen(resolved: ResolvedQuery) -> FunnelCondition:
    assert resolved.behaviour is not None
    assert resolved.behaviour.chosen is not None
    return resolved.behaviour.chosen


def _query(resolved: ResolvedQuery) -> FunnelQuery:
    assert isinstance(resolved.query, FunnelQuery)
    return resolved.query


def _log(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> Log:
    query = _query(resolved)
    until = _until(resolved, query)
    return Log(resolved, snapshot, stages, query.group_by, until, query.window_days)


def _until(resolved: ResolvedQuery, query: FunnelQuery) -> date:
    return resolved.spans[-1].end + timedelta(days=query.window_days)


def _start(position: int) -> str:
    return f"start_{position}"


def _previous(position: int) -> str:
    return f"previous_{position}"


def _when(position: int) -> str:
    return f"reached_{position}"


def _gap(position: int) -> str:
    return f"gap_{position}"


def _reached(log: Log, query: FunnelQuery, stages: Stages) -> str:
    """The stage with one row per actor and group: when each step was first reached."""
    stage, count = log.started(), len(query.steps)
    kept = [WHO, *log.keys, *log.order]
    for position in range(2, count + 1):
        shown: list[exp.Expression] = [column(name) for name in kept]
        shown += [column(flag(p)) for p in range(1, count + 1)]
        for known in range(2, position):
            shown += [column(name) for name in _links(known, query)]
        sources = [AT if position == 2 else _start(position - 1), AT]
        for name, source in zip(_links(position, query), sources, strict=False):
            # rows stand in time order: the last value is the latest, and found without comparing
            led = exp.LastValue(this=_when_led(position - 1, log, source))
            shown.append(named(before(exp.IgnoreNulls(this=led), log), name))
        comment = f"第{position}步之前最近的起点与上一步"
        stage = stages.add(f"linked_{position}", select_from(stage, shown), comment)
    return stages.add("reached", _per_actor(log, query, stage), "每个主体最早走到各步的时间")


def _links(position: int, query: FunnelQuery) -> tuple[str, ...]:
    """What a row of a step hangs on: a start, and the step before where times are asked."""
    start = (_start(position),)
    return (*start, _previous(position)) if "median_time" in query.show else start


def _when_led(position: int, log: Log, value: str) -> exp.Expression:
    """A column of the rows that a start leads to as that step, within the window."""
    terms: list[exp.Expression] = [column(flag(position))]
    if position > 1 and log.window_days is not None:
        terms.append(within_days(column(AT), column(_start(position)), log.window_days))
    led = all_of(terms)
    assert led is not None
    return exp.Case(ifs=[exp.If(this=led, true=column(value))])


def _per_actor(log: Log, query: FunnelQuery, stage: str) -> exp.Select:
    shown: list[exp.Expression] = [column(WHO), *map(column, log.keys)]
    for position in range(1, len(query.steps) + 1):
        first = exp.Min(this=_when_led(position, log, AT))
        shown.append(named(first, _when(position)))
        if position > 1 and "median_time" in query.show:
            hung = exp.Min(this=_when_led(position, log, _previous(position)))
            shown.append(named(elapsed(hung, first.copy(), log), _gap(position)))
    return grouped(select_from(stage, shown), (WHO, *log.keys))


def _counted(log: Log, query: FunnelQuery, reached: str) -> exp.Select:
    """One row per group: actors at each step."""
    shown: list[exp.Expression] = [column(key) for key in log.keys]
    for position in range(1, len(query.steps) + 1):
        shown.append(named(exp.Count(this=column(_when(position))), _when(position)))
        if position > 1 and "median_time" in query.show:
            shown.append(named(exp.Median(this=column(_gap(position))), _gap(position)))
    return grouped(select_from(reached, shown), log.keys)


def _by_step(log: Log, query: FunnelQuery, wide: str, *, hides: bool) -> exp.Query:
    """The steps beneath each other."""
    result: exp.Query | None = None
    for position in range(1, len(query.steps) + 1):
        shown: list[exp.Expression] = [column(key) for key in log.keys]
        begun = unless(is_hidden(_when(1)) if hides else None, column(_when(1)))
        shown.append(named(begun, "begun"))
        shown.append(named(number(position), "place"))
        shown.append(named(text(_step_text(log, position)), "step"))
        for name, value, tells in _figures(query, position):
            hidden = is_hidden(*tells) if hides and tells else None
            shown.append(named(unless(hidden, value), name))
            if hides:
                shown.append(named(hidden or exp.false(), few(name)))
        select = select_from(wide, shown)
        result = (
            select if result is None else exp.Union(this=result, expression=select, distinct=False)
        )
    assert result is not None
    return result


def _step_text(log: Log, position: int) -> str:
    """2. 营销触达(电销外呼): the event, and what narrows it."""
    step = log.behaviour.steps[position - 1]
    names = "、".join(_values(step.where, log)) if step.where is not None else ""
    return f"{position}. {step.label}" + (f"({names})" if names else "")


def _values(where: Predicate, log: Log) -> Iterator[str]:
    for condition in conditions_in(where):
        field = log.snapshot.manifest.dimensions[condition.dimension.rpartition(".")[2]].field
        labels = {value.value: value.label for value in field.values if value.label}
        negated = "非" if condition.op == "not_in" else ""
        if condition.op in ("in", "not_in"):
            yield from (f"{negated}{labels.get(value) or value}" for value in condition.values)


def _figures(
    query: FunnelQuery, position: int
) -> Iterator[tuple[str, exp.Expression, tuple[str, ...]]]:
    """(column, value, the counts it tells of) of one step."""
    own, here, last = _when(position), column(_when(position)), position == len(query.steps)
    yield "entities", here, (own,)
    before = _when(position - 1) if position > 1 else own
    if "conversion" in query.show:
        yield "conversion", ratio(here.copy(), column(_when(1))), (own, _when(1))
        step = ratio(here.copy(), column(before))
        yield ("step_conversion", *((step, (own, before)) if position > 1 else NOTHING))
    if "median_time" in query.show:
        middle = column(_gap(position))
        yield ("median_time", *((middle, (own,)) if position > 1 else NOTHING))
    if "dropped" in query.show:
        after = own if last else _when(position + 1)
        lost = exp.Sub(this=here.copy(), expression=column(after))
        yield ("dropped", *(NOTHING if last else (lost, (own, after))))


def _columns(log: Log, query: FunnelQuery) -> tuple[Column, ...]:
    who, unit = log.behaviour.actor_label, log.behaviour.actor_unit
    columns = [*key_columns(log), STEP_COLUMN, count_column("entities", f"{who}数", unit)]
    if "conversion" in query.show:
        columns.append(rate_column("conversion", "总转化率"))
        columns.append(rate_column("step_conversion", "较上一步转化率"))
    if "median_time" in query.show:
        columns.append(duration_column("median_time", "距上一步时长中位数", elapsed_unit(log)))
    if "dropped" in query.show:
        columns.append(count_column("dropped", f"流失{who}数", unit))
    return tuple(columns)
