"""Sets of a filter as stages: who belongs to it, judged once, joined as a semi-join."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from semantic_layer.compile.after_event import add_days_after
from semantic_layer.compile.buckets import key_literal
from semantic_layer.compile.figures import (
    BUCKET,
    HOLDS,
    OPERATORS,
    add_figure,
    add_figure_by_period,
)
from semantic_layer.compile.groupings import grouping_value
from semantic_layer.compile.moments import (
    Moment,
    is_bucket,
    is_dated,
    judged_at,
    moments,
    native_unit,
    not_too_many,
)
from semantic_layer.compile.own_rows import only_figures, told_by_row
from semantic_layer.compile.precision import rounded
from semantic_layer.compile.predicates import predicate_sql, same_member
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Figure, Stages
from semantic_layer.compile.tokens import (
    all_of,
    any_of,
    coalesce,
    column,
    guarded,
    named,
    number,
    table,
)
from semantic_layer.model import Dataset
from semantic_layer.plan.nodes import Branch
from semantic_layer.query import (
    And,
    ChangeCondition,
    Condition,
    EventCondition,
    FunnelCondition,
    Membership,
    MetricCondition,
    Not,
    Or,
    Predicate,
    Set,
    TopMembership,
)
from semantic_layer.resolve.conditions import parts_of
from semantic_layer.resolve.members import link_path, with_metric
from semantic_layer.resolve.sets import entity_dataset, entity_dimension, moves, set_dataset
from semantic_layer.resolved import ResolvedLeaf, ResolvedQuery
from semantic_layer.snapshot import Snapshot

PERIOD = "judged_period"


@dataclass(frozen=True, slots=True)
class SetStages:
    """The sets of one branch; equal sets over equal periods are judged once."""

    resolved: ResolvedQuery
    snapshot: Snapshot
    stages: Stages
    branch: Branch | None = None

    def membership(self, set_: Set, scan: Scan) -> exp.Expression:
        """Whether the entity of a row is a member, in the row's own period."""
        key = scan.dimension(entity_dimension(set_.entity, self.snapshot.manifest))
        judged = moments(self.resolved, self.branch) if moves(set_) else ()
        if len(judged) > 1 and scan.time_key is not None:
            both = exp.Tuple(expressions=[key, scan.time_key.copy()])
            return exp.In(
                this=both, query=self.members(self._per_period(set_, judged), set_, PERIOD)
            )
        assert len({(moment.start, moment.end) for moment in judged}) <= 1
        moment = judged[0] if judged else None
        return self._told_by_row(set_, moment, key, scan) or exp.In(
            this=key, query=self.members(self.stage(set_, moment), set_)
        )

    def _told_by_row(
        self, set_: Set, moment: Moment | None, key: exp.Expression, scan: Scan
    ) -> exp.Expression | None:
        """Conditions that the row itself fulfils, of an entity that its own table knows."""
        leaves = only_figures(set_.where)
        if not leaves or self.branch is None or not self.branch.parts:
            return None
        if entity_dataset(set_.entity, self.snapshot.manifest) is None:
            return None
        figures = {
            leaf: judged_at(self._known(set_, leaf), moment, self.snapshot) for leaf in leaves
        }
        told = told_by_row(set_.where, figures, key, self.branch, scan, self.stages)
        if told is None:
            return None
        return exp.And(this=guarded(told), expression=self._is_known(set_, key, scan))

    def _is_known(self, set_: Set, key: exp.Expression, scan: Scan) -> exp.Expression:
        """Whether the entity's own table has it; not looked up where it was seen to."""
        own = Scan(self._home(set_), self.resolved, self.snapshot)
        linked = (scan.dataset.name, set_.entity) in self.snapshot.linked
        if linked and own.policy() is None:
            return exp.Not(this=exp.Is(this=key.copy(), expression=exp.Null()))
        return exp.In(this=key.copy(), query=self.members(self._entities(set_), set_))

    def _entities(self, set_: Set) -> str:
        """The stage with the keys of all entities."""
        shared = ("entities", set_.entity)
        if shared not in self.stages.shared:
            scan, name = self._scan(set_), self.key(set_)
            select = scan.select()
            select.set("expressions", [named(scan.field((), name), name)])
            scan.attach_joins(select)
            self.stages.sources |= scan.sources
            stage = self.stages.add(f"known_{set_.entity}", select, "全部对象")
            self.stages.shared[shared] = stage
        return self.stages.shared[shared]

    def grouping(self, name: str, scan: Scan) -> exp.Expression:
        """The band or the set of the entity of a row."""
        return grouping_value(name, scan, self)

    def members_of(self, set_: Set) -> str:
        """The stage with the members over the only period there is."""
        judged = moments(self.resolved, self.branch)
        return self.stage(set_, judged[0] if judged else None)

    def fulfilled(self, set_: Set, scan: Scan) -> tuple[exp.Expression, list[exp.Join]]:
        """Whether a row of the entity's own table is a member, and the figures it is told by."""
        judged = moments(self.resolved, self.branch) if moves(set_) else ()
        found = _Judged(self, set_, judged[0] if judged else None, scan, {})
        terms = found.terms(scan.field((), self.key(set_)))
        return all_of(map(guarded, terms)) or exp.true(), list(found.joins.values())

    def stage(self, set_: Set, moment: Moment | None) -> str:
        """The stage with the keys of the members."""
        at = replace(moment, key=None) if moment is not None and moves(set_) else None
        shared = ("members", set_, at)
        if shared not in self.stages.shared:
            label = set_.label or "圈选的对象"
            members = self._members(set_, moment if at is not None else None)
            name = self.stages.add(f"chosen_{set_.entity}", members, label)
            self.stages.shared[shared] = name
        return self.stages.shared[shared]

    def key(self, set_: Set) -> str:
        """The column of that stage."""
        own = entity_dataset(set_.entity, self.snapshot.manifest)
        return own.key[0] if own is not None else set_.entity

    def members(self, stage: str, set_: Set, *more: str) -> exp.Subquery:
        """The keys of the members as a query inside another one."""
        select = exp.Select(expressions=[column(name) for name in (self.key(set_), *more)])
        select.set("from_", exp.From(this=table(stage)))
        return exp.Subquery(this=select)

    def _per_period(self, set_: Set, judged: tuple[Moment, ...]) -> str:
        """Members with the period in which they are."""
        shared = ("members", set_, judged)
        if shared not in self.stages.shared:
            query = self._over_buckets(set_, judged) or self._one_by_one(set_, judged)
            name = f"chosen_{set_.entity}_by_period"
            self.stages.shared[shared] = self.stages.add(name, query, "逐期的圈选")
        return self.stages.shared[shared]

    def _one_by_one(self, set_: Set, judged: tuple[Moment, ...]) -> exp.Query:
        queries = [self._keyed(set_, moment) for moment in not_too_many(judged)]
        query: exp.Query = queries[0]
        for following in queries[1:]:
            query = exp.Union(this=query, expression=following, distinct=False)
        return query

    def _over_buckets(self, set_: Set, judged: tuple[Moment, ...]) -> exp.Select | None:
        """All periods at once, where one figure by bucket decides and silence never fulfils it."""
        leaves = [part for part in parts_of(set_.where) if not isinstance(part, Condition)]
        if len(leaves) != 1 or not isinstance(leaves[0], MetricCondition):
            return None
        leaf, found = leaves[0], self._known(set_, leaves[0])
        if not all(self._is_told_by_bucket(found, moment) for moment in judged):
            return None
        figure = self._figure_of_bucket(found, judged[0])
        if _holds_in_silence(leaf, figure):
            return None
        scan, name = self._scan(set_), self.key(set_)
        key = scan.field((), name)
        select = self._judged(set_, judged[0], scan, key, name, whole=True)
        select.append("expressions", named(column(BUCKET, figure.stage), PERIOD))
        return select

    def _known(self, set_: Set, leaf: Predicate) -> ResolvedLeaf:
        return next(
            known
            for known in self.resolved.leaves
            if (known.entity, known.leaf, known.judged) == (set_.entity, leaf, set_.judged)
        )

    def _keyed(self, set_: Set, moment: Moment) -> exp.Select:
        period = named(key_literal(moment.key), PERIOD)
        select = exp.Select(expressions=[column(self.key(set_)), period])
        select.set("from_", exp.From(this=table(self.stage(set_, moment))))
        return select

    def _members(self, set_: Set, moment: Moment | None) -> exp.Select:
        scan = self._scan(set_)
        key = scan.field((), self.key(set_))
        return self._judged(set_, moment, scan, key, self.key(set_))

    def _scan(self, set_: Set) -> Scan:
        return Scan(self._home(set_), self.resolved, self.snapshot)

    def _home(self, set_: Set) -> Dataset:
        """The table whose rows are judged."""
        return self.snapshot.manifest.datasets[set_dataset(set_, self.snapshot.manifest)]

    def _judged(
        self,
        set_: Set,
        moment: Moment | None,
        scan: Scan,
        key: exp.Expression,
        name: str,
        *,
        whole: bool = False,
    ) -> exp.Select:
        """The rows of the entity's table that fulfil the set, by a key of theirs.

        `whole`: over all buckets of the figure, not only over that of the moment.
        """
        judged = _Judged(self, set_, moment, scan, {}, whole=whole)
        select = scan.select()
        terms = [select.args["where"].this] if select.args.get("where") else []
        terms += judged.terms(key)
        select.set("expressions", [named(key.copy(), name)])
        select.set("where", exp.Where(this=all_of(terms)))
        dataset = entity_dataset(set_.entity, self.snapshot.manifest)
        if dataset is None or name != dataset.key[0]:
            select.set("distinct", exp.Distinct())
        select.set("joins", list(judged.joins.values()))
        scan.attach_joins(select)
        self.stages.sources |= scan.sources
        return select

    def owners(self, outer: Set, inner: Set, moment: Moment | None) -> exp.Subquery:
        """The entities that belong to members of another set: customers with such a loan."""
        at = moment if moves(inner) else None
        shared = ("owners", outer.entity, inner, at)
        if shared not in self.stages.shared:
            scan = self._scan(inner)
            key = scan.dimension(entity_dimension(outer.entity, self.snapshot.manifest))
            name = self.key(outer)
            query = self._judged(inner, moment, scan, key, name)
            stage = self.stages.add(f"{outer.entity}_of_{inner.entity}", query, inner.label or "")
            self.stages.shared[shared] = stage
        return self.members(self.stages.shared[shared], outer)

    def figure(self, set_: Set, leaf: Predicate, moment: Moment | None) -> Figure:
        """The figure of a condition by entity, as a stage."""
        found = self._known(set_, leaf)
        if moment is not None and self._is_told_by_bucket(found, moment):
            return self._figure_of_bucket(found, moment)
        at = judged_at(found, moment, self.snapshot)
        shared = ("figure", set_.entity, leaf, at.spans, at.behaviour)
        if shared not in self.stages.shared:
            snapshot = self.snapshot
            if found.counted is not None:
                snapshot = with_metric(snapshot, found.counted)
            if found.anchor is not None:
                figure = add_days_after(found, at, snapshot, self.stages)
            elif isinstance(leaf, FunnelCondition):
                figure = self._walked(set_, at)
            else:
                figure = add_figure(set_.entity, leaf, at, snapshot, self.stages)
            self.stages.shared[shared] = figure.stage
            self.stages.figures[figure.stage] = figure
        return self.stages.figures[self.stages.shared[shared]]

    def _walked(self, set_: Set, at: ResolvedQuery) -> Figure:
        """Those who got that far: who is not listed there did not."""
        found = self.stages.nested(at, self.stages, self.snapshot)
        key = found.columns[0].id
        stage = self.stages.add(f"{set_.entity}_that_far", found.select, "走到这一步的")
        return Figure(stage, key, key, zero=False)

    def _is_told_by_bucket(self, leaf: ResolvedLeaf, moment: Moment) -> bool:
        """A plain metric over the periods of the result: one stage serves all of them."""
        plain = isinstance(leaf.leaf, MetricCondition) and leaf.leaf.in_a_row is None
        return (
            plain
            and leaf.inherits
            and is_bucket(self.resolved, self.branch, moment)
            and native_unit(leaf, self.snapshot) is None
            and is_dated(leaf.query, self.snapshot)
        )

    def _figure_of_bucket(self, leaf: ResolvedLeaf, moment: Moment) -> Figure:
        shared = ("figure by bucket", leaf.entity, leaf.leaf)
        if shared not in self.stages.shared:
            grain = self.resolved.grain
            assert grain is not None
            whole = replace(leaf.query, spans=self.resolved.spans)
            figure = add_figure_by_period(leaf.entity, whole, grain, self.snapshot, self.stages)
            self.stages.shared[shared] = figure.stage
            self.stages.figures[figure.stage] = figure
        figure = self.stages.figures[self.stages.shared[shared]]
        return replace(figure, period=key_literal(moment.key))


