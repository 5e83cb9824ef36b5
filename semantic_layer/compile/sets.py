"""Sets of a filter as stages: who belongs to it, judged once, joined as a semi-join."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from semantic_layer.compile.predicates import predicate_sql
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.tokens import all_of, any_of, coalesce, column, named, number, table
from semantic_layer.plan.nodes import Branch
from semantic_layer.query import (
    And,
    ChangeCondition,
    Condition,
    EventCondition,
    Membership,
    MetricCondition,
    MetricRef,
    Not,
    Or,
    Predicate,
    Set,
    TopMembership,
)
from semantic_layer.resolve.closure import adds_up, leaves
from semantic_layer.resolve.sets import entity_dataset, set_dataset
from semantic_layer.resolved import ResolvedLeaf, ResolvedQuery, ResolvedSpan, metric_query
from semantic_layer.snapshot import Snapshot

BASES = frozenset({"yoy", "mom", "previous", "opening", "ytd_open", "range"})
OPERATORS: dict[str, type[exp.Expression]] = {
    "gt": exp.GT, "ge": exp.GTE, "lt": exp.LT, "le": exp.LTE, "eq": exp.EQ, "ne": exp.NEQ,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SetStages:
    """The sets of one branch; equal sets over equal periods are judged once."""

    resolved: ResolvedQuery
    snapshot: Snapshot
    stages: Stages
    branch: Branch

    def members(self, set_: Set) -> exp.Query:
        """The keys of the members, as a query of one column."""
        base = self.branch.windows if self.branch.role in BASES else ()
        shared = (set_, base)
        if shared not in self.stages.shared:
            self.stages.shared[shared] = self._add(set_)
        stage = self.stages.shared[shared]
        select = exp.Select(expressions=[column(self._key(set_))])
        select.set("from_", exp.From(this=table(stage)))
        return select

    def _key(self, set_: Set) -> str:
        own = entity_dataset(set_.entity, self.snapshot.manifest)
        return own.key[0] if own is not None else set_.entity

    def _add(self, set_: Set) -> str:
        dataset = self.snapshot.manifest.datasets[set_dataset(set_, self.snapshot.manifest)]
        scan = Scan(dataset, self.resolved, self.snapshot)
        judged = _Judged(self, set_.entity, scan, scan.field((), self._key(set_)), {})
        select = scan.select()
        terms = [select.args["where"].this] if select.args.get("where") else []
        terms.append(exp.Not(this=exp.Is(this=judged.key.copy(), expression=exp.Null())))
        terms.append(judged.sql(set_.where))
        select.set("expressions", [named(judged.key.copy(), self._key(set_))])
        select.set("where", exp.Where(this=all_of(terms)))
        if entity_dataset(set_.entity, self.snapshot.manifest) is None:
            select.set("distinct", exp.Distinct())
        select.set("joins", list(judged.joins.values()))
        scan.attach_joins(select)
        self.stages.sources |= scan.sources
        return self.stages.add(f"chosen_{set_.entity}", select, set_.label or "圈选的对象")

    def leaf_query(self, entity: str, leaf: Predicate) -> ResolvedQuery:
        """The resolved query of a metric inside a set, over the period of this branch."""
        found = next(
            known for known in self.resolved.leaves if (known.entity, known.leaf) == (entity, leaf)
        )
        if found.inherits and self.branch.role in BASES and self.branch.windows:
            return _at_base(found, self.branch)
        return found.query


def _at_base(leaf: ResolvedLeaf, branch: Branch) -> ResolvedQuery:
    """Judged over the days of the comparison's base."""
    span = leaf.query.spans[0]
    start = min(window.start for window in branch.windows)
    end = max(window.end for window in branch.windows)
    moved = ResolvedSpan(start, end, natural_end=end, unit=span.unit, count=span.count)
    return replace(leaf.query, spans=(moved,))


@dataclass(frozen=True, slots=True)
class _Judged:
    """The predicate of one set over the table of its entities."""

    sets: SetStages
    entity: str
    scan: Scan
    key: exp.Expression
    joins: dict[str, exp.Join]

    def sql(self, predicate: Predicate) -> exp.Expression:
        """The predicate over the entity's row and the figures joined to it."""
        match predicate:
            case And():
                joined = all_of(self.sql(child) for child in predicate.children)
            case Or():
                joined = any_of(self.sql(child) for child in predicate.children)
            case Not():
                known = coalesce(self.sql(predicate.child), exp.false())
                return exp.Not(this=known)
            case Condition():
                return predicate_sql(predicate, self.scan)
            case Membership():
                return self.sql(predicate.set.where)
            case _:
                return self._figure(predicate)
        assert joined is not None
        return joined

    def _figure(self, leaf: Predicate) -> exp.Expression:
        figure = _add_figure(self.sets, self.entity, leaf)
        same = exp.EQ(this=self.key.copy(), expression=column(figure.key, figure.stage))
        self.joins[figure.stage] = exp.Join(this=table(figure.stage), side="LEFT", on=same)
        if isinstance(leaf, TopMembership):
            present = exp.Is(this=column(figure.key, figure.stage), expression=exp.Null())
            return exp.Not(this=present)
        value: exp.Expression = column(figure.column, figure.stage)
        if figure.zero:
            value = coalesce(value, number(0))
        if isinstance(leaf, EventCondition):
            often = exp.GTE(this=value, expression=number(leaf.at_least))
            return often if leaf.did else exp.Not(this=often)
        assert isinstance(leaf, MetricCondition | ChangeCondition)
        return OPERATORS[leaf.op](this=value, expression=number(leaf.value))


@dataclass(frozen=True, slots=True)
class _Figure:
    stage: str
    key: str
    column: str
    zero: bool
    """An entity without rows counts 0."""


def _add_figure(sets: SetStages, entity: str, leaf: Predicate) -> _Figure:
    """A metric per entity as a stage."""
    resolved, stages = sets.leaf_query(entity, leaf), sets.stages
    finished = stages.nested(resolved, stages)
    key, *_, value = finished.columns
    measure = metric_query(resolved).measures[0]
    assert isinstance(measure, MetricRef)
    manifest = sets.snapshot.manifest
    stocks = any(part.is_stock for part in leaves(manifest, measure.metric))
    zero = resolved.counts_rows or (adds_up(measure, manifest) and not stocks)
    label = manifest.metrics[measure.metric].label
    stage = stages.add(f"{entity}_{measure.metric}", finished.select, f"每个对象的{label}")
    zero = zero and isinstance(leaf, MetricCondition | EventCondition)
    return _Figure(stage, key.id, value.id, zero)
