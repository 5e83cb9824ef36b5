"""A list of entities: one row each, its fields, its figures, joined and never multiplied."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from semantic_layer.compile.derived import ordered
from semantic_layer.compile.figures import is_flow
from semantic_layer.compile.groups import GroupColumn, declared_order, group_columns, group_value
from semantic_layer.compile.precision import digits_of_unit, rounded
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.sets import SetStages
from semantic_layer.compile.stages import Stages, attach_stages
from semantic_layer.compile.tokens import all_of, coalesce, column, named, number, table, text
from semantic_layer.plan.formulas import measure_unit
from semantic_layer.query import EntityQuery, Membership, MetricRef, Order, Set
from semantic_layer.resolve.closure import is_quotient
from semantic_layer.resolve.sets import entity_dataset, entity_dimension
from semantic_layer.resolved import ListedAttribute, ResolvedListing, ResolvedQuery, metric_query
from semantic_layer.result import Column
from semantic_layer.snapshot import Snapshot

MASK = "***"
FIGURES = "figures"
Figures = list[tuple[exp.Expression, Column]]
"""Values with their columns."""


@dataclass(frozen=True, slots=True)
class EntityStatement:
    """The rows of the list and how many there are without a limit."""

    select: exp.Select
    columns: tuple[Column, ...]
    count: exp.Select
    sources: frozenset[str]


def entity_statement(
    resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages
) -> EntityStatement:
    """The list as one statement, the number of members as another."""
    rows = _List(resolved, snapshot, stages)
    members = SetStages(resolved, snapshot, stages).members_of(_asked_set(resolved))
    count = _count(members, stages)
    if rows.owned:
        # the rows are of the entity's own table: who belongs is told in them, not looked up
        stages.forget(members)
    select, columns = rows.statement(members)
    return EntityStatement(select, columns, count, frozenset(stages.sources))


def _asked_set(resolved: ResolvedQuery) -> Set:
    assert isinstance(resolved.where, Membership)
    return resolved.where.set


def _count(members: str, stages: Stages) -> exp.Select:
    """How many members there are: the same stages, before any column is added."""
    select = exp.Select(expressions=[named(exp.Count(this=exp.Star()), "members")])
    select.set("from_", exp.From(this=table(members)))
    queries = {name: query.copy() for name, query in stages.stages.items()}
    attach_stages(select, replace(stages, stages=queries))
    return select


@dataclass(slots=True)
class _List:
    resolved: ResolvedQuery
    snapshot: Snapshot
    stages: Stages

    @property
    def query(self) -> EntityQuery:
        assert isinstance(self.resolved.query, EntityQuery)
        return self.resolved.query

    @property
    def listing(self) -> ResolvedListing:
        assert self.resolved.listing is not None
        return self.resolved.listing

    @property
    def owned(self) -> bool:
        """Whether the entity has a table of its own."""
        return entity_dataset(_asked_set(self.resolved).entity, self.snapshot.manifest) is not None

    def statement(self, members: str) -> tuple[exp.Select, tuple[Column, ...]]:
        """SELECT with columns, joins, order and limit."""
        sets = SetStages(self.resolved, self.snapshot, self.stages)
        set_ = _asked_set(self.resolved)
        own = sets.key(set_)
        dataset = self.snapshot.manifest.datasets[self.listing.dataset]
        if not self.owned:
            key: exp.Expression = column(own, members)
            select = exp.Select(expressions=[])
            select.set("from_", exp.From(this=table(members)))
            attributes: list[tuple[exp.Expression, Column]] = []
        else:
            scan = Scan(dataset, self.resolved, self.snapshot)
            key = scan.field((), own)
            select = scan.select()
            attributes = self._attributes(scan)
            belongs, joins = sets.fulfilled(set_, scan)
            terms = [select.args["where"].this] if select.args.get("where") else []
            select.set("where", exp.Where(this=all_of([*terms, belongs])))
            select.set("joins", joins)
            self.stages.sources |= scan.sources
            scan.attach_joins(select)
        figures = self._figures(select, key)
        shown = [(key, self._key_column(set_, own)), *attributes, *figures]
        select.set("expressions", [named(value.copy(), col.id) for value, col in shown])
        select.set("order", exp.Order(expressions=self._order(own, figures)))
        select.set("limit", exp.Limit(expression=number(self._rows())))
        attach_stages(select, self.stages)
        return select, tuple(col for _, col in shown)

    def _rows(self) -> int:
        most = self.snapshot.max_result_rows
        return min(self.query.limit or most, most)

    def _key_column(self, set_: Set, name: str) -> Column:
        dimension = entity_dimension(set_.entity, self.snapshot.manifest)
        group = group_columns((dimension,), self.snapshot)[0]
        return Column(name, group.label, "dimension")

    def _attributes(self, scan: Scan) -> list[tuple[exp.Expression, Column]]:
        groups = self._groups()
        return [
            (
                _masked(attribute, group, scan) if attribute.masked else group_value(group, scan),
                Column(group.name, group.label, "dimension", group.field.unit),
            )
            for attribute, group in zip(self.listing.attributes, groups, strict=True)
        ]

    def _groups(self) -> tuple[GroupColumn, ...]:
        names = tuple(attribute.dimension for attribute in self.listing.attributes)
        return group_columns(names, self.snapshot)

    def _figures(self, select: exp.Select, key: exp.Expression) -> Figures:
        """The measures by entity, joined by its key: one row for one row."""
        figures = self.listing.figures
        if figures is None:
            return []
        finished = self.stages.nested(figures, self.stages, self.snapshot)
        own, values = finished.columns[0], finished.columns[1:]
        stage = self.stages.same_as(finished.select)
        stage = stage or self.stages.add(FIGURES, finished.select, "每个对象的指标")
        same = exp.EQ(this=key.copy(), expression=column(own.id, stage))
        joins = select.args.get("joins") or []
        if not any(join.args.get("on") == same for join in joins):
            join = exp.Join(this=table(stage), side="LEFT", on=same)
            select.set("joins", [*joins, join])
        zero = [self._is_zero(measure) for measure in metric_query(figures).measures]
        return [
            (coalesce(column(c.id, stage), number(0)) if z else column(c.id, stage), c)
            for c, z in zip(values, zero, strict=True)
        ]

    def _is_zero(self, measure: object) -> bool:
        return isinstance(measure, MetricRef) and is_flow(measure, self.snapshot)

    def _order(self, own: str, figures: Figures) -> list[exp.Expression]:
        """As asked, else by the first measure; the key makes it one order."""
        found = [term for order in self.query.order for term in self._ordered(order, figures)]
        if not found and figures:
            found.append(ordered(self._compared(0, figures), descending=True))
        return [*found, ordered(column(own), descending=False)]

    def _ordered(self, order: Order, figures: Figures) -> list[exp.Expression]:
        if order.column.group is not None:
            group = self._groups()[order.column.group]
            declared = declared_order(group)
            ranks = [] if declared is None else [ordered(declared, descending=order.descending)]
            return [*ranks, ordered(column(group.name), descending=order.descending)]
        at = order.column.measure or 0
        return [ordered(self._compared(at, figures), descending=self._descending(order, at))]

    def _compared(self, at: int, figures: Figures) -> exp.Expression:
        """What a measure is ordered by: equal rates are equal whatever they were divided from."""
        measure, manifest = self.query.measures[at], self.snapshot.manifest
        value, shown = figures[at]
        if not is_quotient(measure, manifest):
            return column(shown.id)
        return rounded(value.copy(), digits_of_unit(measure_unit(measure, manifest)))

    def _descending(self, order: Order, at: int) -> bool:
        measure = self.query.measures[at]
        if not order.quality or not isinstance(measure, MetricRef):
            return order.descending
        down = self.snapshot.manifest.metrics[measure.metric].direction == "down_is_good"
        return order.descending is not down


def _masked(attribute: ListedAttribute, group: GroupColumn, scan: Scan) -> exp.Expression:
    """The field as its mask shows it; missing stays missing."""
    if group.field.mask is None:
        return text(MASK)
    return scan.expression(group.field.mask, scan.path(attribute.dimension).joins)
