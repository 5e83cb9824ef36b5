"""Checks queries: CTEs, sources, joins, outputs, and the expressions in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from sqlglot import exp

from semantic_layer.guard.allowed import AllowedTables, fold, table_name
from semantic_layer.guard.expressions import ExpressionCheck, check_name, check_words
from semantic_layer.guard.scope import Scope, Source
from semantic_layer.guard.unsafe import UnsafeSQL
from semantic_layer.guard.vocabulary import ARGUMENTS

Ctes: TypeAlias = Mapping[str, frozenset[str]]
_BODY = ("expressions", "where", "group", "having", "qualify", "limit", "offset")


class QueryCheck:
    """One pass over one statement."""

    def __init__(self, allowed: AllowedTables) -> None:
        self._allowed = allowed

    def query(self, node: exp.Expr, ctes: Ctes, parent: Scope | None) -> frozenset[str]:
        """The names of the columns that the query gives."""
        if isinstance(node, exp.Subquery):
            _check_parts(node, exp.Subquery)
            return self.query(node.this, ctes, parent)
        if isinstance(node, exp.SetOperation):
            return self._set_operation(node, ctes, parent)
        if isinstance(node, exp.Select):
            return self._select(node, ctes, parent)
        raise UnsafeSQL("construct", node.key)

    def _select(self, node: exp.Select, ctes: Ctes, parent: Scope | None) -> frozenset[str]:
        _check_parts(node, exp.Select)
        ctes = self._with(node, ctes)
        scope = Scope(parent)
        expressions = ExpressionCheck(self, ctes, scope)
        first = node.args.get("from_")
        if first is not None:
            self._source(first.this, ctes, scope)
        for join in node.args.get("joins") or ():
            self._join(join, ctes, scope, expressions)
        expressions.projections(node.expressions)
        outputs = _outputs(node, scope)
        for part in _BODY[1:]:
            expressions.visit(node.args.get(part))
        expressions.visit(node.args.get("distinct"))
        expressions.ordering(node.args.get("order"), outputs)
        return outputs

    def _set_operation(
        self, node: exp.SetOperation, ctes: Ctes, parent: Scope | None
    ) -> frozenset[str]:
        _check_parts(node, exp.SetOperation)
        ctes = self._with(node, ctes)
        outputs = self.query(node.this, ctes, parent)
        self.query(node.expression, ctes, parent)
        scope = Scope(None, outputs=set(outputs))
        expressions = ExpressionCheck(self, ctes, scope)
        for part in ("order", "limit", "offset"):
            expressions.visit(node.args.get(part))
        return outputs

    def _with(self, node: exp.Query, ctes: Ctes) -> Ctes:
        clause = node.args.get("with_")
        if clause is None:
            return ctes
        if clause.args.get("recursive"):
            raise UnsafeSQL("recursive")
        _check_parts(clause, exp.With)
        known = dict(ctes)
        for cte in clause.expressions:
            _check_parts(cte, exp.CTE)
            name = _alias_without_columns(cte)
            known[fold(name)] = self.query(cte.this, known, None)
        return known

    def _join(self, join: exp.Join, ctes: Ctes, scope: Scope, expressions: ExpressionCheck) -> None:
        _check_parts(join, exp.Join)
        check_words(join)
        left = _columns(scope)
        alias, source = self._source(join.this, ctes, scope)
        for name in join.args.get("using") or ():
            check_name(name)
            column = fold(name.name)
            if column not in left or column not in source.columns:
                raise UnsafeSQL("column", name.name)
        expressions.visit(join.args.get("on"))
        if join.kind in ("SEMI", "ANTI"):
            scope.sources[fold(alias)] = replace(source, only_qualified=True)

    def _source(self, node: exp.Expr, ctes: Ctes, scope: Scope) -> tuple[str, Source]:
        """Derived tables see nothing outside: the database lets them look sideways."""
        if isinstance(node, exp.Table):
            alias, source = self._table(node, ctes)
        elif isinstance(node, exp.Values):
            alias, source = self._values(node, ctes)
        elif isinstance(node, exp.Subquery):
            alias = _alias_without_columns(node)
            if not alias:
                raise UnsafeSQL("construct", "subquery")
            source = Source(self.query(node, ctes, None), is_complete=True)
        else:
            raise UnsafeSQL("table_function", node.key)
        scope.add(alias, source)
        return alias, source

    def _table(self, node: exp.Table, ctes: Ctes) -> tuple[str, Source]:
        if isinstance(node.this, exp.Func):
            raise UnsafeSQL("table_function", node.this.sql(dialect="duckdb"))
        if node.args.get("catalog"):
            raise UnsafeSQL("table", table_name(node))
        _check_parts(node, exp.Table)
        for part in node.parts:
            check_name(part)
        name = fold(table_name(node))
        alias = _alias_without_columns(node) or node.name
        if name in ctes:
            return alias, Source(ctes[name], is_complete=True)
        if name not in self._allowed.columns:
            raise UnsafeSQL("table", table_name(node))
        return alias, Source(self._allowed.columns[name], name in self._allowed.complete)

    def _values(self, node: exp.Values, ctes: Ctes) -> tuple[str, Source]:
        """A list of constants: the one source whose columns can only be named by a list."""
        _check_parts(node, exp.Values)
        alias = node.args.get("alias")
        names = alias.args.get("columns") if alias is not None else None
        if alias is None or not names:
            raise UnsafeSQL("construct", "values")
        for name in (alias.this, *names):
            check_name(name)
        constants = ExpressionCheck(self, ctes, Scope())
        for row in node.expressions:
            if not isinstance(row, exp.Tuple) or len(row.expressions) != len(names):
                raise UnsafeSQL("construct", "values")
            constants.visit(row)
        return alias.name, Source(frozenset(fold(name.name) for name in names), True)


def _check_parts(node: exp.Expr, kind: type[exp.Expr]) -> None:
    allowed = ARGUMENTS[kind]
    for name, value in node.args.items():
        if name not in allowed and value is not None and value is not False and value != []:
            raise UnsafeSQL("construct", f"{node.key} {name.rstrip('_')}")


def _alias_without_columns(node: exp.Expr) -> str:
    alias = node.args.get("alias")
    if alias is None:
        return ""
    if isinstance(alias, exp.Identifier):
        check_name(alias)
        return alias.name
    if not isinstance(alias, exp.TableAlias):
        raise UnsafeSQL("construct", node.key)
    if alias.args.get("columns"):
        raise UnsafeSQL("column_alias_list", alias.name)
    _check_parts(alias, exp.TableAlias)
    check_name(alias.this)
    return alias.name


def _columns(scope: Scope) -> frozenset[str]:
    return frozenset().union(*(source.columns for source in scope.sources.values()))


def _outputs(node: exp.Select, scope: Scope) -> frozenset[str]:
    names: set[str] = set()
    for projection in node.expressions:
        if isinstance(projection, exp.Star) or (
            isinstance(projection, exp.Column) and isinstance(projection.this, exp.Star)
        ):
            names |= _starred(projection, scope)
        else:
            names.add(fold(projection.alias_or_name))
    return frozenset(names - {""})


def _starred(projection: exp.Expr, scope: Scope) -> frozenset[str]:
    star = projection.this if isinstance(projection, exp.Column) else projection
    _check_parts(star, exp.Star)
    alias = fold(projection.table) if isinstance(projection, exp.Column) else ""
    sources = {alias: scope.sources.get(alias)} if alias else scope.sources
    for name, source in sources.items():
        if source is None or not source.is_complete:
            raise UnsafeSQL("star", name)
    return frozenset().union(*(source.columns for source in sources.values() if source))
