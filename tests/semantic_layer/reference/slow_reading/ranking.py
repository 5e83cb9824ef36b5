"""Order, limits with ties, the place of one member, conditions on groups.

Missing values take no place and stand last; members without a name come last in a ranking
of rates. A place among all is a place within the period of the row; beside the first ones it
is the place that they are chosen by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cmp_to_key
from math import ceil
from typing import Any

from slow_reading.bands import band_labels, set_labels
from slow_reading.comparisons import figures, unit_of
from slow_reading.question import Question, group_name
from slow_reading.rows import band_names, kind_of
from slow_reading.world import UNKNOWN

from semantic_layer.model import Ratio
from semantic_layer.query import ColumnRef, MetricRef, Order, SetGroup

Line = dict[str, Any]
SortKey = tuple[Any, bool]
COMPARE = {
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
}


@dataclass(frozen=True, slots=True)
class Names:
    """Result columns of a question."""

    groups: dict[str, str]
    """Dimension as written → column."""
    time: str | None
    measures: list[str]
    times: list[str] = field(default_factory=list)
    """All time columns in the order asked, the finest among them."""

    @property
    def keys(self) -> list[str]:
        """Group and time columns."""
        return [*self.groups.values(), *([self.time] if self.time else [])]


def referred(question: Question, names: Names, ref: ColumnRef) -> str:
    """The column that a reference means."""
    if ref.group is not None:
        group = question.query.group_by[ref.group]
        name = group_name(group)
        return names.groups[name] if name is not None else group.grain  # type: ignore[union-attr]
    at = ref.measure or 0
    compare = question.query.compare
    if not compare or (ref.base is None and ref.show in ("value", "share")):
        return f"{names.measures[at]}.share" if ref.show == "share" else names.measures[at]
    found = next(c for c in compare if ref.base in (None, c.base))
    show = ref.show
    if "pp" in figures(question, question.query.measures[at], found) and show in ("diff", "rate"):
        show = "pp"
    if show in ("diff", "rate") and _is_rate(question, at):
        show = "pp"
    return f"{names.measures[at]}.{found.base}.{show}"


def _is_rate(question: Question, at: int) -> bool:
    return unit_of(question, question.query.measures[at]) in ("percent", "permyriad")


def sorting(question: Question) -> tuple[Order, ...]:
    """The asked order; for places without one, the first measure, largest or best first."""
    query = question.query
    if query.order or not (query.limit or query.focus):
        return query.order
    return (Order(ColumnRef(measure=0), quality=query.focus is not None),)


def descends(question: Question, order: Order) -> bool:
    """Whether the largest come first; best first means the smallest of what is bad."""
    if not order.quality or order.column.group is not None:
        return order.descending
    measure = question.query.measures[order.column.measure or 0]
    if not isinstance(measure, MetricRef):
        return order.descending
    metric = question.world.manifest.metrics[measure.metric]
    return order.descending != (metric.direction == "down_is_good")


def in_order(lines: Sequence[Line], keys: Any) -> list[Line]:
    """Lines by their sort keys; missing values last either way."""

    def compare(a: Line, b: Line) -> int:
        return compared(keys(a), keys(b))

    return sorted(lines, key=cmp_to_key(compare))


def compared(left: list[SortKey], right: list[SortKey]) -> int:
    """-1, 0 or 1."""
    for (a, down), (b, _) in zip(left, right, strict=True):
        if a == b and (a is None) == (b is None):
            continue
        if a is None or b is None:
            return 1 if a is None else -1
        return (1 if a > b else -1) * (-1 if down else 1)
    return 0


def key_order(
    question: Question, names: Names, column: str, line: Line, down: bool
) -> list[SortKey]:
    """A group by its declared order, then by its value."""
    dimension = next((d for d, c in names.groups.items() if c == column), None)
    declared = declared_order(question, dimension)
    if declared is None:
        return [(line[column], down)]
    value = line[column]
    return [(declared.index(value) if value in declared else len(declared), down), (value, down)]


def declared_order(question: Question, dimension: str | None) -> list[str] | None:
    """The members of a dimension in their declared order, if it has one."""
    if dimension is None or dimension.startswith("@"):
        return None
    if dimension.startswith("#"):
        group = question.apart[dimension]
        return set_labels(group) if isinstance(group, SetGroup) else band_labels(group)
    found = question.world.manifest.dimensions[dimension.rpartition(".")[2]]
    if found.field.band is not None:
        return band_names(found.field.band)
    labels = [str(v.label or v.value) for v in found.field.values]
    labelled = any(v.label is not None and v.label != v.value for v in found.field.values)
    is_text = labelled or kind_of(question.world, found.field, found.home) == "string"
    return labels if labels and is_text else None


def row_order(question: Question, names: Names, lines: list[Line]) -> list[Line]:
    """The asked order, or time, the declared order, the first measure; then all keys."""

    def keys(line: Line) -> list[SortKey]:
        found: list[SortKey] = []
        used: list[str] = []
        limit, asked = question.query.limit, sorting(question)
        for at in limit.partition_by if limit else ():
            column = referred(question, names, ColumnRef(group=at))
            found += key_order(question, names, column, line, down=False)
            used.append(column)
        found += [(flag, False) for flag in unnamed(question, names, line)]
        for order in asked:
            column, down = referred(question, names, order.column), descends(question, order)
            if column in names.keys:
                found += key_order(question, names, column, line, down)
                used.append(column)
            else:
                found.append((line[column], down))
        if not asked and names.time:
            found.append((line[names.time], False))
            used.append(names.time)
        elif not asked and not all(declared_order(question, d) for d in names.groups):
            found.append((line[names.measures[0]], True))
        for column in names.keys:
            if column not in used:
                found += key_order(question, names, column, line, down=False)
        return found

    return in_order(lines, keys)


def unnamed(question: Question, names: Names, line: Line) -> list[bool]:
    """Whether the row is 未知, in a ranking of rates."""
    limit, asked = question.query.limit, sorting(question)
    if limit is None or not asked or asked[0].column.group is not None:
        return []
    measure = question.query.measures[asked[0].column.measure or 0]
    if not isinstance(measure, MetricRef):
        return []
    if not isinstance(question.world.manifest.metrics[measure.metric].definition, Ratio):
        return []
    apart = [referred(question, names, ColumnRef(group=at)) for at in limit.partition_by]
    return [line[c] == UNKNOWN for c in names.groups.values() if c not in apart]


def is_nobody(names: Names, line: Line) -> bool:
    """Whether rows without a known customer stand in the line: they take no place."""
    return any(name.startswith("@") and line[c] is None for name, c in names.groups.items())


def fulfils_having(question: Question, names: Names, line: Line, lines: list[Line]) -> bool:
    """All conditions on the group."""
    for having in question.query.having:
        value = line[referred(question, names, having.column)]
        bound: Any = having.value
        if bound == "average":
            bound = line[f"{names.measures[having.column.measure or 0]}.average"]
        else:
            bound = Fraction(bound)
        if value is None or bound is None or not COMPARE[having.op](value, bound):
            return False
    return True


def limited(question: Question, names: Names, lines: list[Line]) -> list[Line]:
    """The rows whose place is asked for, ties included."""
    limit = question.query.limit
    assert limit is not None
    asked = sorting(question)
    columns = [referred(question, names, o.column) for o in asked]
    apart = [referred(question, names, ColumnRef(group=at)) for at in limit.partition_by]

    def keys(line: Line) -> list[SortKey]:
        missing: SortKey = (line[columns[0]] is None, False)
        flags = [(flag, False) for flag in unnamed(question, names, line)]
        values = [(line[c], descends(question, o)) for c, o in zip(columns, asked, strict=True)]
        return [missing, *flags, *values]

    kept = []
    for line in lines:
        peers = [x for x in lines if all(x[c] == line[c] for c in apart)]
        peers = [x for x in peers if not is_nobody(names, x)]
        if line[columns[0]] is None or is_nobody(names, line):
            continue
        ahead = sum(1 for x in peers if compared(keys(x), keys(line)) < 0)
        ties = sum(1 for x in peers if compared(keys(x), keys(line)) == 0)
        last = limit.offset + (limit.count or 0)
        if limit.percent is not None:
            placed = sum(1 for x in peers if x[columns[0]] is not None)
            last = ceil(Fraction(str(limit.percent)) * placed / 100)
        if ahead < last and ahead + ties > limit.offset:
            kept.append(line)
    return kept


def place_of(question: Question, names: Names, line: Line, lines: list[Line]) -> int | None:
    """The place among those ranked with the row; ties share it, missing values have none."""
    asked = sorting(question)
    columns = [referred(question, names, o.column) for o in asked]
    if line[columns[0]] is None:
        return None

    def keys(x: Line) -> list[SortKey]:
        flags = [(flag, False) for flag in unnamed(question, names, x)]
        return [
            *flags,
            *((x[c], descends(question, o)) for c, o in zip(columns, asked, strict=True)),
        ]

    limit = question.query.limit
    apart = [names.time] if names.time else []
    if limit is not None:
        apart = [referred(question, names, ColumnRef(group=at)) for at in limit.partition_by]
    peers = [x for x in lines if all(x[c] == line[c] for c in apart)]
    peers = [x for x in peers if x[columns[0]] is not None]
    return 1 + sum(1 for x in peers if compared(keys(x), keys(line)) < 0)
