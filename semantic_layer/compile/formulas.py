"""Formulas over branch columns as SQL; every division guards its divisor."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from semantic_layer.compile.buckets import key_literal
from semantic_layer.compile.tokens import coalesce, column, number, quotient, wrapped
from semantic_layer.model import Parameter
from semantic_layer.model.expression import parse_scalar
from semantic_layer.plan.nodes import Calculation, Constant, Formula, PartRef

Place = Callable[[PartRef], exp.Expression]
"""Where a part's value stands."""
OPERATORS: dict[str, type[exp.Expression]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}


def formula_sql(
    formula: Formula, place: Place, parameters: Mapping[str, Parameter]
) -> exp.Expression:
    """The formula with every part in its place."""
    if isinstance(formula, PartRef):
        return place(formula)
    if isinstance(formula, Constant):
        return exp.Null() if formula.value is None else number(formula.value)
    operands = [formula_sql(operand, place, parameters) for operand in formula.operands]
    if formula.op == "formula":
        return _spelled(formula, operands, parameters)
    left, right = operands
    if formula.op == "/":
        return quotient(left, right)
    return OPERATORS[formula.op](this=wrapped(left), expression=wrapped(right))


def _spelled(
    formula: Calculation, operands: list[exp.Expression], parameters: Mapping[str, Parameter]
) -> exp.Expression:
    values = dict(zip(formula.names, operands, strict=True))
    tree = parse_scalar(formula.text, parameters).copy()
    for division in list(tree.find_all(exp.Div)):
        divisor = division.expression
        if not isinstance(divisor, exp.Nullif | exp.Literal):
            division.set("expression", exp.Nullif(this=divisor.copy(), expression=number(0)))
    for name in list(tree.find_all(exp.Column)):
        name.replace(wrapped(values[name.name].copy()))
    return tree


def part_place(time: str | None, keys: str | None, *, joined: bool) -> Place:
    """Parts as columns of their stages; rows that a join did not find count 0 for flows."""

    def place(part: PartRef) -> exp.Expression:
        value: exp.Expression = column(part.column, part.branch)
        beside = joined or (time is not None and part.branch != keys)
        if not beside or not part.zero:
            return value
        filled = coalesce(value, number(0))
        if part.keys is None or time is None:
            return filled
        known = exp.In(this=column(time, keys), expressions=[key_literal(k) for k in part.keys])
        return exp.Case(ifs=[exp.If(this=known, true=filled)])

    return place
