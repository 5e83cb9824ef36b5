"""上个月新增客户中当月有交易的: 当月 is the month just spoken of, not today's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from assistant.language.assemble.spans import unit_of
from assistant.language.time import TimeToken
from semantic_layer.query import Edge, Unit

SAME: dict[str, Unit] = {"当月": "month", "当季": "quarter", "当季度": "quarter", "当年": "year"}


def same_unit(times: Iterable[TimeToken]) -> Iterator[TimeToken]:
    """The times, such a word with the days of the nearest like unit before it."""
    found = list(times)
    for time in found:
        unit = SAME.get(time.text)
        before = [t for t in found if unit and t.end <= time.start and _is_one(t, unit)]
        if before:
            nearest = max(before, key=lambda t: (t.end, t.end - t.start))
            yield replace(time, spans=nearest.spans, problem=None)
        else:
            yield time


def _is_one(time: TimeToken, unit: Unit) -> bool:
    spans = time.spans or ()
    whole = len(spans) == 1 and not isinstance(spans[0], Edge)
    return whole and unit_of(spans[0]) == unit and time.text not in SAME
