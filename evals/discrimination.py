"""Does a case prove anything? A wrong query that gives the gold rows says no.

Each answered case is run again with one thing wrong at a time: another period, the filter
dropped, a sibling metric, one branch only. Gold that is empty or all zero proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from typing import Any, Protocol

from evals.scoring.rows import same_rows

Query = dict[str, Any]


class Runs(Protocol):
    """What a typed query answers; the assistant's `run`."""

    def run(self, query: Mapping[str, Any], /) -> Any:
        """An answer object."""
        ...


def weaknesses(
    answer: dict[str, Any],
    names: Sequence[str],
    gold: Sequence[tuple[Any, ...]],
    siblings: Mapping[str, str],
    runs: Runs,
) -> list[str]:
    """Why the gold rows would also pass a wrong answer; empty when they would not."""
    if not any(_is_telling(value) for row in gold for value in row):
        return ["标准答案为空或全为零"]
    found = []
    for label, query in perturbed(answer, siblings):
        other = runs.run(query).to_dict()
        if other["outcome"] == "answer" and same_rows(_picked(other, names), list(gold)):
            found.append(f"{label}后结果不变")
    return found


def perturbed(answer: dict[str, Any], siblings: Mapping[str, str]) -> Iterator[tuple[str, Query]]:
    """The answer's query with one thing wrong at a time."""
    query = answer["query"]
    current = [p for p in answer["periods"] if p["role"] == "current"]
    if current:
        yield "换一个时间", _other_period(query, current)
    if query.get("scope", {}).get("where"):
        dropped = deepcopy(query)
        dropped["scope"].pop("where")
        yield "去掉筛选", dropped
    metric = query["measures"][0].get("metric")
    if metric in siblings:
        renamed = deepcopy(query)
        renamed["measures"][0]["metric"] = siblings[metric]
        yield f"换成{siblings[metric]}", renamed


def sibling_metrics(metrics: Mapping[str, Any]) -> dict[str, str]:
    """For each metric another one of the same unit and kind, by name."""
    by_kind: dict[tuple[object, ...], list[str]] = {}
    for name, metric in metrics.items():
        by_kind.setdefault((metric.unit, metric.is_stock, type(metric.definition)), []).append(name)
    return {
        name: others[(others.index(name) + 1) % len(others)]
        for others in by_kind.values()
        if len(others) > 1
        for name in others
    }


def _other_period(query: Query, current: Sequence[Mapping[str, Any]]) -> Query:
    """The same query over the period of the same length one year earlier or, at the
    beginning of the data, one month later.
    """
    moved = deepcopy(query)
    spans = []
    for period in current:
        start, end = (date.fromisoformat(str(period[k])) for k in ("start", "end"))
        length = (end - start).days + 1
        back = start - timedelta(days=max(length, 28))
        spans.append(_month_aligned(back, back + timedelta(days=length - 1), start))
    moved.setdefault("scope", {})["period"] = {"kind": "period", "spans": spans}
    moved.pop("compare", None)
    return moved


def _month_aligned(start: date, end: date, original: date) -> dict[str, Any]:
    if original.day == 1:
        start = start.replace(day=1)
    return {"kind": "absolute", "start": start.isoformat(), "end": end.isoformat()}


def _picked(answer: dict[str, Any], names: Sequence[str]) -> list[tuple[Any, ...]]:
    shown = [c["id"] for c in answer["columns"]]
    if any(n not in shown for n in names):
        return []
    picks = [shown.index(n) for n in names]
    return [tuple(row[i] for i in picks) for row in answer["rows"]]


def _is_telling(value: object) -> bool:
    return not isinstance(value, str | date) and value is not None and value != 0
