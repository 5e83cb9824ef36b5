"""Definitions held against a database: tables and columns that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from metrics.column_types import misfits
from metrics.event_references import event_formulas
from metrics.expressions import read_formula
from metrics.finding import Finding, in_file_order
from metrics.nearest import did_you_mean
from metrics.today import with_today
from semantic_layer.guard import AllowedTables, UnsafeSQL, check_sql
from semantic_layer.model import Aggregate, Dataset, Location, Manifest

Schema = Mapping[str, Mapping[str, str]]
"""Table → column → type."""


class _Use(NamedTuple):
    """A formula somewhere in the definitions."""

    owner: str
    dataset: str
    text: str
    at: Location | None


def check_against(manifest: Manifest, schema: Schema) -> tuple[Finding, ...]:
    """Findings about tables and columns that the database lacks or that are of another type."""
    manifest = with_today(manifest, date.min)
    tables = {name.casefold(): columns for name, columns in schema.items()}
    missing = {
        d.name for d in manifest.datasets.values()
        if d.table is not None and d.table.casefold() not in tables
    }  # fmt: skip
    found = [_no_table(manifest.datasets[name], schema) for name in missing]
    known = {
        d.name: _columns(d, tables) for d in manifest.datasets.values() if d.name not in missing
    }
    for use in _uses(manifest):
        found.extend(_no_columns(manifest, use, known))
    found.extend(_unsafe_queries(manifest, schema))
    found.extend(misfits(manifest, tables))
    return in_file_order(found)


def _no_table(dataset: Dataset, schema: Schema) -> Finding:
    return Finding(
        "M301",
        dataset.at,
        f"数据集“{dataset.label}”的表 {dataset.table} 在数据库里不存在。",
        did_you_mean(dataset.table or "", schema),
    )


def _unsafe_queries(manifest: Manifest, schema: Schema) -> Iterator[Finding]:
    """Datasets whose own query would be refused whenever it is asked."""
    allowed = AllowedTables.of(schema)
    for dataset in manifest.datasets.values():
        if dataset.sql is None:
            continue
        try:
            check_sql(dataset.sql, allowed)
        except UnsafeSQL as error:
            yield Finding(
                "M304",
                dataset.at,
                f"数据集“{dataset.label}”的 sql 不能执行:{error.message}。",
                "请改写这段 sql,只用普通查询和常见函数。",
            )


def _columns(dataset: Dataset, tables: Schema) -> tuple[str, ...] | None:
    """Columns of a dataset's table; None when it is a query, whose columns are its own."""
    if dataset.table is None:
        return None
    return tuple(tables[dataset.table.casefold()])


def _no_columns(
    manifest: Manifest, use: _Use, known: Mapping[str, tuple[str, ...] | None]
) -> Iterator[Finding]:
    for role, name in read_formula(use.text, manifest.parameters).columns:
        dataset = _follow(manifest, manifest.datasets[use.dataset], role)
        columns = known.get(dataset.name) if dataset else None
        if dataset is None or columns is None or dataset.field(name) is not None:
            continue
        if name.casefold() not in {c.casefold() for c in columns}:
            yield Finding(
                "M302",
                use.at,
                f"{use.owner}用到的列 {name} 不在表 {dataset.table} 里。",
                did_you_mean(name, columns),
            )


def _follow(manifest: Manifest, dataset: Dataset, role: tuple[str, ...]) -> Dataset | None:
    here = dataset
    for part in role:
        join = here.join(part)
        if join is None:
            return None
        here = manifest.datasets[join.to]
    return here


def _uses(manifest: Manifest) -> Iterator[_Use]:
    for dataset in manifest.datasets.values():
        yield from _dataset_uses(dataset)
    for metric in manifest.metrics.values():
        for aggregate in (metric.definition, *metric.also):
            if isinstance(aggregate, Aggregate):
                for text in _texts(aggregate):
                    yield _Use(f"指标“{metric.label}”", aggregate.dataset, text, metric.at)


def _dataset_uses(dataset: Dataset) -> Iterator[_Use]:
    owner = f"数据集“{dataset.label}”"
    dates = [*(field for _, field in dataset.time_roles)]
    if dataset.time is not None:
        dates.append(dataset.time)
    if dataset.data_date is not None and dataset.data_date.column is not None:
        dates.append(dataset.data_date.column)
    for text in (*dataset.key, *dates):
        yield _Use(owner, dataset.name, text, dataset.at)
    for whose, text, at in event_formulas(dataset):
        yield _Use(whose, dataset.name, text, at)
    for field in dataset.fields:
        if field.band is not None:
            yield _Use(f"字段“{field.label}”", dataset.name, field.band.of, field.at)
            continue
        yield _Use(f"字段“{field.label}”", dataset.name, field.expr or f'"{field.name}"', field.at)
    for join in dataset.joins:
        for ours, theirs in join.keys:
            yield _Use(f"{owner}的关联 {join.name}", dataset.name, ours, join.at)
            yield _Use(f"{owner}的关联 {join.name}", join.to, theirs, join.at)
        if join.weight is not None:
            yield _Use(f"{owner}的关联 {join.name}", join.to, join.weight, join.at)


def _texts(aggregate: Aggregate) -> Iterator[str]:
    stock, average = aggregate.semi_additive, aggregate.average_over
    named = (aggregate.expr, aggregate.filter, aggregate.time)
    yield from (text for text in named if text is not None)
    if stock is not None:
        yield stock.over
    if average is not None:
        yield average.days
