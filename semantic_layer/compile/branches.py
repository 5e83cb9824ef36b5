"""A branch as stages: policy, filters, joins in use, aggregate, then keys of the result."""

from __future__ import annotations

from sqlglot import exp

from semantic_layer.compile.aggregates import (
    aggregate,
    common_filter,
    constant_divisor,
    counted_rows,
    counts_from_zero,
    definition,
    single_value,
)
from semantic_layer.compile.before_joins import summed_before_joins
from semantic_layer.compile.before_windows import distinct_before_windows
from semantic_layer.compile.buckets import bucket_start, is_start_of_unit, key_literal
from semantic_layer.compile.groups import group_value
from semantic_layer.compile.keyed import COUNTED, Keyed, inner_time, rows_query
from semantic_layer.compile.left_out import not_listed
from semantic_layer.compile.one_row_each import is_one_row_each
from semantic_layer.compile.predicates import predicate_sql, show_members
from semantic_layer.compile.reported import if_reported
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.sets import SetStages
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.statistics import UNIT, add_statistics, taken
from semantic_layer.compile.times import time_terms, within
from semantic_layer.compile.tokens import (
    all_of,
    coalesce,
    column,
    guarded,
    named,
    number,
    quotient,
    table,
)
from semantic_layer.plan.nodes import Branch
from semantic_layer.plan.parts import ADDITIVE
from semantic_layer.plan.spines import split_by_members
from semantic_layer.resolve.frames import Key, unit_name
from semantic_layer.resolve.sets import memberships
from semantic_layer.resolve.units import ONE_DAY, Days, unit_of
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot


def add_branch(
    branch: Branch,
    keyed: Keyed,
    resolved: ResolvedQuery,
    snapshot: Snapshot,
    stages: Stages,
) -> str:
    """Adds the stages of a branch; returns the one with the result's keys."""
    dataset = snapshot.manifest.datasets[branch.dataset]
    if _is_sum_of_units(branch, keyed):
        branch = branch._replace(per=None)
    sets = SetStages(resolved, snapshot, stages, branch)
    scan = Scan(dataset, resolved, snapshot, sets)
    rows = _aggregated(branch, keyed, scan, sets)
    stages.sources |= scan.sources
    name = stages.add(branch.name, rows, branch.comment)
    if branch.statistics:
        name = add_statistics(branch, keyed, name, snapshot, stages)
        return _with_keys(taken(branch), keyed, name, stages)
    if branch.per is not None:
        name = stages.add(f"{branch.name}_mean", _mean(branch, keyed, name), "各期之和除以期数")
    return _with_keys(branch, keyed, name, stages)


def _is_sum_of_units(branch: Branch, keyed: Keyed) -> bool:
    """Whether a mean over units is one sum over all rows, divided: sums of sums are the sum."""
    adds_up = all(definition(p).agg in ADDITIVE and not p.counts_people for p in branch.parts)
    told = bool(keyed.groups) or inner_time(branch, keyed)
    listed = told or all(counts_from_zero(part) for part in branch.parts)
    return branch.per is not None and not branch.statistics and adds_up and listed


def _aggregated(branch: Branch, keyed: Keyed, scan: Scan, sets: SetStages) -> exp.Select:
    select = scan.select()
    if inner_time(branch, keyed):
        scan.time_key = _time_key(branch, keyed, scan, select, sets.stages)
    columns = [named(group_value(group, scan), group.name) for group in keyed.groups]
    if scan.time_key is not None:
        columns.append(named(scan.time_key.copy(), keyed.time or ""))
    if branch.per is not None:
        columns.append(named(_unit(branch, scan), UNIT))
    terms = [select.args["where"].this] if select.args.get("where") else []
    terms += time_terms(branch, scan)
    binding, asked = _conditions(branch, scan)
    terms += binding
    show_members(branch.where, scan)
    remaining = not_listed(branch, scan, sets)
    if remaining is not None:
        terms.append(remaining)
    shared = common_filter(branch, scan)
    if shared is not None:
        terms.append(shared)
    keys = len(columns)
    apart = not keys and asked is not None and any(memberships(branch.where))
    single = is_one_row_each(branch, keyed, columns, scan)
    own = None if apart else asked
    for part in branch.parts:
        if single:
            value = single_value(part, branch, scan, own)
        else:
            value = aggregate(part, branch, scan, own, grouped=keys > 0 or apart)
        columns.append(named(value, part.column))
    if apart and asked is not None:
        columns = if_reported(columns, branch, scan, terms, sets.stages)
        terms.append(guarded(asked))
    if branch.lists_counted:
        columns.append(named(counted_rows(branch, scan), COUNTED))
    select.set("expressions", columns)
    condition = all_of(terms)
    if condition is not None:
        select.set("where", exp.Where(this=condition))
    if keys and not single:
        select.set("group", exp.Group(expressions=_told_apart_by(columns[:keys])))
    return _joined(select, keys, branch, scan, sets.stages)


