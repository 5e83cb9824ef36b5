"""Lets a query through only when every part of it is on the list of what is allowed."""

from __future__ import annotations

from typing import TypeVar

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from semantic_layer.guard.allowed import AllowedTables
from semantic_layer.guard.queries import QueryCheck
from semantic_layer.guard.unsafe import UnsafeSQL

Tree = TypeVar("Tree", bound=exp.Expr)


def check(tree: Tree, allowed: AllowedTables) -> Tree:
    """The same tree when it only reads allowed columns; UnsafeSQL otherwise."""
    if not isinstance(tree, exp.Select | exp.SetOperation):
        raise UnsafeSQL("not_a_query", type(tree).__name__)
    try:
        QueryCheck(allowed).query(tree, {}, None)
    except RecursionError as error:
        raise UnsafeSQL("too_deep") from error
    return tree


def check_sql(sql: str, allowed: AllowedTables, dialect: str = "duckdb") -> exp.Expr:
    """The tree of one statement written elsewhere, checked; run the tree, never the text."""
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect=dialect) if tree is not None]
    except (SqlglotError, RecursionError) as error:
        raise UnsafeSQL("unparsable") from error
    if len(trees) > 1:
        raise UnsafeSQL("several_statements")
    if not trees:
        raise UnsafeSQL("not_a_query")
    return check(trees[0], allowed)
