"""连续3个月, 近3个月每月都: a condition that must hold in each of several periods."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.language.assemble.sketch import SOFT, Sketch
from assistant.language.deeds import Run
from assistant.language.time import GrainToken, TimeToken
from semantic_layer.query import Relative
from semantic_layer.query.predicate import RowUnit

UNITS: dict[str, RowUnit] = {
    "day": "date", "week": "week", "month": "month", "quarter": "quarter", "year": "year",
}  # fmt: skip
BESIDE = SOFT | {"throughout"}


@dataclass(frozen=True, slots=True)
class Rows:
    """How many periods, and the tokens that say so."""

    count: int
    unit: RowUnit
    places: tuple[int, ...] = ()
    time: TimeToken | None = None


def rows_before(sketch: Sketch, at: int) -> Rows | None:
    """The run of periods said right before a token."""
    place = sketch.before(at, BESIDE)
    run = sketch.find(place, Run)
    if run is not None:
        return Rows(run.count, run.unit, tuple(range(place, at)))
    time, grain = sketch.find(place, TimeToken), None
    if time is None and sketch.find(place, GrainToken) is not None:
        grain = sketch.find(place, GrainToken)
        place = sketch.before(place, BESIDE)
        time = sketch.find(place, TimeToken)
    throughout = any("throughout" in sketch.args[i] for i in range(max(place, 0), at))
    return rows_of(time, grain, tuple(range(place, at)), throughout=throughout)


def rows_of(
    time: TimeToken | None, grain: GrainToken | None, places: tuple[int, ...], *, throughout: bool
) -> Rows | None:
    """近3个月每月都, 近3个月月月: every whole period of the span."""
    if time is None or not throughout or len(time.spans or ()) != 1:
        return None
    span = (time.spans or ())[0]
    said = time.grain or (grain.grain if grain else None)
    if not isinstance(span, Relative) or span.within or span.span < 2:
        return None
    unit = UNITS.get(span.unit)
    if unit is None or (said is not None and said != unit) or span.offset > -1:
        return None
    return Rows(span.span, unit, places, time)