def _told_apart_by(keys: list[exp.Expression]) -> list[exp.Expression]:
    """The keys by their position; buckets of time by what they are before they become days.

    Runs of rows with the same moment are found at once, runs with the same day are not.
    """
    return [
        key.unalias().this.copy() if is_start_of_unit(key.unalias()) else number(at)
        for at, key in enumerate(keys, start=1)
    ]


def _joined(
    select: exp.Select, keys: int, branch: Branch, scan: Scan, stages: Stages
) -> exp.Select:
    """The SELECT with its joins, over as few rows as they allow."""
    once = distinct_before_windows(select, branch, scan, stages)
    if once is not None:
        return once
    select = summed_before_joins(select, keys, branch, scan, stages)
    scan.attach_joins(select)
    return select


def _conditions(branch: Branch, scan: Scan) -> tuple[list[exp.Expression], exp.Expression | None]:
    """What binds every row, and what only the figures: a member whose rows all fail has 0."""
    if branch.where is None:
        return [], None
    if not branch.keeps_empty:
        return [predicate_sql(branch.where, scan)], None
    choosing, others = split_by_members(branch.where, scan.resolved)
    binding = [predicate_sql(part, scan) for part in choosing]
    return binding, all_of([predicate_sql(part, scan) for part in others])


def _unit(branch: Branch, scan: Scan) -> exp.Expression:
    value = scan.field((), branch.time or "")
    per = branch.per or "day"
    return bucket_start("date" if per in ("day", "trading_day") else per, value)  # type: ignore[arg-type]


def _time_key(
    branch: Branch, keyed: Keyed, scan: Scan, select: exp.Select, stages: Stages
) -> exp.Expression:
    assert branch.time is not None
    value = scan.field((), branch.time)
    if branch.keying in ("bucket", "cumulative"):
        assert branch.bucket is not None
        return bucket_start(branch.bucket, value)
    if branch.keying == "case":
        cases = [
            exp.If(this=within(value.copy(), Days(w.start, w.end), False), true=key_literal(w.key))
            for w in branch.windows
        ]
        return exp.Case(ifs=cases)
    windows = stages.add(f"{branch.name}_windows", _window_rows(branch), "每一期对应的起止日")
    inside = within_columns(value, "first_day", "next_day", windows)
    select.set("joins", [exp.Join(this=table(windows), on=inside)])
    return column("key", windows)


def within_columns(value: exp.Expression, first: str, following: str, stage: str) -> exp.Expression:
    """Whether a date lies between two columns of a stage, the second one excluded."""
    since = exp.GTE(this=value.copy(), expression=column(first, stage))
    return exp.And(
        this=since, expression=exp.LT(this=value.copy(), expression=column(following, stage))
    )


def _window_rows(branch: Branch) -> exp.Query:
    return rows_query(
        [{"key": w.key, "first_day": w.start, "next_day": w.end + ONE_DAY} for w in branch.windows]
    )


