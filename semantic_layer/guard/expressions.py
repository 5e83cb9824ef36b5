"""Checks expressions: allowed nodes only, every column resolved, no stray text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from semantic_layer.guard.allowed import fold
from semantic_layer.guard.scope import Scope
from semantic_layer.guard.unsafe import UnsafeCode, UnsafeSQL
from semantic_layer.guard.vocabulary import (
    ALLOWED,
    ARGUMENTS,
    NAMED_FUNCTIONS,
    NUMBER,
    PLAIN_NAME,
    TYPES,
    WORDS,
)

if TYPE_CHECKING:
    from semantic_layer.guard.queries import QueryCheck


class ExpressionCheck:
    """The expressions of one SELECT."""

    def __init__(
        self, queries: QueryCheck, ctes: Mapping[str, frozenset[str]], scope: Scope
    ) -> None:
        self._queries = queries
        self._ctes = ctes
        self._scope = scope

    def projections(self, nodes: Iterable[exp.Expr]) -> None:
        """The SELECT list: sources may be starred, later items may use earlier names."""
        for node in nodes:
            if not isinstance(node, exp.Expr):
                raise UnsafeSQL("text", str(node))
            starred = node.this if isinstance(node, exp.Column) else node
            if not isinstance(starred, exp.Star):
                self.visit(node)
            if isinstance(node, exp.Alias):
                self._scope.outputs.add(fold(node.alias))

    def ordering(self, order: exp.Order | None, outputs: frozenset[str]) -> None:
        """ORDER BY, where a bare output name means the output."""
        for term in order.expressions if order is not None else ():
            key = term.this if isinstance(term, exp.Ordered) else term
            if isinstance(key, exp.Column) and not key.table and fold(key.name) in outputs:
                check_name(key.this)
                _check_children(term, skip="this")
            else:
                self.visit(term)

    def visit(self, node: Any) -> None:
        """Passes when the node and everything beneath it is allowed."""
        kind = type(node)
        if kind in ALLOWED:
            self._children(node)
        elif kind is exp.Column:
            self._column(node)
        elif kind in _LEAVES:
            _LEAVES[kind](node)
        elif kind is list:
            for item in node:
                self.visit(item)
        elif isinstance(node, exp.Query):
            self._queries.query(node, self._ctes, self._scope)
        else:
            self._other(node)

    def _children(self, node: exp.Expr) -> None:
        if type(node) is exp.Count and isinstance(node.this, exp.Star):
            _check_bare_star(node.this)
            return
        for value in node.args.values():
            if value is not None:
                self.visit(value)

    def _column(self, node: exp.Column) -> None:
        args = node.args
        if args.get("db") or args.get("catalog"):
            raise UnsafeSQL("column", node.sql(dialect="duckdb"))
        name, table = node.this, args.get("table")
        if type(name) is not exp.Identifier:
            raise UnsafeSQL("star" if isinstance(name, exp.Star) else "construct", name.key)
        check_name(name)
        if table is None:
            self._scope.check_plain(name.name)
        else:
            check_name(table)
            self._scope.check_qualified(table.name, name.name)

    def _other(self, node: Any) -> None:
        if isinstance(node, exp.Anonymous):
            if not isinstance(node.this, str) or fold(node.this) not in NAMED_FUNCTIONS:
                raise UnsafeSQL("function", node.name)
            self.visit(node.expressions)
            return
        raise UnsafeSQL(_code_of(node), getattr(node, "key", str(node)))


def check_name(node: Any) -> None:
    """Passes for an identifier that is quoted or plain."""
    if type(node) is not exp.Identifier or not isinstance(node.this, str):
        raise UnsafeSQL("construct", getattr(node, "key", str(node)))
    name = node.this
    if name.isascii() and name.isidentifier():
        return
    if "\x00" in name or not (node.quoted or PLAIN_NAME.fullmatch(name)):
        raise UnsafeSQL("text", name)


def check_words(node: exp.Expr) -> None:
    """Passes when the bare words of the node itself are known ones."""
    for value in node.args.values():
        if isinstance(value, str):
            _check_word(value)


def _check_word(word: str) -> None:
    if word.upper() not in WORDS:
        raise UnsafeSQL("text", word)


def _check_var(node: exp.Expr) -> None:
    _check_word(str(node.this))


def _check_literal(node: exp.Expr) -> None:
    text = node.this
    if not isinstance(text, str) or (not node.is_string and not NUMBER.fullmatch(text)):
        raise UnsafeSQL("text", str(text))


def _check_type(node: exp.Expr) -> None:
    if node.this not in TYPES or node.args.get("nested") or node.args.get("kind"):
        raise UnsafeSQL("construct", node.sql(dialect="duckdb"))
    for parameter in node.expressions:
        if not isinstance(parameter, exp.DataTypeParam):
            raise UnsafeSQL("construct", node.sql(dialect="duckdb"))
        _check_literal(parameter.this)


def _check_bare_star(node: exp.Expr) -> None:
    if any(node.args.get(part) for part in node.args if part not in ARGUMENTS[exp.Star]):
        raise UnsafeSQL("star", node.sql(dialect="duckdb"))


def _check_children(node: exp.Expr, skip: str) -> None:
    for name, value in node.args.items():
        if name != skip and value is not None and not isinstance(value, bool):
            raise UnsafeSQL("construct", node.key)


def _nothing_to_check(node: bool | None) -> None:
    """Switches of a node: DISTINCT, DESC."""
    del node


def _code_of(node: object) -> UnsafeCode:
    if isinstance(node, exp.PositionalColumn | exp.Parameter | exp.Placeholder):
        return "positional"
    if isinstance(node, exp.Star):
        return "star"
    return "function" if isinstance(node, exp.Func) else "construct"


_LEAVES: Mapping[type, Callable[[Any], None]] = {
    exp.Identifier: check_name,
    exp.Literal: _check_literal,
    exp.Var: _check_var,
    exp.DataType: _check_type,
    str: _check_word,
    bool: _nothing_to_check,
    type(None): _nothing_to_check,
}
