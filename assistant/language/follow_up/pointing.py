"""它的贷款余额呢: another figure of what was just ranked or picked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from assistant.language.time.patterns import N, small_int
from semantic_layer.query import ColumnRef, DimensionGroup, Limit, MetricQuery, TimeGroup

_POINTS = re.compile(
    "^(?:那|再看|再看看|看看)?(?:"
    "(?P<many>它们|他们|她们|这几[家个]|那几[家个]|这些|那些|这[两三四五六七八九十]+[家个]|上面这些)"
    "(?:分行|支行|网点|渠道|产品)?"
    "|(?P<one>它|他|她|这家|那家|该|这一家|那一家|这个|那个(?=分行|支行|网点|渠道|产品))(?![天日周月季年星礼指问])(?:分行|支行|网点|渠道|产品)?"
    f"|前(?P<count>{N})(?:名|家|个|位|大)(?:分行|支行|网点|渠道|产品)?的"
    "|(?P<time>那个?|该)(?P<unit>天|日|周|月|季度|年))"
    "(?:的)?(?P<what>.{2,})$"
)
_UNITS = {
    "天": "date", "日": "date", "周": "week", "月": "month", "季度": "quarter", "年": "year",
}  # fmt: skip


class Pointed(NamedTuple):
    """What is asked of it, and what it points at."""

    what: str
    kind: str
    """one | many | first | date | week | month …"""
    many: int = 0
    """前两名: how many of the first."""


def pointed(text: str) -> Pointed | None:
    """它的不良率呢 → 不良率 of the one; None: nothing is pointed at."""
    match = _POINTS.match(text)
    if match is None:
        return None
    if match["count"]:
        return Pointed(match["what"], "first", small_int(match["count"]))
    if match["unit"]:
        return Pointed(match["what"], _UNITS[match["unit"]])
    return Pointed(match["what"], "one" if match["one"] else "many")


def of_what_was_ranked(
    previous: MetricQuery, asked: MetricQuery, kind: str, count: int = 0
) -> MetricQuery | None:
    """The new figures in front of those that rank, for the same first ones."""
    if kind == "first" and count and previous.order and previous.limit is None:
        previous = replace(previous, limit=Limit(count))
        kind = "one" if count == 1 else "many"
    if not _has(previous, kind):
        return None
    new = tuple(m for m in asked.measures if m not in previous.measures)
    if not new or previous.compare or previous.share or previous.window:
        return None
    order = tuple(replace(o, column=_moved(o.column, len(new))) for o in previous.order)
    having = tuple(replace(h, column=_moved(h.column, len(new))) for h in previous.having)
    return replace(previous, measures=(*new, *previous.measures), order=order, having=having)


def _has(previous: MetricQuery, kind: str) -> bool:
    """One group that was cut to as many as are pointed at, or those that a limit kept."""
    limit = previous.limit
    if previous.having and limit is None:
        return kind == "many" and bool(previous.group_by)
    if len(previous.group_by) != 1 or not isinstance(limit, Limit) or not previous.order:
        return False
    group = previous.group_by[0]
    if kind in ("one", "many"):
        one = limit.count == 1
        return isinstance(group, DimensionGroup) and one == (kind == "one")
    return isinstance(group, TimeGroup) and group.grain == kind and limit.count == 1


def _moved(column: ColumnRef, by: int) -> ColumnRef:
    return column if column.measure is None else replace(column, measure=column.measure + by)
