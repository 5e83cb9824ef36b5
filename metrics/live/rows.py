"""One dataset asked about its own rows, as trees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from semantic_layer.compile.scan import Scan
from semantic_layer.engines import Table
from semantic_layer.model import Dataset
from semantic_layer.query import MetricQuery, Number
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell
from semantic_layer.snapshot import Snapshot

Ask = Callable[[exp.Expr], Table]
NOTHING_ASKED = ResolvedQuery(MetricQuery((Number(0),)), ())
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class LiveData:
    """The database behind the definitions."""

    snapshot: Snapshot
    ask: Ask

    def rows(self, tree: exp.Expr) -> tuple[tuple[Cell, ...], ...]:
        """All rows of a query."""
        return self.ask(tree).rows

    def scan(self, dataset: Dataset) -> Scan:
        """A dataset to be read, whole, without rights."""
        return Scan(dataset, NOTHING_ASKED, self.snapshot)


def read(scan: Scan, columns: Sequence[exp.Expr], where: exp.Expr | None = None) -> exp.Select:
    """A SELECT of columns that were asked of the scan, with the joins they need."""
    select = scan.select().select(*columns)
    scan.attach_joins(select)
    return select.where(where) if where is not None else select


def within(select: exp.Select, name: str) -> exp.Subquery:
    """A query to read from."""
    return select.subquery(name)


def shown(value: Cell) -> str:
    """A value in a sentence."""
    return "空" if value is None else str(value)


def listed(values: Iterable[Cell]) -> str:
    """A few values in a sentence."""
    return "、".join(map(shown, values))


def is_null(node: exp.Expr) -> exp.Expr:
    """Whether there is no value."""
    return exp.Is(this=node.copy(), expression=exp.Null())


def not_null(node: exp.Expr) -> exp.Expr:
    """Whether there is a value."""
    return exp.Not(this=is_null(node))


def counted(where: exp.Expr | None = None) -> exp.Expr:
    """How many rows, maybe only those that fulfil a condition."""
    count = exp.Count(this=exp.Star())
    return count if where is None else exp.Filter(this=count, expression=exp.Where(this=where))


def as_date(node: exp.Expr) -> exp.Expr:
    """The day of a date or time."""
    return exp.cast(node.copy(), "date")


def day(value: date) -> exp.Expr:
    """A date literal."""
    return exp.cast(exp.Literal.string(value.isoformat()), "date")


def whole(value: Cell) -> int:
    """A count; none is 0."""
    return int(value) if isinstance(value, int) else int(str(value or 0))


def called(node: exp.Expr, name: str) -> exp.Expr:
    """The expression under a name."""
    return exp.Alias(this=node, alias=exp.to_identifier(name))
