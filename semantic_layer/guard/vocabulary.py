"""What a query may be made of. Whatever is not listed here is refused."""

from __future__ import annotations

import re

from sqlglot import exp

STRUCTURE: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Alias, exp.Boolean, exp.Case, exp.Cube, exp.DataTypeParam, exp.Distinct, exp.Filter,
        exp.Group, exp.GroupingSets, exp.Having, exp.If, exp.IgnoreNulls, exp.In, exp.Interval,
        exp.Limit, exp.Null, exp.Offset, exp.Order, exp.Ordered, exp.Paren, exp.Qualify,
        exp.RespectNulls, exp.Rollup, exp.Tuple, exp.Where, exp.Window, exp.WindowSpec,
        exp.WithinGroup, exp.Exists,
    }
)  # fmt: skip

OPERATORS: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Add, exp.And, exp.Between, exp.Div, exp.DPipe, exp.EQ, exp.Escape, exp.GT, exp.GTE,
        exp.ILike, exp.IntDiv, exp.Is, exp.Like, exp.LT, exp.LTE, exp.Mod, exp.Mul, exp.Neg,
        exp.NEQ, exp.Not, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Or, exp.Sub, exp.Xor,
    }
)  # fmt: skip

AGGREGATES: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.AnyValue, exp.ApproxDistinct, exp.ApproxQuantile, exp.ArgMax, exp.ArgMin, exp.Avg,
        exp.Corr, exp.Count, exp.CountIf, exp.CovarPop, exp.CovarSamp, exp.First, exp.Grouping,
        exp.Last, exp.LogicalAnd, exp.LogicalOr, exp.Max, exp.Median, exp.Min, exp.Mode,
        exp.PercentileCont, exp.PercentileDisc, exp.Quantile, exp.Stddev, exp.StddevPop,
        exp.StddevSamp, exp.Sum, exp.Variance, exp.VariancePop,
    }
)  # fmt: skip

WINDOW_FUNCTIONS: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.CumeDist, exp.DenseRank, exp.FirstValue, exp.Lag, exp.LastValue, exp.Lead,
        exp.NthValue, exp.Ntile, exp.PercentRank, exp.Rank, exp.RowNumber,
    }
)  # fmt: skip

SCALARS: frozenset[type[exp.Expr]] = frozenset(
    {
        # numbers
        exp.Abs, exp.Ceil, exp.Exp, exp.Floor, exp.Greatest, exp.IsNan, exp.Least, exp.Ln,
        exp.Log, exp.Pow, exp.Round, exp.Sign, exp.Sqrt, exp.Trunc,
        # presence and types
        exp.Cast, exp.Coalesce, exp.Nullif, exp.TryCast,
        # text
        exp.Concat, exp.ConcatWs, exp.Contains, exp.EndsWith, exp.Left, exp.Length, exp.Lower,
        exp.MD5, exp.RegexpExtract, exp.RegexpLike, exp.Replace, exp.Right, exp.SplitPart,
        exp.StartsWith, exp.StrPosition, exp.Substring, exp.Trim, exp.Upper,
        # dates; never the clock
        exp.DateAdd, exp.DateDiff, exp.DateFromParts, exp.DateSub, exp.DateTrunc, exp.Day,
        exp.DayOfMonth, exp.DayOfWeek, exp.DayOfWeekIso, exp.DayOfYear, exp.Extract,
        exp.LastDay, exp.Month, exp.Quarter, exp.StrToDate, exp.StrToTime, exp.TimestampTrunc,
        exp.TimeToStr, exp.ToDays, exp.TsOrDsAdd, exp.TsOrDsDiff, exp.TsOrDsToDate, exp.Week,
        exp.WeekOfYear, exp.Year,
    }
)  # fmt: skip

ALLOWED: frozenset[type[exp.Expr]] = STRUCTURE | OPERATORS | AGGREGATES | WINDOW_FUNCTIONS | SCALARS

NAMED_FUNCTIONS: frozenset[str] = frozenset(
    {"date_part", "date_sub", "isfinite", "isodow", "isoyear", "prefix", "suffix"}
)
"""Functions sqlglot has no class for."""

_Type = exp.DType
TYPES: frozenset[_Type] = frozenset(
    {
        _Type.BOOLEAN, _Type.TINYINT, _Type.SMALLINT, _Type.INT, _Type.BIGINT, _Type.INT128,
        _Type.DECIMAL, _Type.FLOAT, _Type.DOUBLE, _Type.CHAR, _Type.VARCHAR, _Type.TEXT,
        _Type.DATE, _Type.TIME, _Type.TIMESTAMP, _Type.TIMESTAMPTZ, _Type.DATETIME,
        _Type.INTERVAL,
    }
)  # fmt: skip

ARGUMENTS: dict[type[exp.Expr], frozenset[str]] = {
    exp.Select: frozenset(
        {
            "with_", "distinct", "expressions", "from_", "joins", "where", "group", "having",
            "qualify", "order", "limit", "offset",
        }
    ),
    exp.SetOperation: frozenset(
        {"with_", "this", "expression", "distinct", "order", "limit", "offset"}
    ),
    exp.Table: frozenset({"this", "db", "alias"}),
    exp.Subquery: frozenset({"this", "alias"}),
    exp.Values: frozenset({"expressions", "alias"}),
    exp.CTE: frozenset({"this", "alias", "materialized"}),
    exp.With: frozenset({"expressions"}),
    exp.Join: frozenset({"this", "on", "using", "side", "kind"}),
    exp.TableAlias: frozenset({"this", "columns"}),
    exp.Star: frozenset(),
    exp.Column: frozenset({"this", "table"}),
}  # fmt: skip
"""Nodes that shape the query, with the only parts they may have."""

WORDS: frozenset[str] = frozenset(
    {
        # joins, windows
        "LEFT", "RIGHT", "FULL", "INNER", "OUTER", "CROSS", "SEMI", "ANTI",
        "OVER", "ROWS", "RANGE", "GROUPS", "UNBOUNDED", "CURRENT ROW", "PRECEDING", "FOLLOWING",
        # units of time
        "YEAR", "HALF", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND",
        "YEARS", "QUARTERS", "MONTHS", "WEEKS", "DAYS", "HOURS", "MINUTES", "SECONDS",
        "ISODOW", "ISOYEAR", "DOW", "DOY", "DAYOFWEEK", "DAYOFYEAR",
        # trim
        "BOTH", "LEADING", "TRAILING",
    }
)  # fmt: skip
"""Bare words that reach the SQL text as they stand."""

NUMBER = re.compile(r"\d+(\.\d*)?([eE][-+]?\d+)?|\.\d+")
PLAIN_NAME = re.compile(r"[^\W\d]\w*")
