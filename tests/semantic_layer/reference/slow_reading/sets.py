"""Who belongs to a set: every entity is judged once, by its own figures.

A metric without a period of its own is judged over the period of the question. An entity
without rows has 0 of a flow; of anything else it has no value and fulfils nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from slow_reading.days import Range, last_end, unit_at
from slow_reading.filters import fulfils, key_of
from slow_reading.measures import adds_up, leaves_of, refs_of, unit_of_mean
from slow_reading.periods import Frame, definition, frames_of
from slow_reading.predicates import sets_of
from slow_reading.question import Question, pose, time_of
from slow_reading.rows import as_day
from slow_reading.world import RefusedError, Row, Value

from semantic_layer.model import Metric
from semantic_layer.query import (
    Absolute,
    And,
    ChangeCondition,
    ColumnRef,
    Comparison,
    Condition,
    DimensionGroup,
    EventCondition,
    Everything,
    Limit,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Or,
    Order,
    Period,
    Predicate,
    Scope,
    Set,
    TopMembership,
)

if TYPE_CHECKING:
    from slow_reading.aggregates import Cell

COMPARE = {
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
}


def members_of(question: Question, set_: Set, period: Frame | None) -> frozenset[Any]:
    """The keys of the members."""
    if (set_, period) not in question.sets:
        question.sets[set_, period] = frozenset(_judged(question, set_, period))
    return question.sets[set_, period]


def check_sets(question: Question) -> None:
    """Every condition of every set has an answer, also when no row asks for it."""
    for set_ in sets_of(question.query.scope.where):
        check_set(question, set_)


def check_set(question: Question, set_: Set) -> None:
    """Every condition of a set has an answer."""
    question.reader.rows(_home(question, set_.entity))
    for leaf in _leaves(set_.where):
        if isinstance(leaf, Condition):
            check_condition(question, set_.entity, leaf.dimension)
            continue
        if is_run(leaf):
            check_run(question, set_, leaf)
            continue
        if isinstance(leaf, EventCondition) and leaf.after is not None:
            days_after(question, set_, leaf)
            continue
        counting = isinstance(leaf, EventCondition)
        query = _query(question, set_, leaf)
        asked = pose(question.world, query, counting=counting, inside=True)
        if question.keyed_by_time and _inherits(leaf):
            check_periods(question, asked)


def check_condition(question: Question, entity: str, dimension: str) -> None:
    """The table of the entity may be read and has the dimension."""
    home = _home(question, entity)
    question.reader.rows(home)
    question.reader.way(home, dimension)


def _inherits(leaf: Predicate) -> bool:
    """Whether a condition is judged over the period of the question."""
    return not isinstance(leaf, EventCondition) and leaf.period is None  # type: ignore[union-attr]


def check_periods(question: Question, asked: Question) -> None:
    """Members of each period: every counted table has dates, the condition's table its data."""
    if any(time_of(question.world, leaf) is None for leaf in question.sources.values()):
        raise RefusedError("dim_not_applicable")
    if all(time_of(asked.world, leaf) is None for leaf in asked.sources.values()):
        return
    frames = frames_of(question.spans, question.bucket)
    if any(frame.start > asked.seen.latest for frame in frames):
        raise RefusedError("no_data_yet")
    tables = {definition(leaf).dataset for leaf in asked.sources.values()}
    first = max((asked.world.first_dates.get(t, date.min) for t in tables), default=date.min)
    if any(frame.end < max(first, asked.seen.first) for frame in frames):
        raise RefusedError("no_data_before")


def _leaves(where: Predicate) -> list[Predicate]:
    match where:
        case And() | Or():
            return [leaf for child in where.children for leaf in _leaves(child)]
        case Not():
            return _leaves(where.child)
        case Membership():
            return _leaves(where.set.where)
    return [where]


def _home(question: Question, entity: str) -> str:
    """The table whose rows are judged."""
    datasets = question.world.manifest.datasets.values()
    own = next((d.name for d in datasets if d.entity == entity), None)
    return own or question.world.manifest.dimensions[entity].home


def _judged(question: Question, set_: Set, period: Frame | None) -> set[Any]:
    reader, home = question.reader, _home(question, set_.entity)
    name = key_of(reader, set_.entity)
    jury = _Jury(question, set_, home, period)
    found = set()
    for row in reader.rows(home):
        key = reader.dimension(home, row, name)
        if key is not None and jury.holds(set_.where, row, key):
            found.add(key)
    return found


