"""Governed values against those that occur; flags that are more than 0 or 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlglot import exp

from metrics.live.finding import LiveFinding
from metrics.live.rows import (
    EXAMPLES,
    LiveData,
    called,
    counted,
    is_null,
    listed,
    not_null,
    read,
    whole,
)
from semantic_layer.model import Dataset, Field

MOST_VALUES = 1_000
FLAG_ENDINGS, FLAG_STARTS = ("_flag",), ("is_", "has_")
INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"})
RARE = 0.01
"""Fewer other values than this share of a column that is 0 or 1 are mistakes."""
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DECIMAL", "DOUBLE", "FLOAT")


def values_are_known(dataset: Dataset, data: LiveData) -> Iterator[LiveFinding]:
    """Values that are not declared, and declared ones that never occur."""
    for field in dataset.fields:
        declared = _declared(field, data)
        if declared.values and field.band is None:
            yield from _compared(dataset, field, declared, data)


def _declared(field: Field, data: LiveData) -> Field:
    """The field that says which values there are, maybe that of another table."""
    dimension = data.snapshot.manifest.dimensions.get(field.name)
    return dimension.field if field.conforms and dimension is not None else field


def _compared(
    dataset: Dataset, field: Field, declared: Field, data: LiveData
) -> Iterator[LiveFinding]:
    scan = data.scan(dataset)
    value = scan.field((), field.name)
    counts = read(scan, [called(value, "value"), called(counted(), "n")], not_null(value))
    rows = data.rows(counts.group_by(value.copy()).order_by("value").limit(MOST_VALUES))
    known = {_folded(v.value) for v in declared.values}
    occurring = {_folded(row[0]) for row in rows}
    strange = [row for row in rows if _folded(row[0]) not in known]
    subject = f"{dataset.name}.{field.name}"
    if strange:
        examples = tuple(row[0] for row in strange[:EXAMPLES])
        count = sum(whole(row[1]) for row in strange)
        message = (
            f"“{dataset.label}”的{declared.label}有{len(strange)}个没有登记的取值"
            f"({listed(examples)}),共{count:,}行"
        )
        yield LiveFinding("V301", subject, message, count, examples=examples)
    unused = [str(v.label or v.value) for v in declared.values if _folded(v.value) not in occurring]
    if unused and field is declared and rows:
        message = f"“{dataset.label}”的{field.label}登记了{listed(unused[:8])},数据里没有出现"
        yield LiveFinding("V302", subject, message, len(unused), examples=tuple(unused[:EXAMPLES]))


def _folded(value: object) -> str:
    """A value as text, whole numbers without decimals, booleans as such."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def flags_are_flags(dataset: Dataset, data: LiveData) -> Iterator[LiveFinding]:
    """Columns named like flags, or nearly always 0 or 1, that hold more than that."""
    types = data.snapshot.column_types.get(dataset.table or "", {})
    named = [n for n, kind in types.items() if _is_flag(n) and kind.upper().startswith(NUMBERS)]
    own = {*dataset.key, dataset.time}
    others = [
        name
        for name, kind in types.items()
        if kind.upper() in INTEGERS and name not in named and name not in own
    ]
    for name, found in _distributions(dataset, [*named, *others], data):
        if found.wrong and (name in named or found.is_nearly_a_flag):
            message = (
                f"“{dataset.label}”的标志 {name} 有{found.wrong:,}行不是 0 或 1,最大为{found.most}"
            )
            yield LiveFinding("V502", f"{dataset.name}.{name}", message, found.wrong)


class _Distribution(NamedTuple):
    zeros: int
    ones: int
    wrong: int
    most: object

    @property
    def is_nearly_a_flag(self) -> bool:
        """Both 0 and 1 occur, and hardly anything else."""
        return bool(self.zeros and self.ones) and self.wrong < RARE * (self.zeros + self.ones)


def _distributions(
    dataset: Dataset, names: Sequence[str], data: LiveData
) -> Iterator[tuple[str, _Distribution]]:
    """How often each column is 0, 1 and anything else, in one look at the table."""
    if not names:
        return
    asked: list[exp.Expression] = []
    for name in names:
        column = exp.column(name)
        proper = exp.In(this=column, expressions=[exp.Literal.number(n) for n in (0, 1)])
        wrong = exp.and_(exp.not_(is_null(column)), exp.not_(proper))
        asked += [
            exp.CountIf(this=column.eq(0)),
            exp.CountIf(this=column.eq(1)),
            exp.CountIf(this=wrong),
            exp.Max(this=column.copy()),
        ]
    (row,) = data.rows(read(data.scan(dataset), asked))
    for at, name in enumerate(names):
        zeros, ones, wrong_rows, most = row[4 * at : 4 * at + 4]
        yield name, _Distribution(whole(zeros), whole(ones), whole(wrong_rows), most)


def _is_flag(name: str) -> bool:
    return name.lower().endswith(FLAG_ENDINGS) or name.lower().startswith(FLAG_STARTS)
