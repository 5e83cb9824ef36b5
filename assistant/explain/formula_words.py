"""SQL of a definition in words: 客户状态为正常且月日均AUM≥500,000; never a column's own name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from sqlglot import exp

from semantic_layer.model import Dataset, Field, Manifest, Parameter
from semantic_layer.model.expression import InvalidExpressionError, parse_scalar
from semantic_layer.model.today import AS_OF

TODAY = Parameter(AS_OF, "今天", "今天")
_COMPARED: Mapping[type[exp.Expr], str] = {
    exp.GT: ">", exp.GTE: "≥", exp.LT: "<", exp.LTE: "≤",
    exp.Add: "+", exp.Sub: "−", exp.Mul: "×", exp.Div: "÷",
}  # fmt: skip
_UNITS = {"DAY": "天数", "MONTH": "月数", "YEAR": "年数"}
_WITHIN = {"DAY": "日", "MONTH": "月", "QUARTER": "季度", "YEAR": "年"}


class _NoWordsError(Exception):
    """A part of the formula that has no Chinese name."""


@lru_cache(maxsize=2048)
def formula_words(text: str, dataset: str, manifest: Manifest) -> str | None:
    """The formula in words; None where a column of it has no Chinese name."""
    try:
        tree = parse_scalar(text, {**manifest.parameters, AS_OF: TODAY})
        return _words(tree, manifest.datasets[dataset], manifest)
    except (_NoWordsError, InvalidExpressionError):
        return None


def _words(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    """The words of one node; `at`: the table whose columns it names."""
    told = _TOLD.get(type(node))
    if told is not None:
        return told(node, at, manifest)
    sign = _COMPARED.get(type(node))
    if sign is None:
        raise _NoWordsError
    return f"{_words(node.this, at, manifest)}{sign}{_words(node.expression, at, manifest)}"


def _column(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    words = column_words(*_place(node, at, manifest))
    if words is None:
        raise _NoWordsError
    return words


def column_words(dataset: Dataset, name: str) -> str | None:
    """The Chinese name of a column, if it has one."""
    field = _field(dataset, name)
    if field is not None:
        return field.label
    actors = dataset.events.by if dataset.events else ()
    return {**{a.field: f"{a.label}号" for a in actors}, **dict(dataset.columns)}.get(name)


def _place(node: exp.Expr, at: Dataset, manifest: Manifest) -> tuple[Dataset, str]:
    """The table that a column stands in, and its own name there."""
    assert isinstance(node, exp.Column)
    *roles, name = (part.name for part in node.parts)
    for role in roles:
        join = at.join(role)
        if join is None:
            raise _NoWordsError
        at = manifest.datasets[join.to]
    return at, name


def _field(dataset: Dataset, name: str) -> Field | None:
    """The labelled field that is the column, or that only renames it."""
    own = dataset.field(name)
    if own is not None and own.label != own.name:
        return own
    return next((f for f in dataset.fields if f.expr == name and f.label != f.name), None)


def _equal(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    return _is(node.this, [node.expression], at, manifest)


def _unequal(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    values = _values(node.this, [node.expression], at, manifest)
    return f"{_words(node.this, at, manifest)}不为{values}"


def _one_of(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    return _is(node.this, node.expressions, at, manifest)


def _is(subject: exp.Expr, values: list[exp.Expr], at: Dataset, manifest: Manifest) -> str:
    """产品线为存款; of a mark only its name: 当月活跃."""
    name = _words(subject, at, manifest)
    marks: dict[exp.Expr, str] = {exp.Literal.number(1): name, exp.Literal.number(0): f"非{name}"}
    if isinstance(subject, exp.Column) and len(values) == 1 and values[0] in marks:
        dataset, column = _place(subject, at, manifest)
        field = _field(dataset, column)
        if field is None or not field.values:
            return marks[values[0]]
    return f"{name}为{_values(subject, values, at, manifest)}"


def _values(subject: exp.Expr, values: list[exp.Expr], at: Dataset, manifest: Manifest) -> str:
    """Values as people read them: 活期 where the table holds 1."""
    known: dict[str, str] = {}
    if isinstance(subject, exp.Column):
        dataset, column = _place(subject, at, manifest)
        field = _field(dataset, column)
        known = {str(v.value): v.label or str(v.value) for v in field.values} if field else {}
    words = (_words(value, at, manifest) for value in values)
    return "、".join(known.get(word, word) for word in words)


def _literal(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    if isinstance(node, exp.Boolean):
        return "是" if node.this else "否"
    if node.is_string:
        return str(node.this)
    return f"{node.to_py():,}"


def _both(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    return f"{_words(node.this, at, manifest)}且{_words(node.expression, at, manifest)}"


def _either(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    return f"{_words(node.this, at, manifest)}或{_words(node.expression, at, manifest)}"


def _paren(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    return f"({_words(node.this, at, manifest)})"


def _not(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    inner = node.this
    if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null):
        return f"{_words(inner.this, at, manifest)}不为空"
    if isinstance(inner, exp.In):
        name = _words(inner.this, at, manifest)
        return f"{name}不为{_values(inner.this, inner.expressions, at, manifest)}"
    return f"不满足({_words(inner, at, manifest)})"


def _is_null(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    if not isinstance(node.expression, exp.Null):
        raise _NoWordsError
    return f"{_words(node.this, at, manifest)}为空"


def _between(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    low, high = (_words(node.args[side], at, manifest) for side in ("low", "high"))
    return f"{_words(node.this, at, manifest)}在{low}至{high}之间"


def _cast(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    return _words(node.this, at, manifest)


def _days_between(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    unit = _UNITS.get(node.text("unit").upper())
    if unit is None:
        raise _NoWordsError
    start, end = (_words(side, at, manifest) for side in (node.expression, node.this))
    return f"{start}至{end}的{unit}"


def _whole(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    unit = _WITHIN.get(node.text("unit").upper())
    if unit is None:
        raise _NoWordsError
    return f"{_words(node.this, at, manifest)}所在{unit}"


def _case(node: exp.Expr, at: Dataset, manifest: Manifest) -> str:
    """One condition and nothing else: the rows that count."""
    branches = node.args.get("ifs") or []
    if len(branches) != 1 or node.this is not None or node.args.get("default") is not None:
        raise _NoWordsError
    condition = _words(branches[0].this, at, manifest)
    return f"{condition}的{_words(branches[0].args['true'], at, manifest)}"


_Teller = Callable[[exp.Expr, Dataset, Manifest], str]
_TOLD: Mapping[type[exp.Expr], _Teller] = {
    exp.Column: _column, exp.EQ: _equal, exp.NEQ: _unequal, exp.In: _one_of,
    exp.Literal: _literal, exp.Boolean: _literal, exp.And: _both, exp.Or: _either,
    exp.Paren: _paren, exp.Not: _not, exp.Is: _is_null, exp.Between: _between, exp.Cast: _cast,
    exp.DateDiff: _days_between, exp.DateTrunc: _whole, exp.TimestampTrunc: _whole,
    exp.Case: _case,
}  # fmt: skip
