"""Conditions that a metric's own filter rules out: 冻结 of a metric that counts 正常 only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlglot import exp

from semantic_layer.model import Aggregate, Field, Manifest, Metric
from semantic_layer.model.expression import parse_scalar
from semantic_layer.problem import Problem
from semantic_layer.query import And, Condition, Not, Predicate, Value
from semantic_layer.resolve.conditions import bind_predicate
from semantic_layer.resolve.names import find_dimension
from semantic_layer.resolve.paths import choose_path
from semantic_layer.resolve.refused import RefusedError, must
from semantic_layer.resolve.sources import Sources
from semantic_layer.resolved import PathChoice
from semantic_layer.snapshot import Snapshot

AT = "scope.where"


class _Kept(NamedTuple):
    """What a metric's own filter leaves of one field."""

    role: str
    """Join that leads to the field; empty: the table's own."""
    field: str
    values: frozenset[str]
    excluded: bool = False
    """The filter leaves all but these."""


def check_contradictions(where: Predicate | None, sources: Sources, snapshot: Snapshot) -> None:
    """Refuses a condition whose values the filter of a metric never lets through."""
    if where is None:
        return
    asked = list(_required(bind_predicate(where, snapshot, AT)))
    for leaf in sources.values():
        kept = list(_kept(leaf, snapshot.manifest))
        for condition, negated in asked if kept else ():
            _check(leaf, kept, condition, snapshot.manifest, negated=negated)


def _required(predicate: Predicate) -> Iterator[tuple[Condition, bool]]:
    """Conditions that every row fulfils, each with whether it excludes its values."""
    match predicate:
        case And():
            for child in predicate.children:
                yield from _required(child)
        case Condition(op="in"):
            yield predicate, False
        case Condition(op="not_in") | Not(child=Condition(op="in")):
            yield predicate if isinstance(predicate, Condition) else predicate.child, True  # type: ignore[misc]


def _kept(leaf: Metric, manifest: Manifest) -> Iterator[_Kept]:
    assert isinstance(leaf.definition, Aggregate)
    if leaf.definition.filter is None:
        return
    tree = parse_scalar(leaf.definition.filter, manifest.parameters).unnest()
    for term in tree.flatten() if isinstance(tree, exp.And) else (tree,):
        found = _kept_by(term.unnest())
        if found is not None:
            yield found


def _kept_by(term: exp.Expr) -> _Kept | None:
    """Equal or unequal to a value, or one of several; the rest rules nothing out."""
    if isinstance(term, exp.EQ | exp.NEQ):
        values = [term.expression]
    elif isinstance(term, exp.In) and term.expressions:
        values = term.expressions
    else:
        return None
    field, texts = term.this, [_constant(value) for value in values]
    if not isinstance(field, exp.Column) or None in texts:
        return None
    values_kept = frozenset(text for text in texts if text is not None)
    return _Kept(field.table, field.name, values_kept, isinstance(term, exp.NEQ))


def _constant(value: exp.Expression) -> str | None:
    if isinstance(value, exp.Boolean):
        return _text(bool(value.this))
    if not isinstance(value, exp.Literal):
        return None
    return str(value.this) if value.is_string else _text(float(value.this))


def _text(value: Value) -> str:
    """One spelling of 1, 1.0 and true, which databases take for the same."""
    return value if isinstance(value, str) else str(float(value))


def _check(
    leaf: Metric, kept: list[_Kept], condition: Condition, manifest: Manifest, *, negated: bool
) -> None:
    assert isinstance(leaf.definition, Aggregate)
    path = must(choose_path(manifest, leaf.definition.dataset, condition.dimension), AT).path
    values = {_text(value) for value in condition.values}
    for own in kept:
        joins = (own.role,) if own.role else ()
        same = path.joins == joins and own.field in _columns(manifest, path)
        if same and _rules_out(own, values, negated=negated):
            raise RefusedError(_contradiction(leaf, own, condition, manifest, negated=negated))


def _columns(manifest: Manifest, path: PathChoice) -> set[str]:
    """Names that a filter may call the dimension by: its own, or its column's."""
    field = manifest.datasets[path.carrier].field(path.field)
    text = field.expr if field is not None and field.band is None else None
    tree = parse_scalar(text, manifest.parameters) if text is not None else None
    plain = {tree.name} if isinstance(tree, exp.Column) and not tree.table else set()
    return {path.field, *plain}


def _rules_out(own: _Kept, values: set[str], *, negated: bool) -> bool:
    if own.excluded:
        return not negated and values <= own.values
    return own.values <= values if negated else own.values.isdisjoint(values)


def _contradiction(
    leaf: Metric, own: _Kept, condition: Condition, manifest: Manifest, *, negated: bool
) -> Problem:
    dimension = must(find_dimension(manifest, condition.dimension, AT))
    counted = _named(dimension.field, own.values)
    asked = _named(dimension.field, {_text(value) for value in condition.values})
    return Problem(
        "contradictory_filter",
        f"“{leaf.label}”的口径只统计{dimension.label}{'不' if own.excluded else ''}为{counted}的,"
        f"与条件“{dimension.label}{'不' if negated else ''}为{asked}”矛盾,不会有结果;"
        "请换一个指标或去掉这个条件。",
        AT,
        condition.dimension,
    )


def _named(field: Field, values: set[str] | frozenset[str]) -> str:
    labels = {_text(v.value): v.label or str(v.value) for v in field.values}
    return "、".join(sorted(labels.get(value, value) for value in values))