@dataclass(slots=True)
class _Jury:
    """The conditions of one set, each metric read once for all entities."""

    question: Question
    set: Set
    home: str
    period: Frame | None
    figures: dict[Predicate, dict[Any, Value]] = field(default_factory=dict)

    def holds(self, where: Predicate, row: Row, key: Any) -> bool:
        """Whether an entity fulfils a condition."""
        reader = self.question.reader
        match where:
            case And():
                return all(self.holds(child, row, key) for child in where.children)
            case Or():
                return any(self.holds(child, row, key) for child in where.children)
            case Not():
                return not self.holds(where.child, row, key)
            case Membership():
                return self.holds(where.set.where, row, key)
            case Condition():
                return fulfils(reader, where, reader.dimension(self.home, row, where.dimension))
        return self._figure_holds(where, key)

    def _figure_holds(self, where: Predicate, key: Any) -> bool:
        if is_run(where):
            return self._run_holds(where, key)
        if isinstance(where, EventCondition) and where.after is not None:
            return self._after_holds(where, key)
        if where not in self.figures:
            self.figures[where] = _figures(self.question, self.set, where, self.period)
        found = self.figures[where]
        if isinstance(where, TopMembership):
            return key in found
        value = found.get(key)
        if isinstance(where, EventCondition):
            return ((value or 0) >= where.at_least) == where.did
        assert isinstance(where, MetricCondition | ChangeCondition)
        metric = isinstance(where, MetricCondition)
        known = metric or (where.show == "diff" and self._knows_base(where))
        if value is None and known and is_flow(self.question, where.metric):
            value = Fraction(0)
        return value is not None and COMPARE[where.op](value, where.value)

    def _run_holds(self, where: Predicate, key: Any) -> bool:
        """Whether a condition holds in every one of the last units."""
        units = run_units(self.question, self.set, where, self.period)
        return all(self._figure_holds(in_unit(where, unit), key) for unit in units)

    def _after_holds(self, where: EventCondition, key: Any) -> bool:
        """How often within some days after the first time of something else."""
        found = days_after(self.question, self.set, where)
        since = found.first.get(key)
        if since is None:
            return False
        last = since + timedelta(days=where.after_days or 0)
        times = sum(1 for who, day in found.done if who == key and since <= day <= last)
        return (
            times >= where.at_least if where.did else times < where.at_least and last <= found.end
        )

    def _knows_base(self, leaf: Predicate) -> bool:
        """Whether the data covers what a change is measured from."""
        from slow_reading.aggregates import Cell, days_of

        asked = _asked(self.question, self.set, leaf, self.period)
        base = asked.query.compare[0]
        cells = (Cell(frame, (), None, base) for frame in asked.frames)
        return all(
            days_of(asked, own, c) is not None for c in cells for own in asked.sources.values()
        )


def is_run(leaf: Predicate) -> bool:
    """Whether a condition is about several units in a row."""
    return isinstance(leaf, MetricCondition | EventCondition) and leaf.in_a_row is not None


def in_unit(leaf: Predicate, unit: Range) -> Predicate:
    """The condition in one unit."""
    period = Period((Absolute(unit.start, unit.end),))
    if isinstance(leaf, EventCondition):
        return replace(leaf, in_a_row=None, within=period)
    assert isinstance(leaf, MetricCondition)
    return replace(leaf, in_a_row=None, period=period)


def run_units(
    question: Question, set_: Set, leaf: Predicate, period: Frame | None
) -> tuple[Range, ...]:
    """The last complete units of the condition's own period, or until the end of the judged one."""
    assert isinstance(leaf, MetricCondition | EventCondition)
    assert leaf.in_a_row is not None
    own = leaf.within if isinstance(leaf, EventCondition) else leaf.period
    end = period.end if period is not None else question.spans[0][1].end
    if own is not None:
        plain = replace(leaf, in_a_row=None)
        asked = pose(
            question.world, _query(question, set_, plain),
            counting=isinstance(leaf, EventCondition), inside=True,
        )  # fmt: skip
        end = asked.spans[0][1].end
    unit = "day" if leaf.row_unit == "date" else leaf.row_unit
    last = unit_at(unit, last_end(unit, end))
    return tuple(unit_at(unit, last.start, -back) for back in range(leaf.in_a_row))


def check_run(question: Question, set_: Set, leaf: Predicate) -> None:
    """Every unit of every run lies in the data of the condition's table, which has dates."""
    manifest = question.world.manifest
    told = leaves_of(manifest, leaf.metric) if isinstance(leaf, MetricCondition) else []
    if any(time_of(question.world, own) is None for own in told):
        raise RefusedError("invalid_query")
    for frame in _judged_frames(question):
        for unit in run_units(question, set_, leaf, frame):
            query = _query(question, set_, in_unit(leaf, unit))
            asked = pose(
                question.world, query, counting=isinstance(leaf, EventCondition), inside=True
            )
            if any(time_of(asked.world, source) is None for source in asked.sources.values()):
                raise RefusedError("invalid_query")
            if unit_at("month", asked.seen.first).start > unit.start:
                raise RefusedError("no_data_before")
            if unit.end > asked.seen.latest:
                raise RefusedError("no_data_yet")
            own = leaf.within if isinstance(leaf, EventCondition) else leaf.period  # type: ignore[union-attr]
            if own is None and question.keyed_by_time:
                check_periods(question, asked)


