"""Filters as SQL. A missing value never fulfils a condition, and always its negation."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from semantic_layer.compile.scan import Scan, home_field
from semantic_layer.compile.tokens import all_of, any_of, day, literal, text, wrapped
from semantic_layer.query import And, Condition, Membership, Not, Or, Predicate, Value
from semantic_layer.resolve.conditions import UNKNOWN, field_kind

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


def predicate_sql(predicate: Predicate, scan: Scan) -> exp.Expression:
    """The predicate over the columns of a scan."""
    match predicate:
        case Condition():
            return _condition(predicate, scan)
        case And():
            joined = all_of(predicate_sql(child, scan) for child in predicate.children)
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
    subject = scan.dimension(condition.dimension)
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
