"""The event log of a query: every row that is one of its steps, with who did it and when.

One scan per table and date field, each with its row policy; the scans are put together and
the rows of actors who never started are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlglot import exp

from semantic_layer.compile.buckets import bucket_start
from semantic_layer.compile.groupings import looked_up
from semantic_layer.compile.groups import GroupColumn, group_columns, group_value
from semantic_layer.compile.predicates import predicate_sql
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.sets import SetStages
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.times import within
from semantic_layer.compile.tokens import (
    all_of,
    any_of,
    column,
    day,
    guarded,
    literal,
    named,
    number,
    table,
    text,
)
from semantic_layer.model import Dataset
from semantic_layer.plan.day_kinds import DAY_KINDS
from semantic_layer.plan.nodes import Branch, Window
from semantic_layer.query import DimensionGroup, Group, TimeGroup
from semantic_layer.resolve.conditions import column_kind, field_kind
from semantic_layer.resolve.frames import frames_of
from semantic_layer.resolve.groupings import (
    GROUPING,
    GroupedQuery,
    grouped_query,
    grouping_name,
)
from semantic_layer.resolve.units import Days, units_between
from semantic_layer.resolved import ResolvedBehaviour, ResolvedQuery, ResolvedStep
from semantic_layer.snapshot import Snapshot

WHO, AT, STEP, ROW = "who_", "at_", "first_step_", "row_key_"
SPAN = "period"
BEGAN, LAST = "first_start_", "last_start_"
DATE, VARCHAR = exp.DataType.Type.DATE, exp.DataType.Type.VARCHAR


def flag(position: int) -> str:
    """The column that says whether a row is that step, counted from 1."""
    return f"is_{position}"


@dataclass(frozen=True, slots=True)
class Log:
    """What the log of a query is made from."""

    resolved: ResolvedQuery
    snapshot: Snapshot
    stages: Stages
    groups: tuple[Group, ...] = ()
    until: date | None = None
    """Last day that later steps may lie on; None: as far as the data goes."""
    window_days: int | None = None
    """How long after a start a row may still matter; None: as far as the data goes."""

    @property
    def behaviour(self) -> ResolvedBehaviour:
        """The steps and who takes them."""
        assert self.resolved.behaviour is not None
        return self.resolved.behaviour

    @property
    def dimensions(self) -> tuple[GroupColumn, ...]:
        """The grouped dimensions as columns."""
        if not self.groups:
            return ()
        query = grouped_query(self.resolved)
        names = tuple(_written(g, query) for g in self.groups if not isinstance(g, TimeGroup))
        return group_columns(names, self.snapshot, query)

    @property
    def plain(self) -> Log:
        """The same without bands and sets: those tell people apart, not what they do."""
        told = (g for g in self.groups if isinstance(g, DimensionGroup | TimeGroup))
        return replace(self, groups=tuple(told))

    def sorted(self, stage: str, kept: tuple[str, ...]) -> str:
        """Everybody of a stage by person in the bands and sets asked for, once in each."""
        looked = [g for g in self.dimensions if g.dimension.startswith(GROUPING)]
        if not looked:
            return stage
        judge = _judge(self.resolved, self.snapshot, self.stages)
        times = self.times if len(frames_of(self.resolved.spans, self.resolved.grain)) > 1 else ()
        period = column(times[0], stage) if times else None
        own = (WHO, *self.plain.keys, *kept)
        shown: list[exp.Expression] = [column(name, stage) for name in own]
        joins = []
        for group in looked:
            value, join = looked_up(group.dimension, judge, column(WHO, stage), period)
            shown.append(exp.Alias(this=value, alias=exp.to_identifier(group.name)))
            joins.append(join)
        select = exp.Select(expressions=shown)
        select.set("from_", exp.From(this=table(stage)))
        select.set("joins", joins)
        return self.stages.add("sorted", select, "每个主体属于哪一档、哪个客群")

    @property
    def spanned(self) -> bool:
        """Whether several periods stand side by side; by month each month has its own row."""
        timed = any(isinstance(group, TimeGroup) for group in self.groups)
        return len(self.resolved.spans) > 1 and not timed

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of the periods and of the groups, in the asker's order."""
        dimensions = iter(self.dimensions)
        named_groups = tuple(
            group.grain if isinstance(group, TimeGroup) else next(dimensions).name
            for group in self.groups
        )
        return (SPAN, *named_groups) if self.spanned else named_groups

    @property
    def times(self) -> tuple[str, ...]:
        """The keys that tell periods apart."""
        grains = {group.grain for group in self.groups if isinstance(group, TimeGroup)}
        return tuple(key for key in self.keys if key in grains or key == SPAN)

    @property
    def order(self) -> tuple[str, ...]:
        """What puts the rows of one actor in order."""
        return (AT, STEP, ROW) if _overlaps(self.behaviour.steps) else (AT, STEP)

    @property
    def last_day(self) -> date:
        """Last day of the rows that are read."""
        observed = self.behaviour.observed
        return observed if self.until is None else min(observed, self.until)

    def done(self, *, ordered: bool = False) -> str:
        """The stage with the rows of all steps, whoever took them; with what puts them in order."""
        rows = self._rows(ordered=ordered)
        return self.stages.add("steps_done", rows, "各步事件:谁、何时、是第几步")

    def started(self) -> str:
        """The stage with all rows of those who started, once per group they started in."""
        stage = self.done(ordered=True)
        begun = self.starters(stage, self.keys)
        return self.stages.add(
            "followed", self._followed(stage, begun), "只跟踪开始过的主体,从开始起"
        )

    def of_starters(self) -> str:
        """The stage with all rows of those who started, each once and in its own group."""
        stage = self.done(ordered=True)
        begun = self.starters(stage, ())
        names = (WHO, *self.keys, *self.order, *(flag(p) for p in self._positions()))
        select = exp.Select(expressions=[column(name, stage) for name in names])
        select.set("from_", exp.From(this=table(stage)))
        near = all_of(self._near(stage, begun))
        select.set("joins", [exp.Join(this=table(begun), on=near)])
        return self.stages.add("followed", select, "只跟踪开始过的主体,从开始起")

    def starters(self, stage: str, keys: tuple[str, ...]) -> str:
        """The stage with the first and the last start of every actor, by these keys."""
        shown = [column(name) for name in (WHO, *keys)]
        first, last = exp.Min(this=column(AT)), exp.Max(this=column(AT))
        starters = exp.Select(expressions=[*shown, named(first, BEGAN), named(last, LAST)])
        starters.set("from_", exp.From(this=table(stage)))
        starters.set("where", exp.Where(this=column(flag(1))))
        starters.set("group", exp.Group(expressions=[key.copy() for key in shown]))
        return self.stages.add("starters", starters, "期内开始过的主体,最早与最晚的开始")

    def _followed(self, stage: str, begun: str) -> exp.Select:
        """A start counts in its own group, every later step in each group of its actor."""
        own = [
            exp.NullSafeEQ(this=column(key, stage), expression=column(key, begun))
            for key in self.keys
        ]
        starts = all_of([column(flag(1), stage), *own])
        assert starts is not None
        shown = [column(WHO, begun), *(column(key, begun) for key in self.keys)]
        shown += [column(name, stage) for name in self.order]
        flags = [column(flag(p), stage) for p in range(2, len(self.behaviour.steps) + 1)]
        select = exp.Select(expressions=[*shown, named(starts, flag(1)), *flags])
        select.set("from_", exp.From(this=table(stage)))
        near = all_of(self._near(stage, begun))
        select.set("joins", [exp.Join(this=table(begun), on=near)])
        return select

    def _near(self, stage: str, begun: str) -> Iterator[exp.Expression]:
        """Rows of the actor from the first start of the group on, while a window is open."""
        at = column(AT, stage)
        yield exp.EQ(this=column(WHO, stage), expression=column(WHO, begun))
        yield exp.GTE(this=at, expression=column(BEGAN, begun))
        if self.window_days is not None:
            days = exp.Literal.string(str(self.window_days))
            window = exp.Interval(this=days, unit=exp.Var(this="DAY"))
            end = exp.Add(this=column(LAST, begun), expression=window)
            yield exp.LTE(this=at.copy(), expression=end)

    def _rows(self, *, ordered: bool) -> exp.Query:
        result: exp.Query | None = None
        for dataset, at in dict.fromkeys((s.dataset, s.at) for s in self.behaviour.steps):
            own = self.snapshot.manifest.datasets[dataset]
            select = self._scanned(own, at, ordered=ordered)
            if result is None:
                result = select
            else:
                result = exp.Union(this=result, expression=select, distinct=False)
        assert result is not None
        return result

    def _scanned(self, dataset: Dataset, at: str, *, ordered: bool) -> exp.Select:
        scan = behaviour_scan(dataset, self.resolved, self.snapshot, self.stages)
        select = scan.select()
        who, moment = actor_key(scan, self.behaviour), self.moment(scan, at)
        events = [self._event(scan, at, position) for position in self._positions()]
        flags = [_start(events[0], scan, at), *events[1:]]
        shown = [named(who, WHO), *self._group_values(scan, at, moment), named(moment, AT)]
        if ordered:
            shown.append(named(_first_of(events), STEP))
        if ordered and ROW in self.order:
            shown.append(named(row_key(scan), ROW))
        shown += [
            named(f or exp.false(), flag(p)) for p, f in zip(self._positions(), flags, strict=True)
        ]
        terms = [select.args["where"].this] if select.args.get("where") else []
        terms.append(present(who))
        terms.append(within(scan.field((), at), self._days(), is_day(scan, at)))
        either = any_of(guarded(f.copy()) for f in _widest(flags))
        assert either is not None
        select.set("expressions", [node.copy() for node in shown])
        select.set("where", exp.Where(this=all_of([*terms, either])))
        scan.attach_joins(select)
        self.stages.sources |= scan.sources
        return select

    def _positions(self) -> range:
        return range(1, len(self.behaviour.steps) + 1)

    def _days(self) -> Days:
        """No step lies before the first day of the first period."""
        start = self.resolved.spans[0].start
        return Days(start, max(start, self.last_day))

    def _event(self, scan: Scan, at: str, position: int) -> exp.Expression | None:
        """What makes a row the event of that step; None when another table has it."""
        step = self.behaviour.steps[position - 1]
        if (step.dataset, step.at) != (scan.dataset.name, at):
            return None
        return all_of(step_terms(step, scan)) or exp.true()

    def moment(self, scan: Scan, at: str) -> exp.Expression:
        """When it happened: to the second, or the day when a step knows no more."""
        value = scan.field((), at)
        if self.behaviour.by_time or is_day(scan, at):
            return value
        return exp.Cast(this=value, to=exp.DataType(this=DATE))

    def _group_values(
        self, scan: Scan, at: str, moment: exp.Expression
    ) -> Iterator[exp.Expression]:
        """The groups of a start; the rows of other tables have none."""
        first = self.behaviour.steps[0]
        is_start = (first.dataset, first.at) == (scan.dataset.name, at)
        dimensions = iter(self.dimensions)
        if self.spanned:
            position = span_position(scan, at) if is_start else exp.Null()
            yield named(position, SPAN)
        for group, key in zip(self.groups, self.keys[-len(self.groups) :], strict=False):
            if not is_start:
                yield named(exp.Null(), key)
            elif isinstance(group, TimeGroup):
                yield named(bucket_start(group.grain, moment), key)
            else:
                yield named(group_value(next(dimensions), scan), key)


