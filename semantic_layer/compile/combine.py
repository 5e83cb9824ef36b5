"""Branches come together on shared keys: matched at once, or joined to all keys, null-safe."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from semantic_layer.compile.branches import add_branch
from semantic_layer.compile.formulas import Place, part_place
from semantic_layer.compile.groups import group_columns, shown_value
from semantic_layer.compile.keyed import COUNTED, Keyed, rows_query
from semantic_layer.compile.predicates import predicate_sql
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import (
    all_of,
    column,
    day,
    identifier,
    named,
    number,
    table,
    text,
)
from semantic_layer.plan.nodes import Branch, PartRef, Plan, Spine
from semantic_layer.resolved import PathChoice, ResolvedQuery, metric_query
from semantic_layer.snapshot import Snapshot

KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Combined:
    """Where measures are computed from."""

    keyed: Keyed
    source: exp.Select
    """Without columns: FROM and JOINs."""
    keys: str | None
    """The stage that holds the keys; None: there are none, or all stages share them."""
    place: Place


def combine(plan: Plan, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> Combined:
    """Adds all branches and joins them on the groups of the result."""
    keyed = Keyed(group_columns(plan.groups, snapshot, metric_query(resolved)), plan.time_column)
    names: dict[str, str] = {}
    for branch in plan.branches:
        own = _keyed_as(branch, keyed)
        names[branch.name] = add_branch(branch, own, resolved, snapshot, stages)
    full = [b for b in plan.branches if set(b.groups) == set(plan.groups)]
    joined = len(full) > 1 or bool(plan.slots) or bool(plan.spines)
    if not keyed.names:
        source = _side_by_side([names[b.name] for b in plan.branches])
        return Combined(keyed, source, None, _renamed(names, None, None, joined=False))
    if joined and _share_keys(plan, keyed, full):
        source = _matched(plan, keyed, names, resolved, snapshot, stages)
        return Combined(keyed, source, None, _renamed(names, None, None, joined=True))
    if joined:
        sources = [_key_columns(names[b.name], keyed, b) for b in full]
        keys = _keys(plan, keyed, sources, resolved, snapshot, stages)
    elif full:
        keys = names[full[0].name]
    else:
        keys = stages.add(KEYS, _nothing(keyed, plan), "没有可用的数据")
    source = exp.Select(expressions=[])
    source.set("from_", exp.From(this=table(keys)))
    others = [b for b in plan.branches if names[b.name] != keys]
    source.set("joins", [_join(b, names[b.name], keys, keyed) for b in others])
    return Combined(keyed, source, keys, _renamed(names, keyed.time, keys, joined=joined))


def _share_keys(plan: Plan, keyed: Keyed, full: list[Branch]) -> bool:
    """Whether all keys are names that are never missing, and every row of a branch is listed."""
    named_all = keyed.time is None and all(group.is_text for group in keyed.groups)
    listed = bool(full) and not any(branch.lists_counted for branch in full)
    return named_all and listed and all(b in full or not b.groups for b in plan.branches)


def _matched(
    plan: Plan,
    keyed: Keyed,
    names: dict[str, str],
    resolved: ResolvedQuery,
    snapshot: Snapshot,
    stages: Stages,
) -> exp.Select:
    """All members and all branches side by side, each key once."""
    full = [names[b.name] for b in plan.branches if b.groups]
    whole = [names[b.name] for b in plan.branches if not b.groups]
    members = [_add_members(spine, keyed, resolved, snapshot, stages) for spine in plan.spines]
    source = _side_by_side(members or full[:1])
    for name in full if members else full[1:]:
        using = [identifier(key) for key in keyed.names]
        source.append("joins", exp.Join(this=table(name), side="FULL", using=using))
    for name in whole:
        source.append("joins", exp.Join(this=table(name), kind="CROSS"))
    return source


def _nothing(keyed: Keyed, plan: Plan) -> exp.Select:
    """No keys at all: no table has data for the period."""
    kind = exp.DataType(this=exp.DataType.Type.DATE if plan.bucket else exp.DataType.Type.INT)
    values: dict[str, exp.Expression] = {name: exp.Null() for name in keyed.names}
    if keyed.time is not None:
        values[keyed.time] = exp.Cast(this=exp.Null(), to=kind)
    select = exp.Select(expressions=[named(value, name) for name, value in values.items()])
    select.set("where", exp.Where(this=exp.false()))
    return select


def _keyed_as(branch: Branch, keyed: Keyed) -> Keyed:
    """The keys of a branch that has fewer groups than the result."""
    if len(branch.groups) == len(keyed.groups):
        return keyed
    return replace(keyed, groups=tuple(g for g in keyed.groups if g.dimension in branch.groups))


def _renamed(names: dict[str, str], time: str | None, keys: str | None, *, joined: bool) -> Place:
    place = part_place(time, keys, joined=joined)

    def renamed(part: PartRef) -> exp.Expression:
        name = names[part.branch]
        return place(part if name == part.branch else part._replace(branch=name))

    return renamed


def _side_by_side(names: list[str]) -> exp.Select:
    """One row each: nothing to match."""
    source = exp.Select(expressions=[])
    if names:
        source.set("from_", exp.From(this=table(names[0])))
        source.set("joins", [exp.Join(this=table(name), kind="CROSS") for name in names[1:]])
    return source


def _join(branch: Branch, name: str, keys: str, keyed: Keyed) -> exp.Join:
    own = _keyed_as(branch, keyed)
    terms = [_same(group.name, keys, name, safe=not group.is_text) for group in own.groups]
    if own.time is not None:
        terms.append(_same(own.time, keys, name, safe=False))
    on = all_of(terms)
    if on is None:
        return exp.Join(this=table(name), kind="CROSS")
    return exp.Join(this=table(name), side="LEFT", on=on)


def _same(name: str, left: str, right: str, *, safe: bool) -> exp.Expression:
    node = exp.NullSafeEQ if safe else exp.EQ
    return node(this=column(name, left), expression=column(name, right))


def _keys(
    plan: Plan,
    keyed: Keyed,
    sources: list[exp.Select],
    resolved: ResolvedQuery,
    snapshot: Snapshot,
    stages: Stages,
) -> str:
    """Every combination of groups that is listed."""
    queries: list[exp.Query] = []
    if plan.spines or plan.slots:
        queries.append(_listed(plan, keyed, resolved, snapshot, stages))
    if plan.groups or not plan.slots:
        queries.extend(sources)
    query = queries[0]
    for following in queries[1:]:
        query = exp.Union(this=query, expression=following, distinct=True)
    return stages.add(KEYS, query, "要列出的全部分组")


def _key_columns(name: str, keyed: Keyed, branch: Branch) -> exp.Select:
    select = exp.Select(expressions=[column(key) for key in keyed.names])
    select.set("from_", exp.From(this=table(name)))
    if branch.lists_counted:
        some = exp.GT(this=column(COUNTED), expression=number(0))
        select.set("where", exp.Where(this=some))
    return select


def _listed(
    plan: Plan, keyed: Keyed, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> exp.Query:
    """All members of the listed dimensions, in every period."""
    members = [_add_members(spine, keyed, resolved, snapshot, stages) for spine in plan.spines]
    if plan.slots and keyed.time is not None:
        rows = [{keyed.time: slot.key} for slot in plan.slots]
        if not members:
            return rows_query(rows)
        members.append(stages.add("all_periods", rows_query(rows), "全部期间"))
    source = _side_by_side(members)
    source.set("expressions", [column(key) for key in keyed.names])
    return source


def _add_members(
    spine: Spine, keyed: Keyed, resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> str:
    """The members of a table that lists them, in the combinations that exist."""
    groups = [group for group in keyed.groups if group.dimension in spine.dimensions]
    seen = resolved if spine.where is None else _seen_from(spine, resolved)
    scan = Scan(snapshot.manifest.datasets[spine.dataset], seen, snapshot)
    select = scan.select()
    terms = [select.args["where"].this] if select.args.get("where") else []
    columns = []
    for group, field in zip(groups, spine.fields, strict=True):
        value = scan.field((), field)
        terms.append(exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null())))
        columns.append(named(shown_value(group, value, snapshot, present=True), group.name))
    terms += _alive(scan, resolved)
    if spine.where is not None:
        terms.append(predicate_sql(spine.where, scan))
    select.set("expressions", columns)
    known = _known_members(spine, scan, terms)
    if known is not None:
        select.set("from_", exp.From(this=known))
    if known is None or len(terms) > 1 or not isinstance(columns[0].unalias(), exp.Column):
        select.set("distinct", exp.Distinct())
        select.set("where", exp.Where(this=all_of(terms)))
    scan.attach_joins(select)
    stages.sources |= scan.sources
    label = "、".join(group.label for group in groups)
    return stages.add(f"all_{groups[-1].name}", select, f"全部{label}")


def _known_members(spine: Spine, scan: Scan, terms: list[exp.Expression]) -> exp.Values | None:
    """What one field holds, as literal rows: the whole table need not be read for it."""
    own = scan.dataset.field(spine.fields[0])
    asked = {c.name for term in terms for c in term.find_all(exp.Column)}
    if own is None or asked != {own.name}:
        return None
    if len(spine.fields) > 1 or scan.steps or scan.policy() is not None or own.expr:
        return None
    members = scan.snapshot.members.get(f"{scan.dataset.name}.{own.name}")
    if not members:
        return None
    rows = [exp.Tuple(expressions=[text(member)]) for member in members]
    alias = exp.TableAlias(this=identifier(scan.aliases[()]), columns=[identifier(own.name)])
    return exp.Values(expressions=rows, alias=alias)


def _alive(scan: Scan, resolved: ResolvedQuery) -> list[exp.Expression]:
    """Members that existed in the period, where the table says from when to when."""
    lifetime = scan.dataset.lifetime
    if lifetime is None:
        return []
    terms: list[exp.Expression] = []
    opened, closed = lifetime
    if opened is not None:
        last = day(max(span.end for span in resolved.spans))
        terms.append(exp.LTE(this=scan.field((), opened), expression=last))
    if closed is not None:
        first = day(min(span.start for span in resolved.spans))
        ends = scan.field((), closed)
        later = exp.GT(this=ends, expression=first)
        never = exp.Is(this=ends.copy(), expression=exp.Null())
        terms.append(exp.Paren(this=exp.Or(this=never, expression=later)))
    return terms


def _seen_from(spine: Spine, resolved: ResolvedQuery) -> ResolvedQuery:
    """The paths of the conditions that reach the spine's table, from there on."""
    depth = len(spine.joins)
    paths = tuple(
        PathChoice(spine.dataset, p.dimension, p.joins[depth:], p.carrier, p.field)
        for p in resolved.paths
        if p.dataset == resolved.datasets[0] and p.joins[:depth] == spine.joins
    )
    return replace(resolved, paths=paths)
