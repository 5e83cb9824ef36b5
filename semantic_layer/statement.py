"""A statement as a database is told it: written once, run as often as it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

from sqlglot import Dialect, exp

Check = Callable[[exp.Expression], exp.Expression]
"""The guard: gives the tree back, or raises."""
_DUCKDB = Dialect.get_or_raise("duckdb")
"""Named by its text, the dialect would be made anew for every statement."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The text of a query, and which tables it reads."""

    text: str
    tables: tuple[str, ...]
    """As often as each is read, `schema.table` outside the main schema, in lower case."""

    @classmethod
    def of(cls, tree: exp.Expr) -> Self:
        """A tree written anew, without comments."""
        # writing leaves trees as they are; copying them first would be half the time
        text = tree.sql(dialect=_DUCKDB, comments=False, copy=False)
        return cls(text, tuple(_tables(tree)))


def _tables(tree: exp.Expr) -> Iterator[str]:
    found = list(tree.find_all(exp.CTE, exp.Table))
    ctes = {node.alias.lower() for node in found if isinstance(node, exp.CTE)}
    for node in found:
        if isinstance(node, exp.Table):
            name = ".".join(part.name for part in node.parts).lower()
            if name not in ctes:
                yield name


class _Passed(NamedTuple):
    tree: exp.Expression
    check: Check
    statement: Statement


class Passed:
    """Statements as they were when they passed the guard, for those who ask them again."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, _Passed] = {}

    def statement(self, tree: exp.Expression, check: Check) -> Statement:
        """What a tree says; the same guard looks at it and it is written only once."""
        known = self._known.get(id(tree))
        if known is None or known.check is not check:
            check(tree)
            known = _Passed(tree, check, Statement.of(tree))
            self._known[id(tree)] = known
        return known.statement
