"""The allow-list of formulas: what every supported engine computes alike."""

from __future__ import annotations

from sqlglot import exp

FUNCTIONS: tuple[str, ...] = (
    "abs", "ceil", "floor", "round", "greatest", "least", "coalesce", "nullif", "if",
    "lower", "upper", "trim", "length", "left", "right", "substring", "concat",
    "year", "quarter", "month", "day", "extract", "date_trunc", "date_diff", "cast",
)  # fmt: skip
"""Functions by the name an owner writes."""

TYPES: tuple[str, ...] = (
    "boolean", "tinyint", "smallint", "integer", "bigint", "decimal", "float", "double",
    "varchar", "date", "timestamp",
)  # fmt: skip
"""What a value may be cast to, by the name an owner writes."""

ALLOWED_NODES: tuple[type[exp.Expression], ...] = (
    # names, constants, structure
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Tuple,
    exp.Var, exp.DataType, exp.DataTypeParam, exp.Interval,
    # comparison and logic
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
    exp.In, exp.Between, exp.Is, exp.Like, exp.Case, exp.If,
    # arithmetic
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.DPipe,
    # functions
    exp.Abs, exp.Ceil, exp.Floor, exp.Round, exp.Greatest, exp.Least, exp.Coalesce, exp.Nullif,
    exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Left, exp.Right, exp.Substring, exp.Concat,
    exp.Year, exp.Quarter, exp.Month, exp.Day, exp.Extract, exp.DateTrunc, exp.TimestampTrunc,
    exp.DateDiff, exp.Cast,
)  # fmt: skip

QUERY_FUNCTIONS: tuple[type[exp.Expression], ...] = (
    exp.Sum, exp.Count, exp.Min, exp.Max, exp.Avg, exp.Exists, exp.RowNumber, exp.Rank, exp.Lag,
    exp.Lead,
)  # fmt: skip
"""What the query of a dataset may use besides."""
