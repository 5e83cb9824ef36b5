"""Does a case prove anything? A wrong query that gives the gold rows says no.

Each case that is answered right is run again with one thing wrong at a time: another period,
the filter dropped, a sibling metric, one branch instead of all. Gold that is empty or all zero
proves nothing either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from evals.scoring.rows import picked, same_rows

Query = dict[str, Any]
ONE_BRANCH = "海原分行"


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
        shown = {c["id"] for c in other["columns"]}
        answered = other["outcome"] == "answer" and shown.issuperset(names)
        if answered and same_rows(picked(other, names), list(gold)):
            found.append(f"{label}后结果不变")
    return found


def perturbed(answer: dict[str, Any], siblings: Mapping[str, str]) -> Iterator[tuple[str, Query]]:
    """The answer's query with one thing wrong at a time."""
    query = answer["query"]
    yield "换一个时间", _earlier(query, _current(answer))
    where = query.get("scope", {}).get("where")
    if where:
        yield "去掉筛选", _scoped(query, where=None)
    elif answer["scope"] == "全行":
        only = {
            "kind": "condition", "dimension": "branch", "op": "in", "values": [ONE_BRANCH],
        }  # fmt: skip
        yield f"只看{ONE_BRANCH}", _scoped(query, where=only)
    measures = query.get("measures") or [{}]
    metric = measures[0].get("metric")
    if metric in siblings:
        yield f"换成{siblings[metric]}", _renamed(query, metric, siblings[metric])


def sibling_metrics(metrics: Mapping[str, Any]) -> dict[str, str]:
    """For each metric another one of the same unit and kind, by name."""
    by_kind: dict[tuple[object, ...], list[str]] = {}
    for name, metric in metrics.items():
        if not metric.hidden:
            kind = (metric.unit, metric.is_stock, type(metric.definition))
            by_kind.setdefault(kind, []).append(name)
    return {
        name: others[(others.index(name) + 1) % len(others)]
        for others in by_kind.values()
        if len(others) > 1
        for name in others
    }


def _current(answer: dict[str, Any]) -> list[tuple[date, date]]:
    return [
        (date.fromisoformat(str(p["start"])), date.fromisoformat(str(p["end"])))
        for p in answer["periods"]
        if p["role"] == "current"
    ]


def _earlier(query: Query, periods: Sequence[tuple[date, date]]) -> Query:
    """The same question about the time just before, by whole months where it is months."""
    spans = [
        {"kind": "absolute", "start": start.isoformat(), "end": end.isoformat()}
        for start, end in (_before(*period) for period in periods)
    ]
    changed = _scoped(query, period={"kind": "period", "spans": spans})
    if where := changed["scope"].get("where"):
        changed["scope"]["where"] = _a_month_before(where)
    return changed


def _a_month_before(part: Any) -> Any:
    """The same condition with every time in it a month earlier: people picked by another month."""
    if isinstance(part, list):
        return [_a_month_before(child) for child in part]
    if not isinstance(part, dict):
        return part
    if part.get("kind") == "period":
        moved = {"kind": "shifted", "unit": "month", "offset": -1, "align": "full"}
        return {**part, "spans": [{**moved, "of": span} for span in part["spans"]]}
    return {key: _a_month_before(value) for key, value in part.items()}


def _before(start: date, end: date) -> tuple[date, date]:
    if (end + timedelta(days=1)).day == 1:
        first = (start.replace(day=1) - timedelta(days=1)).replace(day=1)
        return (first, start.replace(day=1) - timedelta(days=1))
    length = end - start + timedelta(days=1)
    return (start - length, end - length)


def _scoped(query: Query, **changes: Any) -> Query:
    changed = deepcopy(query)
    scope = {**changed.get("scope", {}), **changes}
    changed["scope"] = {key: value for key, value in scope.items() if value is not None}
    return changed


def _renamed(query: Query, name: str, other: str) -> Query:
    changed = deepcopy(query)
    for measure in changed["measures"]:
        if measure.get("metric") == name:
            measure["metric"] = other
    return changed


def _is_telling(value: object) -> bool:
    """A number other than zero, or the name of a member."""
    if isinstance(value, int | float | Decimal):
        return value != 0
    return False
