"""Group columns: stored codes become labels, missing values 未知."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlglot import exp

from semantic_layer.compile.bands import band_labels, spelled
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.tokens import (
    all_of,
    any_of,
    coalesce,
    column,
    literal,
    number,
    text,
)
from semantic_layer.model import Band, Field, FieldValue
from semantic_layer.model.expression import parse_scalar
from semantic_layer.query import BucketGroup, SetGroup
from semantic_layer.resolve.conditions import UNKNOWN, field_kind
from semantic_layer.resolve.groupings import GROUPING, GroupedQuery, band_name, set_label
from semantic_layer.resolve.paths import ENTITY
from semantic_layer.resolve.sets import entity_dataset
from semantic_layer.result import Cell, Suppressed
from semantic_layer.snapshot import Snapshot

REST, NO_RECORD = "其余", "无记录"
VARCHAR = exp.DataType.Type.VARCHAR


@dataclass(frozen=True, slots=True)
class GroupColumn:
    """A dimension as a result column."""

    dimension: str
    """As written in the query."""
    name: str
    """Result column: the field's name, or with its role when two would be alike."""
    label: str
    field: Field
    is_text: bool
    """Never missing: missing values are called 未知."""


def group_columns(
    dimensions: tuple[str, ...], snapshot: Snapshot, query: GroupedQuery | None = None
) -> tuple[GroupColumn, ...]:
    """The result columns of the grouped dimensions, bands and sets."""
    short = [dimension.rpartition(".")[2] for dimension in dimensions]
    return tuple(
        _grouping_column(dimension, query, snapshot)
        if query is not None and dimension.startswith(GROUPING)
        else _column(dimension, name if short.count(name) == 1 else dimension, snapshot)
        for dimension, name in zip(dimensions, short, strict=True)
    )


def _grouping_column(name: str, query: GroupedQuery, snapshot: Snapshot) -> GroupColumn:
    """Bands in their order, sets in the asker's."""
    group = query.group_by[int(name.removeprefix(GROUPING))]
    if isinstance(group, SetGroup):
        labels = [set_label(group, at) for at in range(len(group.sets))]
        labels += [REST] if group.rest else []
        return _listed(name, "set_group", "客群", labels)
    assert isinstance(group, BucketGroup)
    metric = snapshot.manifest.metrics.get(group.of)
    label = metric.label if metric else snapshot.manifest.dimensions[group.of].label
    column_name = band_name(group, query)
    if group.width is not None:
        field = Field("band", label)
        shown = f"{label}(每{spelled(group.width)}一档,起点)"
        return GroupColumn(name, column_name, shown, field, is_text=False)
    return _listed(name, column_name, f"{label}分档", bucket_labels(group))


def _listed(name: str, column: str, label: str, members: list[str]) -> GroupColumn:
    values = tuple(FieldValue(member) for member in (*members, NO_RECORD))
    return GroupColumn(name, column, label, Field(column, label, values=values), is_text=True)


def bucket_labels(group: BucketGroup) -> list[str]:
    """The names of the bands from low to high."""
    if group.edges:
        return list(band_labels(Band(group.of, group.edges)))
    count = group.count or 0
    ends = {1: "(最低)", count: "(最高)"}
    return [f"第{at}组{ends.get(at, '')}" for at in range(1, count + 1)]


def _column(dimension: str, name: str, snapshot: Snapshot) -> GroupColumn:
    if dimension.startswith(ENTITY):
        return _entity_column(dimension, snapshot)
    found = snapshot.manifest.dimensions[dimension.rpartition(".")[2]]
    kind = field_kind(snapshot, found.home, found.field)
    is_text = kind in (None, "string") or _has_labels(found.field)
    label = (
        found.label
        if name != dimension or "." not in dimension
        else _with_role(dimension, found.label, snapshot)
    )
    return GroupColumn(dimension, name, label, found.field, is_text)