def _mean(branch: Branch, keyed: Keyed, source: str) -> exp.Select:
    """Sums over the units; what they are divided by comes with the keys."""
    names = keyed.names if inner_time(branch, keyed) else keyed.names[: len(keyed.groups)]
    columns = [column(name) for name in names]
    divisor = constant_divisor(branch)
    values = []
    for part in branch.parts:
        if part.counts_people:
            # at least so many different people were there in the whole period
            values.append(named(exp.Max(this=column(part.column)), part.column))
            continue
        value: exp.Expression = exp.Sum(this=column(part.column))
        if not columns and counts_from_zero(part):
            value = coalesce(value, number(0))
        if divisor is not None:
            value = quotient(value, number(divisor))
        values.append(named(value, part.column))
    if branch.lists_counted:
        values.append(named(exp.Sum(this=column(COUNTED)), COUNTED))
    select = exp.Select(expressions=[*columns, *values])
    select.set("from_", exp.From(this=table(source)))
    if columns:
        ordinals: list[exp.Expression] = [number(at + 1) for at in range(len(columns))]
        select.set("group", exp.Group(expressions=ordinals))
    return select


def _with_keys(branch: Branch, keyed: Keyed, source: str, stages: Stages) -> str:
    """Base periods get the keys of the periods they are compared with; averages divide."""
    if keyed.time is None:
        return source
    divides = branch.keying != "one" and any(w.divisor is not None for w in branch.windows)
    if branch.keying in ("case", "windows") and not divides:
        return source
    if branch.keying == "bucket" and not divides and _is_identity(branch):
        return source
    keys = stages.add(f"{branch.name}_keys", rows_query(_key_rows(branch)), "各期的对应")
    return stages.add(
        f"{branch.name}_by_key", _mapped(branch, keyed, source, keys, divides=divides)
    )


def _is_identity(branch: Branch) -> bool:
    assert branch.bucket is not None
    unit = unit_name(branch.bucket)
    return all(unit_of(unit, w.start).start == w.key for w in branch.windows)


def _key_rows(branch: Branch) -> list[dict[str, Key]]:
    rows = []
    for window in branch.windows:
        row = {"key": window.key}
        if branch.bucket is not None and branch.keying in ("bucket", "cumulative"):
            unit = unit_name(branch.bucket)
            row["unit"] = unit_of(unit, window.start).start
        if branch.keying == "cumulative":
            row["last_unit"] = unit_of(unit_name(branch.bucket or "date"), window.end).start
        if window.divisor is not None:
            row["units"] = window.divisor
        rows.append(row)
    return rows


def _mapped(branch: Branch, keyed: Keyed, source: str, keys: str, *, divides: bool) -> exp.Select:
    assert keyed.time is not None
    columns: list[exp.Expression] = [column(group.name, source) for group in keyed.groups]
    columns.append(named(column("key", keys), keyed.time))
    adds_up = branch.keying == "cumulative"
    for part in branch.parts:
        value: exp.Expression = column(part.column, source)
        if adds_up:
            value = exp.Sum(this=value)
        if divides and not part.counts_people:
            units: exp.Expression = column("units", keys)
            value = quotient(value, exp.Max(this=units) if adds_up else units)
        columns.append(named(value, part.column))
    if branch.lists_counted:
        counted: exp.Expression = column(COUNTED, source)
        columns.append(named(exp.Sum(this=counted) if adds_up else counted, COUNTED))
    select = exp.Select(expressions=columns)
    select.set("from_", exp.From(this=table(source)))
    select.set("joins", [_key_join(branch, keyed.time, source, keys)])
    if adds_up:
        ordinals: list[exp.Expression] = [number(at + 1) for at in range(len(keyed.names))]
        select.set("group", exp.Group(expressions=ordinals))
    return select


def _key_join(branch: Branch, time: str, source: str, keys: str) -> exp.Join:
    if branch.keying == "one":
        return exp.Join(this=table(keys), kind="CROSS")
    ours = column(time, source)
    if branch.keying == "cumulative":
        between = exp.Between(this=ours, low=column("unit", keys), high=column("last_unit", keys))
        return exp.Join(this=table(keys), on=between)
    theirs = column("unit" if branch.keying == "bucket" else "key", keys)
    return exp.Join(this=table(keys), on=exp.EQ(this=ours, expression=theirs))