def step_terms(step: ResolvedStep, scan: Scan) -> Iterator[exp.Expression]:
    """What makes a row such an event, but for who and when."""
    log = scan.dataset.events
    if step.value is not None and log is not None and log.field is not None:
        yield exp.EQ(this=scan.field((), log.field), expression=literal(step.value))
    if step.filter is not None:
        yield guarded(scan.expression(step.filter))
    if step.where is not None:
        yield guarded(predicate_sql(step.where, scan))


def _start(event: exp.Expression | None, scan: Scan, at: str) -> exp.Expression | None:
    """What makes an event of the first step a start."""
    if event is None:
        return None
    known = [event] if _terms_of(event) else []
    return all_of([*known, *start_terms(scan, at)])


def start_terms(scan: Scan, at: str) -> list[exp.Expression]:
    """What makes such an event a start: its day, and the asker's condition."""
    resolved, value = scan.resolved, scan.field((), at)
    assert resolved.behaviour is not None
    spans = [Days(span.start, span.end) for span in resolved.spans]
    terms = [any_of(within(value.copy(), days, is_day(scan, at)) for days in spans)]
    period = resolved.query.scope.period
    if period is not None and period.days is not None:
        counts = partial(DAY_KINDS[period.days], scan.snapshot.calendar)
        days = [d.start for span in spans for d in units_between("day", *span) if counts(d.start)]
        terms.append(_on(value, days, is_day(scan, at)))
    if resolved.behaviour.where is not None:
        scan.time_key = _time_key(scan, at)
        terms.append(guarded(predicate_sql(resolved.behaviour.where, scan)))
        scan.time_key = None
    return [term for term in terms if term is not None]