def _entity_column(dimension: str, snapshot: Snapshot) -> GroupColumn:
    """The key of an entity, as it is stored."""
    dataset = entity_dataset(dimension.removeprefix(ENTITY), snapshot.manifest)
    assert dataset is not None
    key = dataset.key[0]
    return GroupColumn(dimension, key, dataset.label, Field(key, dataset.label), is_text=False)


def _with_role(dimension: str, label: str, snapshot: Snapshot) -> str:
    role = dimension.split(".")[-2]
    joins = (j for d in snapshot.manifest.datasets.values() for j in d.joins if j.name == role)
    named = next((join.label for join in joins if join.label), role)
    return f"{named}{label}"


def _has_labels(field: Field) -> bool:
    return any(v.label is not None and v.label != v.value for v in field.values)


def group_value(group: GroupColumn, scan: Scan) -> exp.Expression:
    """What the rows are grouped by."""
    if group.dimension.startswith(GROUPING):
        assert scan.sets is not None
        return scan.sets.grouping(group.dimension, scan)
    return shown_value(group, scan.dimension(group.dimension), scan.snapshot)


def shown_value(
    group: GroupColumn, value: exp.Expression, snapshot: Snapshot, *, present: bool = False
) -> exp.Expression:
    """A stored value as it is shown. `present`: it is never missing."""
    if _has_labels(group.field):
        return _labelled(group.field, value)
    if not group.is_text:
        return value
    home = snapshot.manifest.dimensions[group.field.name].home
    if field_kind(snapshot, home, group.field) is None and not _is_textual(group.field):
        value = exp.Cast(this=value, to=exp.DataType(this=VARCHAR))
    return value if present else coalesce(value, text(UNKNOWN))


def member_text(group: GroupColumn, value: str) -> str:
    """A member as it is shown, named by its label or as it is stored."""
    for governed in group.field.values:
        if value in (governed.label, str(governed.value)):
            return governed.label or str(governed.value)
    return value


def is_one_of(
    groups: tuple[GroupColumn, ...],
    values: Sequence[exp.Expression],
    members: tuple[tuple[Cell, ...], ...],
) -> exp.Expression:
    """Whether the values of a row are those of one of the members."""
    if len(values) == 1 and groups[0].is_text:
        literals = [text(str(member[0])) for member in members]
        return exp.In(this=values[0].copy(), expressions=literals)
    listed = any_of(
        all_of(
            exp.NullSafeEQ(this=value.copy(), expression=_cell(cell))
            for value, cell in zip(values, member, strict=True)
        )
        or exp.false()
        for member in members
    )
    return listed or exp.false()


def _cell(cell: Cell) -> exp.Expression:
    return text(str(cell)) if isinstance(cell, Decimal | datetime | Suppressed) else literal(cell)


def _labelled(field: Field, value: exp.Expression) -> exp.Expression:
    cases = [
        exp.If(this=literal(v.value), true=text(str(v.label or v.value))) for v in field.values
    ]
    stored = exp.Cast(this=value.copy(), to=exp.DataType(this=VARCHAR))
    return exp.Case(this=value, ifs=cases, default=coalesce(stored, text(UNKNOWN)))


def _is_textual(field: Field) -> bool:
    """An expression that visibly gives texts."""
    if field.expr is None:
        return False
    tree = parse_scalar(field.expr.replace("{", "").replace("}", ""))
    if isinstance(tree, exp.Case):
        results = [branch.args["true"] for branch in tree.args["ifs"]]
        return any(isinstance(node, exp.Literal) and node.is_string for node in results)
    return isinstance(tree, exp.DPipe | exp.Concat | exp.Substring | exp.Upper | exp.Lower)


def declared_order(group: GroupColumn, key: exp.Expression | None = None) -> exp.Expression | None:
    """The position of a shown value in its declared order; None when there is none."""
    labels = [str(v.label or v.value) for v in group.field.values]
    if group.field.band is not None:
        labels = list(band_labels(group.field.band))
    if not labels or not group.is_text:
        return None
    cases = [
        exp.If(this=text(label), true=number(position)) for position, label in enumerate(labels)
    ]
    return exp.Case(this=key or column(group.name), ifs=cases, default=number(len(labels)))
