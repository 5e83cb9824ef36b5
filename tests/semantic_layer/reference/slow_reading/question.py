"""A question with its names looked up: tables chosen, periods made days.

The first choice of tables that has the dimensions, the grain and the days is taken; all
metrics move to their next table together. When none serves, the last one says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from slow_reading.days import DAY, UNITS, Range, last_end, unit_at
from slow_reading.measures import (
    adds_up,
    asked_metrics,
    habit,
    leaves_of,
    natives,
    refs_of,
)
from slow_reading.periods import (
    Asked,
    Frame,
    Horizon,
    are_told_apart,
    definition,
    finest_of,
    frames_of,
    grain_of,
    grain_serves,
    horizon,
    is_coarser,
    resolved,
)
from slow_reading.predicates import conditions_of, conjuncts, sets_of
from slow_reading.rows import Reader, alternatives
from slow_reading.unsaid import with_period, with_ranges
from slow_reading.world import RefusedError, World

from semantic_layer.model import Aggregate, Metric
from semantic_layer.query import (
    BucketGroup,
    Comparison,
    DimensionGroup,
    Group,
    MetricQuery,
    MetricRef,
    Predicate,
    SetGroup,
    TimeGroup,
)

Sources = dict[str, Metric]
NO_TABLE = ("grain_not_available", "no_data_yet", "no_data_before")


@dataclass(slots=True)
class Question:
    """Everything that a value is computed from."""

    world: World
    reader: Reader
    query: MetricQuery
    sources: Sources
    seen: Horizon
    spans: list[tuple[Asked, Range, bool]]
    bucket: str | None
    frames: list[Frame] = field(default_factory=list)
    spined: bool = False
    sets: dict[Any, frozenset[Any]] = field(default_factory=dict)
    figures: dict[Any, Any] = field(default_factory=dict)
    """What bands are told by."""
    apart: dict[str, Any] = field(default_factory=dict)
    """The groups that are no dimension, by name."""
    spoken: bool = True
    """Whether the asker said when."""
    dated: dict[Any, list[Any]] = field(default_factory=dict)
    """Rows by table and days, looked up once for the frames of the question."""
    counted: dict[Any, frozenset[date]] = field(default_factory=dict)
    """The days that count, looked up once."""
    left_out: dict[Any, set[tuple[Any, ...]]] | None = None
    """Only rows of none of these members of the period count (其他)."""
    listed_groups: tuple[str, ...] = ()
    """The dimensions of the members left out."""
    columns: list[str] = field(default_factory=list)
    """What the rows show."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Grouped dimensions as written."""
        names = map(group_name, self.query.group_by)
        return tuple(dict.fromkeys(name for name in names if name is not None))

    def habit(self, metric: str) -> str:
        """The period of a metric when nobody says which."""
        return habit(self.world, metric)

    @property
    def coarser(self) -> tuple[str, ...]:
        """The grains beside the finest one, which say where its units lie."""
        grains = (g.grain for g in self.query.group_by if isinstance(g, TimeGroup))
        return tuple(grain for grain in grains if grain != self.bucket)

    @property
    def bases(self) -> tuple[Comparison, ...]:
        """Comparisons with another period; the mean of the members is of the same one."""
        return other_periods(self.query)

    @property
    def keyed_by_time(self) -> bool:
        """Whether rows have a time column."""
        return self.bucket is not None or len(self.spans) > 1


def refuse_unless(fine: bool, code: str) -> None:
    """A refusal with its code, unless all is well."""
    if not fine:
        raise RefusedError(code)


def group_name(group: Group) -> str | None:
    """A group as it is written: a dimension, `#metric` for bands, `#` for sets."""
    if isinstance(group, TimeGroup):
        return None
    if isinstance(group, DimensionGroup):
        return group.dimension
    return f"#{group.of}" if isinstance(group, BucketGroup) else "#"


def entities_of(group: Group) -> list[str]:
    """Who is put into bands or sets."""
    if isinstance(group, BucketGroup):
        return [group.entity]
    return [set_.entity for set_ in group.sets] if isinstance(group, SetGroup) else []


def other_periods(query: MetricQuery) -> tuple[Comparison, ...]:
    """The comparisons that another period stands behind."""
    return tuple(c for c in query.compare if c.base != "average")


