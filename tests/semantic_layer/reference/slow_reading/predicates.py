"""A filter taken apart: its conditions, its sets, the parts that must all hold."""

from __future__ import annotations

from collections.abc import Iterator

from semantic_layer.query import And, Condition, Membership, Not, Or, Predicate, Set


def conditions_of(where: Predicate | None) -> Iterator[Condition]:
    """Conditions on dimensions, outside of sets."""
    match where:
        case Condition():
            yield where
        case And() | Or():
            for child in where.children:
                yield from conditions_of(child)
        case Not():
            yield from conditions_of(where.child)


def sets_of(where: Predicate | None) -> Iterator[Set]:
    """The sets of a filter."""
    match where:
        case Membership():
            yield where.set
        case And() | Or():
            for child in where.children:
                yield from sets_of(child)
        case Not():
            yield from sets_of(where.child)


def conjuncts(where: Predicate | None) -> tuple[Predicate, ...]:
    """The parts of a filter that must all hold."""
    if where is None:
        return ()
    return where.children if isinstance(where, And) else (where,)
