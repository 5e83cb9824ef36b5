"""The highest, lowest or middle of the values per day or month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlglot import exp

from semantic_layer.compile.formulas import formula_sql
from semantic_layer.compile.keyed import COUNTED, Keyed, inner_time, rows_query
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import (
    all_of,
    coalesce,
    column,
    finely,
    named,
    number,
    table,
)
from semantic_layer.plan.nodes import Branch, Part, PartRef, Window
from semantic_layer.resolve.frames import Key, unit_name
from semantic_layer.resolve.units import unit_of, units_with_days
from semantic_layer.snapshot import Snapshot

UNIT = "unit"
FUNCTIONS: dict[str, type[exp.Expression]] = {
    "max": exp.Max, "min": exp.Min, "median": exp.Median,
}  # fmt: skip
COMMENTS = {"max": "各期中最高的", "min": "各期中最低的", "median": "各期的中位数"}


def taken(branch: Branch) -> Branch:
    """The branch after its values were taken over the units: nothing is left to divide."""
    metric = branch.parts[0].metric
    parts = tuple(Part(found.column, metric) for found in branch.statistics)
    windows = tuple(window._replace(divisor=None) for window in branch.windows)
    counted = branch.lists_counted and not branch.drops_uncounted
    return branch._replace(parts=parts, windows=windows, statistics=(), lists_counted=counted)


def add_statistics(
    branch: Branch, keyed: Keyed, source: str, snapshot: Snapshot, stages: Stages
) -> str:
    """A stage with one row per key over the stage with one row per unit."""
    keys = _keys(branch, keyed)
    idle = _idle_units(branch, keyed)
    if idle is None and any(found.zero for found in branch.statistics):
        source = _with_empty_units(branch, keyed, keys, source, stages)
    columns: list[exp.Expression] = [column(key) for key in keys]
    for found in branch.statistics:
        value = formula_sql(found.formula, _here, snapshot.manifest.parameters)
        value = finely(value) if branch.stat == "median" else value
        function = FUNCTIONS[branch.stat or "max"](this=value)
        if idle is not None:
            function = _or_zero(function, branch.stat, idle)
        columns.append(named(function, found.column))
    counted = exp.Sum(this=column(COUNTED))
    if branch.lists_counted and not branch.drops_uncounted:
        columns.append(named(counted, COUNTED))
    select = exp.Select(expressions=columns)
    select.set("from_", exp.From(this=table(source)))
    if keys:
        ordinals: list[exp.Expression] = [number(at + 1) for at in range(len(keys))]
        select.set("group", exp.Group(expressions=ordinals))
    if branch.drops_uncounted:
        some = exp.GT(this=counted, expression=number(0))
        select.set("having", exp.Having(this=some))
    return stages.add(f"{branch.name}_{branch.stat}", select, COMMENTS[branch.stat or "max"])


def _idle_units(branch: Branch, keyed: Keyed) -> int | None:
    """How many units there are, where fewer rows of a group say that something was 0.

    None: units without rows have to be written out, or are none of its values.
    """
    extreme = branch.stat in ("max", "min") and not inner_time(branch, keyed)
    plain = all(found.zero and isinstance(found.formula, PartRef) for found in branch.statistics)
    return len({start for _, start in _units(branch)}) or None if extreme and plain else None


def _or_zero(value: exp.Expression, stat: str | None, units: int) -> exp.Expression:
    """The highest or lowest value, with 0 for the units in which nothing happened."""
    fewer = exp.LT(this=exp.Count(this=exp.Star()), expression=number(units))
    beyond = exp.GT if stat == "max" else exp.LT
    further = beyond(this=value, expression=number(0))
    nothing = exp.Not(this=coalesce(further, exp.false()))
    idle = exp.And(this=fewer, expression=nothing)
    return exp.Case(ifs=[exp.If(this=idle, true=number(0))], default=value.copy())


def _here(part: PartRef) -> exp.Expression:
    return column(part.column)


def _keys(branch: Branch, keyed: Keyed) -> tuple[str, ...]:
    return keyed.names if inner_time(branch, keyed) else keyed.names[: len(keyed.groups)]


def _with_empty_units(
    branch: Branch, keyed: Keyed, keys: tuple[str, ...], source: str, stages: Stages
) -> str:
    """Days on which nothing happened count 0 for every group there is."""
    timed = inner_time(branch, keyed)
    known = dict.fromkeys((key if timed else None, start) for key, start in _units(branch))
    rows: list[dict[str, Key]] = [
        {keyed.time or "": key, UNIT: start} if timed else {UNIT: start} for key, start in known
    ]
    units = stages.add(f"{branch.name}_units", rows_query(rows), "期间内的每一期")
    groups = [group.name for group in keyed.groups]
    select = exp.Select(expressions=[])
    select.set("from_", exp.From(this=table(units)))
    members = None
    if groups:
        named_by = [*groups, *([keyed.time] if timed and keyed.time else [])]
        listed = exp.Select(expressions=[column(name) for name in named_by])
        listed.set("from_", exp.From(this=table(source)))
        listed.set("distinct", exp.Distinct())
        members = stages.add(f"{branch.name}_members", listed, "出现过的分组")
    same: list[exp.Expression] = [
        exp.EQ(this=column(name, source), expression=column(name, units))
        for name in (*((keyed.time or "",) if timed else ()), UNIT)
    ]
    joins = []
    if members is not None:
        joins.append(_with_members(members, units, keyed.time if timed else None))
        same += [
            exp.NullSafeEQ(this=column(name, source), expression=column(name, members))
            for name in groups
        ]
    joins.append(exp.Join(this=table(source), side="LEFT", on=all_of(same)))
    select.set("joins", joins)
    found: list[exp.Expression] = [column(key, members if key in groups else units) for key in keys]
    found += [
        named(coalesce(column(part.column, source), number(0)), part.column)
        for part in branch.parts
    ]
    select.set("expressions", found)
    return stages.add(f"{branch.name}_filled", select, "没有发生的日子计0")


def _with_members(members: str, units: str, time: str | None) -> exp.Join:
    """Every group beside every unit of the periods in which it was there."""
    if time is None:
        return exp.Join(this=table(members), kind="CROSS")
    then = exp.EQ(this=column(time, members), expression=column(time, units))
    return exp.Join(this=table(members), on=then)


def _units(branch: Branch) -> Iterator[tuple[Key, date]]:
    """The key and the first day of every unit of every period that has a day that counts."""
    unit = branch.per or "day"
    for window in branch.windows:
        key = _inner_key(branch, window)
        for found in units_with_days(unit, window.start, window.end, branch.days):
            yield key, found.start


def _inner_key(branch: Branch, window: Window) -> Key:
    """The time key as the rows of this branch carry it."""
    if branch.keying == "bucket" and branch.bucket is not None:
        return unit_of(unit_name(branch.bucket), window.start).start
    return window.key
