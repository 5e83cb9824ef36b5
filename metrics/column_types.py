"""Columns whose type in the database does not fit what a definition does with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from metrics.finding import Finding
from semantic_layer.model import Aggregate, Dataset, Location, Manifest

_NUMBERS = ("DECIMAL", "NUMERIC", "DOUBLE", "FLOAT", "REAL", "INT", "BIGINT", "HUGEINT",
            "SMALLINT", "TINYINT", "UINTEGER", "UBIGINT", "USMALLINT", "UTINYINT")  # fmt: skip
_DATES = ("DATE", "TIMESTAMP", "DATETIME")
_NEED_NUMBERS = ("sum", "avg", "median", "quantile")


def misfits(manifest: Manifest, tables: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """Times that are no dates, sums of what is no number."""
    for dataset in manifest.datasets.values():
        for name in dict.fromkeys((dataset.time, *(field for _, field in dataset.time_roles))):
            kind = _kind(dataset, name, tables)
            if kind and not kind.startswith(_DATES):
                yield _misfit(
                    dataset.at, f"数据集“{dataset.label}”的时间字段 {name}", kind,
                    "请改用日期列,或在取数时转成 DATE。",
                )  # fmt: skip
    for metric in manifest.metrics.values():
        for aggregate in (metric.definition, *metric.also):
            if not isinstance(aggregate, Aggregate) or aggregate.agg not in _NEED_NUMBERS:
                continue
            kind = _kind(manifest.datasets[aggregate.dataset], aggregate.expr, tables)
            if kind and not kind.startswith(_NUMBERS):
                yield _misfit(
                    metric.at, f"指标“{metric.label}”汇总的列 {aggregate.expr}", kind,
                    f"{aggregate.agg} 只能用在数上;计数请用 count 或 distinct。",
                )  # fmt: skip


def _kind(
    dataset: Dataset, name: str | None, tables: Mapping[str, Mapping[str, str]]
) -> str | None:
    """Type of a plain column; None for formulas, fields of their own, unknown tables."""
    if name is None or dataset.table is None:
        return None
    field = dataset.field(name)
    if field is not None and (field.expr is not None or field.band is not None):
        return None
    columns = {c.casefold(): t for c, t in tables.get(dataset.table.casefold(), {}).items()}
    kind = columns.get(name.casefold())
    return kind.upper() if kind else None


def _misfit(at: Location | None, what: str, kind: str, fix: str) -> Finding:
    return Finding("M303", at, f"{what} 的类型是 {kind}。", fix)
