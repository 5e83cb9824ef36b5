"""Names and literals as tree nodes. Text never becomes SQL any other way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlglot import exp

from semantic_layer.query import Value

DATE = exp.DataType.Type.DATE


def identifier(name: str) -> exp.Identifier:
    """A name, quoted when it has to be."""
    return exp.Identifier(this=name, quoted=not (name.isascii() and name.isidentifier()))


def column(name: str, table: str | None = None) -> exp.Column:
    """A column, of a table alias when given."""
    if not table:
        return exp.Column(this=identifier(name))
    return exp.Column(this=identifier(name), table=identifier(table))


def table(name: str, alias: str | None = None) -> exp.Table:
    """A table or stage; `schema.table` outside the main schema."""
    schema, _, own = name.rpartition(".")
    parts: dict[str, exp.Expression] = {"this": identifier(own)}
    if schema:
        parts["db"] = identifier(schema)
    if alias and alias != name:
        parts["alias"] = exp.TableAlias(this=identifier(alias))
    return exp.Table(**parts)


def named(node: exp.Expression, name: str) -> exp.Expression:
    """The expression under a result name."""
    if isinstance(node, exp.Column) and node.name == name and not node.table:
        return node
    return exp.Alias(this=node, alias=identifier(name))


def day(value: date) -> exp.Expression:
    """A date literal."""
    return exp.Cast(this=text(value.isoformat()), to=exp.DataType(this=DATE))


def number(value: int | float) -> exp.Expression:
    """A number literal."""
    return exp.Literal.number(value)


def text(value: str) -> exp.Expression:
    """A string literal, escaped by the writer of each dialect."""
    return exp.Literal(this=value, is_string=True)


def literal(value: Value | date | None) -> exp.Expression:
    """Any plain value as a literal."""
    match value:
        case None:
            return exp.Null()
        case bool():
            return exp.Boolean(this=value)
        case int() | float():
            return number(value)
        case date():
            return day(value)
    return text(value)


def all_of(terms: Iterable[exp.Expression]) -> exp.Expression | None:
    """Terms joined by AND; None when there are none."""
    return _joined(exp.And, terms)


def any_of(terms: Iterable[exp.Expression]) -> exp.Expression | None:
    """Terms joined by OR, in parentheses; None when there are none."""
    joined = _joined(exp.Or, terms)
    return exp.Paren(this=joined) if isinstance(joined, exp.Or) else joined


def _joined(
    connector: type[exp.Expression], terms: Iterable[exp.Expression]
) -> exp.Expression | None:
    result: exp.Expression | None = None
    for term in terms:
        result = term if result is None else connector(this=result, expression=term)
    return result


def wrapped(node: exp.Expression) -> exp.Expression:
    """In parentheses where a neighbour could tear it apart."""
    torn = isinstance(node, exp.Binary | exp.Connector | exp.Not | exp.Between | exp.In | exp.Is)
    return exp.Paren(this=node) if torn and not isinstance(node, exp.Dot) else node


def guarded(node: exp.Expression) -> exp.Expression:
    """In parentheses where a neighbouring AND could tear it apart."""
    return exp.Paren(this=node) if isinstance(node, exp.Or) else node


def coalesce(node: exp.Expression, default: exp.Expression) -> exp.Expression:
    """The value, or a default when it is missing."""
    return exp.Coalesce(this=node, expressions=[default])


def finely(node: exp.Expression) -> exp.Expression:
    """Money with more digits: the middle of two amounts lies between two cents."""
    digits = [exp.DataTypeParam(this=number(n)) for n in (38, 10)]
    kind = exp.DataType(this=exp.DataType.Type.DECIMAL, expressions=digits)
    return exp.Cast(this=node, to=kind)


def quotient(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    """A division that gives no value when the divisor is zero or missing."""
    if not (isinstance(right, exp.Literal) and right.name != "0"):
        right = exp.Nullif(this=right, expression=number(0))
    return exp.Div(this=wrapped(left), expression=right)