def pose(
    world: World, query: MetricQuery, *, counting: bool = False, inside: bool = False
) -> Question:
    """The question over its tables, or the refusal; `inside`: for the figures of a set."""
    alternatives(world)
    reader = Reader(world)
    _check_sense(world, query)
    if not inside:
        _check_rights(world, query)
    spoken = query.scope.period is not None
    query = with_period(world, with_ranges(world, query))
    refused = RefusedError("internal")
    best: Question | None = None
    for sources in _choices(world, reader, query):
        chosen = {n: _counted(m) if counting else m for n, m in sources.items()}
        try:
            found = _over(world, reader, query, chosen)
        except RefusedError as error:
            if error.code not in NO_TABLE:
                raise
            refused = error
            continue
        if best is None or _reaches_further(best, found):
            best = found
        if not _is_cut_short(found):
            break
    if best is None:
        raise refused
    for leaf in best.sources.values():
        reader.rows(definition(leaf).dataset)
    _check_told_apart(best)
    named = {group_name(g): g for g in query.group_by if isinstance(g, BucketGroup | SetGroup)}
    best.spoken, best.apart = spoken, {n: g for n, g in named.items() if n is not None}
    return best


def _check_told_apart(question: Question) -> None:
    """One bucket has one row, for the same days of all periods that share it."""
    query = question.query
    for at in (len(query.group_by) - 1, *query.subtotals):
        grain = finest_of(query.group_by[: at + 1])
        apart = are_told_apart(question.spans, grain, compared=bool(query.compare))
        refuse_unless(apart, "invalid_query")


def _is_cut_short(question: Question) -> bool:
    """Whether a stock's period goes on where its table ends."""
    cut = (not ok and days.end < asked.range.end for asked, days, ok in question.spans)
    return question.seen.stock and any(cut)


def _reaches_further(best: Question, other: Question) -> bool:
    """Whether another table knows more of the same period, and every base."""
    from slow_reading.comparisons import base_points

    if _beginnings(best) != _beginnings(other):
        return False
    ends = [(a[1].end, b[1].end) for a, b in zip(best.spans, other.spans, strict=True)]
    if any(new < old for old, new in ends) or all(new == old for old, new in ends):
        return False
    bases = (
        max(base_points(other, span, comparison))
        for comparison in other.bases
        for span in other.spans
    )
    return all(base >= other.seen.first for base in bases)


def _beginnings(question: Question) -> list[date]:
    """Where each period begins: as it was asked, or with the first days that are known."""
    point = question.seen.point
    return [asked.range.start if point else days.start for asked, days, _ in question.spans]


def _counted(leaf: Metric) -> Metric:
    """The rows behind a metric: how often somebody did it."""
    own = definition(leaf)
    return replace(leaf, definition=Aggregate(own.dataset, "count", None, own.filter, own.time))


def _check_sense(world: World, query: MetricQuery) -> None:
    manifest = world.manifest
    for measure in query.measures:
        leaves = [x for r in refs_of(measure) for x in leaves_of(manifest, r.metric)]
        if query.share is not None and not adds_up(measure, manifest):
            raise RefusedError("invalid_query")
        if query.window is not None and any(leaf.is_stock for leaf in leaves):
            raise RefusedError("invalid_query")
    share = query.share
    freed = share.dimension if share is not None and share.of == "unfiltered" else None
    if freed and not _stands_alone(query.scope.where, freed):
        raise RefusedError("invalid_query")
    if share is not None and share.entity is not None:
        from slow_reading.shares import is_taken_off

        chosen = any(is_taken_off(part, share) for part in conjuncts(query.scope.where))
        refuse_unless(chosen, "invalid_query")
    groups = [g.dimension for g in query.group_by if isinstance(g, DimensionGroup)]
    apart = [n for n in map(group_name, query.group_by) if n is not None and n.startswith("#")]
    refuse_unless(len(set(apart)) == len(apart), "invalid_query")
    refuse_unless(query.share is None or "#" not in apart, "invalid_query")
    grains = [g.grain for g in query.group_by if isinstance(g, TimeGroup)]
    fine = finest_of(query.group_by)
    nested = (g == fine or grain_serves("day" if fine == "date" else fine or "", g) for g in grains)
    refuse_unless(len(set(grains)) == len(grains) and all(nested), "invalid_query")
    bases = [c.base for c in query.compare]
    refuse_unless("average" not in bases or bool(query.group_by), "invalid_query")
    refuse_unless("range" not in bases or query.window is None, "invalid_query")
    if len(set(bases)) < len(bases) or len(set(query.measures)) < len(query.measures):
        raise RefusedError("invalid_query")
    if query.focus is not None and query.focus.dimension not in groups:
        raise RefusedError("invalid_query")


