"""Many-to-many joins in SQL: each row once per member, conditions as semi-joins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from semantic_layer.compile.tokens import (
    all_of,
    any_of,
    coalesce,
    column,
    identifier,
    named,
    number,
    wrapped,
)
from semantic_layer.resolve.bridges import Crossing

if TYPE_CHECKING:
    from semantic_layer.compile.scan import Scan

Terms = Callable[["Scan"], Iterable[exp.Expression]]
"""What a pair must fulfil, over the scan of the pairs."""
SHARE, DATED, JUDGED_ON = "share_", "dated", "judged_on"


@dataclass(slots=True)
class Members:
    """The members of each key of ours, every one once, to be joined to the rows."""

    cut: Crossing
    alias: str
    ours: tuple[exp.Expression, ...]
    weighted: bool
    columns: dict[str, str]
    """Field of the members → column."""
    shown: Terms | None = None
    """Which of the members are shown; None: all."""

    def column(self, field: str) -> exp.Expression:
        """A field of the member."""
        name = self.columns.setdefault(field, f"member_{len(self.columns) + 1}")
        return column(name, self.alias)

    def part_of(self, value: exp.Expression) -> exp.Expression:
        """What the member has of an amount; rows without members keep all of theirs."""
        if not self.weighted:
            return value
        share = coalesce(column(SHARE, self.alias), number(1))
        return exp.Mul(this=wrapped(value), expression=share)

    def joined(self, scan: Scan) -> exp.Join:
        """The join to the rows."""
        pairs = _Pairs(scan, self.cut)
        ways = [tuple(name.split(".")) for name in self.columns]
        members = [pairs.inner.field(way[:-1], way[-1]) for way in ways]
        keys = [named(key, _key(at)) for at, key in enumerate(pairs.keys)]
        shown = [named(m.copy(), n) for m, n in zip(members, self.columns.values(), strict=True)]
        wanted = [] if self.shown is None else [*self.shown(pairs.inner)]
        if self.weighted:
            weight = coalesce(pairs.inner.expression(self.cut.join.weight or ""), number(0))
            select = pairs.select([*keys, *shown, named(exp.Sum(this=weight), SHARE)], wanted)
            ordinals = [number(at + 1) for at in range(len(keys) + len(shown))]
            select.set("group", exp.Group(expressions=ordinals))
        else:
            known = any_of(_is_known(member) for member in members)
            select = pairs.select([*keys, *shown], [*wanted, *([known] if known else [])])
            select.set("distinct", exp.Distinct())
        on = all_of(
            exp.EQ(this=ours.copy(), expression=column(_key(at), self.alias))
            for at, ours in enumerate(self.ours)
        )
        source = exp.Subquery(this=select, alias=exp.TableAlias(this=identifier(self.alias)))
        side = "LEFT" if self.cut.join.orphans == "keep" else None
        return exp.Join(this=source, side=side, on=on)


def member_keys(scan: Scan, cut: Crossing) -> tuple[exp.Expression, ...]:
    """Our side of the join, with the day at which validity is judged."""
    keys = [scan.expression(ours, cut.before) for ours, _ in cut.join.keys]
    validity = cut.join.validity
    judged = [] if validity is None else [scan.expression(validity.as_of, cut.before)]
    return (*keys, *judged)


def is_member(scan: Scan, cut: Crossing, terms: Terms, *, protected: bool = True) -> exp.Expression:
    """Whether some member of a row fulfils the terms: a semi-join, which multiplies nothing.

    `protected`: only members that the asker may see; a policy itself looks at all of them.
    """
    pairs = _Pairs(scan, cut, protected=protected)
    query = exp.Subquery(this=pairs.select([key.copy() for key in pairs.keys], terms(pairs.inner)))
    ours = [key.copy() for key in member_keys(scan, cut)]
    subject = wrapped(ours[0]) if len(ours) == 1 else exp.Tuple(expressions=ours)
    return exp.In(this=subject, query=query)


def _is_known(value: exp.Expression) -> exp.Expression:
    return exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))


def _key(at: int) -> str:
    return f"key_{at + 1}"


class _Pairs:
    """The table of pairs, at the days of our rows where pairs are valid for some time only."""

    def __init__(self, scan: Scan, cut: Crossing, *, protected: bool = True) -> None:
        self.outer = scan
        self.inner = scan.opened(cut.join.to)
        policy = self.inner.policy() if protected else None
        self.terms = [] if policy is None else [policy]
        self.dated: list[exp.Join] = []
        self.keys = [self.inner.field((), theirs) for _, theirs in cut.join.keys]
        if cut.join.validity is not None:
            self._date(cut)

    def select(self, columns: list[exp.Expression], terms: Iterable[exp.Expression]) -> exp.Select:
        """The pairs that fulfil the terms."""
        where = all_of([*self.terms, *terms])
        select = exp.Select(expressions=columns)
        select.set("from_", exp.From(this=self.inner.source()))
        if where is not None:
            select.set("where", exp.Where(this=where))
        self.inner.attach_joins(select)
        select.set("joins", [*(select.args.get("joins") or []), *self.dated])
        self.outer.sources |= self.inner.sources
        return select

    def _date(self, cut: Crossing) -> None:
        """Joins the days of our rows, so that a member counts once on each of them."""
        validity = cut.join.validity
        assert validity is not None
        ours = self.outer.opened(cut.parent.name)
        keys = [ours.expression(mine) for mine, _ in cut.join.keys]
        columns = [named(key, _key(at)) for at, key in enumerate(keys)]
        columns.append(named(ours.expression(validity.as_of), JUDGED_ON))
        days = exp.Select(expressions=columns)
        days.set("from_", exp.From(this=ours.source()))
        days.set("distinct", exp.Distinct())
        ours.attach_joins(days)
        self.outer.sources |= ours.sources
        taken = set(self.inner.aliases.values())
        alias = DATED if DATED not in taken else f"{DATED}_"
        day = column(JUDGED_ON, alias)
        terms: list[exp.Expression] = [
            exp.EQ(this=key, expression=column(_key(at), alias)) for at, key in enumerate(self.keys)
        ]
        terms += self.inner.valid_at(day, validity)
        source = exp.Subquery(this=days, alias=exp.TableAlias(this=identifier(alias)))
        self.dated = [exp.Join(this=source, on=all_of(terms))]
        self.keys = [*(column(_key(at), alias) for at in range(len(keys))), day.copy()]
