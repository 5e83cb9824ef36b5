"""What formulas may say: single-table scalar SQL in a portable vocabulary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from metrics.nearest import did_you_mean
from metrics.vocabulary import ALLOWED_NODES, FUNCTIONS, QUERY_FUNCTIONS, TYPES
from semantic_layer.model import Parameter
from semantic_layer.model.expression import (
    DIALECT,
    InvalidExpressionError,
    parse_scalar,
    with_parameters,
)

PARAMETER = re.compile(r"\{(\w+)\}")


class ColumnUse(NamedTuple):
    """A column in a formula: `role` is the chain of joins before it."""

    role: tuple[str, ...]
    name: str


class Fault(NamedTuple):
    """What a formula may not say: finding code, sentence, how to mend."""

    code: str
    message: str
    fix: str


class Formula(NamedTuple):
    """Columns that a formula uses, and its first fault."""

    columns: tuple[ColumnUse, ...] = ()
    fault: Fault | None = None


def read_formula(text: str, parameters: Mapping[str, Parameter]) -> Formula:
    """Columns and faults of a scalar formula over one dataset."""
    unknown = next((n for n in PARAMETER.findall(text) if n not in parameters), None)
    if unknown is not None:
        message = f"公式用到的参数 {unknown} 没有定义。"
        return Formula(fault=Fault("M104", message, did_you_mean(unknown, parameters)))
    return _read(with_parameters(text, parameters))


def read_metric_formula(text: str) -> Formula:
    """Metrics and faults of a formula over metrics: + - * / numbers and nullif."""
    try:
        tree = parse_scalar(text)
    except InvalidExpressionError as error:
        return Formula(fault=Fault("M105", f"{error}。", "请只用指标标识和加减乘除。"))
    for node in tree.walk():
        if not isinstance(node, _METRIC_NODES):
            return Formula(
                fault=Fault(
                    "M105",
                    f"指标算式“{text}”里不能用 {_shown(node)}。",
                    "只能用指标标识、数、加减乘除、括号和 nullif。",
                )
            )
    return Formula(_read(text).columns)


def query_fault(text: str) -> Fault | None:
    """What is wrong with the query of a dataset: no query at all, or functions not portable."""
    try:
        trees = sqlglot.parse(text, dialect=DIALECT)
    except SqlglotError:
        trees = []
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        return Fault("M105", "sql 不是一条可以读懂的查询。", "请写一条 select,不带分号和注释。")
    allowed: frozenset[type[exp.Expr]] = frozenset((*ALLOWED_NODES, *QUERY_FUNCTIONS))
    for node in trees[0].walk():
        if isinstance(node, exp.DataType) and not _is_portable(node):
            return _fault(node)
        if isinstance(node, exp.Func) and node.__class__ not in allowed:
            return _fault(node) if not isinstance(node, exp.AggFunc) else _aggregate_fault(node)
    return None


def _aggregate_fault(node: exp.Expr) -> Fault:
    names = "sum、count、min、max、avg"
    return Fault("M106", f"函数 {_shown(node)} 不在可移植清单里。", f"可用的汇总函数:{names}。")


_METRIC_NODES = (
    exp.Column, exp.Identifier, exp.Literal, exp.Paren, exp.Neg, exp.Add, exp.Sub, exp.Mul,
    exp.Div, exp.Nullif,
)  # fmt: skip


@lru_cache(maxsize=16384)
def _read(text: str) -> Formula:
    try:
        tree = parse_scalar(text)
    except InvalidExpressionError as error:
        return Formula(fault=Fault("M105", f"{error}。", "请检查括号、引号和运算符;不能有子查询。"))
    columns: dict[ColumnUse, None] = {}
    fault: Fault | None = None
    for node in tree.walk():
        if isinstance(node, exp.Column):
            columns[_use(node)] = None
        elif node.__class__ not in _ALLOWED or not _is_portable(node):
            fault = fault or _fault(node)
    return Formula(tuple(columns), fault)


_ALLOWED = frozenset(ALLOWED_NODES)
_TYPES = frozenset(exp.DataType.build(name, dialect=DIALECT).this for name in TYPES)


def _is_portable(node: exp.Expr) -> bool:
    """Whether it is no type, or one that every engine knows."""
    return not isinstance(node, exp.DataType) or node.this in _TYPES


def _use(column: exp.Column) -> ColumnUse:
    *role, name = (part.name for part in column.parts)
    return ColumnUse(tuple(role), name)


def _fault(node: exp.Expr) -> Fault:
    if isinstance(node, exp.Query | exp.Table | exp.From):
        return Fault("M105", "公式里有子查询。", "公式只能用本数据集的字段;请改用关联或人群。")
    if isinstance(node, exp.Window):
        return Fault("M105", "公式里有窗口函数。", "累计、排名、环比在提问时说,不写在口径里。")
    if isinstance(node, exp.AggFunc):
        return Fault(
            "M105",
            f"公式里有汇总函数 {_shown(node)}。",
            "汇总写在 agg 里,expr 只写被汇总的列或单行算式。",
        )
    if isinstance(node, exp.Func):
        return Fault(
            "M106",
            f"函数 {_shown(node)} 不在可移植清单里。",
            f"可用的函数:{'、'.join(FUNCTIONS)}。",
        )
    if isinstance(node, exp.DataType):
        return Fault(
            "M105", f"公式里不能用类型 {_shown(node).lower()}。", f"可用的类型:{'、'.join(TYPES)}。"
        )
    return Fault("M105", f"公式里不能用 {_shown(node)}。", "请改成普通的列、数、文字和比较。")


def _shown(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.name)
    if isinstance(node, exp.Func):
        written, _, arguments = str(node.sql(dialect=DIALECT)).partition("(")
        return (written if arguments and written.isidentifier() else node.sql_name()).lower()
    return str(node.sql(dialect="duckdb"))[:40]
