"""The questions with their hand-written SQL, from `hand_written.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml

from semantic_layer.query import Grain, Query, query_from_json

FILE = Path(__file__).with_name("hand_written.yml")
GRAINS = get_args(Grain)
POSITION = {"order", "limit", "having", "share", "window", "subtotals", "measures"}
"""Slots written as in the JSON of a query."""


@dataclass(frozen=True, slots=True)
class Written:
    """A question twice: for the compiler, and as an analyst writes it."""

    ask: str
    kind: str
    query: Query
    sql: str


def read_questions(file: Path = FILE) -> list[Written]:
    """All questions of the file."""
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        Written(entry["ask"], entry["kind"], query_from_json(_query(entry)), entry["sql"])
        for entry in entries
    ]


def _query(entry: dict[str, Any]) -> dict[str, Any]:
    """The JSON of a query, from its short form."""
    if "behaviour" in entry:
        whole: dict[str, Any] = _spelled(entry["behaviour"])
        return whole
    short = entry["query"]
    full: dict[str, Any] = {
        "kind": "metric_query",
        "measures": [{"kind": "metric", "metric": name} for name in short.get("metrics", ())],
        "group_by": [_group(name) for name in short.get("by", ())],
        "scope": {"period": _period(short["period"]), "where": _where(short)},
        "compare": [{"base": base, "show": ["value", "rate"]} for base in short.get("compare", ())],
    }
    full |= {slot: _spelled(value) for slot, value in short.items() if slot in POSITION}
    return full


def _group(name: str) -> dict[str, str]:
    if name in GRAINS:
        return {"kind": "time", "grain": name}
    return {"kind": "dimension", "dimension": name}


def _period(days: list[Any]) -> dict[str, Any]:
    spans = days if isinstance(days[0], list) else [days]
    return {"spans": [{"kind": "absolute", "start": str(a), "end": str(b)} for a, b in spans]}


def _where(short: dict[str, Any]) -> dict[str, Any] | None:
    parts: list[dict[str, Any]] = [
        {"kind": "condition", "dimension": name, "op": "in", "values": values}
        for name, values in short.get("where", {}).items()
    ]
    if "members" in short:
        chosen = {"entity": "customer", "where": _spelled(short["members"])}
        parts.append({"kind": "member", "set": chosen})
    if len(parts) > 1:
        return {"kind": "and", "children": parts}
    return parts[0] if parts else None


def _spelled(value: Any) -> Any:
    """The same JSON with dates as text."""
    if isinstance(value, dict):
        return {key: _spelled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_spelled(item) for item in value]
    return value if isinstance(value, str | int | float | None) else str(value)
