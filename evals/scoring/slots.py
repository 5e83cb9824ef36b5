"""Does the query say what was asked: metrics, groups, dates?"""

from __future__ import annotations

from typing import Any

from evals.case import Layer, Slots


def score_slots(answer: dict[str, Any], slots: Slots) -> Layer:
    """Compares the query and its resolved dates with the expected slots."""
    query = answer["query"] or {}
    found = [
        _difference("指标", slots.metrics, _metrics(query)),
        _difference("分组", slots.groups, _groups(query)),
        _difference("期间", _dates(slots), _current(answer)),
    ]
    reasons = [text for text in found if text]
    return Layer("slots", not reasons, ";".join(reasons))


def _difference(name: str, expected: object, got: object) -> str:
    return f"{name}应为 {expected},实为 {got}" if expected is not None and expected != got else ""


def _metrics(query: dict[str, Any]) -> tuple[str, ...]:
    return tuple(m.get("metric", "") for m in query.get("measures", ()))


def _groups(query: dict[str, Any]) -> tuple[str, ...]:
    groups = query.get("group_by", ())
    return tuple(g.get("dimension") or g.get("grain") or g["kind"] for g in groups)


def _dates(slots: Slots) -> tuple[str, str] | None:
    return (slots.period[0].isoformat(), slots.period[1].isoformat()) if slots.period else None


def _current(answer: dict[str, Any]) -> tuple[str, str] | None:
    current = [p for p in answer["periods"] if p["role"] == "current"]
    return (str(current[0]["start"]), str(current[-1]["end"])) if current else None
