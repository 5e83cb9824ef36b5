"""Time buckets: first day of the unit inside, a sortable label outside."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from semantic_layer.compile.tokens import day, number, text
from semantic_layer.query import Grain
from semantic_layer.resolve.frames import Key

VARCHAR = exp.DataType.Type.VARCHAR
DATE = exp.DataType.Type.DATE
TRUNCATED = {"week": "WEEK", "month": "MONTH", "quarter": "QUARTER", "year": "YEAR"}


def bucket_start(grain: Grain, value: exp.Expression) -> exp.Expression:
    """First day of the bucket that a date lies in."""
    if grain == "date":
        return _as_date(value)
    if grain in TRUNCATED:
        return _truncated(value, TRUNCATED[grain])
    month = _truncated(value, "MONTH")
    if grain == "half":
        quarters = exp.Mod(this=exp.Paren(this=_minus_one(exp.Quarter(this=value.copy()))),
                           expression=number(2))  # fmt: skip
        return _moved(_truncated(value, "QUARTER"), quarters, "QUARTER")
    tens = exp.Least(
        this=exp.IntDiv(this=exp.Paren(this=_minus_one(exp.Day(this=value.copy()))),
                        expression=number(10)),
        expressions=[number(2)],
    )  # fmt: skip
    days = exp.Mul(this=number(-10), expression=tens)
    return _moved(month, days, "DAY")


def is_start_of_unit(value: exp.Expr) -> bool:
    """Whether an expression is the first day of a week, month, quarter or year."""
    if not isinstance(value, exp.Cast) or value.args["to"].this != DATE:
        return False
    return isinstance(value.this, exp.TimestampTrunc)


def bucket_label(grain: Grain, key: exp.Expression) -> exp.Expression:
    """How a bucket is written in the result: 2026-10, 2026-Q4, 2026-W47."""
    match grain:
        case "date":
            return key
        case "month":
            return _formatted(key, "%Y-%m")
        case "year":
            return _formatted(key, "%Y")
        case "week":
            return _formatted(key, "%G-W%V")
        case "quarter":
            return _joined(_formatted(key, "%Y-Q"), _as_text(exp.Quarter(this=key.copy())))
        case "half":
            first = exp.LTE(this=exp.Month(this=key.copy()), expression=number(6))
            half = exp.Case(ifs=[exp.If(this=first, true=text("1"))], default=text("2"))
            return _joined(_formatted(key, "%Y-H"), half)
    day_of_month = exp.Day(this=key.copy())
    names = exp.Case(
        this=day_of_month,
        ifs=[exp.If(this=number(1), true=text("上旬")), exp.If(this=number(11), true=text("中旬"))],
        default=text("下旬"),
    )
    return _joined(_formatted(key, "%Y-%m-"), names)


def bucket_text(grain: Grain, first_day: date) -> str | date:
    """The same in Python: what a bucket is called in the rows of a result."""
    day_of_month, month = first_day.day, first_day.month
    match grain:
        case "date":
            return first_day
        case "month":
            return f"{first_day:%Y-%m}"
        case "year":
            return f"{first_day:%Y}"
        case "week":
            return f"{first_day:%G-W%V}"
        case "quarter":
            return f"{first_day:%Y}-Q{(month + 2) // 3}"
        case "half":
            return f"{first_day:%Y}-H{1 if month <= 6 else 2}"
    tens = {1: "上旬", 11: "中旬"}.get(day_of_month, "下旬")
    return f"{first_day:%Y-%m}-{tens}"


def key_literal(key: Key) -> exp.Expression:
    """A time key as a literal."""
    if key is None:
        return exp.Null()
    return number(key) if isinstance(key, int) else day(key)


def span_label(labels: dict[int, str], key: exp.Expression) -> exp.Expression:
    """The name of a span from its position."""
    cases = [exp.If(this=number(at), true=text(label)) for at, label in labels.items()]
    return exp.Case(this=key, ifs=cases)


def _truncated(value: exp.Expression, unit: str) -> exp.Expression:
    return _as_date(exp.TimestampTrunc(this=value.copy(), unit=exp.Var(this=unit)))


def _as_date(value: exp.Expression) -> exp.Expression:
    return exp.Cast(this=value, to=exp.DataType(this=DATE))


def _as_text(value: exp.Expression) -> exp.Expression:
    return exp.Cast(this=value, to=exp.DataType(this=VARCHAR))


def _minus_one(value: exp.Expression) -> exp.Expression:
    return exp.Sub(this=value, expression=number(1))


def _moved(start: exp.Expression, back: exp.Expression, unit: str) -> exp.Expression:
    moved = exp.DateSub(this=start, expression=exp.Paren(this=back), unit=exp.Var(this=unit))
    return _as_date(moved)


def _formatted(key: exp.Expression, pattern: str) -> exp.Expression:
    return exp.TimeToStr(this=key.copy(), format=text(pattern))


def _joined(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    return exp.DPipe(this=left, expression=right)
