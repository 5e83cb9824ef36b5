"""Filters as SQL. A missing value never fulfils a condition, and always its negation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlglot import exp

from semantic_layer.compile.bridges import Terms, is_member
from semantic_layer.compile.scan import Scan, home_field
from semantic_layer.compile.tokens import all_of, any_of, day, literal, text, wrapped
from semantic_layer.query import And, Condition, Membership, Not, Or, Predicate, Value
from semantic_layer.query.predicate import DimensionOp
from semantic_layer.resolve.bridges import Crossing, is_positive
from semantic_layer.resolve.conditions import UNKNOWN, field_kind, parts_of

ORDERED: dict[str, type[exp.Expression]] = {
    "gt": exp.GT,
    "ge": exp.GTE,
    "lt": exp.LT,
    "le": exp.LTE,
}
TEXTUAL: dict[str, type[exp.Expression]] = {
    "contains": exp.Contains,
    "prefix": exp.StartsWith,
    "suffix": exp.EndsWith,
}


OPPOSITE: dict[DimensionOp, DimensionOp] = {
    "not_in": "in",
    "not_contains": "contains",
    "is_null": "not_null",
}


def predicate_sql(predicate: Predicate, scan: Scan) -> exp.Expression:
    """The predicate over the columns of a scan."""
    match predicate:
        case Condition():
            return _condition(predicate, scan)
        case And():
            together, others = same_member(predicate.children, scan)
            joined = all_of([*together, *(predicate_sql(child, scan) for child in others)])
        case Or():
            joined = any_of(predicate_sql(child, scan) for child in predicate.children)
        case Not():
            return _negated(predicate_sql(predicate.child, scan))
        case Membership():
            return _member(predicate, scan)
        case _:
            raise NotImplementedError(predicate.kind)
    assert joined is not None
    return joined


def _member(predicate: Membership, scan: Scan) -> exp.Expression:
    """Somebody in a set: a semi-join on the entity's key."""
    assert scan.sets is not None
    return scan.sets.membership(predicate.set, scan)


def _negated(condition: exp.Expression) -> exp.Expression:
    known = exp.Coalesce(this=condition, expressions=[exp.false()])
    return exp.Not(this=known)


def _condition(condition: Condition, scan: Scan) -> exp.Expression:
    cut = scan.crossing(condition.dimension)
    if cut is not None:
        return _some_member(condition, cut, scan)
    return _about(condition, scan.dimension(condition.dimension), scan)


def _some_member(condition: Condition, cut: Crossing, scan: Scan) -> exp.Expression:
    """A condition on members: some member fulfils it, or for its negation none does."""
    opposite, name = OPPOSITE.get(condition.op), condition.dimension
    if opposite is not None:
        return _negated(_some_member(replace(condition, op=opposite), cut, scan))
    known = tuple(v for v in condition.values if v != UNKNOWN)
    if len(known) == len(condition.values):
        return is_member(scan, cut, members_like((condition,), cut, scan))
    none = _some_member(Condition(name, "is_null"), cut, scan)
    if not known:
        return none
    some = _some_member(replace(condition, values=known), cut, scan)
    return any_of([some, none]) or none


def members_like(conditions: tuple[Condition, ...], cut: Crossing, scan: Scan) -> Terms:
    """The conditions over one and the same member."""
    fields = {c.dimension: scan.path(c.dimension).field for c in conditions}

    def terms(pairs: Scan) -> list[exp.Expression]:
        return [
            _about(c, pairs.field(cut.after_of(scan.path(c.dimension)), fields[c.dimension]), scan)
            for c in conditions
        ]

    return terms


def same_member(
    predicates: Sequence[Predicate], scan: Scan
) -> tuple[list[exp.Expression], list[Predicate]]:
    """Conditions on different fields of members are about one member; what is left of all.

    Twice the same field asks for two members: 有A标签并且有B标签.
    """
    joined: list[exp.Expression] = []
    taken: set[Predicate] = set()
    for cut, conditions in _by_crossing(predicates, scan):
        if len(conditions) > 1 and _are_different(conditions):
            joined.append(is_member(scan, cut, members_like(conditions, cut, scan)))
            taken.update(conditions)
    return joined, [p for p in predicates if p not in taken]