def _on(value: exp.Expression, days: list[date], plain: bool) -> exp.Expression:
    """On one of these days."""
    on = value.copy() if plain else exp.Cast(this=value.copy(), to=exp.DataType(this=DATE))
    return exp.In(this=on, expressions=[day(d) for d in days]) if days else exp.false()


def _time_key(scan: Scan, at: str) -> exp.Expression | None:
    """The period of a start, where sets are judged anew in every period."""
    resolved = scan.resolved
    if resolved.grain is not None:
        return bucket_start(resolved.grain, scan.field((), at))
    return span_position(scan, at) if len(resolved.spans) > 1 else None


def span_position(scan: Scan, at: str) -> exp.Expression:
    """Which of the periods side by side a start lies in."""
    cases = [
        exp.If(
            this=within(scan.field((), at), Days(span.start, span.end), is_day(scan, at)),
            true=number(position),
        )
        for position, span in enumerate(scan.resolved.spans)
    ]
    return exp.Case(ifs=cases)


def behaviour_scan(
    dataset: Dataset, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> Scan:
    """A table of events, with the sets of conditions judged per period of the starts."""
    return Scan(dataset, resolved, snapshot, _judge(resolved, snapshot, stages))


def _judge(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> SetStages:
    """Who belongs to a set or a band, in the period of a start."""
    assert resolved.behaviour is not None
    first = resolved.behaviour.steps[0]
    frames = frames_of(resolved.spans, resolved.grain)
    branch = Branch(
        name="starts",
        dataset=first.dataset,
        role="current",
        time=first.at,
        windows=tuple(Window(frame.key, frame.start, frame.end) for frame in frames),
        keying="case" if resolved.grain is None else "bucket",
        bucket=resolved.grain,
        groups=(),
        where=None,
        parts=(),
    )
    return SetStages(resolved, snapshot, stages, branch)


def _written(group: Group, query: GroupedQuery) -> str:
    """A group as dimensions are written: bands and sets by their position in the query."""
    if isinstance(group, DimensionGroup):
        return group.dimension
    return grouping_name(query.group_by.index(group))


def actor_key(scan: Scan, behaviour: ResolvedBehaviour) -> exp.Expression:
    """Who acted in a row."""
    log = scan.dataset.events
    actor = log.actor(behaviour.actor) if log is not None else None
    assert actor is not None
    return scan.field((), actor.field)


def row_key(scan: Scan) -> exp.Expression:
    """The key of a row as text: puts equal moments in a fixed order."""
    parts = [
        exp.Cast(this=scan.field((), key), to=exp.DataType(this=VARCHAR))
        for key in scan.dataset.key
    ]
    joined: exp.Expression = parts[0]
    for part in parts[1:]:
        apart = exp.DPipe(this=joined, expression=text("|"))
        joined = exp.DPipe(this=apart, expression=part)
    return joined


def present(value: exp.Expression) -> exp.Expression:
    """The value is known."""
    return exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))


