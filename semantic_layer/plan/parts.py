"""Branches grow as measures ask for parts: one scan serves all parts that share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from semantic_layer.calendar import Calendar
from semantic_layer.model import Aggregate, Dataset, Metric
from semantic_layer.plan.day_kinds import DAY_KINDS
from semantic_layer.plan.nodes import (
    Branch,
    Calculation,
    Formula,
    Keying,
    LeftOut,
    Part,
    PartRef,
    Statistic,
    Window,
)
from semantic_layer.plan.windows import (
    are_whole,
    base_windows,
    current_windows,
    keying_of,
    target_windows,
    trading_days_back,
    with_divisors,
)
from semantic_layer.query import Comparison, Cumulative, Grain, Predicate, Rolling
from semantic_layer.resolve.availability import grain_unit, latest_day
from semantic_layer.resolve.frames import Frame, Key, frames_of
from semantic_layer.resolve.groupings import moving_groups
from semantic_layer.resolve.labels import point_label, range_label
from semantic_layer.resolve.sets import moving_sets
from semantic_layer.resolve.stats import Stat
from semantic_layer.resolve.units import Days, last_unit_end, shift_unit, unit_of, units_between
from semantic_layer.resolved import ResolvedQuery, metric_query
from semantic_layer.snapshot import Snapshot

ADDITIVE = frozenset({"sum", "count"})
ZERO_WITHOUT_ROWS = frozenset({"sum", "count", "distinct"})
ROLE_NAMES = {
    "current": "", "yoy": "同比基期", "mom": "环比基期", "previous": "上期", "opening": "期初",
    "ytd_open": "年初", "range": "对比期", "whole": "全部", "target": "目标",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reach:
    """Which rows and groups a part is computed over."""

    role: str
    groups: tuple[str, ...]
    where: Predicate | None
    comparison: Comparison | None = None
    per: str | None = None
    """Unit of a mean, or of the values that `stat` is taken over."""
    stat: Stat | None = None
    is_whole: bool = False
    """What a share divides by: members listed already belong to it too."""


@dataclass(slots=True)
class Branches:
    """The scans of a plan while it is being built."""

    resolved: ResolvedQuery
    snapshot: Snapshot
    bucket: Grain | None
    window: Cumulative | Rolling | None
    left_out: LeftOut | None = None
    frames: tuple[Frame, ...] = ()
    built: dict[Branch, list[Part]] = field(default_factory=dict)
    statistics: dict[str, list[Statistic]] = field(default_factory=dict)
    """Branch → what is taken over its values per unit."""

    def __post_init__(self) -> None:
        frames = frames_of(self.resolved.spans, self.bucket)
        period = metric_query(self.resolved).scope.period
        first = self._first_day() if period is None or period.role is None else None
        loaded = (f for f in frames if first is None or f.key is None or f.end >= first)
        if self.bucket is not None and period is not None and period.days is not None:
            counts = DAY_KINDS[period.days]
            loaded = (f for f in loaded if self._has_day(f, counts))
        self.frames = tuple(loaded)

    def _has_day(self, frame: Frame, counts: Callable[[Calendar, date], bool]) -> bool:
        """Whether any day of the kind asked for has come: this week's 周末 may not have."""
        days = units_between("day", frame.start, frame.end)
        return any(counts(self.snapshot.calendar, day.start) for day in days)

    def part(
        self,
        leaf: Metric,
        reach: Reach,
        *,
        counts_behind: bool = False,
        above_zero: str | None = None,
    ) -> PartRef | None:
        """The aggregate's value over that reach; None when there is no data at all.

        `counts_behind`: a count that no average divides; `above_zero`: of positive rows only.
        """
        shape = self._shape(leaf, reach)
        if shape.time is not None and not shape.windows:
            return None
        parts = self.built.setdefault(shape, [])
        same = next((p for p in parts if p.metric.name == leaf.name), None)
        if same is None:
            same = Part(leaf.name, leaf, counts_behind, above_zero)
            parts.append(same)
        over_nothing = bool(shape.windows) and all(w.divisor == 0 for w in shape.windows)
        zero = _is_zero(leaf) and not over_nothing
        return PartRef(self._name(shape), same.column, zero, self._valid_keys(shape))

    def statistic(self, formula: Formula, name: str, *, zero: bool) -> PartRef | None:
        """What is taken over the values per unit of a formula over one branch."""
        parts = list(parts_of(formula))
        if not parts:
            return None
        known = self.statistics.setdefault(parts[0].branch, [])
        if all(found.column != name for found in known):
            known.append(Statistic(name, formula, zero))
        return PartRef(parts[0].branch, name, zero, parts[0].keys)

    def finished(self) -> tuple[Branch, ...]:
        """All branches with their names and parts, in the order asked for."""
        return tuple(self._finished(shape, parts) for shape, parts in self.built.items())

    def _finished(self, shape: Branch, parts: list[Part]) -> Branch:
        name, lists_counted = self._name(shape), self._lists_counted(shape, parts)
        return shape._replace(
            name=name,
            parts=(*parts, *self._people(shape, parts)),
            statistics=tuple(self.statistics.get(name, ())),
            lists_counted=lists_counted,
            drops_uncounted=lists_counted and not self._is_joined(),
            comment=_comment(shape, parts),
        )

    def _lists_counted(self, shape: Branch, parts: list[Part]) -> bool:
        """Whether a group of which this snapshot has other rows only may be asked for.

        Other branches may name it, or another of the months that an extreme is taken of.
        """
        extreme = bool(self.statistics.get(self._name(shape)))
        if shape.keeps_empty or not (extreme or self._is_joined()):
            return False
        definitions = [
            p.metric.definition for p in parts if isinstance(p.metric.definition, Aggregate)
        ]
        stock = any(own.semi_additive is not None for own in definitions)
        return stock and bool(shape.groups) and all(own.filter for own in definitions)

    def _is_joined(self) -> bool:
        """Whether several branches list groups."""
        full = len(max((s.groups for s in self.built), key=len))
        return sum(len(s.groups) == full for s in self.built) > 1

    def people(self) -> tuple[PartRef, ...]:
        """How many people are behind the values of each branch."""
        return tuple(
            PartRef(self._name(shape), part.column, zero=False)
            for shape, parts in self.built.items()
            for part in self._people(shape, parts)
        )

    def _people(self, shape: Branch, parts: list[Part]) -> list[Part]:
        entity = dict(self.resolved.people).get(shape.dataset)
        if entity is None:
            return []
        filters = dict.fromkeys(p.metric.definition.filter for p in parts)  # type: ignore[union-attr]
        return [
            Part(f"people_{at}", _count_of(entity, shape.dataset, text), counts_people=True)
            for at, text in enumerate(filters, start=1)
        ]

    def _name(self, shape: Branch) -> str:
        stem = shape.dataset if shape.role == "current" else f"{shape.dataset}_{shape.role}"
        alike = [s for s in self.built if (s.dataset, s.role) == (shape.dataset, shape.role)]
        position = alike.index(shape)
        return f"{stem}_{position + 1}" if position else stem

    def _first_day(self) -> date | None:
        """The first day for which any of the tables has data."""
        firsts = (self.snapshot.first_dates.get(name) for name in self.resolved.datasets)
        return min((day for day in firsts if day is not None), default=None)

    def _valid_keys(self, shape: Branch) -> tuple[Key, ...] | None:
        """The periods that have a value; a mean over no day has none."""
        keys = tuple(window.key for window in shape.windows if window.divisor != 0)
        return None if len(keys) == len(self.frames) or not keys else keys

    def _shape(self, leaf: Metric, reach: Reach) -> Branch:
        definition = leaf.definition
        assert isinstance(definition, Aggregate)
        dataset = self.snapshot.manifest.datasets[definition.dataset]
        semi, per = definition.semi_additive, _per(definition, reach.per)
        windows, snapshot = self._windows(leaf, reach), self._snapshot_unit(definition, dataset)
        if snapshot is not None and self._is_before_first(snapshot, dataset):
            windows = ()
        days = self._days(leaf, dataset, per, windows)
        if per is not None:
            windows = with_divisors(windows, per, days)
        elif definition.average_over is not None:
            windows = with_divisors(windows, "day", None)
        spined = bool(self.resolved.spines) or not reach.groups
        return Branch(
            name="",
            dataset=definition.dataset,
            role=reach.role,
            time=semi.over if semi is not None else definition.time or dataset.time,
            windows=windows,
            keying=self._keying(leaf, windows, reach),
            bucket=self.bucket,
            groups=reach.groups,
            where=reach.where,
            parts=(),
            per=None if self._sums_at_once(definition, reach) else per,
            stat=reach.stat,
            days=None if days is None else tuple(sorted(days)),
            snapshot=snapshot,
            last_known=semi is not None and semi.period_end == "last_known" and per is None,
            keeps_empty=semi is not None and spined,
            left_out=None if reach.is_whole else self.left_out,
        )

    def _sums_at_once(self, definition: Aggregate, reach: Reach) -> bool:
        """Whether the sum of a flow over all units is the sum of its rows."""
        flow = definition.agg in ADDITIVE and definition.semi_additive is None
        watched = definition.dataset in dict(self.resolved.people)
        return flow and definition.snapshot is None and reach.stat is None and not watched

    def _windows(self, leaf: Metric, reach: Reach) -> tuple[Window, ...]:
        assert isinstance(leaf.definition, Aggregate)
        per = _per(leaf.definition, reach.per)
        if reach.role == "target":
            return target_windows(leaf, self.frames, self.snapshot)
        if reach.comparison is not None:
            stock = leaf.is_stock and per is None
            found = base_windows(
                leaf, stock, self.frames, reach.comparison, self.resolved, self.snapshot
            )
            return tuple(w for w in map(self._widened_base, found) if self._has_days(leaf, w))
        if leaf.is_stock and per is not None:
            return tuple(Window(f.key, f.start, f.end) for f in self.frames)
        frames = self.frames
        if self.window is not None:
            frames = tuple(replace(f, start=self._opened(f.start, f.end)) for f in frames)
        return current_windows(leaf, frames, self.snapshot)

    def _opened(self, start: date, end: date) -> date:
        """The first day that a running total or a rolling window takes in at its end."""
        window = self.window
        if window is None:
            return start
        if isinstance(window, Rolling):
            if window.unit == "trading_day":
                return trading_days_back(end, window.count, self.snapshot.calendar)
            last = unit_of(window.unit, end)
            return shift_unit(window.unit, last.start, 1 - window.count).start
        if window.reset == "never":
            return min(self._first_day() or start, start)
        return unit_of(window.reset, end).start

    def _widened_base(self, window: Window) -> Window:
        return window._replace(start=self._opened(window.start, window.end))

    def _has_days(self, leaf: Metric, window: Window) -> bool:
        """Whether the table goes back to where a running base starts."""
        if self.window is None or getattr(self.window, "reset", "") == "never":
            return True
        assert isinstance(leaf.definition, Aggregate)
        first = self.snapshot.first_dates.get(leaf.definition.dataset)
        return first is None or unit_of("month", first).start <= window.start

    def _keying(self, leaf: Metric, windows: tuple[Window, ...], reach: Reach) -> Keying:
        assert isinstance(leaf.definition, Aggregate)
        keying = keying_of(windows, self.bucket)
        additive = leaf.definition.agg in ADDITIVE and leaf.definition.then_avg is None
        if self._is_told_by_period(reach):
            return "windows" if keying == "one" and len(windows) > 1 else keying
        if keying == "windows" and self.bucket and self.window and additive:
            return "cumulative" if are_whole(windows, self.bucket) else keying
        return keying

    def _is_told_by_period(self, reach: Reach) -> bool:
        """Whether rows count or not, or belong to a band or not, depending on the period."""
        listed = self.left_out is not None and bool(self.left_out.keys) and not reach.is_whole
        moving = moving_groups(self.resolved).intersection(reach.groups)
        return bool(moving_sets(reach.where)) or bool(moving) or listed

    def _days(
        self, leaf: Metric, dataset: Dataset, per: str | None, windows: tuple[Window, ...]
    ) -> frozenset[date] | None:
        """The only days that count; None: every day."""
        period = self.resolved.query.scope.period
        kind = "trading_day" if per == "trading_day" else period.days if period else None
        if kind is not None:
            counts = DAY_KINDS[kind]
            return frozenset(d for d in _days_of(windows) if counts(self.snapshot.calendar, d))
        if leaf.is_stock and per not in (None, "day") and grain_unit(dataset) == "day":
            ends = (d.end for w in windows for d in units_between(per or "", w.start, w.end))
            every = set(_days_of(windows))
            return frozenset(end for end in ends if end in every)
        return None

    def _is_before_first(self, snapshot: tuple[date, date], dataset: Dataset) -> bool:
        first = self.snapshot.first_dates.get(dataset.name)
        return first is not None and snapshot[1] < first

    def _snapshot_unit(self, definition: Aggregate, dataset: Dataset) -> tuple[date, date] | None:
        if definition.snapshot != "latest":
            return None
        unit = grain_unit(dataset)
        start = min(frame.start for frame in self.frames)
        latest = min(latest_day(self.snapshot, dataset), start)
        return tuple(unit_of(unit, last_unit_end(unit, latest)))  # type: ignore[return-value]


