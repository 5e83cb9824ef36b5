"""The answer: columns, rows in order and totals, all read slowly from the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

from slow_reading.aggregates import (
    Cell,
    dated_rows,
    days_of,
    is_left_out,
    labels,
    matching,
    own_rows,
    per_of,
)
from slow_reading.bands import check_groupings
from slow_reading.comparisons import change, figures
from slow_reading.days import unit_at
from slow_reading.filters import holds
from slow_reading.formulas import measure_value, pools
from slow_reading.listing import Group, binding_parts, is_spined, spine_members
from slow_reading.measures import adds_up, leaves_of, natives, refs_of, unit_of_mean
from slow_reading.periods import Frame, bucket_label, definition
from slow_reading.question import Question, pose
from slow_reading.ranking import Line, Names, fulfils_having, limited, place_of, row_order
from slow_reading.sets import check_sets
from slow_reading.shares import whole_groups, whole_value, without
from slow_reading.world import Value, World

from semantic_layer.query import Comparison, Measure, MetricQuery, MetricRef, TimeGroup


@dataclass(frozen=True, slots=True)
class Answer:
    """What the slow reading says."""

    columns: list[str]
    rows: list[list[Any]]
    totals: dict[str, Any] | None
    others: dict[str, Any] | None = None
    listed: int = 0
    """Groups before a limit."""
    apart: list[list[Any]] = field(default_factory=list)
    """小计, and 其他 of each period and group."""


class Table(NamedTuple):
    """Rows in order, with the columns shown."""

    lines: list[Line]
    columns: list[str]


def answer(world: World, query: MetricQuery) -> Answer:
    """Rows and totals, or RefusedError."""
    from slow_reading.totals import check_parts, rest_of, subtotals_of, totals_of

    question = pose(world, query)
    check_parts(question.query)
    check_sets(question)
    check_groupings(question)
    question.spined = is_spined(question)
    question.columns = shown_columns(question, names_of(question))
    shown = every = table_of(question)
    rows = [[written(question, line, column) for column in shown.columns] for line in shown.lines]
    if question.query.limit or question.query.focus:
        unlimited = replace(question.query, limit=None, focus=None, order=())
        every = table_of(replace(question, query=unlimited))
    rest = rest_of(question, shown, every)
    apart = [*subtotals_of(question), *rest.apart]
    return Answer(shown.columns, rows, totals_of(question), rest.whole, len(every.lines), apart)


def written(question: Question, line: Line, column: str) -> Any:
    """A cell as it is shown."""
    if column == question.bucket or column in question.coarser:
        return bucket_label(column, line[column])
    return line[column]


def table_of(question: Question) -> Table:
    """All rows in order, with the columns shown."""
    names = names_of(question)
    lines = [_line(question, names, group, frame) for group, frame in listed(question)]
    if question.query.share is not None:
        add_shares(question, names, lines, question, lines)
    _add_means(question, names, lines)
    _add_figures(question, names, lines)
    kept = [line for line in lines if fulfils_having(question, names, line, lines)]
    chosen = kept if question.query.limit is None else limited(question, names, kept)
    focus = question.query.focus
    if focus is not None:
        for line in kept:
            line[f"{names.measures[0]}.rank"] = place_of(question, names, line, kept)
        member = _spelled(question, focus.dimension, focus.value)
        own = [line for line in kept if line[names.groups[focus.dimension]] == member]
        listed_too = chosen if question.query.limit is not None else []
        chosen = [line for line in kept if line in own or line in listed_too]
    return Table(row_order(question, names, chosen), shown_columns(question, names))


def _spelled(question: Question, dimension: str, value: str) -> Any:
    field = question.world.manifest.dimensions[dimension.rpartition(".")[2]].field
    for known in field.values:
        if value in (known.label, str(known.value)):
            return known.label or str(known.value)
    return value


def names_of(question: Question) -> Names:
    """Result columns: short names, with the role where two would be alike."""
    short = [g.rpartition(".")[2] for g in question.groups]
    groups = {
        g: _own_name(question, g) if g[0] in "@#" else (s if short.count(s) == 1 else g)
        for g, s in zip(question.groups, short, strict=True)
    }
    time = question.bucket or ("period" if len(question.spans) > 1 else None)
    measures = [_named(at, m) for at, m in enumerate(question.query.measures)]
    grains = (g.grain for g in question.query.group_by if isinstance(g, TimeGroup))
    times = list(grains) if question.bucket is not None else [time] if time else []
    return Names(groups, time, measures, times)


def _own_name(question: Question, name: str) -> str:
    if name.startswith("#"):
        taken = f"{name[1:]}_band" in {g.rpartition(".")[2] for g in question.groups}
        return "set_group" if name == "#" else f"{name[1:]}_band" + "s" * taken
    datasets = question.world.manifest.datasets.values()
    return next(d.key[0] for d in datasets if d.entity == name.lstrip("@"))


def _named(position: int, measure: Measure) -> str:
    if isinstance(measure, MetricRef):
        if measure.stat is not None:
            return f"{measure.metric}.{measure.stat}_{measure.stat_over}"
        return f"{measure.metric}.per_{measure.per}" if measure.per else measure.metric
    return f"expression_{position + 1}"


def shown_columns(question: Question, names: Names) -> list[str]:
    """Keys, then each measure with its place, share and comparisons."""
    found = [*names.groups.values(), *names.times]
    for at, measure in enumerate(question.query.measures):
        name = names.measures[at]
        found.append(name)
        if question.query.focus is not None and at == 0:
            found.append(f"{name}.rank")
        if question.query.share is not None:
            found.append(f"{name}.share")
        for comparison in question.query.compare:
            shows = figures(question, measure, comparison)
            found += [f"{name}.{comparison.base}.{show}" for show in shows]
    return found


def _line(question: Question, names: Names, group: Group, frame: Frame) -> Line:
    line: Line = dict(zip(names.groups.values(), group, strict=True))
    if names.time:
        line[names.time] = frame.key
    for grain in question.coarser:
        assert isinstance(frame.key, date)
        line[grain] = unit_at(grain, frame.key).start
    line["frame"] = frame
    cell = Cell(frame, tuple(zip(question.groups, group, strict=True)), question.query.scope.where)
    line["cell"] = cell
    for name, measure in zip(names.measures, question.query.measures, strict=True):
        line[name] = measure_value(question, measure, cell)
        for comparison in question.bases:
            base = replace(cell, base=comparison)
            line[f"{name}.{comparison.base}.value"] = measure_value(question, measure, base)
    return line


def add_shares(
    question: Question, names: Names, lines: list[Line], listing: Question, among: list[Line]
) -> None:
    """Shares of the whole, now and at each base, and how they changed."""
    for at, name in enumerate(names.measures):
        for line in lines:
            now = _share(question, names, line, (at, None), listing, among)
            line[f"{name}.share"] = now
            for base in question.bases:
                then = _share(question, names, line, (at, base), listing, among)
                line[f"{name}.{base.base}.share"] = change(now, then, "diff")


def _share(
    question: Question,
    names: Names,
    line: Line,
    figure: tuple[int, Comparison | None],
    listing: Question,
    among: list[Line],
) -> Value:
    """None where a member listed among the same whole is negative."""
    share, (at, base) = question.query.share, figure
    assert share is not None
    column = names.measures[at] + (f".{base.base}.value" if base else "")
    theirs, told = names_of(listing), whole_groups(question, share)
    pairs = [(names.groups[g], theirs.groups[g]) for g in told]
    pairs += [(names.time, theirs.time)] if names.time and theirs.time else []
    peers = [x[column] for x in among if all(line[a] == x[b] for a, b in pairs)]
    if line[column] is None or any(v is not None and v < 0 for v in [*peers, line[column]]):
        return None
    everybody, cell = replace(question, left_out=None), replace(line["cell"], base=base)
    whole = whole_value(everybody, question.query.measures[at], cell, share)
    return line[column] / whole if whole else None


def _add_means(question: Question, names: Names, lines: list[Line]) -> None:
    """What conditions and comparisons with the mean of the members compare with."""
    compared = any(c.base == "average" for c in question.query.compare)
    if not compared and not any(h.value == "average" for h in question.query.having):
        return
    for name, measure in zip(names.measures, question.query.measures, strict=True):
        for line in lines:
            line[f"{name}.average"] = _average(question, names, name, measure, line, lines)
            among = names if question.groups else replace(names, time=None)
            mean = _average(question, among, name, measure, line, lines)
            line[f"{name}.average.value"] = mean


def _average(
    question: Question, names: Names, name: str, measure: Measure, line: Line, lines: list[Line]
) -> Any:
    """The whole's own value; of what adds up, the mean over the members."""
    if not adds_up(measure, question.world.manifest):
        return measure_value(question, measure, replace(line["cell"], members=()))
    peers = [x[name] for x in lines if names.time is None or x[names.time] == line[names.time]]
    known = [v for v in peers if v is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def _add_figures(question: Question, names: Names, lines: list[Line]) -> None:
    for at, name in enumerate(names.measures):
        for comparison in question.query.compare:
            stem = f"{name}.{comparison.base}"
            for line in lines:
                for show in ("diff", "pp", "rate"):
                    now, then = line[name], line[f"{stem}.value"]
                    line[f"{stem}.{show}"] = change(now, then, show)
            for line in lines:
                line[f"{stem}.rank"] = _places_won(question, names, at, stem, line, lines)


def _places_won(
    question: Question, names: Names, at: int, stem: str, line: Line, lines: list[Line]
) -> int | None:
    measure, name = question.query.measures[at], names.measures[at]
    low = isinstance(measure, MetricRef) and (
        question.world.manifest.metrics[measure.metric].direction == "down_is_good"
    )
    if line[name] is None or line[f"{stem}.value"] is None:
        return None
    peers = [x for x in lines if names.time is None or x[names.time] == line[names.time]]

    def place(column: str) -> int:
        found = [x[column] for x in peers if x[column] is not None]
        return sum(1 for v in found if (v < line[column] if low else v > line[column]))

    return place(f"{stem}.value") - place(name)


def listed(question: Question) -> list[tuple[Group, Frame]]:
    """Groups with rows now or at a base, all members of a spine, all periods without groups."""
    if not question.groups:
        return [((), frame) for frame in question.frames]
    found: dict[tuple[Group, Any], tuple[Group, Frame]] = {}
    for frame in question.frames:
        groups = [*(spine_members(question) if question.spined else ()), *_seen(question, frame)]
        for group in groups:
            found[group, frame.key] = (group, frame)
    return list(found.values())


def _seen(question: Question, frame: Frame) -> Iterator[Group]:
    """The groups of the rows that count for a period."""
    wheres = [question.query.scope.where]
    share = question.query.share
    if share is not None and whole_groups(question, share) == question.groups:
        wheres.append(without(wheres[0], share) if share.of == "unfiltered" else wheres[0])
    for measure in question.query.measures:
        for ref in refs_of(measure):
            if pools(question, natives(question.world, ref.metric)):
                continue
            for base in (None, *question.bases):
                for where in wheres:
                    yield from _groups_of(
                        question, ref, Cell(frame, (), where, base, unit_of_mean(ref))
                    )


def _groups_of(question: Question, ref: MetricRef, cell: Cell) -> Iterator[Group]:
    for name in leaves_of(question.world.manifest, ref.metric):
        leaf = question.sources[name.name]
        dataset, per = definition(leaf).dataset, per_of(definition(leaf), cell.per)
        days = days_of(question, leaf, cell)
        rows = dated_rows(question, leaf, days, per)
        if leaf.is_stock and question.spined:
            parts = binding_parts(question, dataset, cell.where)
            rows = [
                r
                for r in rows
                if all(holds(question.reader, dataset, r, p, lambda _: frozenset()) for p in parts)
            ]
        else:
            rows = own_rows(question, leaf, matching(question, leaf, cell, rows))
        for row in rows:
            for group in product(*(labels(question, leaf, row, g, cell) for g in question.groups)):
                kept = replace(cell, members=tuple(zip(question.groups, group, strict=True)))
                if not is_left_out(question, leaf, row, kept):
                    yield group