def _by_crossing(
    predicates: Sequence[Predicate], scan: Scan
) -> list[tuple[Crossing, tuple[Condition, ...]]]:
    found: dict[tuple[str, ...], tuple[Crossing, tuple[Condition, ...]]] = {}
    for predicate in predicates:
        if not isinstance(predicate, Condition) or not is_positive(predicate):
            continue
        cut = scan.crossing(predicate.dimension)
        if cut is not None:
            known = found.get(cut.joins, (cut, ()))[1]
            found[cut.joins] = (cut, (*known, predicate))
    return list(found.values())


def _are_different(conditions: tuple[Condition, ...]) -> bool:
    return len({c.dimension for c in conditions}) == len(conditions)


def show_members(where: Predicate | None, scan: Scan) -> None:
    """按标签看…标签为A、B: only those tags are shown, not all tags of the customers chosen."""
    for cut, conditions in _by_crossing(parts_of(where), scan):
        members = scan.members.get(cut.joins)
        if members is not None:
            members.shown = _shown(conditions, cut, scan)


def _shown(conditions: tuple[Condition, ...], cut: Crossing, scan: Scan) -> Terms:
    like = members_like(conditions, cut, scan)
    if _are_different(conditions):
        return like
    return lambda pairs: [found] if (found := any_of(like(pairs))) is not None else []


def _about(condition: Condition, subject: exp.Expression, scan: Scan) -> exp.Expression:
    match condition.op:
        case "is_null":
            return exp.Is(this=subject, expression=exp.Null())
        case "not_null":
            return exp.Not(this=exp.Is(this=subject, expression=exp.Null()))
        case "in":
            return _one_of(condition, subject, scan)
        case "not_in":
            return _none_of(condition, subject, scan)
        case "not_contains":
            return _negated(_contains("contains", condition, subject))
        case "contains" | "prefix" | "suffix":
            return _contains(condition.op, condition, subject)
    value = _value(condition.values[0], condition, scan)
    return ORDERED[condition.op](this=subject, expression=value)


def _one_of(condition: Condition, subject: exp.Expression, scan: Scan) -> exp.Expression:
    terms: list[exp.Expression] = []
    known = [v for v in condition.values if v != UNKNOWN]
    if len(known) < len(condition.values):
        terms.append(exp.Is(this=subject.copy(), expression=exp.Null()))
        known = list(condition.values)
    terms.insert(0, _membership(known, condition, subject, scan))
    joined = any_of(terms)
    assert joined is not None
    return joined


def _none_of(condition: Condition, subject: exp.Expression, scan: Scan) -> exp.Expression:
    """不含A keeps the rows whose value is not known, unless 未知 is what is left out."""
    without = exp.Not(this=_membership(list(condition.values), condition, subject, scan))
    missing = exp.Is(this=subject.copy(), expression=exp.Null())
    if UNKNOWN in condition.values:
        return exp.And(this=without, expression=exp.Not(this=missing))
    joined = any_of([without, missing])
    assert joined is not None
    return joined


def _membership(
    values: list[Value], condition: Condition, subject: exp.Expression, scan: Scan
) -> exp.Expression:
    literals = [_value(value, condition, scan) for value in values]
    if len(literals) == 1:
        return exp.EQ(this=wrapped(subject), expression=literals[0])
    return exp.In(this=wrapped(subject), expressions=literals)


def _contains(op: str, condition: Condition, subject: exp.Expression) -> exp.Expression:
    found = any_of(
        TEXTUAL[op](this=subject.copy(), expression=text(str(value))) for value in condition.values
    )
    assert found is not None
    return found


def _value(value: Value, condition: Condition, scan: Scan) -> exp.Expression:
    field = home_field(scan.snapshot, condition.dimension)
    home = scan.snapshot.manifest.dimensions[condition.dimension.rpartition(".")[2]].home
    if isinstance(value, str) and field_kind(scan.snapshot, home, field) in ("date", "timestamp"):
        return day(date.fromisoformat(value[:10]))
    return literal(value)
