"""One tree, several databases: what another engine computes differently is rewritten.

Definitions and statements mean what DuckDB makes of them. Where sqlglot's own translation
would run elsewhere but give another number, a transform below says the same in that dialect.
Everything else sqlglot translates, or the statement is refused (UnsupportedError).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import sqlglot
from sqlglot import exp

Dialect = Literal["duckdb", "spark", "clickhouse"]
DIALECTS: tuple[Dialect, ...] = ("duckdb", "spark", "clickhouse")
Transform = Callable[[exp.Expr], exp.Expr]

_DATE = exp.DType.DATE
_DOUBLE = exp.DType.DOUBLE
_TEXT = exp.DType.VARCHAR
_UNITS_OF_A_YEAR: dict[str, tuple[int, type[exp.Func] | None]] = {
    "YEAR": (1, None), "QUARTER": (4, exp.Quarter), "MONTH": (12, exp.Month),
}  # fmt: skip
_SETTINGS = (
    ("join_use_nulls", "1"), ("aggregate_functions_null_for_empty", "1"),
    ("prefer_column_name_to_alias", "1"),
)  # fmt: skip
"""ClickHouse otherwise fills unmatched rows with zeros, sums nothing to zero, and takes a
result column for the column beneath it."""
_CHARACTERS: dict[type[exp.Expr], str] = {
    exp.Left: "leftUTF8", exp.Right: "rightUTF8", exp.Substring: "substringUTF8",
    exp.Lower: "lowerUTF8", exp.Upper: "upperUTF8",
}  # fmt: skip
"""ClickHouse otherwise counts bytes, of which a Chinese character has three."""


def render(tree: exp.Expr, dialect: str = "duckdb", *, pretty: bool = False) -> str:
    """The statement in a dialect, with the meaning that it has in DuckDB."""
    return translated(tree, dialect).sql(
        dialect=dialect,
        pretty=pretty,
        unsupported_level=sqlglot.ErrorLevel.RAISE,
        copy=dialect != "duckdb",  # writing leaves our trees as they are; copying is half the time
    )


def translated(tree: exp.Expr, dialect: str) -> exp.Expr:
    """The tree as that database has to be told; the same tree for DuckDB."""
    transforms = _TRANSFORMS.get(dialect)
    if transforms is None:
        return tree
    copied = tree.copy()
    for node in reversed(list(copied.walk())):
        told = node
        for transform in transforms:
            told = transform(told)
        if node is copied:
            copied = told
        elif told is not node:
            node.replace(told)
    return _with_settings(copied) if dialect == "clickhouse" else copied


def _spark_time_text(node: exp.Expr) -> exp.Expr:
    """Literal letters in a pattern are no patterns there, and weeks of a year have none."""
    if not isinstance(node, exp.TimeToStr) or not isinstance(node.args["format"], exp.Literal):
        return node
    pattern = node.args["format"].name
    if pattern == "%G-W%V":
        year = exp.Extract(this=exp.Var(this="YEAROFWEEK"), expression=node.this.copy())
        week = exp.Pad(
            this=_cast(exp.WeekOfYear(this=node.this.copy()), _TEXT),
            expression=exp.Literal.number(2),
            fill_pattern=exp.Literal.string("0"),
            is_left=True,
        )
        return _joined(_cast(year, _TEXT), exp.Literal.string("-W"), week)
    kept = pattern.rstrip("QH")
    if kept == pattern:
        return node
    shown = exp.TimeToStr(this=node.this.copy(), format=exp.Literal.string(kept))
    return _joined(shown, exp.Literal.string(pattern[len(kept) :]))


def _spark_boundaries(node: exp.Expr) -> exp.Expr:
    """Crossed boundaries are counted, not whole months or days that have passed."""
    if not isinstance(node, exp.DateDiff):
        return node
    unit = (node.text("unit") or "DAY").upper()
    later, earlier = node.this, node.expression
    if unit in ("DAY", "WEEK"):
        starts = [_week(d) if unit == "WEEK" else d.copy() for d in (later, earlier)]
        days = exp.DateDiff(
            this=_cast(starts[0], _DATE),
            expression=_cast(starts[1], _DATE),
            unit=exp.Var(this="DAY"),
        )
        return days if unit == "DAY" else exp.IntDiv(this=days, expression=exp.Literal.number(7))
    if unit not in _UNITS_OF_A_YEAR:
        return node
    parts, number_of = _UNITS_OF_A_YEAR[unit]
    years: exp.Expr = _minus(exp.Year(this=later.copy()), exp.Year(this=earlier.copy()))
    if number_of is None:
        return exp.Paren(this=years)
    passed = exp.Mul(this=exp.Paren(this=years), expression=exp.Literal.number(parts))
    moved = _minus(number_of(this=later.copy()), number_of(this=earlier.copy()))
    return exp.Paren(this=exp.Add(this=passed, expression=exp.Paren(this=moved)))


def _spark_quantile(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.PercentileCont) and node.expression is not None:
        return exp.Anonymous(this="PERCENTILE", expressions=[node.this, node.expression])
    return node


def _spark_weekday(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Extract) and node.name.upper() == "ISODOW":
        node.set("this", exp.Var(this="DAYOFWEEK_ISO"))
    return node


def _clickhouse_division(node: exp.Expr) -> exp.Expr:
    """A quotient of decimals otherwise keeps only the decimals of the dividend."""
    if isinstance(node, exp.Div) and not node.this.is_type(_DOUBLE):
        return exp.Div(this=_cast(node.this, _DOUBLE), expression=node.expression)
    return node


def _clickhouse_characters(node: exp.Expr) -> exp.Expr:
    name = _CHARACTERS.get(type(node))
    if name is None:
        return node
    given = [node.this, *(node.args.get(part) for part in ("expression", "start", "length"))]
    return exp.Anonymous(this=name, expressions=[value for value in given if value is not None])


def _clickhouse_round(node: exp.Expr) -> exp.Expr:
    """Halves go away from zero, not to the even neighbour."""
    if isinstance(node, exp.Round) and not isinstance(node.this, exp.Cast):
        exact = exp.Cast(this=node.this, to=exp.DataType.build("DECIMAL(38, 10)"))
        return exp.Round(this=exact, decimals=node.args.get("decimals"))
    return node


def _clickhouse_quantile(node: exp.Expr) -> exp.Expr:
    """Exact and interpolated; the plain functions only sample."""
    if isinstance(node, exp.Median):
        level: exp.Expr = exp.Literal.number("0.5")
    elif isinstance(node, exp.PercentileCont) and node.expression is not None:
        level = node.expression
    else:
        return node
    return exp.ParameterizedAgg(
        this="quantileExactInclusive", expressions=[level], params=[node.this]
    )


def _clickhouse_weekday(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Extract) and node.name.upper() == "ISODOW":
        return exp.Anonymous(this="toDayOfWeek", expressions=[node.expression])
    return node


def _clickhouse_rows(node: exp.Expr) -> exp.Expr:
    """Literal rows have no names there; one SELECT each does."""
    alias = node.args.get("alias")
    if not isinstance(node, exp.Values) or not isinstance(alias, exp.TableAlias):
        return node
    names = [name.name for name in alias.columns]
    selects = [
        exp.select(*(exp.alias_(v, n) for v, n in zip(row.expressions, names, strict=True)))
        for row in node.expressions
    ]
    rows: exp.Query = selects[0]
    for following in selects[1:]:
        rows = exp.Union(this=rows, expression=following, distinct=False)
    return exp.Subquery(this=rows, alias=exp.TableAlias(this=alias.this))


def _with_settings(tree: exp.Expr) -> exp.Expr:
    if isinstance(tree, exp.Query):
        settings = [
            exp.EQ(this=exp.column(name), expression=exp.Literal.number(value))
            for name, value in _SETTINGS
        ]
        tree.set("settings", settings)
    return tree


def _cast(node: exp.Expr, kind: exp.DType) -> exp.Expr:
    return exp.Cast(this=node, to=exp.DataType(this=kind))


def _week(node: exp.Expr) -> exp.Expr:
    return exp.TimestampTrunc(this=node.copy(), unit=exp.Var(this="WEEK"))


def _minus(left: exp.Expr, right: exp.Expr) -> exp.Sub:
    return exp.Sub(this=left, expression=right)


def _joined(first: exp.Expr, *following: exp.Expr) -> exp.Expr:
    for node in following:
        first = exp.DPipe(this=first, expression=node)
    return first


def outline(tree: exp.Expr) -> Iterator[tuple[object, ...]]:
    """Every SELECT of a statement in order: its columns, how many joins, and its clauses."""
    for select in tree.find_all(exp.Select, bfs=False):
        clauses = tuple(
            name for name in ("where", "group", "having", "order") if select.args.get(name)
        )
        yield (tuple(select.named_selects), len(select.args.get("joins") or ()), clauses)


_TRANSFORMS: dict[str, tuple[Transform, ...]] = {
    "spark": (_spark_time_text, _spark_boundaries, _spark_quantile, _spark_weekday),
    "clickhouse": (
        _clickhouse_division, _clickhouse_characters, _clickhouse_round, _clickhouse_quantile,
        _clickhouse_weekday, _clickhouse_rows,
    ),
}  # fmt: skip
