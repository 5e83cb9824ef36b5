"""Small questions to the database about its own data, as trees over one dataset."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import sqlglot
from sqlglot import exp

from semantic_layer.model import Dataset, Field, Parameter
from semantic_layer.model.expression import DIALECT, parse_scalar, with_parameters
from semantic_layer.result import Cell


def source(dataset: Dataset, parameters: Mapping[str, Parameter]) -> exp.Expr:
    """What comes after FROM: the table, or the dataset's own query."""
    if dataset.sql is None:
        return exp.to_table(dataset.table or dataset.name, dialect=DIALECT)
    query = sqlglot.parse_one(with_parameters(dataset.sql, parameters), dialect=DIALECT)
    return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(dataset.name)))


def field_value(field: Field, parameters: Mapping[str, Parameter]) -> exp.Expr:
    """The field as a scalar over its table's columns."""
    if field.expr is None:
        return exp.column(exp.to_identifier(field.name, quoted=True))
    return parse_scalar(field.expr, parameters).copy()


def first_and_last(
    dataset: Dataset, field: Field, parameters: Mapping[str, Parameter], today: date
) -> exp.Select:
    """First and last day of a time field, rows dated in the future left out."""
    day = exp.cast(field_value(field, parameters), "date")
    return (
        exp.select(
            exp.alias_(exp.Min(this=day.copy()), "first_day"),
            exp.alias_(exp.Max(this=day.copy()), "last_day"),
        )
        .from_(source(dataset, parameters))
        .where(exp.LTE(this=day, expression=_day_literal(today)))
    )


def load_log(table: str) -> exp.Select:
    """Table name and newest data date of every table in the load log."""
    return (
        exp.select(
            exp.column("table_name"), exp.alias_(exp.Max(this=exp.column("data_date")), "data_date")
        )
        .from_(exp.to_table(table, dialect=DIALECT))
        .group_by("table_name")
    )


def distinct_values(
    dataset: Dataset,
    field: Field,
    parameters: Mapping[str, Parameter],
    limit: int,
    where: exp.Expr | None = None,
) -> exp.Select:
    """The different values of a field, sorted."""
    value = field_value(field, parameters)
    query = exp.select(exp.alias_(value, "value")).distinct().from_(source(dataset, parameters))
    query = query.where(exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null())))
    if where is not None:
        query = query.where(where)
    return query.order_by("value").limit(limit)


def as_day(cell: Cell) -> date | None:
    """A DATE or TIMESTAMP cell as a day."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return date.fromisoformat(cell[:10]) if isinstance(cell, str) and cell else None


def _day_literal(day: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(day.isoformat()), "date")
