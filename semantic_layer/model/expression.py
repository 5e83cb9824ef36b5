"""Scalar SQL of the definitions as trees: parsed once, parameters put in as literals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from semantic_layer.model.governance import Parameter

DIALECT = "duckdb"
"""The dialect in which definitions are written."""
_PARAMETER = re.compile(r"\{(\w+)\}")


class InvalidExpressionError(ValueError):
    """A formula that cannot be read; the text is one Chinese sentence."""


def with_parameters(text: str, parameters: Mapping[str, Parameter]) -> str:
    """The formula with every `{name}` replaced by the parameter's literal."""

    def literal(match: re.Match[str]) -> str:
        parameter = parameters.get(match.group(1))
        if parameter is None:
            raise InvalidExpressionError(f"公式“{text}”用到的参数“{match.group(1)}”没有定义")
        if isinstance(parameter.value, str):
            return exp.Literal.string(parameter.value).sql(dialect=DIALECT)
        return str(parameter.value)

    return _PARAMETER.sub(literal, text) if "{" in text else text


def parse_scalar(text: str, parameters: Mapping[str, Parameter] | None = None) -> exp.Expression:
    """The tree of a scalar formula, shared: copy it before changing it."""
    return _parse(with_parameters(text, parameters or {}))


@lru_cache(maxsize=8192)
def _parse(text: str) -> exp.Expression:
    try:
        tree = sqlglot.parse_one(text, dialect=DIALECT)
    except SqlglotError as error:
        raise InvalidExpressionError(f"公式“{text}”不是可以读懂的 SQL 表达式") from error
    if not isinstance(tree, exp.Expression) or isinstance(tree, exp.Query | exp.Command):
        raise InvalidExpressionError(f"公式“{text}”应是一个表达式,不是语句")
    for node in tree.walk():
        node._meta = None  # noqa: SLF001 — places in the text, which every copy would copy too
    return tree


@lru_cache(maxsize=8192)
def metric_names(text: str) -> tuple[str, ...]:
    """Names used in a formula over metrics, in order of appearance."""
    names = [column.name for column in _parse(text).find_all(exp.Column, bfs=False)]
    return tuple(dict.fromkeys(names))