def _judged_frames(question: Question) -> Iterator[Frame | None]:
    """Every period that members are judged over, now and at a base that there is data for."""
    from slow_reading.aggregates import days_of, is_before_data, judged_over

    for frame in question.frames:
        now = list(_counted(question, frame, None))
        if any(
            days_of(question, leaf, cell) is not None and not is_before_data(question, leaf)
            for leaf, cell in now
        ):
            yield frame if question.keyed_by_time else None
        for base in question.bases:
            for leaf, cell in _counted(question, frame, base):
                if days_of(question, leaf, cell) is not None:
                    yield judged_over(question, leaf, cell)


def _counted(
    question: Question, frame: Frame, base: Comparison | None
) -> Iterator[tuple[Metric, Cell]]:
    """What is counted in a period, each over the units of its mean."""
    from slow_reading.aggregates import Cell

    refs = (ref for measure in question.query.measures for ref in refs_of(measure))
    for ref in refs:
        for leaf in leaves_of(question.world.manifest, ref.metric):
            yield question.sources[leaf.name], Cell(frame, (), None, base, unit_of_mean(ref))


class DaysAfter(NamedTuple):
    """When everybody did the first thing, and who did the second one when."""

    first: dict[Any, date]
    done: list[tuple[Any, date]]
    end: date


def days_after(question: Question, set_: Set, leaf: EventCondition) -> DaysAfter:
    """The first day of the one and all days of the other."""
    assert leaf.after is not None
    known = ("after", set_.entity, leaf)
    if known not in question.figures:
        began, _ = _done(question, set_, EventCondition(leaf.after))
        first: dict[Any, date] = {}
        for who, day in began:
            first[who] = min(day, first.get(who, day))
        done, end = _done(question, set_, leaf)
        question.figures[known] = DaysAfter(first, done, end)
    found = question.figures[known]
    assert isinstance(found, DaysAfter)
    return found


def _done(
    question: Question, set_: Set, leaf: EventCondition
) -> tuple[list[tuple[Any, date]], date]:
    """Who did it when, and until when it is known."""
    from slow_reading.aggregates import Cell, dated_rows, days_of, matching, own_rows

    query = _query(question, set_, replace(leaf, after=None, after_days=None))
    asked = pose(question.world, query, counting=True, inside=True)
    (source,) = asked.sources.values()
    dataset, cell = definition(source).dataset, Cell(asked.frames[0], (), leaf.where)
    rows = dated_rows(asked, source, days_of(asked, source, cell), None)
    time, reader = time_of(asked.world, source) or "", question.reader
    found = [
        (reader.dimension(dataset, row, key_of(reader, set_.entity)), as_day(row[time]))
        for row in own_rows(asked, source, matching(asked, source, cell, rows))
    ]
    return [pair for pair in found if pair[0] is not None], asked.spans[0][1].end


def is_flow(question: Question, metric: str) -> bool:
    """Whether no rows mean 0."""
    manifest = question.world.manifest
    stock = any(leaf.is_stock for leaf in leaves_of(manifest, metric))
    return not stock and adds_up(MetricRef(metric), manifest)


def _figures(
    question: Question, set_: Set, leaf: Predicate, period: Frame | None
) -> dict[Any, Value]:
    """The figure of a condition by entity."""
    from slow_reading.answer import table_of

    asked = _asked(question, set_, leaf, period)
    rows, columns = table_of(asked)
    value = columns[-1]
    return {row[columns[0]]: row[value] for row in rows}


def _asked(question: Question, set_: Set, leaf: Predicate, period: Frame | None) -> Question:
    """The question for the figures of a condition, over the period that judges."""
    query = _query(question, set_, leaf)
    if query.scope.period is None:
        raise RefusedError("internal")
    counting = isinstance(leaf, EventCondition)
    asked = pose(question.world, query, counting=counting, inside=True)
    return over(asked, period if _inherits(leaf) else None)


def over(asked: Question, period: Frame | None) -> Question:
    """The same question over another period, with all members of a spine."""
    from slow_reading.listing import is_spined

    asked.spined = is_spined(asked)
    if period is not None:
        days = Range(period.start, period.end)
        asked.frames = [period]
        asked.spans = [(replace(asked.spans[0][0], range=days), days, True)]
    return asked


def _query(question: Question, set_: Set, leaf: Predicate) -> MetricQuery:
    groups = (DimensionGroup(key_of(question.reader, set_.entity)),)
    if isinstance(leaf, EventCondition):
        period = leaf.within or Period((Everything(),))
        scope = Scope(period, leaf.where)
        return MetricQuery((MetricRef(leaf.event),), groups, scope, totals=False)
    assert isinstance(leaf, MetricCondition | ChangeCondition | TopMembership)
    scope = Scope(leaf.period or question.query.scope.period)
    query = MetricQuery((MetricRef(leaf.metric),), groups, scope, totals=False)
    if isinstance(leaf, TopMembership):
        order = (Order(ColumnRef(0), descending=leaf.descending),)
        return replace(query, order=order, limit=Limit(leaf.count, leaf.percent))
    if isinstance(leaf, ChangeCondition):
        return replace(query, compare=(Comparison(leaf.base, (leaf.show,)),))
    return query
