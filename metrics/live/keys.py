"""Keys: every one there, every one once; rows that are alike but for their number."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from metrics.live.finding import LiveFinding
from metrics.live.rows import (
    EXAMPLES,
    LiveData,
    called,
    counted,
    is_null,
    listed,
    read,
    whole,
    within,
)
from semantic_layer.model import Dataset

TIMES = "times_"
LEAST_AMOUNT = 100
"""With five digits two amounts hardly agree by chance."""


def unique_keys(dataset: Dataset, data: LiveData) -> Iterator[LiveFinding]:
    """Keys that stand for more than one row, or are missing."""
    if not dataset.key:
        return
    scan = data.scan(dataset)
    keys = [scan.field((), name) for name in dataset.key]
    named = [called(key, f"k{at}") for at, key in enumerate(keys)]
    missing = exp.or_(*map(is_null, keys))
    groups = read(scan, [*named, called(counted(), TIMES)]).group_by(*keys)
    twice = groups.having(exp.column(TIMES) > 1)
    (found,) = data.rows(
        exp.select(counted(), exp.Sum(this=exp.column(TIMES))).from_(within(twice.copy(), "twice"))
    )
    if found[0]:
        rows = data.rows(twice.order_by(*(f"k{at}" for at in range(len(keys)))).limit(EXAMPLES))
        examples = tuple(listed(row[:-1]) for row in rows)
        message = (
            f"“{dataset.label}”的主键({listed(dataset.key)})有{found[0]:,}个值重复,"
            f"涉及{whole(found[1]):,}行,如 {examples[0]}"
        )
        yield LiveFinding("V101", dataset.name, message, whole(found[0]), examples=examples)
    ((empty, total),) = data.rows(read(data.scan(dataset), [counted(missing), counted()]))
    if empty:
        message = f"“{dataset.label}”有{empty:,}行主键为空"
        yield LiveFinding("V102", dataset.name, message, whole(empty), _share(empty, total))


def alike_rows(dataset: Dataset, data: LiveData) -> Iterator[LiveFinding]:
    """Rows of events that agree in everything but their number."""
    columns, amount = _natural_columns(dataset, data)
    if amount is None:
        return
    key = exp.column(dataset.key[0])
    named = [exp.column(name) for name in columns]
    times, first = called(counted(), TIMES), called(exp.Min(this=key), "first_")
    fraction = exp.NEQ(this=amount, expression=exp.Floor(this=amount.copy()))
    odd = exp.and_(fraction, exp.Abs(this=amount.copy()) >= LEAST_AMOUNT)
    rows = read(data.scan(dataset), [times, first], odd)
    several = exp.NEQ(this=exp.Min(this=key.copy()), expression=exp.Max(this=key.copy()))
    twice = rows.group_by(*named).having(several)
    select = exp.select(
        counted(), exp.Sum(this=exp.column(TIMES) - 1), exp.Min(this=exp.column("first_"))
    )
    ((groups, extra, example),) = data.rows(select.from_(within(twice, "twice")))
    if groups:
        message = (
            f"“{dataset.label}”有{groups:,}组记录除 {dataset.key[0]} 外完全相同,"
            f"多出{whole(extra):,}行,如 {example}"
        )
        yield LiveFinding("V103", dataset.name, message, whole(extra), examples=(example,))


def _natural_columns(dataset: Dataset, data: LiveData) -> tuple[tuple[str, ...], exp.Expr | None]:
    """Every column but the number, and the amount: odd ones do not agree by chance."""
    types = data.snapshot.column_types.get(dataset.table or "", {})
    if dataset.grain != "event" or dataset.time is None or len(dataset.key) != 1:
        return (), None
    amounts = [name for name, kind in types.items() if kind.upper().startswith("DECIMAL")]
    columns = tuple(name for name in types if name != dataset.key[0])
    return columns, exp.column(amounts[0]) if amounts else None


def _share(part: object, total: object) -> float | None:
    return whole(part) / whole(total) if total else None  # type: ignore[arg-type]