def _check_rights(world: World, query: MetricQuery) -> None:
    """A part of the whole tells no place in it; a set takes the first of what may be seen."""
    groups = [g.dimension for g in query.group_by if isinstance(g, DimensionGroup)]
    limited = alternatives(world)
    whole = query.focus is not None or (query.share is not None and query.share.of != "total")
    if limited is None or not all(limited):
        return
    bound = {name.rpartition(".")[2] for allowed in limited for name, _ in allowed}
    picked = query.limit is not None and any(name.rpartition(".")[2] in bound for name in groups)
    if whole or picked:
        raise RefusedError("permission")


def _stands_alone(where: Predicate | None, dimension: str) -> bool:
    """Whether conditions on the dimension can be taken off without others."""
    about = [part for part in conjuncts(where) if dimension in _names_in(part)]
    return bool(about) and all(
        _names_in(part) == {dimension} and not any(True for _ in sets_of(part)) for part in about
    )


def _names_in(part: Predicate) -> set[str]:
    return {c.dimension for c in conditions_of(part)}


def dimensions_of(reader: Reader, query: MetricQuery) -> list[str]:
    """Every dimension that the counted rows must have."""
    from slow_reading.filters import key_of

    found = [g.dimension for g in query.group_by if isinstance(g, DimensionGroup)]
    found += [c.dimension for c in conditions_of(query.scope.where)]
    found += [key_of(reader, s.entity) for s in sets_of(query.scope.where)]
    found += [key_of(reader, entity) for group in query.group_by for entity in entities_of(group)]
    if query.share is not None and query.share.of == "parent" and query.share.dimension:
        found.append(query.share.dimension)
    return list(dict.fromkeys(found))


def _choices(world: World, reader: Reader, query: MetricQuery) -> Iterator[Sources]:
    names = dimensions_of(reader, query)
    options: dict[str, list[Metric]] = {}
    for metric in asked_metrics(query):
        for leaf in leaves_of(world.manifest, metric):
            own = [replace(leaf, definition=d) for d in (definition(leaf), *leaf.also)]
            options[leaf.name] = _reaching(reader, own, names)
    for level in range(max(map(len, options.values()), default=1)):
        yield {name: own[min(level, len(own) - 1)] for name, own in options.items()}


def _reaching(reader: Reader, own: list[Metric], names: list[str]) -> list[Metric]:
    found: list[Metric] = []
    refused: RefusedError | None = None
    for leaf in own:
        try:
            for name in names:
                reader.way(definition(leaf).dataset, name)
        except RefusedError as error:
            refused = refused or error
        else:
            found.append(leaf)
    if not found and refused is not None:
        raise refused
    return found


def _over(world: World, reader: Reader, query: MetricQuery, sources: Sources) -> Question:
    period = query.scope.period
    assert period is not None
    sources = {n: _by_role(world, m, period.role) for n, m in sources.items()}
    refs = [r for m in query.measures for r in refs_of(m)]
    averaged = any(r.per or r.stat for r in refs)
    bucket = finest_of(query.group_by)
    seen = horizon(world, sources.values(), averaged=averaged, bucketed=bucket is not None)
    _check_means(world, refs, sources)
    from slow_reading.statistics import check_statistics

    check_statistics(world, query, refs, sources)
    if period.days is not None and (seen.unit != "day" or seen.stock):
        raise RefusedError("invalid_query")
    spans = [resolved(span, seen) for span in period.spans]
    if not query.order:
        spans.sort(key=lambda s: (s[0].range.end, s[0].range.start))
    spans = [_whole_units(span, refs, seen) for span in spans]
    query = _by_native_units(world, query, spans, bucket)
    bucket = finest_of(query.group_by)
    _check_timeless(world, query, sources, bucket, averaged)
    if bucket is not None and not grain_serves(seen.unit, "day" if bucket == "date" else bucket):
        raise RefusedError("grain_not_available")
    _check_compared(world, query, sources, seen, spans, averaged)
    from slow_reading.comparisons import check_snapshots

    found = Question(world, reader, query, sources, seen, spans, bucket)
    found.frames = listed_frames(found)
    check_snapshots(found)
    return found


def _by_role(world: World, leaf: Metric, role: str | None) -> Metric:
    if role is None:
        return leaf
    dataset = world.dataset(definition(leaf).dataset)
    roles = dict(dataset.time_roles)
    if role not in roles:
        raise RefusedError("dim_not_applicable")
    own = replace(definition(leaf), time=roles[role])
    if dataset.grain != "event":
        own = replace(own, semi_additive=None, snapshot="latest", future=True)
    return replace(leaf, definition=own)