@dataclass(frozen=True, slots=True)
class _Judged:
    """The predicate of one set over the table of its entities."""

    sets: SetStages
    outer: Set
    moment: Moment | None
    scan: Scan
    joins: dict[str, exp.Join]
    whole: bool = False

    def terms(self, key: exp.Expression) -> list[exp.Expression]:
        """What the row of a member fulfils: it has a key, and all that was asked."""
        asked = self.sql(self.outer.where, self.outer, needed=True)
        own = self.scan.field((), self.sets.key(self.outer))
        if key == own and not all(join.side for join in self.joins.values()):
            return [asked]  # what it is joined by is never missing
        return [exp.Not(this=exp.Is(this=key.copy(), expression=exp.Null())), asked]

    def sql(self, predicate: Predicate, set_: Set, *, needed: bool = False) -> exp.Expression:
        """The predicate over the entity's row and the figures joined to it.

        `set_`: the set it stands in, which says when it is judged. `needed`: no row belongs
        without it.
        """
        match predicate:
            case And():
                together, others = same_member(predicate.children, self.scan)
                asked = (self.sql(child, set_, needed=needed) for child in others)
                joined = all_of([*together, *asked])
            case Or():
                joined = any_of(self.sql(child, set_) for child in predicate.children)
            case Not():
                known = coalesce(self.sql(predicate.child, set_), exp.false())
                return exp.Not(this=known)
            case Condition():
                return predicate_sql(predicate, self.scan)
            case Membership():
                inner = predicate.set
                same = inner.entity == set_.entity
                if not same:
                    return self._foreign(inner, set_)
                return self.sql(inner.where, inner, needed=needed)
            case _:
                return self._figure(predicate, set_, needed=needed)
        assert joined is not None
        return joined

    def _foreign(self, inner: Set, set_: Set) -> exp.Expression:
        """A set of another entity: ours leads to it, or its members lead to us."""
        manifest = self.sets.snapshot.manifest
        path = link_path(set_, inner, manifest)
        if path.dataset == self.scan.dataset.name:
            key = self.scan.dimension(entity_dimension(inner.entity, manifest))
            stage = self.sets.stage(inner, self.moment)
            return exp.In(this=key, query=self.sets.members(stage, inner))
        own = self.scan.field((), self.sets.key(set_))
        return exp.In(this=own, query=self.sets.owners(set_, inner, self.moment))

    def _figure(self, leaf: Predicate, set_: Set, *, needed: bool) -> exp.Expression:
        figure = self.sets.figure(set_, leaf, self.moment)
        own = self.scan.field((), self.sets.key(set_))
        same: exp.Expression = exp.EQ(this=own, expression=column(figure.key, figure.stage))
        if figure.period is not None and not self.whole:
            then = exp.EQ(this=column(BUCKET, figure.stage), expression=figure.period)
            same = exp.And(this=same, expression=then)
        if isinstance(leaf, FunnelCondition | TopMembership):
            self._join(figure, same, "LEFT")
            absent = exp.Is(this=column(figure.key, figure.stage), expression=exp.Null())
            return exp.Not(this=absent)
        listed = needed and not _holds_in_silence(leaf, figure)
        self._join(figure, same, None if listed else "LEFT")
        value: exp.Expression = column(figure.column, figure.stage)
        if figure.zero and not listed:
            value = coalesce(value, number(0))
        if figure.wanted is not None:
            return exp.EQ(this=value, expression=number(figure.wanted))
        if isinstance(leaf, EventCondition) and leaf.after is not None and not leaf.did:
            return exp.LT(this=value, expression=number(leaf.at_least))
        if isinstance(leaf, EventCondition):
            often = exp.GTE(this=value, expression=number(leaf.at_least))
            return often if leaf.did else exp.Not(this=often)
        assert isinstance(leaf, MetricCondition | ChangeCondition)
        compared = rounded(value, figure.digits)
        return OPERATORS[leaf.op](this=compared, expression=number(leaf.value))

    def _join(self, figure: Figure, same: exp.Expression, side: str | None) -> None:
        """Once for each figure; only its rows where one condition needs them."""
        if side is None or figure.stage not in self.joins:
            self.joins[figure.stage] = exp.Join(this=table(figure.stage), side=side, on=same)


def _holds_in_silence(leaf: Predicate, figure: Figure) -> bool:
    """Whether it is fulfilled by an entity that the stage of its figure does not list."""
    if not figure.zero:
        return False
    if figure.wanted is not None:
        return figure.wanted == 0
    if isinstance(leaf, EventCondition):
        return (leaf.at_least <= 0) is leaf.did
    assert isinstance(leaf, MetricCondition | ChangeCondition)
    return HOLDS[leaf.op](0, leaf.value)