def _days_of(windows: tuple[Window, ...]) -> Iterator[date]:
    for window in windows:
        for days in units_between("day", window.start, window.end):
            yield days.start


def _count_of(entity: str, dataset: str, condition: str | None) -> Metric:
    return Metric("people", "人数", Aggregate(dataset, "distinct", entity, condition), "人")


def parts_of(formula: Formula) -> Iterator[PartRef]:
    """The parts that a formula is computed from."""
    if isinstance(formula, PartRef):
        yield formula
    elif isinstance(formula, Calculation):
        for operand in formula.operands:
            yield from parts_of(operand)


def _per(definition: Aggregate, asked: str | None) -> str | None:
    """The unit of a mean over units; None: no such mean."""
    if definition.then_avg is not None:
        return "day" if definition.then_avg == "date" else definition.then_avg
    if definition.average_over is not None and asked == "day":
        return None
    return asked


def _is_zero(leaf: Metric) -> bool:
    definition = leaf.definition
    assert isinstance(definition, Aggregate)
    return definition.agg in ZERO_WITHOUT_ROWS and definition.semi_additive is None


def _comment(shape: Branch, parts: list[Part]) -> str:
    labels = "、".join(part.metric.label for part in parts)
    if not shape.windows:
        return labels
    start = min(window.start for window in shape.windows)
    end = max(window.end for window in shape.windows)
    stock = parts[0].metric.is_stock and shape.keying == "one" and shape.per is None
    when = point_label(end) if stock else range_label(Days(start, end))
    role = ROLE_NAMES.get(shape.role, shape.role)
    return f"{role}:{labels},{when}" if role else f"{labels},{when}"
