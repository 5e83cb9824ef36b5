"""The predicate of a segment from its YAML."""

from __future__ import annotations

import re

from metrics.assemble.source import Place
from metrics.edge import WhereEntry
from metrics.edge.where import EventEntry
from metrics.finding import Findings
from semantic_layer.query import (
    And,
    ChangeCondition,
    Condition,
    DimensionOp,
    EventCondition,
    InvalidQueryError,
    MetricCondition,
    Not,
    NumberOp,
    Or,
    Period,
    Predicate,
    Relative,
    SegmentCondition,
    TopMembership,
    Unit,
)

_HEADS = ("all", "any", "not_", "field", "metric", "change", "event", "segment", "top")
_NUMBER_OPS: tuple[NumberOp, ...] = ("gt", "ge", "lt", "le", "eq", "ne")
_WITHIN = re.compile(r"(\d+)\s*(day|week|month|quarter|year)s?$")


def build_where(entry: WhereEntry, place: Place, findings: Findings) -> Predicate | None:
    """The predicate; None with a finding when it says nothing or too much."""
    heads = [h for h in _HEADS if getattr(entry, h) is not None]
    if len(heads) != 1:
        names = "、".join(h.rstrip("_") for h in _HEADS)
        _note(findings, place, "一个条件里要恰好有一种内容。", f"请在 {names} 里选一个。")
        return None
    try:
        return _build(heads[0], entry, place, findings)
    except (InvalidQueryError, _WhereError) as error:
        _note(findings, place, f"{error}。", "请对照定义手册的“人群条件”修改。")
        return None


class _WhereError(ValueError):
    """A condition whose parts do not fit together."""


def _build(head: str, entry: WhereEntry, place: Place, findings: Findings) -> Predicate | None:
    if head in ("all", "any", "not_"):
        return _tree(head, entry, place, findings)
    if head == "field":
        return _field(entry)
    if head == "segment":
        return SegmentCondition(entry.segment or "")
    if head == "event":
        return _event(entry.event or EventEntry())
    if head == "top":
        return TopMembership(entry.top or "", entry.count, entry.percent)
    op, number = _comparison(entry)
    if head == "metric":
        return MetricCondition(
            entry.metric or "", op, number, in_a_row=entry.in_a_row, row_unit=entry.unit
        )
    if entry.base is None:
        raise _WhereError("指标变化的条件缺少 base(与哪期比)")
    return ChangeCondition(entry.change or "", entry.base, entry.show, op, number)


def _tree(head: str, entry: WhereEntry, place: Place, findings: Findings) -> Predicate | None:
    if head == "not_":
        child = build_where(entry.not_, place / "not", findings) if entry.not_ else None
        return Not(child) if child is not None else None
    listed = (entry.all if head == "all" else entry.any) or []
    children = [build_where(c, place / head / i, findings) for i, c in enumerate(listed)]
    kept = tuple(c for c in children if c is not None)
    if len(kept) < len(children):
        return None
    if len(kept) == 1:
        return kept[0]
    return And(kept) if head == "all" else Or(kept)


def _field(entry: WhereEntry) -> Predicate:
    name = entry.field or ""
    written = [
        key
        for key in ("in_", "not_in", "contains", "prefix", "suffix", "is_null", *_NUMBER_OPS)
        if getattr(entry, key) is not None
    ]
    if len(written) != 1:
        raise _WhereError(f"字段 {name} 的条件要恰好有一个比较(in、ge、is_null 等)")
    value = getattr(entry, written[0])
    if written[0] == "is_null":
        return Condition(name, "is_null" if value else "not_null")
    if written[0] in ("eq", "ne"):
        return Condition(name, "in" if written[0] == "eq" else "not_in", (value,))
    if isinstance(value, list):
        return Condition(name, "in" if written[0] == "in_" else "not_in", tuple(value))
    return Condition(name, _DIMENSION_OPS[written[0]], (value,))


_DIMENSION_OPS: dict[str, DimensionOp] = {
    "contains": "contains", "prefix": "prefix", "suffix": "suffix",
    "gt": "gt", "ge": "ge", "lt": "lt", "le": "le",
}  # fmt: skip


def _comparison(entry: WhereEntry) -> tuple[NumberOp, int | float]:
    written = [(op, getattr(entry, op)) for op in _NUMBER_OPS if getattr(entry, op) is not None]
    if len(written) != 1 or not isinstance(written[0][1], int | float):
        raise _WhereError("指标的条件要恰好有一个比较(gt、ge、lt、le、eq、ne)和一个数")
    return written[0]


def _event(entry: EventEntry) -> Predicate:
    if (entry.did is None) == (entry.did_not is None):
        raise _WhereError("行为条件要么写 did,要么写 did_not,恰好一个")
    if entry.ever == (entry.within is not None):
        raise _WhereError("行为条件要么写 ever: true,要么写 within: 30 days,恰好一个")
    if (entry.after is None) != (entry.after_days is None):
        raise _WhereError("after(从哪件事算起)和 after_days(多少天内)要一起写")
    return EventCondition(
        event=entry.did or entry.did_not or "",
        did=entry.did is not None,
        at_least=entry.at_least,
        within=_within(entry.within),
        in_a_row=entry.in_a_row,
        row_unit=entry.unit,
        after=entry.after,
        after_days=entry.after_days,
    )


def _within(text: str | None) -> Period | None:
    if text is None:
        return None
    match = _WITHIN.match(text.strip())
    if match is None:
        raise _WhereError(f"within 写成了“{text}”,应是 30 days、3 months 的样子")
    unit: Unit = _UNITS[match[2]]
    return Period((Relative(unit, 0, int(match[1]), anchor="data"),))


_UNITS: dict[str, Unit] = {
    "day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year",
}  # fmt: skip


def _note(findings: Findings, place: Place, message: str, fix: str) -> None:
    findings.add("M109", place.location, message, fix)
