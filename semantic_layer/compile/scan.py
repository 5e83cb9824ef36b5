"""One table with just the joins that are used; every scan carries its row policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import sqlglot
from sqlglot import exp

from semantic_layer.compile.bands import band_case
from semantic_layer.compile.bridges import Members, is_member, member_keys
from semantic_layer.compile.tokens import (
    all_of,
    any_of,
    column,
    identifier,
    number,
    table,
    text,
    wrapped,
)
from semantic_layer.model import Dataset, Field, Join, Validity
from semantic_layer.model.expression import DIALECT, parse_scalar
from semantic_layer.query import MetricQuery, Set
from semantic_layer.resolve.bridges import Crossing, crossing, is_allocated
from semantic_layer.resolve.conditions import field_kind
from semantic_layer.resolve.paths import ENTITY
from semantic_layer.resolve.refused import refuse_unsupported
from semantic_layer.resolved import PathChoice, ResolvedQuery
from semantic_layer.snapshot import Snapshot

Joins = tuple[str, ...]
"""Join roles from the scanned table outwards."""


class Sets(Protocol):
    """The sets of a filter as stages."""

    def membership(self, set_: Set, scan: Scan) -> exp.Expression:
        """Whether the entity of a row is a member."""
        ...

    def grouping(self, name: str, scan: Scan) -> exp.Expression:
        """The band or the set of the entity of a row."""
        ...


@dataclass(slots=True)
class Scan:
    """A dataset being read: columns asked for pull in the joins they need."""

    dataset: Dataset
    resolved: ResolvedQuery
    snapshot: Snapshot
    sets: Sets | None = None
    """Where the members of a set stand; None: the filter names no sets."""
    time_key: exp.Expression | None = None
    """The period of a row, where rows are told apart by it."""
    aliases: dict[Joins, str] = field(default_factory=dict)
    targets: dict[Joins, Dataset] = field(default_factory=dict)
    steps: list[exp.Join] = field(default_factory=list)
    late: list[exp.Join] = field(default_factory=list)
    """Joins on the period of a row, after those that tell it."""
    sources: set[str] = field(default_factory=set)
    members: dict[Joins, Members] = field(default_factory=dict)
    """Joins where a row has several members → those that rows are grouped by."""

    def __post_init__(self) -> None:
        self.aliases[()] = self.dataset.name
        self.targets[()] = self.dataset

    def dimension(self, name: str) -> exp.Expression:
        """A dimension as written in the query, by the path that was chosen."""
        path = self.path(name)
        cut = self.crossing(name)
        if cut is not None:
            return self._member(cut, path.field)
        if not self._ranks():
            return self.number(name)
        return self.field(path.joins, path.field)

    def number(self, name: str) -> exp.Expression:
        """A dimension; an entity by its number, whether its own table knows it or not."""
        path = self.path(name)
        if name.startswith(ENTITY) and path.joins:
            return self._foreign_key(path)
        return self.field(path.joins, path.field)

    def _ranks(self) -> bool:
        """Whether only who is in the entity's own table takes a place."""
        query = self.resolved.query
        return isinstance(query, MetricQuery) and query.limit is not None

    def _foreign_key(self, path: PathChoice) -> exp.Expression:
        """Our side of the join to an entity: its table need not be read."""
        parent = path.joins[:-1]
        self._reach(parent)
        join = self.targets[parent].join(path.joins[-1])
        assert join is not None
        ours = next((o for o, theirs in join.keys if theirs == path.field), None)
        return self.field(path.joins, path.field) if ours is None else self.expression(ours, parent)

    def crossing(self, name: str) -> Crossing | None:
        """Where the way to a dimension leads to several members of a row; None: to one."""
        return crossing(self.snapshot.manifest, self.dataset.name, self.path(name).joins)

    def _member(self, cut: Crossing, field: str) -> exp.Expression:
        """A field of the members that rows are grouped by: a row counts once for each."""
        if cut.joins not in self.members:
            ours = member_keys(self, cut)
            weighted = is_allocated(self.resolved, self.snapshot.manifest)
            alias = self._free_alias((*cut.before, f"{cut.join.name}_members"))
            self.members[cut.joins] = Members(cut, alias, ours, weighted, {})
        return self.members[cut.joins].column(".".join((*cut.after, field)))

    def part_of(self, value: exp.Expression) -> exp.Expression:
        """An amount, or what the members of the group have of it by weight."""
        for members in self.members.values():
            value = members.part_of(value)
        return value

    def opened(self, dataset: str) -> Scan:
        """Another table read for this one."""
        return Scan(self.snapshot.manifest.datasets[dataset], self.resolved, self.snapshot)

    def path(self, name: str) -> PathChoice:
        """The chosen way to a dimension."""
        for path in self.resolved.paths:
            if path.dataset == self.dataset.name and path.dimension == name:
                return path
        raise LookupError(name)

    def field(
        self, joins: Joins, name: str, inside: frozenset[str] = frozenset()
    ) -> exp.Expression:
        """A governed field, or the physical column of that name, reached by joins."""
        self._reach(joins)
        dataset, alias = self.targets[joins], self.aliases[joins]
        found = dataset.field(name)
        if found is None or name in inside:
            return column(name, alias)
        if found.band is not None:
            return band_case(found.band, self.field(joins, found.band.of, inside | {name}))
        if found.expr is not None:
            tree = parse_scalar(found.expr, self.snapshot.manifest.parameters)
            return wrapped(self._bound(tree, joins, inside | {name}))
        return column(name, alias)

    def expression(self, formula: str, joins: Joins = ()) -> exp.Expression:
        """A scalar formula over the fields; `role.field` reaches through a join."""
        tree = parse_scalar(formula, self.snapshot.manifest.parameters)
        return self._bound(tree, joins, frozenset())

    def _bound(self, tree: exp.Expression, joins: Joins, inside: frozenset[str]) -> exp.Expression:
        if isinstance(tree, exp.Column):
            return self._named(tree, joins, inside)
        copied = tree.copy()
        for found in list(copied.find_all(exp.Column)):
            found.replace(self._named(found, joins, inside))
        return copied

    def _named(self, found: exp.Column, joins: Joins, inside: frozenset[str]) -> exp.Expression:
        if not found.table:
            return self.field(joins, found.name, inside)
        *roles, name = (part.name for part in found.parts)
        if roles == [self.dataset.name]:
            return self.field(joins, name, inside)
        return self.field((*joins, *roles), name)

    def _reach(self, joins: Joins) -> None:
        if joins in self.aliases:
            return
        self._reach(joins[:-1])
        parent = self.targets[joins[:-1]]
        join = parent.join(joins[-1])
        if join is None:
            raise LookupError(joins[-1])
        if join.type == "many_to_many":
            raise refuse_unsupported(f"在公式里引用“{join.label or join.name}”(一行对应几个)")
        self.aliases[joins] = self._free_alias(joins)
        self.targets[joins] = self.snapshot.manifest.datasets[join.to]
        self.steps.append(self._step(joins, join))

    def _free_alias(self, joins: Joins) -> str:
        taken = set(self.aliases.values())
        short, full = joins[-1], "_".join(joins)
        name = short if short not in taken else full
        while name in taken:
            name += "_"
        return name

    def _step(self, joins: Joins, join: Join) -> exp.Join:
        parent = joins[:-1]
        terms: list[exp.Expression] = [
            exp.EQ(this=self.expression(ours, parent), expression=self.field(joins, theirs))
            for ours, theirs in join.keys
        ]
        if join.validity is not None:
            judged = self.expression(join.validity.as_of, parent)
            terms += self.valid_at(judged, join.validity, joins)
        return exp.Join(
            this=self._source(self.targets[joins], self.aliases[joins]),
            side="LEFT" if join.orphans == "keep" else None,
            on=all_of(terms),
        )

    def valid_at(
        self, judged: exp.Expression, validity: Validity, joins: Joins = ()
    ) -> list[exp.Expression]:
        """Whether a row is valid on a day: from its first one, until before its last one."""
        ends = self.field(joins, validity.to_field)
        open_end = exp.Is(this=ends, expression=exp.Null())
        before_end = exp.LT(this=judged.copy(), expression=ends.copy())
        starts = self.field(joins, validity.from_field)
        begun = exp.GTE(this=judged.copy(), expression=starts)
        return [begun, any_of([open_end, before_end]) or open_end]

    def source(self) -> exp.Expression:
        """The scanned table itself."""
        return self._source(self.dataset, self.aliases[()])

    def _source(self, dataset: Dataset, alias: str) -> exp.Expression:
        if dataset.table is not None:
            self.sources.add(dataset.table)
            return table(dataset.table, alias)
        tree = sqlglot.parse_one(dataset.sql or "", dialect=DIALECT)
        self.sources.update(found.name for found in tree.find_all(exp.Table))
        return exp.Subquery(this=tree, alias=exp.TableAlias(this=identifier(alias)))

    def policy(self) -> exp.Expression | None:
        """The row policy of the dataset; None when it needs none."""
        for row_filter in self.resolved.row_filters:
            if row_filter.dataset == self.dataset.name:
                return any_of(
                    all_of(self._allowed(path, values) for path, values in terms) or exp.false()
                    for terms in row_filter.alternatives
                )
        return None

    def _allowed(self, path: PathChoice, values: tuple[str, ...]) -> exp.Expression:
        kind = field_kind(self.snapshot, path.carrier, home_field(self.snapshot, path.field))
        literals = [number(float(v)) if kind == "number" else text(v) for v in values]
        cut = crossing(self.snapshot.manifest, self.dataset.name, path.joins)
        if cut is None:
            return exp.In(this=self.field(path.joins, path.field), expressions=literals)
        after = cut.after
        return is_member(
            self,
            cut,
            lambda pairs: [exp.In(this=pairs.field(after, path.field), expressions=literals)],
            protected=False,
        )

    def select(self) -> exp.Select:
        """An empty SELECT from the table, its joins and its policy."""
        policy = self.policy()
        select = exp.Select(expressions=[])
        select.set("from_", exp.From(this=self.source()))
        if policy is not None:
            select.set("where", exp.Where(this=policy))
        return select

    def attach_joins(self, select: exp.Select) -> None:
        """Puts the joins in use into the SELECT, once all columns were asked for."""
        members = [found.joined(self) for found in self.members.values()]
        theirs = select.args.get("joins") or []
        select.set("joins", [*self.steps, *members, *theirs, *self.late])


def home_field(snapshot: Snapshot, name: str) -> Field:
    """Label, values and kind of a dimension as written in the query."""
    return snapshot.manifest.dimensions[name.rpartition(".")[2]].field
