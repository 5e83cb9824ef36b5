"""Tie-outs: figures of another report, line by line against ours."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from metrics.live.finding import LiveFinding
from metrics.live.numbers import answered, exact
from metrics.live.rows import LiveData, counted, read
from semantic_layer.model import Dimension, Metric
from semantic_layer.problem import Problem
from semantic_layer.query import Absolute, Condition, MetricQuery, MetricRef, Period, Scope
from semantic_layer.resolve.conditions import field_kind
from semantic_layer.resolve.units import unit_of

WHOLE = ("", "全行", "合计")
COLUMNS = ("metric", "date", "value")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a tie-out file."""

    metric: str
    org: str
    days: tuple[date, date]
    """First and last day; for a stock only the last one matters."""
    value: Decimal
    tolerance: Decimal
    line: int


def ties_out(metric: Metric, catalog: Path, data: LiveData) -> Iterator[LiveFinding]:
    """Figures of the metric's file that ours do not meet."""
    if metric.tie_out is None:
        return
    file = _file(metric, catalog)
    try:
        figures = read_figures(file)
    except (OSError, ValueError) as error:
        message = f"“{metric.label}”的核对文件 {metric.tie_out.file} 读不出来:{_why(error)}"
        yield LiveFinding("V802", metric.name, message)
        return
    for figure in figures:
        if figure.metric in (metric.name, metric.label):
            yield from _compared(metric, figure, data)


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "没有这个文件"
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码"
    return "打不开" if isinstance(error, OSError) else str(error)


def read_figures(file: Path) -> tuple[Figure, ...]:
    """The lines of a tie-out file; ValueError says which one is wrong."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return tuple(_figure(row, at) for at, row in enumerate(csv.DictReader(lines), start=2))


def _figure(row: dict[str, str | None], line: int) -> Figure:
    missing = [name for name in COLUMNS if not (row.get(name) or "").strip()]
    if missing:
        raise ValueError(f"第{line}行缺 {'、'.join(missing)}")
    given = {name: (value or "").strip() for name, value in row.items() if name}
    return Figure(
        given["metric"],
        given.get("org", ""),
        _days(given["date"], line),
        _amount(given["value"], "value", line),
        _amount(given.get("tolerance") or "0", "tolerance", line),
        line,
    )


def _amount(text: str, name: str, line: int) -> Decimal:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(f"第{line}行的 {name}“{text}”不是数字") from error
    if not number.is_finite():
        raise ValueError(f"第{line}行的 {name}“{text}”不是数字")
    return number


def _days(text: str, line: int) -> tuple[date, date]:
    """2026-10-31 stands for its month up to that day; 2026-01-01/2026-10-31 for itself."""
    first, _, last = text.partition("/")
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError as error:
        raise ValueError(f"第{line}行的 date“{text}”不是日期") from error
    if end < start:
        raise ValueError(f"第{line}行的 date“{text}”止早于起")
    return (start, end) if last else (unit_of("month", start).start, start)


def _compared(metric: Metric, figure: Figure, data: LiveData) -> Iterator[LiveFinding]:
    start, end = figure.days
    if metric.is_stock:
        start = end
    where = None
    if figure.org not in WHOLE:
        level = _level(figure.org, data)
        if level is None:
            message = f"核对文件第{figure.line}行的机构“{figure.org}”不存在"
            yield LiveFinding("V802", metric.name, message)
            return
        where = Condition(level, "in", (figure.org,))
    scope = Scope(Period((Absolute(start, end),)), where)
    found = answered(MetricQuery((MetricRef(metric.name),), scope=scope), data)
    when = str(end) if start == end else f"{start}—{end}"
    subject = f"{figure.org or '全行'} {when}"
    if isinstance(found, Problem):
        message = f"“{metric.label}”{subject}没有算成:{found.message}"
        yield LiveFinding("V801", metric.name, message, examples=(figure.line,))
        return
    ours = exact(found[0][-1]) if found else exact(None)
    if abs(ours - figure.value) > figure.tolerance:
        source = metric.tie_out.source if metric.tie_out else ""
        message = (
            f"“{metric.label}”{subject}:{source}为{figure.value:,},本系统为{ours:,},"
            f"相差{ours - figure.value:,}(容差{figure.tolerance:,})"
        )
        yield LiveFinding("V801", metric.name, message, 1, examples=(figure.line,))


def _level(org: str, data: LiveData) -> str | None:
    """The level of a hierarchy that has such a member."""
    manifest = data.snapshot.manifest
    for hierarchy in manifest.hierarchies:
        for level in hierarchy.levels:
            dimension = manifest.dimensions.get(level)
            if dimension is None or _is_no_text(dimension, data):
                continue
            scan = data.scan(manifest.datasets[dimension.home])
            is_it = scan.field((), dimension.field.name).eq(org)
            ((count,),) = data.rows(read(scan, [counted()], is_it))
            if count:
                return level
    return None


def _is_no_text(dimension: Dimension, data: LiveData) -> bool:
    """Years and months are no organisations."""
    return field_kind(data.snapshot, dimension.home, dimension.field) not in (None, "string")


def _file(metric: Metric, catalog: Path) -> Path:
    """Beside the definition file, else from the catalogue's folder."""
    assert metric.tie_out is not None
    beside = catalog / (metric.at.file if metric.at else "") / ".." / metric.tie_out.file
    return beside if beside.exists() else catalog / metric.tie_out.file