def _check_means(world: World, refs: list[MetricRef], sources: Sources) -> None:
    """日均 of a stock needs a snapshot per day."""
    for ref in refs:
        unit = "day" if ref.per == "trading_day" else ref.per
        for leaf in leaves_of(world.manifest, ref.metric) if unit else ():
            source = sources[leaf.name]
            have = grain_of(world.dataset(definition(source).dataset))
            if source.is_stock and not grain_serves(have, unit or "day"):
                raise RefusedError("grain_not_available")


def _whole_units(
    span: tuple[Asked, Range, bool], refs: list[MetricRef], seen: Horizon
) -> tuple[Asked, Range, bool]:
    """月均 leaves unfinished months out."""
    averages = ("month", "quarter", "year")
    units = [u for r in refs for u in (r.per, r.stat_over) if u in averages]
    if not units or seen.point:
        return span
    unit = max((u for u in units if u), key=UNITS.index)
    asked, days, complete = span
    first = unit_at(unit, days.start)
    start = days.start if first.start == days.start else first.end + DAY
    whole = Range(start, last_end(unit, days.end))
    if whole == days:
        return asked, days, complete
    if whole.end < whole.start:
        raise RefusedError("incomplete_period")
    return replace(asked, range=Range(asked.range.start, whole.end)), whole, True


def within_one(asked: Asked, native: str) -> bool:
    """Whether a span is one such unit, or less."""
    fine = asked.unit in UNITS and UNITS.index(asked.unit) <= UNITS.index(native)
    return fine and asked.count == 1


def _by_native_units(
    world: World, query: MetricQuery, spans: list[tuple[Asked, Range, bool]], bucket: str | None
) -> MetricQuery:
    """A ratio bound to months lists the months of a longer period, in the place of its years."""
    bound = next((n for name in asked_metrics(query) for n in natives(world, name)), None)
    if bound is None:
        return query
    own = TimeGroup(bound)  # type: ignore[arg-type]
    if bucket is None:
        fits = all(within_one(asked, bound) for asked, _, _ in spans)
        return query if fits else replace(query, group_by=(*query.group_by, own))
    if not is_coarser(bucket, bound):
        return query
    groups = query.group_by
    placed = (own if isinstance(g, TimeGroup) and g.grain == bucket else g for g in groups)
    return replace(query, group_by=tuple(placed))


def time_of(world: World, leaf: Metric) -> str | None:
    """The field by which a leaf is dated."""
    own = definition(leaf)
    if own.semi_additive is not None:
        return own.semi_additive.over
    return own.time or world.dataset(own.dataset).time


def _check_timeless(
    world: World, query: MetricQuery, sources: Sources, bucket: str | None, averaged: bool
) -> None:
    period = query.scope.period
    assert period is not None
    history = bucket or averaged or query.compare or query.window or len(period.spans) > 1
    if history and any(time_of(world, leaf) is None for leaf in sources.values()):
        raise RefusedError("invalid_query")


def _check_compared(
    world: World,
    query: MetricQuery,
    sources: Sources,
    seen: Horizon,
    spans: list[tuple[Asked, Range, bool]],
    averaged: bool,
) -> None:
    for comparison in other_periods(query):
        if comparison.base in ("opening", "ytd_open") and not averaged:
            for leaf in sources.values():
                own = definition(leaf)
                mean = own.average_over is not None or own.then_avg is not None
                if not leaf.is_stock and not mean:
                    raise RefusedError("invalid_query")
        first = world.manifest.metrics[asked_metrics(query)[0]]
        cut = any(not ok and days.end < asked.range.end for asked, days, ok in spans)
        if cut and first.incomplete_period == "refuse" and not seen.stock:
            raise RefusedError("incomplete_period")


def listed_frames(question: Question) -> list[Frame]:
    """Periods before the first day of every table are not listed."""
    found = [f for f in frames_of(question.spans, question.bucket) if _is_counted(question, f)]
    period = question.query.scope.period
    first = first_day(question)
    if first is None or (period and period.role):
        return found
    return [f for f in found if f.key is None or f.end >= first]


def _is_counted(question: Question, frame: Frame) -> bool:
    """Whether a bucket that would be a row of its own has any day of the kind asked for."""
    from slow_reading.aggregates import counts_day

    period = question.query.scope.period
    if question.bucket is None or period is None or period.days is None:
        return True
    count = (frame.end - frame.start).days + 1
    days = (frame.start + DAY * n for n in range(count))
    return any(counts_day(question, period.days, day) for day in days)


def first_day(question: Question) -> date | None:
    """The first day for which any of the tables has data."""
    names = {definition(leaf).dataset for leaf in question.sources.values()}
    firsts = [question.world.first_dates[n] for n in names if n in question.world.first_dates]
    return min(firsts, default=None)