def is_day(scan: Scan, at: str) -> bool:
    """Whether the field holds days, not moments."""
    field = scan.dataset.field(at)
    if field is not None:
        return field_kind(scan.snapshot, scan.dataset.name, field) == "date"
    return column_kind(scan.snapshot, scan.dataset.name, at) == "date"


def _first_of(events: list[exp.Expression | None]) -> exp.Expression:
    """The first step whose event a row is, start or not.

    So the rows stand in the same order, whoever is asked about and over whatever days.
    """
    cases: list[exp.If] = []
    for position, event in enumerate(events, 1):
        if event is None or any(_is_part(_terms_of(c.this), _terms_of(event)) for c in cases):
            continue
        cases.append(exp.If(this=event.copy(), true=number(position)))
    return cases[0].args["true"] if len(cases) == 1 else exp.Case(ifs=cases)


def _widest(flags: list[exp.Expression | None]) -> list[exp.Expression]:
    """The flags without those that only narrow another one: 9月打开过 beside 打开过."""
    terms = [(f, _terms_of(f)) for f in flags if f is not None]
    found: list[exp.Expression] = []
    for at, (flag_, own) in enumerate(terms):
        others = [other for _, other in (*terms[:at], *terms[at + 1 :]) if _is_part(other, own)]
        if all(len(other) == len(own) for other in others) and flag_ not in found:
            found.append(flag_)
    return found


def _terms_of(flag_: exp.Expression) -> list[exp.Expr]:
    if flag_ == exp.true():
        return []
    return list(flag_.flatten()) if isinstance(flag_, exp.And) else [flag_]


def _is_part(terms: list[exp.Expr], of: list[exp.Expr]) -> bool:
    return all(term in of for term in terms)


def _overlaps(steps: tuple[ResolvedStep, ...]) -> bool:
    """Whether one row could be two steps."""
    for position, step in enumerate(steps):
        for other in steps[position + 1 :]:
            same_rows = (step.dataset, step.at) == (other.dataset, other.at)
            apart = step.value is not None and other.value is not None
            if same_rows and not (apart and step.value != other.value):
                return True
    return False
