"""What the declared rollups store: one table for each dataset and time that their metrics read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from semantic_layer.model import Aggregate, Dataset, Field, Manifest, Rollup
from semantic_layer.model.today import AS_OF
from semantic_layer.problem import Problem
from semantic_layer.resolve.availability import grain_unit
from semantic_layer.resolve.closure import leaves
from semantic_layer.resolve.paths import ENTITY, choose_path
from semantic_layer.resolve.sources import definitions
from semantic_layer.resolve.units import FINENESS
from semantic_layer.resolved import PathChoice

How = Literal["sum", "min", "max", "distinct"]
"""How stored values of several groups become one; `distinct`: only under conditions."""
HOW: dict[str, How] = {
    "sum": "sum", "count": "sum", "min": "min", "max": "max", "distinct": "distinct",
}  # fmt: skip
UNITS = {"date": "day", "month": "month", "quarter": "quarter", "year": "year"}
TIME = "period_"
ALL_ROWS = "rows_"
"""How many rows are behind a stored one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregate as a column; `rows` counts the rows behind it."""

    column: str
    own: Aggregate
    how: How
    rows: str | None
    """None: every row is behind it."""


@dataclass(frozen=True, slots=True)
class RollupTable:
    """One stored table: dimensions × period → measures."""

    rollup: str
    name: str
    dataset: str
    time: str
    unit: str
    """Calendar unit of one period."""
    is_exact: bool
    """The time itself is stored, not the first day of its unit."""
    dimensions: tuple[PathChoice, ...]
    measures: tuple[Measure, ...]
    filters: tuple[tuple[str, str], ...]
    """(column with the number of rows, filter) pairs."""

    def measure(self, own: Aggregate) -> Measure | None:
        """Where an aggregate is stored, exactly as it is defined."""
        return next((m for m in self.measures if m.own == own), None)

    def dimension(self, path: PathChoice) -> str | None:
        """The column of a dimension that is reached in the same way."""
        wanted = (path.joins, path.carrier, path.field)
        found = (d for d in self.dimensions if (d.joins, d.carrier, d.field) == wanted)
        return next((d.field for d in found), None)

    def as_dataset(self, table: str) -> Dataset:
        """The table as a dataset of its own: nothing but columns."""
        fields = tuple(Field(d.field, d.field) for d in self.dimensions)
        time = Field(TIME, TIME, type="date")
        return Dataset(self.name, self.name, table, (), (*fields, time), time=TIME)


class Unstored(NamedTuple):
    """A part of a declared rollup that cannot be stored, and why."""

    rollup: str
    what: str
    why: str


class Layouts(NamedTuple):
    """What is stored, and what of the declared is not."""

    tables: tuple[RollupTable, ...]
    unstored: tuple[Unstored, ...]


@lru_cache(maxsize=16)
def layouts(manifest: Manifest) -> Layouts:
    """The tables of all declared rollups."""
    tables: list[RollupTable] = []
    unstored: list[Unstored] = []
    for rollup in manifest.rollups:
        for found in _tables(rollup, manifest):
            (tables if isinstance(found, RollupTable) else unstored).append(found)  # type: ignore[arg-type]
    return Layouts(tuple(tables), tuple(unstored))


def _tables(rollup: Rollup, manifest: Manifest) -> Iterator[RollupTable | Unstored]:
    unit = UNITS.get(rollup.grain)
    if unit is None:
        yield Unstored(rollup.name, rollup.grain, "只支持按日、月、季、年汇总")
        return
    grouped: dict[tuple[str, str], dict[Aggregate, None]] = {}
    for metric in rollup.metrics:
        for leaf in leaves(manifest, metric):
            for position, own in enumerate(definitions(leaf)):
                time = _time(own, manifest)
                why = _unfit(own, time, unit, manifest)
                if why is None and time is not None:
                    grouped.setdefault((own.dataset, time), {})[own] = None
                elif position == 0:
                    yield Unstored(rollup.name, leaf.label, why or "没有时间")
    for (dataset, time), aggregates in grouped.items():
        yield from _table(rollup, dataset, time, unit, tuple(aggregates), manifest)


def _table(
    rollup: Rollup,
    dataset: str,
    time: str,
    unit: str,
    aggregates: tuple[Aggregate, ...],
    manifest: Manifest,
) -> Iterator[RollupTable | Unstored]:
    paths = []
    for dimension in rollup.by:
        chosen = choose_path(manifest, dataset, dimension)
        if isinstance(chosen, Problem):
            yield Unstored(rollup.name, manifest.datasets[dataset].label, chosen.message)
            return
        paths.append(chosen.path)
    why = _unfit_paths(tuple(paths), dataset, manifest)
    if why is not None:
        yield Unstored(rollup.name, manifest.datasets[dataset].label, why)
        return
    texts = dict.fromkeys(own.filter for own in aggregates if own.filter)
    filters = {text: f"rows_{at}" for at, text in enumerate(texts, start=1)}
    measures = tuple(
        Measure(f"m_{at}", own, HOW[own.agg], filters[own.filter] if own.filter else None)
        for at, own in enumerate(aggregates, start=1)
    )
    yield RollupTable(
        rollup=rollup.name,
        name=_name(rollup, dataset, time, manifest),
        dataset=dataset,
        time=time,
        unit=unit,
        is_exact=unit in ("day", grain_unit(manifest.datasets[dataset])),
        dimensions=tuple(paths),
        measures=measures,
        filters=tuple((column, text) for text, column in filters.items()),
    )  # fmt: skip


def _name(rollup: Rollup, dataset: str, time: str, manifest: Manifest) -> str:
    usual = manifest.datasets[dataset].time == time
    return f"{rollup.name}_{dataset}" if usual else f"{rollup.name}_{dataset}_{time}"


def _time(own: Aggregate, manifest: Manifest) -> str | None:
    if own.semi_additive is not None:
        return own.semi_additive.over
    return own.time or manifest.datasets[own.dataset].time


def _unfit(own: Aggregate, time: str | None, unit: str, manifest: Manifest) -> str | None:
    """Why an aggregate cannot be stored; None: it can."""
    dataset = manifest.datasets[own.dataset]
    stock = own.semi_additive
    if own.agg not in HOW:
        return "平均值、中位数和分位数不能由分组的结果合成"
    if own.snapshot is not None or own.future:
        return "按另一个日期取快照的指标不汇总"
    if stock is not None and stock.period_end == "last_known":
        return "取最近一次快照的指标不汇总"
    if any("{" + AS_OF + "}" in text for text in (own.expr or "", own.filter or "")):
        return "公式随“今天”变化"
    if own.expr is not None and own.expr.startswith(ENTITY):
        return "按实体计数的指标不汇总"
    grain = grain_unit(dataset)
    if FINENESS.index(grain) > FINENESS.index(unit):
        return f"“{dataset.label}”没有这么细的时间"
    if stock is not None and grain != unit:
        return f"时点数要按“{dataset.label}”自己的快照汇总"
    return None if time is not None else "没有时间"


def _unfit_paths(paths: tuple[PathChoice, ...], dataset: str, manifest: Manifest) -> str | None:
    names = [path.field for path in paths]
    if len(set(names)) < len(names):
        return "同一维度只能以一种关系出现一次"
    for path in paths:
        field = manifest.datasets[path.carrier].field(path.field)
        if field is not None and "{" + AS_OF + "}" in (field.expr or ""):
            return f"维度“{field.label}”随“今天”变化"
        at = manifest.datasets[dataset]
        for role in path.joins:
            join = at.join(role)
            if join is None or join.orphans == "drop" or join.type == "many_to_many":
                return f"关联 {role} 会去掉或重复一些行"
            at = manifest.datasets[join.to]
    return None


def rewritten(measure: Measure, table: RollupTable) -> Aggregate:
    """The aggregate over the stored table that gives what the aggregate over the rows gives."""
    own = measure.own
    return replace(
        own,
        dataset=table.name,
        agg="sum" if measure.how == "distinct" else measure.how,
        expr=measure.column,
        filter=f"{measure.rows} > 0" if measure.rows else None,
        time=None,
        semi_additive=replace(own.semi_additive, over=TIME) if own.semi_additive else None,
        average_over=None,
    )
