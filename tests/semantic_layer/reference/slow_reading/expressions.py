"""Scalar formulas over one row, with the logic of missing values that SQL has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlglot import exp

Lookup = Callable[[tuple[str, ...]], Any]
"""Value of a name, given as its parts: ("role", "field")."""
COMPARE: dict[type[exp.Expression], Callable[[Any, Any], bool]] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
}
ARITHMETIC: dict[type[exp.Expression], Callable[[Any, Any], Any]] = {
    exp.Add: lambda a, b: a + b,
    exp.Sub: lambda a, b: a - b,
    exp.Mul: lambda a, b: a * b,
    exp.Div: lambda a, b: a / b if b else None,
}


def number(value: Any) -> Any:
    """Numbers as exact fractions, anything else as it is."""
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return Fraction(value)
    return value


def evaluate(tree: exp.Expression, lookup: Lookup) -> Any:
    """The value of a formula; None is a missing value."""
    kind = type(tree)
    if isinstance(tree, exp.Column):
        return number(lookup(tuple(part.name for part in tree.parts)))
    if isinstance(tree, exp.Literal):
        return tree.this if tree.is_string else Fraction(tree.this)
    if isinstance(tree, exp.Paren):
        return evaluate(tree.this, lookup)
    if isinstance(tree, exp.Boolean):
        return bool(tree.this)
    if isinstance(tree, exp.Null):
        return None
    if kind in COMPARE or kind in ARITHMETIC:
        left, right = evaluate(tree.this, lookup), evaluate(tree.expression, lookup)
        if left is None or right is None:
            return None
        return (COMPARE.get(kind) or ARITHMETIC[kind])(left, right)
    return _other(tree, lookup)


def _other(tree: exp.Expression, lookup: Lookup) -> Any:
    match tree:
        case exp.And():
            return _and(evaluate(tree.this, lookup), evaluate(tree.expression, lookup))
        case exp.Or():
            left, right = evaluate(tree.this, lookup), evaluate(tree.expression, lookup)
            return _not(_and(_not(left), _not(right)))
        case exp.Not():
            return _not(evaluate(tree.this, lookup))
        case exp.Neg():
            value = evaluate(tree.this, lookup)
            return None if value is None else -value
        case exp.Is():
            return evaluate(tree.this, lookup) is evaluate(tree.expression, lookup)
        case exp.In():
            return _in(tree, lookup)
        case exp.Between():
            value, low, high = (evaluate(tree.args[k], lookup) for k in ("this", "low", "high"))
            return None if None in (value, low, high) else low <= value <= high
        case exp.Case():
            return _case(tree, lookup)
        case exp.Coalesce():
            values = (evaluate(part, lookup) for part in (tree.this, *tree.expressions))
            return next((value for value in values if value is not None), None)
        case exp.Cast():
            value = evaluate(tree.this, lookup)
            return date.fromisoformat(value) if isinstance(value, str) else value
    raise NotImplementedError(type(tree).__name__)


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _and(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _in(tree: exp.In, lookup: Lookup) -> bool | None:
    value = evaluate(tree.this, lookup)
    members = [evaluate(member, lookup) for member in tree.expressions]
    if value is None:
        return None
    if value in members:
        return True
    return None if None in members else False


def _case(tree: exp.Case, lookup: Lookup) -> Any:
    subject = evaluate(tree.this, lookup) if tree.this is not None else None
    for branch in tree.args["ifs"]:
        condition = evaluate(branch.this, lookup)
        hit = condition is True if tree.this is None else condition == subject is not None
        if hit:
            return evaluate(branch.args["true"], lookup)
    default = tree.args.get("default")
    return None if default is None else evaluate(default, lookup)
