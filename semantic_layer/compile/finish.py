"""From combined branches to rows: conditions, ranks, order and the columns shown."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from semantic_layer.compile.buckets import bucket_label, bucket_start, span_label
from semantic_layer.compile.columns import (
    compared_column,
    group_column,
    measure_column,
    progress_column,
    rank_column,
    share_column,
    time_column,
)
from semantic_layer.compile.combine import Combined
from semantic_layer.compile.derived import (
    base_whole_name,
    compared_name,
    compared_value,
    ordered,
    share_of_base,
    share_value,
    sum_of_members,
    whole_name,
    year_progress,
)
from semantic_layer.compile.formulas import formula_sql
from semantic_layer.compile.groups import declared_order, member_text
from semantic_layer.compile.having import averages, base_means, having_terms
from semantic_layer.compile.layers import Layer, push, restrict
from semantic_layer.compile.precision import digits_of_values, rounded
from semantic_layer.compile.protect import SUPPRESSED, protect
from semantic_layer.compile.ranking import (
    RANK,
    Sorting,
    add_ranks,
    rank_conditions,
    sorting_of,
    unnamed_last,
)
from semantic_layer.compile.references import XUN_START, group_name, key_name, referred_figures
from semantic_layer.compile.stages import Finished, Stages
from semantic_layer.compile.tokens import all_of, any_of, column, literal, named, number, text
from semantic_layer.compile.unplaced import is_small, small_name, unplaced
from semantic_layer.plan.formulas import least_cases
from semantic_layer.plan.nodes import Plan, PlannedMeasure
from semantic_layer.query import ColumnRef, MetricQuery, Order, TimeGroup
from semantic_layer.resolve.conditions import read_value
from semantic_layer.resolve.frames import coarser_grains
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Column
from semantic_layer.snapshot import Snapshot


def finish(
    plan: Plan, combined: Combined, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> Finished:
    """The final SELECT over all stages."""
    query = resolved.query
    assert isinstance(query, MetricQuery)
    sorting = sorting_of(plan, query)
    layer = Layer(combined.source, combined.keyed.names, combined.keys)
    layer.values.update(_coarser(plan, query, layer))
    layer.values.update(_measured(plan, combined, snapshot))
    members = combined.keyed.groups
    means = base_means(plan, members)
    if plan.people:
        wholes = {**averages(plan, query, members), **_shown_wholes(plan, query), **means}
        subtotal = _subtotal_keys(plan, query)
        least = snapshot.min_group_size
        layer = protect(layer, plan, combined, stages, least, wholes, subtotal)
    elif means:
        layer = push(layer, "valued", stages, "指标")
        layer.values.update(means)
    derived = _derived(plan, query, combined)
    ranks = query.limit is not None or query.focus is not None
    if derived or query.having or ranks or any(m.whole for m in plan.measures):
        layer = push(layer, "measured", stages, "指标")
        layer.values.update(derived)
    if derived and (query.having or ranks):
        layer = push(layer, "compared", stages, "比较与占比")
    restrict(layer, all_of(having_terms(plan, query)))
    if ranks:
        keys = [layer.key(name) for name in _text_groups(combined)]
        out = _out(plan, combined, query, sorting, layer)
        add_ranks(layer, plan, query, sorting, unnamed_last(plan, query, sorting, keys), out)
        if plan.people:
            layer.values[RANK] = _unless_hidden(layer.values[RANK])
        layer = push(layer, "ranked", stages, "排名,并列同名次")
        restrict(layer, all_of(_rank_terms(combined, query, sorting, snapshot)))
    return _final(plan, combined, query, layer, sorting, resolved)


def _subtotal_keys(plan: Plan, query: MetricQuery) -> tuple[str, ...]:
    """The keys of the finest 小计 beside the rows; none when there are none."""
    finest = max(query.subtotals, default=-1)
    return tuple(group_name(plan, query, at) for at in range(finest + 1))


def _shown_wholes(plan: Plan, query: MetricQuery) -> dict[str, exp.Expression]:
    """Sums of members that shares divide by, hidden members included."""
    summed = [m for m in plan.measures if query.share is not None and m.whole is None]
    found = {whole_name(m): sum_of_members(m, _whole_keys(plan, query, m)) for m in summed}
    for measure in summed:
        keys = _whole_keys(plan, query, measure)
        for compared in measure.compared:
            base = replace(measure, column=compared.column)
            found[base_whole_name(compared)] = sum_of_members(base, keys)
    return found


def _out(
    plan: Plan, combined: Combined, query: MetricQuery, sorting: Sorting, layer: Layer
) -> tuple[exp.Expression, ...]:
    """Why a row takes no place."""
    groups = combined.keyed.groups
    return unplaced(
        plan, query, sorting.order, groups, layer.key, lambda name: layer.values[name].copy()
    )


def _measured(plan: Plan, combined: Combined, snapshot: Snapshot) -> dict[str, exp.Expression]:
    """Each measure, its base values and its whole, from the parts."""
    found: dict[str, exp.Expression] = {}
    parameters = snapshot.manifest.parameters
    for measure in plan.measures:
        found[measure.column] = formula_sql(measure.formula, combined.place, parameters)
        for compared in measure.compared:
            if compared.formula is not None:
                value = formula_sql(compared.formula, combined.place, parameters)
                found[compared.column] = value
            if compared.whole is not None:
                whole = formula_sql(compared.whole, combined.place, parameters)
                found[base_whole_name(compared)] = whole
        if measure.cases is not None:
            cases = formula_sql(measure.cases, combined.place, parameters)
            found[small_name(measure)] = is_small(cases, least_cases(snapshot.manifest))
        if measure.whole is not None:
            found[whole_name(measure)] = formula_sql(measure.whole, combined.place, parameters)
    return found


def _derived(plan: Plan, query: MetricQuery, combined: Combined) -> dict[str, exp.Expression]:
    """Shares and comparison figures, those that only the order needs included."""
    found: dict[str, exp.Expression] = {}
    if not plan.people:
        found.update(averages(plan, query, combined.keyed.groups))
    wanted = list(referred_figures(plan, query).values())
    for measure in plan.measures:
        if query.share is not None:
            keys = _whole_keys(plan, query, measure)
            whole: exp.Expression = column(whole_name(measure))
            if measure.whole is None and not plan.people:
                whole = sum_of_members(measure, keys)
            found[f"{measure.column}.share"] = share_value(measure, whole, keys)
        wanted += [(measure, c, show) for c in measure.compared for show in c.shows]
    for measure in plan.measures:
        found.update(year_progress(measure))
    for measure, compared, show in wanted:
        name = compared_name(measure, compared, show)
        if show == "share":
            keys = _whole_keys(plan, query, measure)
            now = found[f"{measure.column}.share"].copy()
            base = share_of_base(measure, compared, keys, summed=bool(plan.people))
            found[name] = exp.Sub(this=exp.Paren(this=now), expression=exp.Paren(this=base))
        elif name != compared.column:
            apart = Order(ColumnRef(measure=plan.measures.index(measure)))
            out = unplaced(plan, query, (apart,), combined.keyed.groups, column, column)
            found[name] = compared_value(measure, compared, show, plan.time_column, out)
    return found


def _whole_keys(plan: Plan, query: MetricQuery, measure: PlannedMeasure) -> list[str]:
    names = [key_name(plan, query, group) for group in measure.whole_groups]
    return [*names, plan.time_column] if plan.time_column else names


def _unless_hidden(rank: exp.Expression) -> exp.Expression:
    own = exp.EQ(this=column(SUPPRESSED), expression=number(1))
    return exp.Case(ifs=[exp.If(this=own, true=exp.Null())], default=rank)


def _rank_terms(
    combined: Combined, query: MetricQuery, sorting: Sorting, snapshot: Snapshot
) -> list[exp.Expression]:
    if query.limit is None:
        return [_in_focus(combined, query, snapshot)]
    placed = rank_conditions(query.limit, sorting)
    if query.focus is None:
        return placed
    among = all_of(placed)
    assert among is not None
    either = any_of([exp.Paren(this=among), _in_focus(combined, query, snapshot)])
    return [either] if either is not None else []


def _in_focus(combined: Combined, query: MetricQuery, snapshot: Snapshot) -> exp.Expression:
    """Whether a row is the member whose place is asked for."""
    focus = query.focus
    assert focus is not None
    group = next(g for g in combined.keyed.groups if g.dimension == focus.dimension)
    value = literal(read_value(focus.value, snapshot, focus.dimension, "focus"))
    shown = text(member_text(group, focus.value)) if group.is_text else value
    return exp.EQ(this=column(group.name), expression=shown)


def _final(
    plan: Plan,
    combined: Combined,
    query: MetricQuery,
    layer: Layer,
    sorting: Sorting,
    resolved: ResolvedQuery,
) -> Finished:
    columns = [group_column(group) for group in combined.keyed.groups]
    shown = [named(layer.key(c.id), c.id) for c in columns]
    for grain in _time_columns(plan, query):
        columns.append(time_column(grain))
        label = _time_label(plan, layer, resolved)
        shown.append(named(layer.values.get(_coarse(grain), label), grain))
    for found in _value_columns(plan, query):
        source = RANK if found.show == "rank" and found.base is None else found.id
        columns.append(found)
        shown.append(named(layer.values[source], found.id))
    hidden = [small_name(measure) for measure in plan.measures if measure.cases is not None]
    hidden += [SUPPRESSED] if plan.people else []
    shown += [named(layer.values[name], name) for name in hidden]
    select = layer.source
    select.set("expressions", shown)
    order = _order(plan, combined, query, layer, sorting)
    if order:
        select.set("order", exp.Order(expressions=order))
    return Finished(select, tuple(columns), tuple(hidden), suppresses=bool(plan.people))


def _time_columns(plan: Plan, query: MetricQuery) -> tuple[str, ...]:
    """The grains in the order asked: the year beside the month."""
    if plan.time_column is None:
        return ()
    asked = tuple(group.grain for group in query.group_by if isinstance(group, TimeGroup))
    return asked if plan.time_column in asked else (plan.time_column,)


def _coarse(grain: str) -> str:
    return f"{grain}_"


def _coarser(plan: Plan, query: MetricQuery, layer: Layer) -> dict[str, exp.Expression]:
    """The labels of the grains beside the finest one; 旬 do not sort by theirs."""
    if plan.time_column is None:
        return {}
    found, key = {}, layer.key(plan.time_column)
    for grain in coarser_grains(query.group_by):
        start = bucket_start(grain, key) if grain == "xun" else key
        found[_coarse(grain)] = bucket_label(grain, start)
        if grain == "xun":
            found[XUN_START] = bucket_start(grain, key)
    return found


def _time_label(plan: Plan, layer: Layer, resolved: ResolvedQuery) -> exp.Expression:
    assert plan.time_column is not None
    key = layer.key(plan.time_column)
    if plan.bucket is not None:
        return bucket_label(plan.bucket, key)
    return span_label({at: span.label for at, span in enumerate(resolved.spans)}, key)


def _value_columns(plan: Plan, query: MetricQuery) -> list[Column]:
    found: list[Column] = []
    for measure in plan.measures:
        found.append(measure_column(measure))
        if query.focus is not None and measure is plan.measures[0]:
            found.append(rank_column(measure))
        if query.share is not None:
            found.append(share_column(measure))
        for compared in measure.compared:
            found.extend(compared_column(measure, compared, show) for show in compared.shows)
            if compared.progress is not None:
                found.append(progress_column(measure, compared))
    return found


def _order(
    plan: Plan, combined: Combined, query: MetricQuery, layer: Layer, sorting: Sorting
) -> list[exp.Expression]:
    """The asked order, or time, declared order, first measure; then all keys."""
    keys = combined.keyed.names
    found: list[exp.Expression] = []
    used: set[str] = set()
    if query.limit is not None:
        for at in query.limit.partition_by:
            found += _key_order(plan, combined, layer, group_name(plan, query, at))
            used.add(group_name(plan, query, at))
    unnamed = [layer.key(name) for name in _text_groups(combined) if name not in used]
    flags = unnamed_last(plan, query, sorting, unnamed)
    if query.order and query.limit is None:
        out = _out(plan, combined, query, sorting, layer)
        first = _sort_value(plan, query, layer, sorting.names[0]) if out else exp.Null()
        missing = exp.Is(this=first, expression=exp.Null())
        flags = [missing, *out, *flags] if out else flags
    found += [ordered(flag, descending=False) for flag in flags]
    for name, down, digits in zip(sorting.names, sorting.descending, sorting.digits, strict=True):
        if name in keys:
            found += _key_order(plan, combined, layer, name, descending=down)
            used.add(name)
        else:
            value = _sort_value(plan, query, layer, name)
            if digits is not None:
                value = rounded(layer.values[name].copy(), digits)
            found.append(ordered(value, descending=down))
    if not sorting.names and keys:
        found += _default_order(plan, combined, layer, used)
    for name in keys:
        if name not in used:
            found += _key_order(plan, combined, layer, name)
    return found


def _text_groups(combined: Combined) -> list[str]:
    return [group.name for group in combined.keyed.groups if group.is_text]


def _sort_value(plan: Plan, query: MetricQuery, layer: Layer, name: str) -> exp.Expression:
    """A result column by its name; a figure that is not shown by its value."""
    shown = {found.id for found in _value_columns(plan, query)}
    return column(name) if name in shown else layer.values[name].copy()


def _default_order(
    plan: Plan, combined: Combined, layer: Layer, used: set[str]
) -> list[exp.Expression]:
    if plan.time_column is not None:
        used.add(plan.time_column)
        return _key_order(plan, combined, layer, plan.time_column)
    if all(declared_order(group) is not None for group in combined.keyed.groups):
        return []
    first = plan.measures[0]
    digits = digits_of_values(first)
    if digits is None:
        return [ordered(column(first.column), descending=True)]
    return [ordered(rounded(layer.values[first.column].copy(), digits), descending=True)]


def _key_order(
    plan: Plan, combined: Combined, layer: Layer, name: str, *, descending: bool = False
) -> list[exp.Expression]:
    """A key in its declared order, or by its value; 未知 stays where it sorts."""
    group = next((g for g in combined.keyed.groups if g.name == name), None)
    key: exp.Expression = layer.key(name)
    if group is None:
        return [ordered(key, descending=descending)]
    declared = declared_order(group, key)
    del plan
    if declared is None:
        return [ordered(key, descending=descending)]
    return [ordered(declared, descending=descending), ordered(key, descending=descending)]
